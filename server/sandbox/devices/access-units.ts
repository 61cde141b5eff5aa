/**
 * H.264 as a byte stream (ITU-T H.264 Annex B): start codes, NAL units, access units. Pure: bytes in, spans out.
 * An access unit is all NAL units of one picture; we stream whole access units, never parts of one.
 */
export interface UnitSpan {
  readonly offset: number
  readonly length: number
  /** Contains an IDR slice: decoding may begin here. */
  readonly key: boolean
}

export const NAL = { slice: 1, idr: 5, sei: 6, sps: 7, pps: 8, delimiter: 9 } as const

export function nalType(nal: Uint8Array): number {
  return (nal[0] ?? 0) & 0x1f
}

const START_CODE = Buffer.from([0, 0, 1])
/** So many bytes after a start code must be present before we look at the NAL unit behind it. */
const LOOK_AHEAD = 16

/** Feeds on a file in pieces and says where each access unit lies. Refuses what we cannot stream with honest timestamps. */
export class UnitScanner {
  private carry: Buffer = Buffer.alloc(0)
  private carryAt = 0
  private readonly spans: UnitSpan[] = []
  private unitAt = -1
  private unitKey = false
  private unitHasSlice = false

  push(piece: Buffer): void {
    this.scan(piece, false)
  }

  end(): readonly UnitSpan[] {
    const size = this.carryAt + this.carry.length
    this.scan(Buffer.alloc(0), true)
    this.closeUnit(size)
    if (this.spans.length === 0) throw new Error('holds no H.264 picture: expected an Annex B byte stream (ffmpeg -f h264)')
    if (!this.spans[0]?.key) throw new Error('does not begin with an IDR picture, so a viewer could not start at its beginning')
    return this.spans
  }

  private scan(piece: Buffer, last: boolean): void {
    const bytes = this.carry.length === 0 ? piece : Buffer.concat([this.carry, piece])
    const limit = last ? bytes.length : bytes.length - LOOK_AHEAD
    let at = 0
    for (let found = bytes.indexOf(START_CODE, at); found >= 0 && found < limit; found = bytes.indexOf(START_CODE, at)) {
      // A fourth zero byte in front belongs to the start code.
      const codeAt = found > 0 && bytes[found - 1] === 0 ? found - 1 : found
      this.meet(this.carryAt + codeAt, bytes.subarray(found + 3, found + 3 + LOOK_AHEAD))
      at = found + 3
    }
    // Keep one byte before the unsearched part, because it may be the fourth zero of the next start code.
    const keepFrom = Math.max(at, Math.max(0, limit) - 1)
    this.carry = bytes.subarray(keepFrom)
    this.carryAt += keepFrom
  }

  private meet(offset: number, nal: Uint8Array): void {
    const type = nalType(nal)
    const isSlice = type >= 1 && type <= 5
    // H.264 7.4.1.2.3 and .4: these open a new access unit once the current one has its slices.
    const opens = isSlice ? ((nal[1] ?? 0) & 0x80) !== 0 : (type >= 6 && type <= 9) || (type >= 14 && type <= 18)
    if (this.unitAt < 0 || (this.unitHasSlice && opens)) {
      this.closeUnit(offset)
      this.unitAt = offset
    }
    if (!isSlice) return
    this.unitHasSlice = true
    this.unitKey ||= type === NAL.idr
    if (sliceIsBidirectional(nal)) throw new Error('has B-frames: their order of sending and showing differs, so encode with -bf 0')
  }

  private closeUnit(end: number): void {
    if (this.unitAt >= 0 && this.unitHasSlice) this.spans.push({ offset: this.unitAt, length: end - this.unitAt, key: this.unitKey })
    this.unitAt = -1
    this.unitKey = false
    this.unitHasSlice = false
  }
}

/** Cuts a piece of byte stream into NAL units, without start codes and without trailing zero bytes. */
export function splitNals(bytes: Buffer): Buffer[] {
  const nals: Buffer[] = []
  let from = bytes.indexOf(START_CODE)
  while (from >= 0) {
    const start = from + 3
    const next = bytes.indexOf(START_CODE, start)
    let end = next < 0 ? bytes.length : next
    while (end > start && bytes[end - 1] === 0) end -= 1
    if (end > start) nals.push(bytes.subarray(start, end))
    from = next
  }
  return nals
}

const X264_MARK = Buffer.from('x264 - core')

/** Access unit delimiters and the encoder's signature are of no use in RTP, and no camera sends `x264` as its name. */
export function worthSending(nal: Buffer): boolean {
  const type = nalType(nal)
  return type !== NAL.delimiter && !(type === NAL.sei && nal.includes(X264_MARK))
}

/** slice_header begins with first_mb_in_slice and slice_type, both ue(v); types 1 and 6 are B. */
function sliceIsBidirectional(nal: Uint8Array): boolean {
  let bit = 8
  const read = (): number => {
    const value = ((nal[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1
    bit += 1
    return value
  }
  const readUe = (): number => {
    let zeros = 0
    while (read() === 0 && zeros < 31) zeros += 1
    let value = 1
    for (let i = 0; i < zeros; i += 1) value = value * 2 + read()
    return value - 1
  }
  readUe()
  return readUe() % 5 === 1
}
