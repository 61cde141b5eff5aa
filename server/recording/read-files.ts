import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RecordedSegment, Run } from '../domain/recording.js'
import type { Packet } from '../media/packet.js'
import type { Store } from '../storage/store.js'
import type { Log } from '../system/log.js'
import { GROWING, segmentFile } from './disk-names.js'
import { isMissing } from './durable.js'
import { readFragments, readInitBytes, type InitFacts } from './fragments.js'

/** Reads what was recorded, and hands out nothing whose hash is not the one that was taken when it was written. */
export interface RecordedFiles {
  /** The bytes of a segment, or null when they are gone or changed: then the row says so from now on. */
  bytesOf(segment: RecordedSegment): Promise<Buffer | null>
  packetsOf(segment: RecordedSegment): Promise<readonly Packet[]>
  /** Of one that has no row yet: its first `bytes`, under whichever name they lie; null when they are gone. */
  freshBytesOf(segment: RecordedSegment): Promise<Buffer | null>
}

const RUNS_KEPT = 64

export function makeRecordedFiles({ store, root, log }: { readonly store: Store; readonly root: string; readonly log: Log }): RecordedFiles {
  const runs = new Map<string, { readonly run: Run; readonly init: InitFacts }>()

  /** One InitSegment object a run: readers tell runs apart by its identity. */
  const runOf = async (id: Run['id']): Promise<{ readonly run: Run; readonly init: InitFacts } | null> => {
    const known = runs.get(id)
    if (known) return known
    const [run] = await store.recordings.runs([id])
    if (!run) return null
    const read = { run, init: readInitBytes(run.init) }
    runs.set(id, read)
    for (const oldest of runs.keys()) {
      if (runs.size <= RUNS_KEPT) break
      runs.delete(oldest)
    }
    return read
  }

  const bytesOf = async (segment: RecordedSegment): Promise<Buffer | null> => {
    const bytes = await readFile(join(root, segmentFile(segment))).catch((fault: unknown) => (isMissing(fault) ? null : Promise.reject(fault as Error)))
    if (bytes?.length === segment.bytes && createHash('sha256').update(bytes).digest('hex') === segment.sha256) return bytes
    log.error({ file: segmentFile(segment), found: bytes?.length ?? null, expected: segment.bytes }, 'a recorded file is missing or was changed: it is not shown')
    await store.recordings.markDamaged(segment, true)
    return null
  }

  const freshBytesOf = async (segment: RecordedSegment): Promise<Buffer | null> => {
    // It may get its name between two looks.
    for (const file of [segmentFile(segment, GROWING), segmentFile(segment)]) {
      const bytes = await readFile(join(root, file)).catch((fault: unknown) => (isMissing(fault) ? null : Promise.reject(fault as Error)))
      if (bytes && bytes.length >= segment.bytes) return bytes.subarray(0, segment.bytes)
    }
    return null
  }

  return {
    bytesOf,
    freshBytesOf,
    async packetsOf(segment) {
      const of = await runOf(segment.runId)
      const bytes = of && (await bytesOf(segment))
      if (!of || !bytes) return []
      const { init } = of
      return readFragments(bytes, init.defaults).fragments.map(({ key, decodeTime, durationTicks, bytes: own }) => ({
        key,
        decodeTime,
        durationTicks,
        atMs: segment.fromMs + Math.round(((decodeTime - segment.fromTicks) * 1000) / init.timescale),
        bytes: own,
        init,
      }))
    },
  }
}
