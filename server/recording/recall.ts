import type { StreamId } from '../domain/ids.js'
import type { Packet } from '../media/packet.js'
import type { Store } from '../storage/store.js'
import type { RecordedFiles } from './read-files.js'

/** A clip of some minutes; more belongs in an export, which reads segment by segment. */
const RECALL_MS_MAX = 5 * 60_000

/**
 * Recorded packets that cover fromMs … toMs, shaped like the hub's `recall`, so that a clip can reach further back than the
 * hub remembers. Begins with a key packet at or before fromMs where there is one.
 */
export function makeRecall({ store, files }: { readonly store: Store; readonly files: RecordedFiles }): (stream: StreamId, fromMs: number, toMs: number) => Promise<readonly Packet[]> {
  return async (stream, fromMs, toMs) => {
    const until = Math.min(toMs, fromMs + RECALL_MS_MAX)
    // One segment further back: the key picture before the moment may lie in it where a long GOP was split.
    const segments = (await store.recordings.ofStream(stream, fromMs - 12_000, until)).filter(({ damaged }) => !damaged)
    const packets: Packet[] = []
    for (const segment of segments) packets.push(...(await files.packetsOf(segment)))
    const first = Math.max(0, packets.findLastIndex(({ key, atMs }) => key && atMs <= fromMs))
    return packets.slice(first).filter(({ atMs }) => atMs <= until)
  }
}
