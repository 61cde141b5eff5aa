import { invalid } from './fault.js'

/** One ISO BMFF box (ISO/IEC 14496-12 §4.2). `bytes` is the whole box with its header, perhaps a view of what was pushed: not to be written to; `body` is where its content starts. */
export interface Box {
  readonly type: string
  readonly bytes: Uint8Array
  readonly body: number
}

/** No encoded picture of a city camera comes near this; a size above it means that we lost the frame or are being fed garbage. */
export const BOX_BYTES_MAX = 16 << 20

export interface BoxReader {
  /** Takes bytes in any cut and returns the top-level boxes that are now whole. Throws MediaFault, after which it must not be used again. */
  push(chunk: Uint8Array): readonly Box[]
  /** Bytes held for the box that is not whole yet. */
  readonly heldBytes: number
}

/** Cuts a byte stream into top-level boxes. Holds at most one box, so a hostile peer costs `boxBytesMax` and no more. */
export function openBoxReader(options: { readonly boxBytesMax?: number } = {}): BoxReader {
  const boxBytesMax = options.boxBytesMax ?? BOX_BYTES_MAX
  let held: Uint8Array[] = []
  let heldBytes = 0
  let wanted: { readonly type: string; readonly size: number; readonly body: number } | null = null

  function take(size: number): Uint8Array {
    const first = held[0] as Uint8Array
    if (first.length >= size) {
      // Whole in one chunk, as nearly always: no copy here, since every copy of the video is work for the collector.
      if (first.length === size) held.shift()
      else held[0] = first.subarray(size)
      heldBytes -= size
      return first.subarray(0, size)
    }
    const out = new Uint8Array(size)
    let filled = 0
    while (filled < size) {
      const head = held[0] as Uint8Array
      const part = head.subarray(0, size - filled)
      out.set(part, filled)
      filled += part.length
      if (part.length === head.length) held.shift()
      else held[0] = head.subarray(part.length)
    }
    heldBytes -= size
    return out
  }

  function peek(size: number): Uint8Array | null {
    if (heldBytes < size) return null
    const head = held[0] as Uint8Array
    if (head.length < size) held = [join(held)]
    return (held[0] as Uint8Array).subarray(0, size)
  }

  function nextHeader(): boolean {
    const start = peek(8)
    if (!start) return false
    const long = readU32(start, 0) === 1
    const header = long ? peek(16) : start
    if (!header) return false
    const found = readHeader(header, 0)
    if (found.size > boxBytesMax) throw invalid(`box ${found.type} claims ${found.size} bytes, more than ${boxBytesMax}`)
    wanted = found
    return true
  }

  return {
    get heldBytes() {
      return heldBytes
    },
    push(chunk) {
      if (chunk.length > 0) held.push(chunk)
      heldBytes += chunk.length
      const whole: Box[] = []
      while (wanted !== null || nextHeader()) {
        const box = wanted as NonNullable<typeof wanted>
        if (heldBytes < box.size) break
        whole.push({ type: box.type, bytes: take(box.size), body: box.body })
        wanted = null
      }
      return whole
    },
  }
}

/** The boxes inside `parent` from `from` (default: its body) to its end. */
export function childBoxes(parent: Box, from = parent.body): readonly Box[] {
  const boxes: Box[] = []
  let at = from
  while (at + 8 <= parent.bytes.length) {
    const { type, size, body } = readHeader(parent.bytes, at)
    if (at + size > parent.bytes.length) throw invalid(`box ${type} ends outside of ${parent.type}`)
    boxes.push({ type, bytes: parent.bytes.subarray(at, at + size), body })
    at += size
  }
  return boxes
}

/** Follows a path of box types downwards; null where one is missing. */
export function findBox(parent: Box, ...path: readonly string[]): Box | null {
  let box: Box | null = parent
  for (const type of path) box = (box && childBoxes(box).find((child) => child.type === type)) ?? null
  return box
}

function readHeader(bytes: Uint8Array, at: number): { readonly type: string; readonly size: number; readonly body: number } {
  const short = readU32(bytes, at)
  const type = readType(bytes, at + 4)
  if (!/^[\x20-\x7e\xa9]{4}$/.test(type)) throw invalid('a box type that is not printable')
  const long = short === 1
  const size = long ? readU64(bytes, at + 8) : short
  const body = long ? 16 : 8
  // Size 0 means "to the end of the file": there is no end in a live stream.
  if (size < body) throw invalid(`box ${type} claims ${size} bytes`)
  return { type, size, body }
}

export function readType(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(readU8(bytes, at), readU8(bytes, at + 1), readU8(bytes, at + 2), readU8(bytes, at + 3))
}

export function readU8(bytes: Uint8Array, at: number): number {
  const value = bytes[at]
  if (value === undefined) throw invalid('a box ends too early')
  return value
}

export function readU16(bytes: Uint8Array, at: number): number {
  return readU8(bytes, at) * 0x100 + readU8(bytes, at + 1)
}

export function readU32(bytes: Uint8Array, at: number): number {
  return readU16(bytes, at) * 0x1_0000 + readU16(bytes, at + 2)
}

export function readU64(bytes: Uint8Array, at: number): number {
  const value = readU32(bytes, at) * 0x1_0000_0000 + readU32(bytes, at + 4)
  if (!Number.isSafeInteger(value)) throw invalid('a 64-bit number beyond what a time or size can be')
  return value
}

export function writeU32(bytes: Uint8Array, at: number, value: number): void {
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).setUint32(at, value)
}

export function writeU64(bytes: Uint8Array, at: number, value: number): void {
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).setBigUint64(at, BigInt(value))
}

/** Puts pieces into one array of their own (a Packet must not keep a pipe's 64 KiB slab alive). */
export function join(pieces: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    out.set(piece, at)
    at += piece.length
  }
  return out
}
