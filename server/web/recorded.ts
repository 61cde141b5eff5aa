import type { ExportsOptions } from '../evidence/exports.js'
import type { Recording } from '../recording/open-recording.js'
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
