import type { CameraId } from '../domain/ids.js'
import type { GapCause, RecordedSegment, RecordingGap, StorageClass } from '../domain/recording.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { believeWall, startBelief, type WallBelief } from './believed-clock.js'
import { segmentFile } from './disk-names.js'
import { removeFiles } from './sweep.js'

export interface RetentionParts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly root: string
  readonly legalDays: number
  readonly onFreed: (segments: readonly RecordedSegment[]) => void
}

/**
 * Lets recordings go: in time, by each camera's policy; and early, oldest first, when the disk is nearly full. What is held
 * never goes, what the law's clock keeps never goes early. Row → garbage row → file → folder synced → garbage row dropped.
 */
export interface Retention {
  expire(): Promise<number>
  release(bytes: number): Promise<number>
}

const DAY_MS = 86_400_000
const AT_ONCE = 200

/** Older than this, each class of a camera may go. Pure. */
export function cutoffs(policy: { readonly days: number; readonly eventDays: number }, legalDays: number, nowMs: number): Readonly<Record<StorageClass, number>> {
  const eventDays = Math.max(policy.days, policy.eventDays)
  return { plain: nowMs - policy.days * DAY_MS, event: nowMs - eventDays * DAY_MS, legal: nowMs - Math.max(eventDays, legalDays) * DAY_MS }
}

export function openRetention({ store, clock, log, root, legalDays, onFreed }: RetentionParts): Retention {
  let belief: WallBelief = startBelief(clock.wallMs(), clock.monotonicMs())

  const remove = async (segments: readonly RecordedSegment[], facts: { readonly atMs: number; readonly gap: GapCause | null; readonly expired: readonly { readonly cameraId: CameraId; readonly beforeMs: number }[] }): Promise<number> => {
    const files = segments.map((segment) => ({ ...segment, file: segmentFile(segment) }))
    const gaps = facts.gap === null ? [] : gapsOf(segments, facts.gap)
    const gone = await store.recordings.giveUp({ segments: files, gaps, expired: facts.expired, atMs: facts.atMs })
    const went = new Set(gone.map(({ runId, number }) => `${runId} ${number}`))
    const removed = files.filter(({ runId, number }) => went.has(`${runId} ${number}`))
    await removeFiles(root, removed.map(({ file }) => file))
    await store.recordings.dropGarbage(removed.map(({ file }) => file))
    const bytes = removed.reduce((sum, one) => sum + one.bytes, 0)
    onFreed(removed)
    return bytes
  }

  const believedMs = (): number => {
    const [next, nowMs] = believeWall(belief, clock.wallMs(), clock.monotonicMs())
    belief = next
    return nowMs
  }

  return {
    async expire() {
      const nowMs = believedMs()
      let count = 0
      for (const policy of await store.recordings.policies()) {
        const until = cutoffs(policy, legalDays, nowMs)
        for (const storageClass of ['plain', 'event', 'legal'] as const) {
          for (;;) {
            const due = await store.recordings.due({ cameraId: policy.cameraId, storageClass, endedBeforeMs: until[storageClass], nowMs, limit: AT_ONCE })
            if (due.length === 0) break
            const beforeMs = Math.max(...due.map(({ toMs }) => toMs))
            await remove(due, { atMs: nowMs, gap: null, expired: [{ cameraId: policy.cameraId, beforeMs }] })
            count += due.length
          }
        }
      }
      return count
    },
    async release(bytes) {
      const nowMs = believedMs()
      let freed = 0
      for (const storageClass of ['plain', 'event'] as const) {
        while (freed < bytes) {
          const oldest = await store.recordings.oldest(storageClass, nowMs, AT_ONCE)
          if (oldest.length === 0) break
          const enough = takeUntil(oldest, bytes - freed)
          freed += await remove(enough, { atMs: nowMs, gap: 'freed_early', expired: [] })
        }
      }
      if (freed > 0) log.warn({ freed, wanted: bytes }, 'recordings were removed before their time: the disk is too small for what is wanted')
      return freed
    },
  }
}

/** As many from the front as together hold so much. */
export function takeUntil(segments: readonly RecordedSegment[], bytes: number): readonly RecordedSegment[] {
  let sum = 0
  const end = segments.findIndex(({ bytes: own }) => (sum += own) >= bytes)
  return end < 0 ? segments : segments.slice(0, end + 1)
}

/** One gap for segments of one camera that touch. */
function gapsOf(segments: readonly RecordedSegment[], cause: GapCause): readonly RecordingGap[] {
  const gaps: { cameraId: CameraId; cause: GapCause; fromMs: number; toMs: number }[] = []
  for (const { cameraId, fromMs, toMs } of segments.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = gaps.findLast((gap) => gap.cameraId === cameraId)
    if (last && fromMs - last.toMs < 1_000) last.toMs = Math.max(last.toMs, toMs)
    else gaps.push({ cameraId, cause, fromMs, toMs })
  }
  return gaps
}
