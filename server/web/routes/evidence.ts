import type { Evidence } from '../../evidence/evidence.js'
import { asId, type AlertId, type EvidenceId } from '../../domain/ids.js'
import type { Store } from '../../storage/store.js'
import { notFound } from '../problems.js'
import { json, refuse, route, type Route } from '../route.js'

/** Stills and clips as they lie on disk, with the hash that was taken when they were made. */
export function evidenceRoutes({ store, evidence }: { readonly store: Store; readonly evidence: Evidence }): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/evidence/:evidenceId',
      needs: 'evidence.view',
      scope: { kind: 'evidence', param: 'evidenceId' },
      async act({ params }) {
        const opened = await evidence.open(asId<EvidenceId>(params['evidenceId']!))
        if (!opened) return refuse(notFound)
        const { item, file } = opened
        return {
          kind: 'file',
          path: file,
          headers: {
            'content-type': item.mediaType,
            'cache-control': 'private, no-store',
            'x-content-sha256': item.sha256,
            'content-disposition': `inline; filename="${item.kind}-${item.id}.${item.kind === 'still' ? 'jpg' : 'mp4'}"`,
          },
        }
      },
    }),
    ...(['raw', 'enhanced'] as const).map((which) =>
      route({
        method: 'get',
        path: `/evidence/plates/:alertId/${which}`,
        needs: 'evidence.view',
        scope: { kind: 'alert', param: 'alertId' },
        async act({ params }) {
          const alertId = asId<AlertId>(params['alertId']!)
          const opened = await evidence.openPlate(alertId, which)
          if (!opened) return refuse(notFound)
          const { file, crop } = opened
          return {
            kind: 'file',
            path: file,
            headers: {
              'content-type': 'image/jpeg',
              'cache-control': 'private, no-store',
              etag: `"${crop.sha256}"`,
              'x-content-sha256': crop.sha256,
              'content-disposition': `inline; filename="plate-${which}-${alertId}.jpg"`,
            },
          }
        },
      }),
    ),
    route({
      method: 'get',
      path: '/api/evidence/:evidenceId/verify',
      needs: 'evidence.view',
      scope: { kind: 'evidence', param: 'evidenceId' },
      async act({ params }) {
        const item = await store.evidence.get(asId<EvidenceId>(params['evidenceId']!))
        return item ? json(await evidence.verify(item)) : refuse(notFound)
      },
    }),
  ]
}
