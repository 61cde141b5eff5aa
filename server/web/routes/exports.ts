import { ExportForm, type ExportView } from '../../contract/recordings.js'
import { EXPORT_MS_MAX, EXPORT_TROUBLE_WORDS, type Export } from '../../domain/export.js'
import { asId, type CameraId, type ExportId } from '../../domain/ids.js'
import { may } from '../../domain/person.js'
import { COVER_WORDS } from '../../domain/redaction.js'
import type { Exports } from '../../evidence/exports.js'
import type { Store } from '../../storage/store.js'
import type { Clock } from '../../system/clock.js'
import { badForm, notFound, tooManyExports } from '../problems.js'
import { json, refuse, route, type Answer, type Asked, type Route } from '../route.js'

const LIST_MAX = 200
const one = { kind: 'export', param: 'exportId' } as const

export interface ExportParts {
  readonly store: Store
  readonly exports: Exports
  readonly clock: Clock
}

/** Copies that leave the system. The door checks that it is the asker's own, or that the asker answers for people. */
export function exportRoutes({ store, exports, clock }: ExportParts): readonly Route[] {
  const view = (made: Export, by: string): ExportView => ({
    id: made.id,
    cameraId: made.cameraId,
    fromMs: made.fromMs,
    toMs: made.toMs,
    reason: made.reason,
    by,
    createdAtMs: made.createdAtMs,
    state: made.state,
    progress: exports.progressOf(made),
    bytes: made.bytes,
    sha256: made.sha256,
    gaps: made.gaps,
    trouble: made.trouble && EXPORT_TROUBLE_WORDS[made.trouble],
    redaction: made.redact ? { covered: made.covered, said: made.covered && COVER_WORDS[made.covered] } : null,
  })
  const asked = async ({ params }: Pick<Asked, 'params'>): Promise<Export | null> => store.exports.get(asId<ExportId>(params['exportId']!))
  const nameOf = async (made: Export): Promise<string> => (await store.people.get(made.by))?.displayName ?? '—'
  const ofAsked = async (from: Pick<Asked, 'params'>, act: (made: Export) => Promise<Answer>): Promise<Answer> => {
    const made = await asked(from)
    return made ? act(made) : refuse(notFound)
  }
  return [
    route<ExportForm>({
      method: 'post',
      path: '/api/cameras/:cameraId/exports',
      needs: 'recording.export',
      scope: { kind: 'camera', param: 'cameraId' },
      form: ExportForm,
      async act({ asker, params, body }) {
        const fault = faultOf(body, clock.wallMs())
        if (fault) return refuse(badForm([fault]))
        const made = await exports.ask({ ...body, cameraId: asId<CameraId>(params['cameraId']!), by: asker!.person })
        return made ? json(view(made, asker!.person.displayName), 201) : refuse(tooManyExports)
      },
    }),
    route({
      method: 'get',
      path: '/api/exports',
      needs: 'recording.export',
      scope: 'none',
      async act({ asker }) {
        const { person, areas } = asker!
        const all = await store.exports.list({ ...(may(person, 'people.manage') ? {} : { by: person.id }), limit: LIST_MAX })
        const inArea = new Set((await store.cameras.list()).filter(({ areaId }) => areas.has(areaId)).map(({ id }) => id))
        const names = new Map((await store.people.list()).map(({ id, displayName }) => [id, displayName]))
        return json({ exports: all.filter(({ cameraId }) => inArea.has(cameraId)).map((made) => view(made, names.get(made.by) ?? '—')) })
      },
    }),
    route({ method: 'get', path: '/api/exports/:exportId', needs: 'recording.export', scope: one, act: (from) => ofAsked(from, async (made) => json(view(made, await nameOf(made)))) }),
    route({
      method: 'delete',
      path: '/api/exports/:exportId',
      needs: 'recording.export',
      scope: one,
      act: (from) => ofAsked(from, async (made) => {
        await exports.end(made, from.asker!.person.id)
        return json({ ok: true })
      }),
    }),
    route({
      method: 'get',
      path: '/api/exports/:exportId/file',
      needs: 'recording.export',
      scope: one,
      act: (from) => ofAsked(from, async (made) => {
        const path = await exports.open(made, from.asker!.person.id)
        if (path === null) return refuse(notFound)
        return { kind: 'file', path, headers: { 'content-type': 'video/mp4', 'cache-control': 'private, no-store', 'x-content-sha256': made.sha256 ?? '', 'content-disposition': `attachment; filename="vonglau-${made.redact ? 'redacted-' : ''}${made.fromMs}-${made.id}.mp4"` } }
      }),
    }),
  ]
}

function faultOf({ fromMs, toMs }: ExportForm, nowMs: number): { readonly field: string; readonly reason: string } | null {
  if (toMs <= fromMs) return { field: 'toMs', reason: 'must come after fromMs' }
  if (fromMs >= nowMs) return { field: 'fromMs', reason: 'must lie in the past' }
  return toMs - fromMs > EXPORT_MS_MAX ? { field: 'toMs', reason: 'at most 2 hours after fromMs' } : null
}
