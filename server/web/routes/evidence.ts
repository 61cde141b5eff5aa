import type { RedactedView } from '../../contract/alerts.js'
import type { EvidenceItem } from '../../domain/evidence.js'
import { asId, type AlertId, type EvidenceId, type IncidentId } from '../../domain/ids.js'
import { COPY_TROUBLE_WORDS, COVER_WORDS } from '../../domain/redaction.js'
import type { Evidence } from '../../evidence/evidence.js'
import type { CopyState, RedactedCopies } from '../../evidence/redacted-copies.js'
import type { Store } from '../../storage/store.js'
import { notFound } from '../problems.js'
import { json, refuse, route, type Answer, type Asked, type Route } from '../route.js'

export interface EvidenceParts {
  readonly store: Store
  readonly evidence: Evidence
  readonly copies: RedactedCopies
}

const ofEvidence = { needs: 'evidence.view', scope: { kind: 'evidence', param: 'evidenceId' } } as const

/** Stills and clips as they lie on disk, with the hash that was taken when they were made. */
export function evidenceRoutes({ store, evidence, copies }: EvidenceParts): readonly Route[] {
  return [
    ...redactedRoutes({ store, copies }),
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
    ...(['raw', 'enhanced'] as const).flatMap((which) => [
      route({
        method: 'get',
        path: `/evidence/plates/:alertId/${which}`,
        needs: 'evidence.view',
        scope: { kind: 'alert', param: 'alertId' },
        async act({ params }) {
          const alert = await store.alerts.get(asId<AlertId>(params['alertId']!))
          return alert ? sendPlate(evidence, alert.incidentId, which) : refuse(notFound)
        },
      }),
      // Of what is held, and called nobody.
      route({ method: 'get', path: `/evidence/held/:incidentId/plate/${which}`, needs: 'evidence.view', scope: { kind: 'incident', param: 'incidentId' }, act: ({ params }) => sendPlate(evidence, asId<IncidentId>(params['incidentId']!), which) }),
    ]),
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

async function sendPlate(evidence: Evidence, incidentId: IncidentId, which: 'raw' | 'enhanced'): Promise<Answer> {
  const opened = await evidence.openPlate(incidentId, which)
  if (!opened) return refuse(notFound)
  const { file, crop } = opened
  return {
    kind: 'file',
    path: file,
    headers: { 'content-type': 'image/jpeg', 'cache-control': 'private, no-store', etag: `"${crop.sha256}"`, 'x-content-sha256': crop.sha256, 'content-disposition': `inline; filename="plate-${which}-${incidentId}.jpg"` },
  }
}

/**
 * Copies in which what is private is covered: for whoever may see the original, as it tells less than that. To look at it is no
 * more than to look at the original; to take it away is told in the alert's log.
 */
function redactedRoutes({ store, copies }: Omit<EvidenceParts, 'evidence'>): readonly Route[] {
  const ofAsked = async ({ params }: Pick<Asked, 'params'>, act: (item: EvidenceItem) => Promise<Answer>): Promise<Answer> => {
    const found = await store.evidence.get(asId<EvidenceId>(params['evidenceId']!))
    return found ? act(found) : refuse(notFound)
  }
  const send = async (of: EvidenceItem, as: 'inline' | 'attachment', asker: Asked['asker']): Promise<Answer> => {
    const opened = await copies.open(of)
    if (!opened) return refuse(notFound)
    const { file, copy } = opened
    if (as === 'attachment') await copies.noteTaken(of, copy, asker!.person.id)
    const name = `vonglau-redacted-${of.kind}-${of.fromMs}-${of.id}.${of.kind === 'still' ? 'jpg' : 'mp4'}`
    return { kind: 'file', path: file, headers: { 'content-type': of.mediaType, 'cache-control': 'private, no-store', 'x-content-sha256': copy.sha256, 'content-disposition': `${as}; filename="${name}"` } }
  }
  return [
    route({ ...ofEvidence, method: 'post', path: '/api/evidence/:evidenceId/redacted', act: (from) => ofAsked(from, async (of) => json(redactedView(of, await copies.ask(of, from.asker!.person.id)))) }),
    route({ ...ofEvidence, method: 'get', path: '/api/evidence/:evidenceId/redacted', act: (from) => ofAsked(from, async (of) => json(redactedView(of, await copies.of(of)))) }),
    route({ ...ofEvidence, method: 'get', path: '/evidence/:evidenceId/redacted', act: (from) => ofAsked(from, (of) => send(of, 'inline', from.asker)) }),
    route({ ...ofEvidence, method: 'get', path: '/evidence/:evidenceId/redacted/file', act: (from) => ofAsked(from, (of) => send(of, 'attachment', from.asker)) }),
  ]
}

function redactedView({ id }: EvidenceItem, state: CopyState): RedactedView {
  switch (state.is) {
    case 'none':
      return { state: 'none' }
    case 'making':
      return { state: 'making', progress: state.progress }
    case 'ready': {
      const { sha256, bytes, covered } = state.copy
      const url = `/evidence/${id}/redacted`
      return { state: 'ready', url, fileUrl: `${url}/file`, sha256, bytes, covered, said: COVER_WORDS[covered] }
    }
    case 'failed':
      return { state: 'failed', said: COPY_TROUBLE_WORDS[state.trouble] }
  }
}
