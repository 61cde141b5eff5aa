import type { GapView, HoldView, MarkView, RecordingStateView, TimelineView } from '../contract/recordings.js'
import type { Camera } from '../domain/camera.js'
import type { CameraId } from '../domain/ids.js'
import { KIND_FACTS } from '../domain/rule-kinds.js'
import { GAP_WORDS, type FreshSegment, type Hold, type RecordedSegment } from '../domain/recording.js'
import { forecast, ratePerDay } from '../recording/forecast.js'
import type { Recording } from '../recording/open-recording.js'
import type { RecordFacts } from '../recording/record-report.js'
import { clip, joinSpans, motionLevels, secondsOf, slicesOf, tellGaps, type Span, type ToldGap } from '../recording/timeline.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { Asker } from './route.js'

/** Marks of another part (bookmarks) on the same timeline. */
export type MoreMarks = (cameraId: CameraId, span: Span, asker: Asker) => Promise<readonly MarkView[]>

export interface RecordingViewParts {
  readonly store: Store
  readonly recording: Recording
  readonly clock: Clock
  readonly moreMarks: readonly MoreMarks[]
}

/** A screen's width in slices. */
const BUCKETS = 480
/** Up to here each second is told; longer spans are read as one row a slice. */
const SECONDS_MS_MAX = 2 * 60 * 60_000
const ROWS_MS_MAX = 26 * 60 * 60_000
const MARKS_MAX = 1_000

export function gapView({ cause, fromMs, toMs }: ToldGap): GapView {
  return { cause, fromMs, toMs, said: GAP_WORDS[cause] }
}

export function holdView({ id, cameraId, fromMs, toMs, untilMs, reason }: Hold, by: string): HoldView {
  return { id, cameraId, fromMs, toMs, untilMs, reason, by }
}

/** What of the newest seconds is in this span and has no row among these yet. */
export function freshOf(recording: Pick<Recording, 'fresh'>, rows: readonly RecordedSegment[], cameraId: CameraId, span: Span): readonly FreshSegment[] {
  return recording.fresh(cameraId).filter(({ segment }) => segment.toMs > span.fromMs && segment.fromMs < span.toMs && !rows.some(({ runId, number }) => runId === segment.runId && number === segment.number))
}

export interface RecordingViews {
  timeline(cameraId: CameraId, span: Span, asker: Asker): Promise<TimelineView>
  gaps(cameraId: CameraId, span: Span): Promise<readonly ToldGap[]>
  holds(cameraId: CameraId, span: Span): Promise<readonly HoldView[]>
  /** In force, of every camera, with an end before this; soonest first. */
  ending(beforeMs: number): Promise<readonly HoldView[]>
  holdOf(hold: Hold): Promise<HoldView>
  /** Exact to the row, however long the span. */
  record(cameraId: CameraId, span: Span): Promise<RecordFacts>
  state(cameras: readonly Camera[]): Promise<RecordingStateView>
}

export function makeRecordingViews({ store, recording, clock, moreMarks }: RecordingViewParts): RecordingViews {
  const nameOf = async (): Promise<(id: string) => string> => {
    const names = new Map((await store.people.list()).map(({ id, displayName }) => [id as string, displayName]))
    return (id) => names.get(id) ?? '—'
  }

  /** What is there and what is not: exact to the second for a day, to a slice for a month. */
  const read = async (cameraId: CameraId, span: Span): Promise<{ readonly recorded: readonly Span[]; readonly damaged: readonly RecordedSegment[]; readonly levels: readonly number[] }> => {
    const lengthMs = span.toMs - span.fromMs
    if (lengthMs > ROWS_MS_MAX) {
      const outline = await store.recordings.outline(cameraId, span.fromMs, span.toMs, Math.ceil(lengthMs / BUCKETS))
      return { recorded: clip(joinSpans(outline), span), damaged: [], levels: motionLevels(slicesOf(outline), span, BUCKETS) }
    }
    const segments = await store.recordings.between(cameraId, span.fromMs, span.toMs)
    const whole = segments.filter(({ damaged }) => !damaged)
    const moved = lengthMs > SECONDS_MS_MAX ? whole.map(({ fromMs, toMs, motion }) => ({ fromMs, toMs, bytesPerS: motion.reduce((sum, one) => sum + one, 0) / Math.max(1, motion.length) })) : secondsOf(whole)
    const fresh = freshOf(recording, segments, cameraId, span).map(({ segment }) => segment)
    return { recorded: clip(joinSpans([...whole, ...fresh]), span), damaged: segments.filter(({ damaged }) => damaged), levels: motionLevels(moved, span, BUCKETS) }
  }

  const knownSinceMs = async (cameraId: CameraId): Promise<number> => {
    const [{ expiredBeforeMs }, firstMs] = await Promise.all([recording.policyOf(cameraId), store.recordings.firstMs(cameraId)])
    return Math.min(firstMs ?? clock.wallMs(), expiredBeforeMs ?? Infinity)
  }

  const explain = async (cameraId: CameraId, span: Span, seen: { readonly recorded: readonly Span[]; readonly damaged: readonly Span[] }): Promise<readonly ToldGap[]> => {
    const nowMs = clock.wallMs()
    const [gaps, { expiredBeforeMs }, beginMs] = await Promise.all([store.recordings.gaps(cameraId, span.fromMs, span.toMs), recording.policyOf(cameraId), knownSinceMs(cameraId)])
    const state = recording.stateOf(cameraId)
    // What follows the newest row is being recorded, not missing.
    const endMs = state?.gap ? nowMs : ((await store.recordings.newestMs(cameraId)) ?? nowMs)
    return tellGaps({ within: { ...span, toMs: Math.min(span.toMs, nowMs) }, recorded: seen.recorded, gaps, damaged: seen.damaged, open: state?.gap ?? null, expiredBeforeMs, known: { fromMs: beginMs, toMs: endMs } })
  }

  const alertMarks = async (cameraId: CameraId, span: Span, { person }: Asker): Promise<readonly MarkView[]> => {
    const alerts = await store.alerts.list({ cameraId, raisedAfterMs: span.fromMs, limit: MARKS_MAX })
    return alerts
      .filter(({ kind, raisedAtMs }) => raisedAtMs < span.toMs && KIND_FACTS[kind].roles.includes(person.role))
      .map(({ id, kind, raisedAtMs, priority }) => ({ id, kind: 'alert', atMs: raisedAtMs, priority, title: KIND_FACTS[kind].title[person.language], alertId: id, by: null, tags: [] }))
  }

  const holds = async (cameraId: CameraId, span: Span): Promise<readonly HoldView[]> => {
    const [found, name] = await Promise.all([store.holds.of(cameraId, span, clock.wallMs()), nameOf()])
    return found.map((hold) => holdView(hold, name(hold.by)))
  }

  /** Row by row, a day at a time: a week of one camera is 75,000 rows. */
  const rowsOf = async (cameraId: CameraId, span: Span): Promise<readonly RecordedSegment[]> => {
    const days: (readonly RecordedSegment[])[] = []
    for (let fromMs = span.fromMs; fromMs < span.toMs; fromMs += DAY_MS) {
      const day = await store.recordings.between(cameraId, fromMs, Math.min(fromMs + DAY_MS, span.toMs))
      // One that reaches over midnight was told by the day it began in.
      days.push(days.length === 0 ? day : day.filter((segment) => segment.fromMs >= fromMs))
    }
    return days.flat()
  }

  return {
    holds,
    async ending(beforeMs) {
      const [found, name] = await Promise.all([store.holds.endingBefore(beforeMs, clock.wallMs()), nameOf()])
      return found.map((hold) => holdView(hold, name(hold.by)))
    },
    holdOf: async (hold) => holdView(hold, (await nameOf())(hold.by)),
    async record(cameraId, asked) {
      // Before the camera was first recorded there is nothing to vouch for.
      const span = { fromMs: Math.max(asked.fromMs, await knownSinceMs(cameraId)), toMs: Math.min(asked.toMs, clock.wallMs()) }
      if (span.toMs <= span.fromMs) return { span: { ...span, toMs: span.fromMs }, recorded: [], gaps: [], segments: [] }
      const segments = await rowsOf(cameraId, span)
      const fresh = freshOf(recording, segments, cameraId, span).map(({ segment }) => segment)
      const damaged = segments.filter((segment) => segment.damaged)
      const recorded = clip(joinSpans([...segments.filter((segment) => !segment.damaged), ...fresh]), span)
      return { span, recorded, gaps: await explain(cameraId, span, { recorded, damaged }), segments }
    },
    async gaps(cameraId, span) {
      return explain(cameraId, span, await read(cameraId, span))
    },
    async timeline(cameraId, span, asker) {
      const seen = await read(cameraId, span)
      const [gaps, held, policy, ...marks] = await Promise.all([explain(cameraId, span, seen), holds(cameraId, span), recording.policyOf(cameraId), alertMarks(cameraId, span, asker), ...moreMarks.map((more) => more(cameraId, span, asker))])
      return { cameraId, ...span, nowMs: clock.wallMs(), recorded: seen.recorded, gaps: gaps.map(gapView), motion: seen.levels, marks: marks.flat().toSorted((a, b) => a.atMs - b.atMs), holds: held, expiredBeforeMs: policy.expiredBeforeMs }
    },
    async state(cameras) {
      const nowMs = clock.wallMs()
      const room = recording.room()
      const rows = await Promise.all(
        cameras.map(async ({ id }) => {
          const policy = await recording.policyOf(id)
          const recent = await store.recordings.outline(id, nowMs - DAY_MS, nowMs, DAY_MS)
          const state = recording.stateOf(id)
          const oldestMs = await store.recordings.oldestSegmentMs(id)
          const sum = (read: (slice: (typeof recent)[number]) => number): number => recent.reduce((total, slice) => total + read(slice), 0)
          return {
            cameraId: id as string,
            state: state?.is ?? (policy.mode === 'off' ? 'off' : recording.refused() ? 'stopped' : 'waiting'),
            said: recording.refused()?.said ?? (state?.gap ? GAP_WORDS[state.gap.cause] : null),
            oldestMs,
            bytes: recording.bytesOf(id),
            bytesPerDay: policy.mode === 'off' ? 0 : ratePerDay(sum(({ bytes }) => bytes), sum(({ recordedMs }) => recordedMs)),
            keptDays: oldestMs === null ? 0 : Math.floor(((nowMs - oldestMs) / DAY_MS) * 10) / 10,
            wantedDays: policy.days,
          } as const
        }),
      )
      const usableBytes = Math.min(room.quotaBytes ?? Infinity, room.recordedBytes + room.freeBytes)
      return {
        disk: { totalBytes: room.totalBytes, freeBytes: room.freeBytes, usedBytes: room.recordedBytes, quotaBytes: room.quotaBytes, level: room.level },
        forecast: forecast(rows, usableBytes, nowMs),
        cameras: rows,
      }
    },
  }
}

const DAY_MS = 86_400_000
