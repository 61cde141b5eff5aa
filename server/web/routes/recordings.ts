import { RecordCheckForm, RecordingPolicyForm, type RecordCheckView, type RecordingPolicyView, type RecordReportView } from '../../contract/recordings.js'
import { asId, type CameraId, type RunId } from '../../domain/ids.js'
import type { RecordingPolicy } from '../../domain/recording.js'
import { readSegmentId } from '../../recording/disk-names.js'
import type { Recording } from '../../recording/open-recording.js'
import { readSpan, writePlaylist } from '../../recording/playlist.js'
import { sumRecord, writeRecordReport, type RecordFacts } from '../../recording/record-report.js'
import type { Span } from '../../recording/timeline.js'
import type { Store } from '../../storage/store.js'
import type { Clock } from '../../system/clock.js'
import type { Access } from '../access.js'
import { badForm, notFound } from '../problems.js'
import { freshOf, gapView, type RecordingViews } from '../recording-views.js'
import { json, refuse, route, type Answer, type Asked, type Route } from '../route.js'

export interface RecordingParts {
  readonly store: Store
  readonly recording: Recording
  readonly access: Access
  readonly clock: Clock
  readonly siteName: string
  /** ISO 8601 by the site's clock. */
  readonly isoTime: (atMs: number) => string
  readonly views: RecordingViews
}

const camera = { kind: 'camera', param: 'cameraId' } as const
const cameraOf = ({ params }: Pick<Asked, 'params'>): CameraId => asId<CameraId>(params['cameraId']!)
const DAY_MS = 86_400_000
const TIMELINE_DAYS_MAX = 31
const REPORT_DAYS_MAX = 7
/** So that a check of a day tells how far it is: about 75 files at once. */
const CHECK_MS_MAX = 10 * 60_000

export function recordingRoutes(parts: RecordingParts): readonly Route[] {
  return [...lookingRoutes(parts), ...vouchingRoutes(parts), ...playingRoutes(parts), ...policyRoutes(parts)]
}

function lookingRoutes({ store, recording, clock, access, views }: RecordingParts): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/cameras/:cameraId/timeline',
      needs: 'recording.view',
      scope: camera,
      async act(asked) {
        const span = spanAsked(asked.query, clock.wallMs(), TIMELINE_DAYS_MAX)
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
function spanAsked(query: URLSearchParams, nowMs: number, daysMax: number): Span | { readonly field: string; readonly fault: string } {
  const toMs = Number(query.get('to') ?? nowMs)
  const fromMs = Number(query.get('from') ?? toMs - DAY_MS)
  if (!Number.isSafeInteger(toMs) || toMs < 0) return { field: 'to', fault: 'a time in milliseconds since 1970' }
  if (!Number.isSafeInteger(fromMs) || fromMs < 0) return { field: 'from', fault: 'a time in milliseconds since 1970' }
  if (fromMs >= toMs) return { field: 'from', fault: 'must come before the end' }
  return toMs - fromMs > daysMax * DAY_MS ? { field: 'from', fault: `ask for at most ${daysMax} days at once` } : { fromMs, toMs }
}

/** What was recorded and what not, with the hash of each file; and the files read again, when somebody doubts. */
function vouchingRoutes({ store, recording, clock, siteName, isoTime, views }: RecordingParts): readonly Route[] {
  const told = async (asked: Asked, answer: (facts: RecordFacts, cameraId: CameraId) => Promise<Answer> | Answer): Promise<Answer> => {
    const span = spanAsked(asked.query, clock.wallMs(), REPORT_DAYS_MAX)
    if ('fault' in span) return refuse(badForm([{ field: span.field, reason: span.fault }]))
    return answer(await views.record(cameraOf(asked), span), cameraOf(asked))
  }
  return [
    route({
      method: 'get',
      path: '/api/cameras/:cameraId/record-report',
      needs: 'recording.view',
      scope: camera,
      act: (asked) => told(asked, (facts, cameraId) => json({ cameraId, ...facts.span, ...sumRecord(facts), gaps: facts.gaps.map(gapView) } satisfies RecordReportView)),
    }),
    route({
      method: 'get',
      path: '/api/cameras/:cameraId/record-report.csv',
      needs: 'recording.view',
      scope: camera,
      act: (asked) => told(asked, async (facts, cameraId) => {
        const { person } = asked.asker!
        const atMs = clock.wallMs()
        const { name = cameraId, areaId = null } = (await store.cameras.get(cameraId)) ?? {}
        await store.changes.append({ topic: 'camera', entityId: cameraId, areaId, what: 'record_report_taken', by: person.id, atMs, facts: { ...facts.span, digest: sumRecord(facts).digest } })
        const body = writeRecordReport(facts, { site: (await store.notes.get('site.name')) ?? siteName, camera: name, by: person.displayName, atMs, language: person.language, timeOf: isoTime })
        return { kind: 'bytes', status: 200, headers: { 'content-type': 'text/csv; charset=utf-8', 'cache-control': 'private, no-store', 'content-disposition': `attachment; filename="vonglau-record-${facts.span.fromMs}-${facts.span.toMs}.csv"` }, body }
      }),
    }),
    route<RecordCheckForm>({
      method: 'post',
      path: '/api/cameras/:cameraId/record-check',
      needs: 'recording.view',
      scope: camera,
      form: RecordCheckForm,
      async act(asked) {
        const { fromMs, toMs } = asked.body
        if (toMs <= fromMs) return refuse(badForm([{ field: 'toMs', reason: 'must come after fromMs' }]))
        if (toMs - fromMs > CHECK_MS_MAX) return refuse(badForm([{ field: 'toMs', reason: 'at most 10 minutes after fromMs' }]))
        const segments = await store.recordings.between(cameraOf(asked), fromMs, toMs)
        const damaged: Span[] = []
        for (const segment of segments) if ((await recording.files.bytesOf(segment)) === null) damaged.push({ fromMs: segment.fromMs, toMs: segment.toMs })
        return json({ checked: segments.length, toMs: segments.reduce((end, segment) => Math.max(end, segment.toMs), toMs), damaged } satisfies RecordCheckView)
      },
    }),
  ]
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
    return bytes ? { kind: 'ranged', headers: { 'content-type': 'video/mp4', 'cache-control': 'no-store' }, body: bytes } : refuse(notFound)
  }
  const segment = async (cameraId: CameraId, id: string): Promise<Answer> => {
    const key = readSegmentId(id)
    const row = key && (await store.recordings.segment(key))
    if (key && !row) return growing(cameraId, key)
    if (!row || row.cameraId !== cameraId || row.damaged) return refuse(notFound)
    const bytes = await recording.files.bytesOf(row)
    return bytes ? { kind: 'ranged', headers: { 'content-type': 'video/mp4', 'cache-control': 'private, max-age=3600', 'x-content-sha256': row.sha256 }, body: bytes } : refuse(notFound)
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
