import type { ExportsOptions } from '../evidence/exports.js'
import type { Recording } from '../recording/open-recording.js'
import { clip, holesIn, joinSpans } from '../recording/timeline.js'
import type { BacktestSource } from '../rules/backtests.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import { gapView, makeRecordingViews } from './recording-views.js'

/** The key picture before a moment may lie one segment further back, where a long GOP was split. */
const LOOK_BACK_MS = 12_000

/** What exports are given of the recordings: packets segment by segment, and the gaps with their causes, as the timeline tells them. */
export function makeRecorded({ store, recording, clock }: { readonly store: Store; readonly recording: Recording; readonly clock: Clock }): Pick<ExportsOptions, 'recorded' | 'gapsOf'> {
  const views = makeRecordingViews({ store, recording, clock, moreMarks: [] })
  return {
    async *recorded(cameraId, fromMs, toMs) {
      await recording.flush()
      for (const segment of await store.recordings.between(cameraId, fromMs - LOOK_BACK_MS, toMs)) if (!segment.damaged) yield await recording.files.packetsOf(segment)
    },
    async gapsOf(cameraId, fromMs, toMs) {
      return (await views.gaps(cameraId, { fromMs, toMs })).map(gapView)
    },
  }
}

/** Below this two pieces touch, as on the timeline. */
const TOUCH_MS = 1_000

/** What back-tests are given of the recordings: an hour's pieces, and what of the hour is missing. What nobody can explain is told as well. */
export function makeBacktestSource(parts: { readonly store: Store; readonly recording: Recording; readonly clock: Clock }): BacktestSource {
  const { recording } = parts
  const views = makeRecordingViews({ ...parts, moreMarks: [] })
  return {
    async hour(cameraId, span, warmUpMs) {
      await recording.flush()
      const pieces = await recording.pieces(cameraId, span.fromMs - warmUpMs, span.toMs)
      const recorded = clip(joinSpans(pieces), span)
      const told = (await views.gaps(cameraId, span)).map(({ fromMs, toMs, cause }) => ({ fromMs, toMs, cause }))
      const unexplained = holesIn(span, [...recorded, ...told]).filter(({ fromMs, toMs }) => toMs - fromMs > TOUCH_MS).map((hole) => ({ ...hole, cause: 'unknown' as const }))
      return { recordedMs: recorded.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0), gaps: [...told, ...unexplained].toSorted((a, b) => a.fromMs - b.fromMs), pieces }
    },
  }
}
