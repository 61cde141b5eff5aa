import { childBoxes, findBox, join, readU16, readU32, readU64, readU8, type Box } from './box-reader.js'
import { audioCodec, avcCodec, hevcCodec, visualCodec } from './codec-string.js'
import { invalid, MediaFault } from './fault.js'
import type { InitSegment } from './packet.js'

/** Reads ftyp + moov of a file with a track of this kind. Throws MediaFault for anything else. */
export function readInit(ftyp: Box, pushed: Box, kind: 'vide' | 'soun' = 'vide'): InitSegment {
  const bytes = join([ftyp.bytes, pushed.bytes])
  const moov: Box = { ...pushed, bytes: bytes.subarray(ftyp.bytes.length) }
  const traks = childBoxes(moov).filter((box) => box.type === 'trak')
  const trak = traks.find((box) => mediaKindOf(box) === kind)
  if (!trak) throw invalid(kind === 'vide' ? 'no video media track in moov' : 'no audio media track in moov')
  const stsd = findBox(trak, 'mdia', 'minf', 'stbl', 'stsd')
  const mdhd = findBox(trak, 'mdia', 'mdhd')
  if (!stsd || !mdhd) throw invalid('moov without stsd or mdhd')
  const entry = childBoxes(stsd, stsd.body + 8)[0]
  if (!entry) throw invalid('stsd without an entry')
  const long = readU8(mdhd.bytes, mdhd.body) === 1
  const timescale = readU32(mdhd.bytes, mdhd.body + (long ? 20 : 12))
  if (timescale === 0) throw invalid('a timescale of 0')
  if (kind === 'soun') return { bytes, codec: soundCodecOf(entry), width: 0, height: 0, timescale }
  tagAsHvc1(entry)
  return {
    bytes,
    codec: codecOf(entry),
    width: readU16(entry.bytes, entry.body + 24),
    height: readU16(entry.bytes, entry.body + 26),
    timescale,
  }
}

function mediaKindOf(trak: Box): string | null {
  const hdlr = findBox(trak, 'mdia', 'hdlr')
  if (!hdlr) return null
  return String.fromCharCode(...hdlr.bytes.subarray(hdlr.body + 8, hdlr.body + 12))
}

/** A visual sample entry has 78 bytes before its boxes (ISO/IEC 14496-12 §12.1.3). */
function codecOf(entry: Box): string {
  const inside = childBoxes(entry, entry.body + 78)
  const avcC = inside.find((box) => box.type === 'avcC')
  if (avcC) return avcCodec(avcC.bytes.subarray(avcC.body), entry.type)
  const hvcC = inside.find((box) => box.type === 'hvcC')
  if (hvcC) return hevcCodec(hvcC.bytes.subarray(hvcC.body))
  const esds = inside.find((box) => box.type === 'esds')
  if (entry.type === 'mp4v' && esds) return visualCodec(esds.bytes.subarray(esds.body))
  if (entry.type === 'jpeg') return 'jpeg'
  throw new MediaFault('codec_unsupported', entry.type)
}

/** An audio sample entry has 28 bytes before its boxes (ISO/IEC 14496-12 §12.2.3). */
function soundCodecOf(entry: Box): string {
  const esds = childBoxes(entry, entry.body + 28).find((box) => box.type === 'esds')
  if (entry.type !== 'mp4a' || !esds) throw new MediaFault('codec_unsupported', entry.type)
  return audioCodec(esds.bytes.subarray(esds.body))
}

/** Whether each picture, or frame of sound, of this codec stands alone, whatever the sample flags say. */
export function isIntraOnly(codec: string): boolean {
  return codec === 'mp4v.6C' || codec === 'jpeg' || isSound(codec)
}

export function isSound(codec: string): boolean {
  return codec.startsWith('mp4a.')
}

/**
 * ffmpeg writes H.265 as `hev1` (parameter sets may stand in the samples); Apple's players open `hvc1` alone. The sets of
 * the description are whole here too, so the tag is changed, and the arrays are marked complete (ISO/IEC 14496-15 §8.3.3.1.2).
 */
function tagAsHvc1(entry: Box): void {
  if (entry.type !== 'hev1') return
  entry.bytes.set([0x68, 0x76, 0x63, 0x31], 4)
  const hvcC = childBoxes(entry, entry.body + 78).find((box) => box.type === 'hvcC')
  if (!hvcC) return
  let at = hvcC.body + 23
  for (let arrays = readU8(hvcC.bytes, hvcC.body + 22); arrays > 0; arrays -= 1) {
    hvcC.bytes[at] = readU8(hvcC.bytes, at) | 0x80
    const sets = readU16(hvcC.bytes, at + 1)
    at += 3
    for (let set = 0; set < sets; set += 1) at += 2 + readU16(hvcC.bytes, at)
  }
}

/** Default sample flags and duration from moov/mvex/trex, used where moof is silent. */
export function trackDefaults(moov: Box): { readonly durationTicks: number; readonly flags: number } {
  const trex = findBox(moov, 'mvex', 'trex')
  if (!trex) throw invalid('moov is not fragmented (no mvex)')
  return { durationTicks: readU32(trex.bytes, trex.body + 12), flags: readU32(trex.bytes, trex.body + 20) }
}

/** tfdt of a traf: its place and value. */
export function decodeTimeOf(traf: Box): { readonly tfdt: Box; readonly long: boolean; readonly ticks: number } {
  const tfdt = findBox(traf, 'tfdt')
  if (!tfdt) throw invalid('traf without tfdt')
  const long = readU8(tfdt.bytes, tfdt.body) === 1
  return { tfdt, long, ticks: long ? readU64(tfdt.bytes, tfdt.body + 4) : readU32(tfdt.bytes, tfdt.body + 4) }
}
