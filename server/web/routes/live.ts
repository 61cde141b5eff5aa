import type { Live } from '../../live/open-live.js'
import { asId, type StreamId } from '../../domain/ids.js'
import { route, type Route } from '../route.js'

/** Playlists, init segments, segments and parts: each request is checked on its own, with the viewer's own sign-in and ticket. */
export function liveRoutes({ live }: { readonly live: Live }): readonly Route[] {
  const given = (path: string, needs: 'camera.view' | 'guest'): Route =>
    route({
      method: 'get',
      path,
      needs,
      scope: { kind: 'stream', param: 'streamId' },
      ticket: true,
      async act(asked) {
        const { params, query } = asked
        const { status, headers, body } = await live.answer(asId<StreamId>(params['streamId']!), {
          file: params['file']!,
          msn: query.get('_HLS_msn') ?? undefined,
          part: query.get('_HLS_part') ?? undefined,
          // Made only for a request that must be held: most are answered at once.
          get signal() {
            return asked.leaving
          },
        })
        return { kind: 'bytes', status, headers, body }
      },
    })
  return [given('/live/:streamId/:file', 'camera.view'), given('/room/live/:streamId/:file', 'guest')]
}
