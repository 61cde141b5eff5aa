import { HoldForm, RecordingPolicyForm, type RecordingPolicyView } from '../../contract/recordings.js'
import { asId, type CameraId, type HoldId, type RunId } from '../../domain/ids.js'
import type { RecordingPolicy } from '../../domain/recording.js'
import { readSegmentId } from '../../recording/disk-names.js'
import type { Recording } from '../../recording/open-recording.js'
import { readSpan, writePlaylist } from '../../recording/playlist.js'
import type { Span } from '../../recording/timeline.js'
import type { Store } from '../../storage/store.js'
import type { Clock } from '../../system/clock.js'
import { newId } from '../../system/ids.js'
import type { Access } from '../access.js'
import { badForm, notFound } from '../problems.js'
import { freshOf, holdView, makeRecordingViews, type MoreMarks, type RecordingViews } from '../recording-views.js'
import { json, refuse, route, type Answer, type Asked, type Route } from '../route.js'

export interface RecordingParts {
  readonly store: Store
  readonly recording: Recording
  readonly access: Access
  readonly clock: Clock
  /** What other parts put on the timeline besides alerts. */
  readonly moreMarks?: readonly MoreMarks[]
}

const camera = { kind: 'camera', param: 'cameraId' } as const
const cameraOf = ({ params }: Pick<Asked, 'params'>): CameraId => asId<CameraId>(params['cameraId']!)
const DAY_MS = 86_400_000
const TIMELINE_MS_MAX = 31 * DAY_MS

export function recordingRoutes(parts: RecordingParts): readonly Route[] {
  const views = makeRecordingViews({ ...parts, moreMarks: parts.moreMarks ?? [] })
  return [...lookingRoutes(parts, views), ...playingRoutes(parts), ...holdRoutes(parts, views), ...policyRoutes(parts)]
}

function lookingRoutes({ store, recording, clock, access }: RecordingParts, views: RecordingViews): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/cameras/:cameraId/timeline',
      needs: 'recording.view',
      scope: camera,
      async act(asked) {
        const span = spanAsked(asked.query, clock.wallMs())
        return 'fault' in span ? refuse(badForm([{ field: span.field, reason: span.fault }])) : json(await views.timeline(cameraOf(asked), span, asked.asker!))
      },
    }),
    route({
      method: 'get',
      path: '/api/cameras/:cameraId/recorded-still',
      needs: 'recording.view',
      scope: camera,
      async act(asked) {
        const atMs = Number(asked.query.get('at') ?? clock.wallMs())
        if (!Number.isSafeInteger(atMs) || atMs < 0) return refuse(badForm([{ field: 'at', reason: 'a time in milliseconds since 1970' }]))
        const still = await recording.still(cameraOf(asked), atMs)
        // What was recorded does not change, but it may expire: a hand that moves over the timeline asks again and again.
        return still ? { kind: 'bytes', status: 200, headers: { 'content-type': 'image/jpeg', 'cache-control': 'private, max-age=300', 'x-at-ms': String(still.atMs) }, body: still.jpeg } : refuse(notFound)
      },
    }),
    route({
      method: 'get',
      path: '/api/recording',
      needs: 'recording.view',
      scope: 'none',
      act: async ({ asker }) => json(await views.state((await store.cameras.list()).filter((one) => access.camera(asker!, one)))),
    }),
  ]
}

/** From and to in the query; without them, the last day. */
function spanAsked(query: URLSearchParams, nowMs: number): Span | { readonly field: string; readonly fault: string } {
  const toMs = Number(query.get('to') ?? nowMs)
  const fromMs = Number(query.get('from') ?? toMs - DAY_MS)
  if (!Number.isSafeInteger(toMs) || toMs < 0) return { field: 'to', fault: 'a time in milliseconds since 1970' }
  if (!Number.isSafeInteger(fromMs) || fromMs < 0) return { field: 'from', fault: 'a time in milliseconds since 1970' }
  if (fromMs >= toMs) return { field: 'from', fault: 'must come before the end' }
  return toMs - fromMs > TIMELINE_MS_MAX ? { field: 'from', fault: 'ask for at most 31 days at once' } : { fromMs, toMs }
}

/** The list, the init segments of its runs and the segments: each asked for by an id that we made, never by a path. */
function playingRoutes({ store, recording }: RecordingParts): readonly Route[] {
  const list = async (cameraId: CameraId, text: string): Promise<Answer> => {
    const span = readSpan(text)
    if ('fault' in span) return refuse(badForm([{ field: 'span', reason: span.fault }]))
    const rows = await store.recordings.between(cameraId, span.fromMs, span.toMs)
    const fresh = freshOf(recording, rows, cameraId, span)
    const segments = [...rows, ...fresh.map(({ segment: one }) => one)]
    const runs = new Map([...(await store.recordings.runs([...new Set(rows.map(({ runId }) => runId))])), ...fresh.map(({ run }) => run)].map((run) => [run.id as string, run]))
    return { kind: 'bytes', status: 200, headers: { 'content-type': 'application/vnd.apple.mpegurl', 'cache-control': 'no-store' }, body: writePlaylist(segments, runs) }
  }
  const init = async (cameraId: CameraId, runId: string): Promise<Answer> => {
    const [row] = await store.recordings.runs([asId(runId)])
    const run = row ?? recording.fresh(cameraId).find((one) => one.run.id === runId)?.run
    return run?.cameraId === cameraId ? { kind: 'bytes', status: 200, headers: { 'content-type': 'video/mp4', 'cache-control': 'private, max-age=3600' }, body: run.init } : refuse(notFound)
  }
  const growing = async (cameraId: CameraId, { runId, number }: { readonly runId: RunId; readonly number: number }): Promise<Answer> => {
    const found = recording.fresh(cameraId).find(({ segment: one }) => one.runId === runId && one.number === number)
    const bytes = found && (await recording.files.freshBytesOf(found.segment))
    return bytes ? { kind: 'bytes', status: 200, headers: { 'content-type': 'video/mp4', 'cache-control': 'no-store' }, body: bytes } : refuse(notFound)
  }
  const segment = async (cameraId: CameraId, id: string): Promise<Answer> => {
    const key = readSegmentId(id)
    const row = key && (await store.recordings.segment(key))
    if (key && !row) return growing(cameraId, key)
    if (!row || row.cameraId !== cameraId || row.damaged) return refuse(notFound)
    const bytes = await recording.files.bytesOf(row)
    return bytes ? { kind: 'bytes', status: 200, headers: { 'content-type': 'video/mp4', 'cache-control': 'private, max-age=3600', 'x-content-sha256': row.sha256 }, body: bytes } : refuse(notFound)
  }
  return [
    route({
      method: 'get',
      path: '/playback/:cameraId/:span/:file',
      needs: 'recording.view',
      scope: camera,
      ticket: true,
      async act(asked) {
        const cameraId = cameraOf(asked)
        const file = asked.params['file']!
        if (file === 'index.m3u8') return list(cameraId, asked.params['span']!)
        const [, runId] = /^init-([a-z0-9-]{1,64})\.mp4$/.exec(file) ?? []
        if (runId !== undefined) return init(cameraId, runId)
        const [, id] = /^([a-z0-9-]{1,80})\.m4s$/.exec(file) ?? []
        return id === undefined ? refuse(notFound) : segment(cameraId, id)
      },
    }),
  ]
}

function holdRoutes({ store, clock }: RecordingParts, views: RecordingViews): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/cameras/:cameraId/holds',
      needs: 'recording.view',
      scope: camera,
      act: async (asked) => json({ holds: await views.holds(cameraOf(asked), { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }) }),
    }),
    route<HoldForm>({
      method: 'post',
      path: '/api/cameras/:cameraId/holds',
      needs: 'recording.hold',
      scope: camera,
      form: HoldForm,
      async act(asked) {
        const { body, asker } = asked
        const nowMs = clock.wallMs()
        const faults = [...(body.toMs <= body.fromMs ? [{ field: 'toMs', reason: 'must come after fromMs' }] : []), ...(body.untilMs <= nowMs ? [{ field: 'untilMs', reason: 'must lie in the future' }] : [])]
        if (faults.length > 0) return refuse(badForm(faults))
        const hold = { ...body, id: newId<HoldId>(), cameraId: cameraOf(asked), by: asker!.person.id, createdAtMs: nowMs }
        await store.transact(async (tx) => {
          await tx.holds.add(hold)
          const { areaId = null } = (await tx.cameras.get(hold.cameraId)) ?? {}
          await tx.changes.append({ topic: 'camera', entityId: hold.cameraId, areaId, what: 'hold_placed', by: hold.by, atMs: nowMs, facts: { holdId: hold.id, fromMs: hold.fromMs, toMs: hold.toMs, untilMs: hold.untilMs, reason: hold.reason } })
        })
        return json(holdView(hold, asker!.person.displayName), 201)
      },
    }),
    route({
      method: 'delete',
      path: '/api/cameras/:cameraId/holds/:holdId',
      needs: 'recording.hold',
      scope: camera,
      async act(asked) {
        const cameraId = cameraOf(asked)
        const by = asked.asker!.person.id
        const hold = await store.holds.get(asId<HoldId>(asked.params['holdId']!))
        if (hold?.cameraId !== cameraId) return refuse(notFound)
        await store.transact(async (tx) => {
          await tx.holds.end(hold.id, by, clock.wallMs())
          const { areaId = null } = (await tx.cameras.get(cameraId)) ?? {}
          await tx.changes.append({ topic: 'camera', entityId: cameraId, areaId, what: 'hold_ended', by, atMs: clock.wallMs(), facts: { holdId: hold.id, reason: hold.reason } })
        })
        return json({ ok: true })
      },
    }),
  ]
}

function policyRoutes({ store, recording, clock }: RecordingParts): readonly Route[] {
  const view = ({ mode, stream, days, eventDays }: RecordingPolicy): RecordingPolicyView => ({ mode, stream, days, eventDays })
  return [
    route({ method: 'get', path: '/api/cameras/:cameraId/recording', needs: 'recording.view', scope: camera, act: async (asked) => json(view(await recording.policyOf(cameraOf(asked)))) }),
    route<RecordingPolicyForm>({
      method: 'put',
      path: '/api/cameras/:cameraId/recording',
      needs: 'recording.manage',
      scope: camera,
      form: RecordingPolicyForm,
      async act(asked) {
        const cameraId = cameraOf(asked)
        await recording.setPolicy(cameraId, asked.body)
        const { areaId = null } = (await store.cameras.get(cameraId)) ?? {}
        await store.changes.append({ topic: 'camera', entityId: cameraId, areaId, what: 'recording_policy', by: asked.asker!.person.id, atMs: clock.wallMs(), facts: { ...asked.body } })
        return json(view(asked.body))
      },
    }),
  ]
}
