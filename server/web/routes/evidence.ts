import type { Evidence } from '../../evidence/evidence.js'
import { asId, type EvidenceId } from '../../domain/ids.js'
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
