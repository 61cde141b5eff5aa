import { childBoxes, findBox, join, readU16, readU32, readU8, writeU32, type Box } from './box-reader.js'
import { avcCodec, hevcCodec } from './codec-string.js'
import { invalid } from './fault.js'
import { isIntraOnly, isSound } from './init-segment.js'
import type { InitSegment } from './packet.js'
import { readHevcShape, readSps } from './sps.js'

/**
 * A camera may change its picture inside one RTSP session (a person changed its resolution). ffmpeg `-c copy` then goes on
 * with the description of the start: avcC speaks of the old picture, while the new parameter sets stand in front of the key
 * picture itself. Players follow the description, so it is made anew from those.
 */
export interface ParameterSets {
  readonly codec: 'h264' | 'h265'
  /** Bytes of the length in front of each NAL unit. */
  readonly lengthBytes: number
  /** NAL units in the order VPS, SPS, PPS. */
  readonly sets: readonly Uint8Array[]
}

/** The sets in front of a key picture's slices; null where there are none. `mdat` is the content of the box. */
export function setsBeforePicture(mdat: Uint8Array, like: Pick<ParameterSets, 'codec' | 'lengthBytes'>): ParameterSets | null {
  const sets: Uint8Array[] = []
  let at = 0
  while (at + like.lengthBytes < mdat.length) {
    let length = 0
    for (let index = 0; index < like.lengthBytes; index += 1) length = length * 256 + readU8(mdat, at + index)
    at += like.lengthBytes
    const nal = mdat.subarray(at, at + length)
    if (nal.length === 0 || isSlice(like.codec, nal)) break
    if (orderOf(like.codec, nal) !== null) sets.push(nal)
    at += length
  }
  const inOrder = sets.toSorted((a, b) => (orderOf(like.codec, a) ?? 0) - (orderOf(like.codec, b) ?? 0))
  return sets.length === 0 ? null : { ...like, sets: inOrder }
}

/**
 * The init segment for a key picture whose own sets speak of another picture than the description: another size, profile or
 * level. Null where they agree. Sets that differ in small print alone come with the picture, and no player needs a new
 * description for them; a camera that varies those with each key picture would otherwise break its stream each second.
 */
export function initFor(init: InitSegment, mdat: Uint8Array): InitSegment | null {
  if (isSound(init.codec)) return null
  if (isIntraOnly(init.codec)) return initForJpeg(init, mdat)
  const described = describedSets(init)
  if (!described) return null
  const found = setsBeforePicture(mdat, described)
  const sps = found && pictureSet(found)
  if (!found || !sps || sameBytes(sps, pictureSet(described))) return null
  const size = readSps(found.codec, sps)
  const config = size && configOf(found)
  if (!config) return null
  const codec = found.codec === 'h264' ? avcCodec(config) : hevcCodec(config)
  if (size.width === init.width && size.height === init.height && codec === init.codec) return null
  return { ...init, codec, width: size.width, height: size.height, bytes: rewrite(init.bytes, { ...size, config: { type: found.codec === 'h264' ? 'avcC' : 'hvcC', body: config } }) }
}

/** Each JPEG tells its own size (SOF, ITU-T T.81 §B.2.2); here too the description is that of the first. */
function initForJpeg(init: InitSegment, jpeg: Uint8Array): InitSegment | null {
  for (let at = 2; at + 9 < jpeg.length && jpeg[at] === 0xff; at += 2 + readU16(jpeg, at + 2)) {
    const marker = readU8(jpeg, at + 1)
    if (marker === 0xda) return null
    if (marker < 0xc0 || marker > 0xc2) continue
    const [height, width] = [readU16(jpeg, at + 5), readU16(jpeg, at + 7)]
    if (width === 0 || height === 0 || (width === init.width && height === init.height)) return null
    return { ...init, width, height, bytes: rewrite(init.bytes, { width, height, config: null }) }
  }
  return null
}

function isSlice(codec: ParameterSets['codec'], nal: Uint8Array): boolean {
  const type = typeOf(codec, nal)
  return codec === 'h264' ? type >= 1 && type <= 5 : type < 32
}

function typeOf(codec: ParameterSets['codec'], nal: Uint8Array): number {
  return codec === 'h264' ? (nal[0] ?? 0) & 0x1f : ((nal[0] ?? 0) >> 1) & 0x3f
}

/** Place of a parameter set among its kind's; null for another NAL unit. */
function orderOf(codec: ParameterSets['codec'], nal: Uint8Array): number | null {
  const order = (codec === 'h264' ? [7, 8] : [32, 33, 34]).indexOf(typeOf(codec, nal))
  return order < 0 ? null : order
}

function pictureSet({ codec, sets }: ParameterSets): Uint8Array | null {
  return sets.find((nal) => typeOf(codec, nal) === (codec === 'h264' ? 7 : 33)) ?? null
}

function sameBytes(a: Uint8Array, b: Uint8Array | null): boolean {
  return b !== null && Buffer.compare(a, b) === 0
}

/** What the description holds; null for a codec that has none, such as JPEG. */
function describedSets(init: InitSegment): ParameterSets | null {
  const entry = sampleEntry(moovOf(init.bytes))
  const avcC = entry && childBoxes(entry, entry.body + 78).find(({ type }) => type === 'avcC' || type === 'hvcC')
  if (!avcC) return null
  const body = avcC.bytes.subarray(avcC.body)
  return avcC.type === 'avcC' ? readAvcC(body) : readHvcC(body)
}

function readAvcC(body: Uint8Array): ParameterSets {
  const sets: Uint8Array[] = []
  let at = 5
  for (const mask of [0x1f, 0xff]) {
    const count = readU8(body, at) & mask
    at += 1
    for (let set = 0; set < count; set += 1) at = takeSet(body, at, sets)
  }
  return { codec: 'h264', lengthBytes: (readU8(body, 4) & 3) + 1, sets }
}

function readHvcC(body: Uint8Array): ParameterSets {
  const sets: Uint8Array[] = []
  let at = 23
  for (let arrays = readU8(body, 22); arrays > 0; arrays -= 1) {
    const count = readU16(body, at + 1)
    at += 3
    for (let set = 0; set < count; set += 1) at = takeSet(body, at, sets)
  }
  return { codec: 'h265', lengthBytes: (readU8(body, 21) & 3) + 1, sets }
}

function takeSet(body: Uint8Array, at: number, sets: Uint8Array[]): number {
  const end = at + 2 + readU16(body, at)
  if (end > body.length) throw invalid('a parameter set ends outside of its description')
  sets.push(body.subarray(at + 2, end))
  return end
}

const withLength = (nal: Uint8Array): readonly Uint8Array[] => [Uint8Array.of(nal.length >> 8, nal.length & 0xff), nal]

/** The body of avcC (ISO/IEC 14496-15 §5.3.3.1) or hvcC (§8.3.3.1); null where the sets do not suffice. */
function configOf({ codec, lengthBytes, sets }: ParameterSets): Uint8Array | null {
  if (sets.some((nal) => nal.length > 0xffff)) return null
  const kinds = (codec === 'h264' ? [7, 8] : [32, 33, 34]).map((type) => ({ type, nals: sets.filter((nal) => typeOf(codec, nal) === type).slice(0, 31) }))
  if (kinds.some(({ nals }) => nals.length === 0)) return null
  const [first] = sets
  if (codec === 'h264') {
    const [sps, pps] = kinds as [(typeof kinds)[number], (typeof kinds)[number]]
    const head = Uint8Array.of(1, first?.[1] ?? 0, first?.[2] ?? 0, first?.[3] ?? 0, 0xfc | (lengthBytes - 1), 0xe0 | sps.nals.length)
    return join([head, ...sps.nals.flatMap(withLength), Uint8Array.of(pps.nals.length), ...pps.nals.flatMap(withLength)])
  }
  const shape = readHevcShape(kinds[1]?.nals[0] ?? new Uint8Array())
  if (!shape || shape.lumaBits > 15 || shape.chromaBits > 15 || shape.chroma > 3) return null
  const layers = (shape.subLayers << 3) | (shape.nested ? 4 : 0) | (lengthBytes - 1)
  const head = [Uint8Array.of(1), shape.general, Uint8Array.of(0xf0, 0, 0xfc, 0xfc | shape.chroma, 0xf8 | (shape.lumaBits - 8), 0xf8 | (shape.chromaBits - 8), 0, 0, layers, kinds.length)]
  return join([...head, ...kinds.flatMap(({ type, nals }) => [Uint8Array.of(0x80 | type, 0, nals.length), ...nals.flatMap(withLength)])])
}

function moovOf(init: Uint8Array): Box {
  const file: Box = { type: 'file', bytes: init, body: 0 }
  const moov = findBox(file, 'moov')
  if (!moov) throw invalid('an init segment without moov')
  return moov
}

function videoTrak(moov: Box): Box | null {
  return childBoxes(moov).find((box) => box.type === 'trak' && findBox(box, 'mdia', 'minf', 'vmhd') !== null) ?? null
}

function sampleEntry(moov: Box): Box | null {
  const trak = videoTrak(moov)
  const stsd = trak && findBox(trak, 'mdia', 'minf', 'stbl', 'stsd')
  return (stsd && childBoxes(stsd, stsd.body + 8)[0]) ?? null
}

interface Put {
  readonly width: number
  readonly height: number
  readonly config: { readonly type: 'avcC' | 'hvcC'; readonly body: Uint8Array } | null
}

/** Puts another size, and another description where there is one, into a copy of an init segment; every box around the description grows or shrinks with it. */
function rewrite(init: Uint8Array, put: Put): Uint8Array {
  const moov = moovOf(init)
  const trak = videoTrak(moov)
  const entry = sampleEntry(moov)
  if (!trak || !entry) throw invalid('an init segment without a video media track')
  const placeOf = (box: Box): number => box.bytes.byteOffset - init.byteOffset
  const made = put.config ? replaceConfig(init, put.config, { entry, around: [moov, trak, ...around(trak), entry], placeOf }) : init.slice()
  const sizes = new DataView(made.buffer, made.byteOffset, made.byteLength)
  sizes.setUint16(placeOf(entry) + entry.body + 24, put.width)
  sizes.setUint16(placeOf(entry) + entry.body + 26, put.height)
  const tkhd = findBox(trak, 'tkhd')
  // tkhd stands before the description, so that it did not move; its last eight bytes are width and height, 16.16.
  if (tkhd && placeOf(tkhd) < placeOf(entry) && tkhd.bytes.length >= 16) {
    writeU32(made, placeOf(tkhd) + tkhd.bytes.length - 8, put.width * 0x1_0000)
    writeU32(made, placeOf(tkhd) + tkhd.bytes.length - 4, put.height * 0x1_0000)
  }
  return made
}

function around(trak: Box): readonly Box[] {
  const path = ['mdia', 'minf', 'stbl', 'stsd'] as const
  return path.map((_, index) => findBox(trak, ...path.slice(0, index + 1))).filter((box) => box !== null)
}

function replaceConfig(init: Uint8Array, config: NonNullable<Put['config']>, where: { readonly entry: Box; readonly around: readonly Box[]; readonly placeOf: (box: Box) => number }): Uint8Array {
  const old = childBoxes(where.entry, where.entry.body + 78).find(({ type }) => type === config.type)
  if (!old) throw invalid(`an init segment without ${config.type}`)
  const start = where.placeOf(old)
  const header = new Uint8Array(8)
  writeU32(header, 0, 8 + config.body.length)
  header.set(old.bytes.subarray(4, 8), 4)
  const made = join([init.subarray(0, start), header, config.body, init.subarray(start + old.bytes.length)])
  const grownBy = 8 + config.body.length - old.bytes.length
  for (const box of where.around) {
    if (readU32(made, where.placeOf(box)) !== box.bytes.length) throw invalid(`a box ${box.type} with a long size in an init segment`)
    writeU32(made, where.placeOf(box), box.bytes.length + grownBy)
  }
  return made
}
