import { join } from 'node:path'
import type { RecordedSegment, RecordingGap, Run } from '../domain/recording.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { folderOf } from './disk-names.js'
import { syncPath } from './durable.js'

/**
 * The last two steps of "file, sync, folder, row", for all cameras together: every two seconds the folders with new names are
 * synced, then all rows are written in one transaction, so that forty cameras cost one sync of the database.
 */
export interface Ledger {
  segment(segment: RecordedSegment, run: Run): void
  gap(gap: RecordingGap): void
  /** Settles when all that was given until now is in the database, or cannot be. */
  flush(): Promise<void>
  close(): Promise<void>
}

export interface LedgerParts {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly root: string
  readonly onRecorded: (segments: readonly RecordedSegment[]) => void
}

const COMMIT_MS = 2_000
/** While the database does not answer, rows wait; beyond this the start-up sweep finds the files by their names. */
const WAITING_MAX = 20_000

export function openLedger({ store, clock, log, root, onRecorded }: LedgerParts): Ledger {
  let waiting: { runs: Map<string, Run>; segments: RecordedSegment[]; gaps: Map<string, RecordingGap> } = empty()
  let line: Promise<void> = Promise.resolve()
  let failing = false

  const commit = async (): Promise<void> => {
    const batch = waiting
    if (batch.segments.length === 0 && batch.gaps.size === 0) return
    waiting = empty()
    try {
      const folders = new Set(batch.segments.map(folderOf))
      for (const { cameraId } of batch.runs.values()) folders.add(cameraId)
      await Promise.all([...folders].map((folder) => syncPath(join(root, folder))))
      await store.recordings.commit({ runs: [...batch.runs.values()], segments: batch.segments, gaps: [...batch.gaps.values()] })
      failing = false
      if (batch.segments.length > 0) onRecorded(batch.segments)
    } catch (fault) {
      if (!failing) log.error({ fault, segments: batch.segments.length }, 'rows of recordings could not be written; they are tried again')
      failing = true
      const segments = [...batch.segments, ...waiting.segments].slice(-WAITING_MAX)
      waiting = { runs: new Map([...batch.runs, ...waiting.runs]), segments, gaps: new Map([...batch.gaps, ...waiting.gaps]) }
    }
  }
  const flush = (): Promise<void> => (line = line.then(commit))
  const stop = clock.every(COMMIT_MS, () => void flush())

  return {
    segment(segment, run) {
      waiting.runs.set(run.id, run)
      waiting.segments.push(segment)
    },
    gap(gap) {
      if (gap.toMs > gap.fromMs) waiting.gaps.set(`${gap.cameraId} ${gap.fromMs} ${gap.cause}`, gap)
    },
    flush,
    async close() {
      stop()
      await flush()
    },
  }
}

function empty(): { runs: Map<string, Run>; segments: RecordedSegment[]; gaps: Map<string, RecordingGap> } {
  return { runs: new Map(), segments: [], gaps: new Map() }
}
