/**
 * A camera cuts a picture into a dozen packets of a network's size (fragmentation units: RFC 6184 §5.8 for H.264, RFC 7798
 * §4.4.3 for H.265). ffmpeg reads each with three system calls, which is most of what reading a camera costs (measured:
 * README.md). Between the gate and ffmpeg is no network, so neighbouring pieces of one unit are joined into one packet of up
 * to 64 KiB. Nothing is decoded; whatever is not plainly such a piece passes byte for byte but for its sequence number,
 * which counts what ffmpeg gets.
 */
export interface RtpMerger {
  /** Interleaved frames (RFC 2326 §10.12) in any cut. */
  push(bytes: Uint8Array): void
  /** Hands on all that is whole: a burst has ended. */
  flush(): void
}

export type Fragmented = 'H264' | 'H265'

const OUT_BYTES = 128 << 10
const PACKET_BYTES_MAX = 0xffff
const RTP_HEAD = 12

interface Open {
  /** Where its frame begins in `out`. */
  readonly at: number
  readonly channel: number
  readonly head: number
  sequence: number
  /** The last piece, or a picture's last packet: nothing may follow. */
  ended: boolean
}

/** `codecOf`: what the SDP said a payload type carries; null leaves its packets alone. `take` gives memory for `send`. */
export function openRtpMerger(options: { readonly codecOf: (payloadType: number) => Fragmented | null; readonly take: () => Buffer; readonly send: (bytes: Buffer) => void }): RtpMerger {
  const joined = new Map<number, number>()
  let held = new Uint8Array(0)
  let out: Buffer | null = null
  let used = 0
  let open: Open | null = null

  function flush(): void {
    open = null
    if (!out || used === 0) return
    const full = out.subarray(0, used)
    out = null
    used = 0
    options.send(full)
  }

  function room(size: number): Buffer {
    if (used + size > OUT_BYTES) flush()
    return (out ??= options.take())
  }

  function append(bytes: Uint8Array, at: number, size: number): number {
    const buffer = room(size)
    buffer.set(bytes.subarray(at, at + size), used)
    used += size
    return used - size
  }

  /** Joins a piece to the open packet, which stands last in `out`. */
  function extend(to: Open, bytes: Uint8Array, at: number, size: number): boolean {
    const buffer = out
    const add = size - 4 - to.head
    if (!buffer || used + add > OUT_BYTES || used - to.at - 4 + add > PACKET_BYTES_MAX) return false
    buffer.set(bytes.subarray(at + 4 + to.head, at + size), used)
    used += add
    buffer.writeUInt16BE(used - to.at - 4, to.at + 2)
    buffer[to.at + 5] = byte(buffer, to.at + 5) | (byte(bytes, at + 5) & 0x80)
    const fu = 4 + to.head - 1
    buffer[to.at + fu] = byte(buffer, to.at + fu) | (byte(bytes, at + fu) & 0x40)
    joined.set(to.channel, (joined.get(to.channel) ?? 0) + 1)
    return true
  }

  function frame(bytes: Uint8Array, at: number, size: number): void {
    const channel = byte(bytes, at + 1)
    const head = pieceHead(bytes, at, size, options.codecOf)
    // Only video packets that we know are counted anew; reports (odd channels) and all else pass as they came.
    if (head === null) {
      append(bytes, at, size)
      open = null
      return
    }
    const sequence = (byte(bytes, at + 6) << 8) | byte(bytes, at + 7)
    const ended = (byte(bytes, at + 5) & 0x80) !== 0 || (head > 0 && (byte(bytes, at + 4 + head - 1) & 0x40) !== 0)
    if (open && head > 0 && out && follows(open, out, { bytes, at, channel, head, sequence }) && extend(open, bytes, at, size)) {
      open.sequence = sequence
      open.ended = ended
      return
    }
    const start = append(bytes, at, size)
    out?.writeUInt16BE((sequence - (joined.get(channel) ?? 0)) & 0xffff, start + 6)
    open = head > 0 ? { at: start, channel, head, sequence, ended } : null
  }

  return {
    push(chunk) {
      const bytes = held.length === 0 ? chunk : joinTwo(held, chunk)
      let at = 0
      while (at + 4 <= bytes.length) {
        const size = 4 + ((byte(bytes, at + 2) << 8) | byte(bytes, at + 3))
        if (at + size > bytes.length) break
        frame(bytes, at, size)
        at += size
      }
      // A copy: the bytes are the caller's, and a Buffer's slice would be a view of them.
      held = at === bytes.length ? NOTHING : Uint8Array.from(bytes.subarray(at))
    },
    flush,
  }
}

const NOTHING = new Uint8Array(0)

/**
 * How long the heads of RTP and of the piece are together; 0 for a video packet that is no piece; null for what is not a plain
 * video packet (other payload, padding, extension, contributing sources).
 */
function pieceHead(bytes: Uint8Array, at: number, size: number, codecOf: (payloadType: number) => Fragmented | null): number | null {
  if (size < 4 + RTP_HEAD + 1 || (byte(bytes, at + 1) & 1) !== 0 || byte(bytes, at + 4) !== 0x80) return null
  const codec = codecOf(byte(bytes, at + 5) & 0x7f)
  if (codec === null) return null
  const unit = byte(bytes, at + 4 + RTP_HEAD)
  const head = codec === 'H264' ? RTP_HEAD + 2 : RTP_HEAD + 3
  const isPiece = codec === 'H264' ? (unit & 0x1f) === 28 : ((unit >> 1) & 0x3f) === 49
  return isPiece && size > 4 + head ? head : 0
}

/** Whether this piece goes on where the open packet ends: next number, same instant, sender and unit, and not a first piece. */
function follows(open: Open, out: Buffer, piece: { readonly bytes: Uint8Array; readonly at: number; readonly channel: number; readonly head: number; readonly sequence: number }): boolean {
  const { bytes, at, head } = piece
  if (open.ended || open.channel !== piece.channel || open.head !== head || piece.sequence !== ((open.sequence + 1) & 0xffff)) return false
  if ((byte(bytes, at + 5) & 0x7f) !== (byte(out, open.at + 5) & 0x7f)) return false
  // Time stamp and source, then the unit's own head.
  for (let i = 8; i < 4 + head - 1; i += 1) if (byte(bytes, at + i) !== byte(out, open.at + i)) return false
  const fu = byte(bytes, at + 4 + head - 1)
  const before = byte(out, open.at + 4 + head - 1)
  // The first piece stays alone: one that is first and last at once is forbidden (both RFCs), and ffmpeg refuses it in H.265.
  return (fu & 0x80) === 0 && (before & 0x80) === 0 && (fu & 0x3f) === (before & 0x3f)
}

function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] as number
}

function joinTwo(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}
