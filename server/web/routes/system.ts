import type { SystemView } from '../../contract/system.js'
import { json, route, type Route } from '../route.js'

/** Health for people and for whoever watches the server; figures for Prometheus. */
export function systemRoutes({ system, metrics }: { readonly system: () => Promise<SystemView>; readonly metrics: () => Promise<string> }): readonly Route[] {
  return [
    route({ method: 'get', path: '/healthz', needs: 'anyone', scope: 'none', act: async () => json({ ok: true }) }),
    route({
      method: 'get',
      path: '/readyz',
      needs: 'anyone',
      scope: 'none',
      async act() {
        const view = await system()
        // Degraded parts are told, but only a store that cannot be written makes the server not ready.
        return json(view, view.ready ? 200 : 503)
      },
    }),
    route({ method: 'get', path: '/api/system', needs: 'session.own', scope: 'none', act: async () => json(await system()) }),
    route({
      method: 'get',
      path: '/metrics',
      needs: 'system.view',
      scope: 'none',
      act: async () => ({ kind: 'bytes', status: 200, headers: { 'content-type': 'text/plain; version=0.0.4' }, body: await metrics() }),
    }),
  ]
}
