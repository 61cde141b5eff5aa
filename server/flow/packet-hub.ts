import type { StreamId } from '../domain/ids.js'
import type { Packet } from '../media/packet.js'

/** What a reader wants when it cannot keep up: to jump to the newest key packet (live, decoder), or to be told of the hole (recording). */
export type WhenFull = 'skip_to_key' | 'mark_gap'

export interface PacketReader extends AsyncIterable<Packet> {
  /** Packets this reader lost so far because its mailbox was full. */
  readonly lost: number
  close(): void
}

/**
 * A camera is read once; here its packets fan out. Each reader has a bounded mailbox of its own; nobody waits for the
 * slowest. The hub also remembers the newest seconds of each stream (bounded in time and bytes), so that an alert can show
 * what happened before it, and a new viewer starts from the newest key packet at once.
 */
export interface PacketHub {
  publish(stream: StreamId, packet: Packet): void
  /** The stream's session ended: readers stay, and go on when it comes back. */
  interrupt(stream: StreamId): void
  /**
   * `withinMs`: how long packets may wait before they come here, from now on (default: as long as nobody minds). Whoever reads
   * the camera asks for the shortest of these after each read, because reading in larger pieces costs a third.
   */
  withinMs(stream: StreamId): number
  /** `from: 'last_key'` starts with the remembered newest key packet and all after it; 'next_key' waits for a new one. */
  subscribe(stream: StreamId, options: { readonly from: 'last_key' | 'next_key'; readonly capacity: number; readonly whenFull: WhenFull; readonly withinMs?: () => number }): PacketReader
  /** Remembered packets that cover fromMs … toMs (wall), starting with a key packet at or before fromMs where there is one. */
  recall(stream: StreamId, fromMs: number, toMs: number): readonly Packet[]
  /** Wall time of the newest packet, or null. */
  newestAtMs(stream: StreamId): number | null
  /** Forgets a stream that was removed. */
  forget(stream: StreamId): void
}
