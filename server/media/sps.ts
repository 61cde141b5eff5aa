/** Picture size and rate from a sequence parameter set: H.264 (ITU-T H.264 7.3.2.1.1) and H.265 (ITU-T H.265 7.3.2.2). */
export interface PictureSize {
  readonly width: number
  readonly height: number
  readonly fps: number | null
}

/** Null when the bytes are no such set or say something no camera has. */
export function readSps(codec: 'h264' | 'h265', nal: Uint8Array): PictureSize | null {
  const type = codec === 'h264' ? (nal[0] ?? 0) & 0x1f : ((nal[0] ?? 0) >> 1) & 0x3f
  if (type !== (codec === 'h264' ? 7 : 33) || nal.length > SET_BYTES_MAX) return null
  try {
    const size = codec === 'h264' ? readH264(bitReader(nal.subarray(1))) : readH265(bitReader(nal.subarray(2)))
    const sane = size.width >= 16 && size.height >= 16 && size.width <= 16_384 && size.height <= 16_384
    return sane ? { ...size, fps: size.fps !== null && size.fps >= 0.1 && size.fps <= 240 ? Math.round(size.fps * 1000) / 1000 : null } : null
  } catch (fault) {
    if (fault instanceof RangeError) return null // the set ends before it should
    throw fault
  }
}

/** What hvcC repeats of a sequence parameter set of H.265 (ISO/IEC 14496-15 §8.3.3.1). */
export interface HevcShape {
  /** general_profile_space … general_level_idc: 12 bytes, as they stand in both. */
  readonly general: Uint8Array
  readonly subLayers: number
  readonly nested: boolean
  readonly chroma: number
  readonly lumaBits: number
  readonly chromaBits: number
}

/** Null when the bytes are no such set or end too early. */
export function readHevcShape(nal: Uint8Array): HevcShape | null {
  if ((((nal[0] ?? 0) >> 1) & 0x3f) !== 33 || nal.length > SET_BYTES_MAX) return null
  try {
    const { u, ue } = bitReader(nal.subarray(2))
    u(4)
    const above = u(3)
    const nested = u(1) === 1
    const general = Uint8Array.from({ length: 12 }, () => u(8))
    skipSubLayers(u, above)
    ue()
    const chroma = ue()
    if (chroma === 3) u(1)
    ue()
    ue()
    if (u(1) === 1) for (let side = 0; side < 4; side += 1) ue()
    return { general, subLayers: above + 1, nested, chroma, lumaBits: ue() + 8, chromaBits: ue() + 8 }
  } catch (fault) {
    if (fault instanceof RangeError) return null
    throw fault
  }
}

/** Real sets have tens of bytes; a hostile one must not cost a second of bit reading. */
const SET_BYTES_MAX = 4_096

interface Bits {
  readonly u: (count: number) => number
  readonly ue: () => number
  readonly se: () => number
}

/** Reads bits, skipping emulation prevention bytes (00 00 03). */
function bitReader(raw: Uint8Array): Bits {
  const bytes = raw.filter((byte, at) => !(byte === 3 && at >= 2 && raw[at - 1] === 0 && raw[at - 2] === 0))
  let at = 0
  const bit = (): number => {
    const byte = bytes[at >> 3]
    if (byte === undefined) throw new RangeError('past the end')
    const value = (byte >> (7 - (at & 7))) & 1
    at += 1
    return value
  }
  const u = (count: number): number => {
    let value = 0
    for (let i = 0; i < count; i += 1) value = value * 2 + bit()
    return value
  }
  const ue = (): number => {
    let zeros = 0
    while (bit() === 0) {
      zeros += 1
      if (zeros > 32) throw new RangeError('no such number')
    }
    return 2 ** zeros - 1 + u(zeros)
  }
  const se = (): number => {
    const code = ue()
    return code % 2 === 1 ? (code + 1) / 2 : -code / 2
  }
  return { u, ue, se }
}

const H264_HIGH: ReadonlySet<number> = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])

function readH264({ u, ue, se }: Bits): PictureSize {
  const profile = u(8)
  u(16)
  ue()
  let chroma = 1
  if (H264_HIGH.has(profile)) {
    chroma = ue()
    if (chroma === 3) u(1)
    ue()
    ue()
    u(1)
    if (u(1) === 1) for (let list = 0; list < (chroma === 3 ? 12 : 8); list += 1) if (u(1) === 1) skipScalingList({ se }, list < 6 ? 16 : 64)
  }
  ue()
  const orderType = ue()
  if (orderType === 0) ue()
  else if (orderType === 1) {
    u(1)
    se()
    se()
    for (let left = Math.min(ue(), 255); left > 0; left -= 1) se()
  }
  ue()
  u(1)
  const widthUnits = ue() + 1
  const heightUnits = ue() + 1
  const frameOnly = u(1)
  if (frameOnly === 0) u(1)
  u(1)
  const crop = u(1) === 1 ? [ue(), ue(), ue(), ue()] : [0, 0, 0, 0]
  const unitX = chroma === 1 || chroma === 2 ? 2 : 1
  const unitY = (chroma === 1 ? 2 : 1) * (2 - frameOnly)
  const width = widthUnits * 16 - unitX * ((crop[0] ?? 0) + (crop[1] ?? 0))
  const height = (2 - frameOnly) * heightUnits * 16 - unitY * ((crop[2] ?? 0) + (crop[3] ?? 0))
  return { width, height, fps: optional(() => readH264Rate({ u, ue, se })) }
}

function skipScalingList({ se }: Pick<Bits, 'se'>, count: number): void {
  let last = 8
  let next = 8
  for (let i = 0; i < count; i += 1) {
    if (next !== 0) next = (last + se() + 256) % 256
    if (next !== 0) last = next
  }
}

/** VUI up to its timing: two ticks make a frame in H.264. */
function readH264Rate({ u, ue }: Bits): number | null {
  if (u(1) === 0) return null
  if (u(1) === 1 && u(8) === 255) u(32)
  if (u(1) === 1) u(1)
  if (u(1) === 1) {
    u(4)
    if (u(1) === 1) u(24)
  }
  if (u(1) === 1) {
    ue()
    ue()
  }
  if (u(1) === 0) return null
  const ticks = u(32)
  const scale = u(32)
  return ticks > 0 && scale > 0 ? scale / ticks / 2 : null
}

function readH265({ u, ue }: Bits): PictureSize {
  u(4)
  const subLayers = u(3)
  u(1)
  u(88)
  u(8)
  skipSubLayers(u, subLayers)
  ue()
  const chroma = ue()
  if (chroma === 3) u(1)
  const codedWidth = ue()
  const codedHeight = ue()
  const crop = u(1) === 1 ? [ue(), ue(), ue(), ue()] : [0, 0, 0, 0]
  const unitX = chroma === 1 || chroma === 2 ? 2 : 1
  const unitY = chroma === 1 ? 2 : 1
  // The rate lies behind reference picture sets of variable length; a camera's SDP or RTP tells it more cheaply.
  return { width: codedWidth - unitX * ((crop[0] ?? 0) + (crop[1] ?? 0)), height: codedHeight - unitY * ((crop[2] ?? 0) + (crop[3] ?? 0)), fps: null }
}

function skipSubLayers(u: Bits['u'], subLayers: number): void {
  const present = Array.from({ length: subLayers }, () => ({ profile: u(1), level: u(1) }))
  if (subLayers > 0) for (let i = subLayers; i < 8; i += 1) u(2)
  for (const layer of present) {
    if (layer.profile === 1) u(88)
    if (layer.level === 1) u(8)
  }
}

/** Timing is a bonus: a set that ends before it still told the size. */
function optional<T>(read: () => T): T | null {
  try {
    return read()
  } catch (fault) {
    if (fault instanceof RangeError) return null
    throw fault
  }
}
