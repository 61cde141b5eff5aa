import { readU32, readU8 } from './box-reader.js'
import { invalid, MediaFault } from './fault.js'

const hex = (value: number): string => value.toString(16).padStart(2, '0')

/** RFC 6381 §3.3 from an avcC body (ISO/IEC 14496-15 §5.3.3.1): profile, constraint flags, level. */
export function avcCodec(avcC: Uint8Array, sampleEntry = 'avc1'): string {
  if (readU8(avcC, 0) !== 1) throw invalid('avcC of a version that does not exist')
  return `${sampleEntry}.${hex(readU8(avcC, 1))}${hex(readU8(avcC, 2))}${hex(readU8(avcC, 3))}`
}

/**
 * ISO/IEC 14496-15 annex E.3 from an hvcC body: profile space and idc, compatibility flags in reverse bit order, tier and
 * level, then the constraint bytes without the trailing zeros.
 */
export function hevcCodec(hvcC: Uint8Array, sampleEntry = 'hvc1'): string {
  const first = readU8(hvcC, 1)
  const space = ['', 'A', 'B', 'C'][first >> 6] as string
  const tier = first & 0x20 ? 'H' : 'L'
  const constraints = Array.from({ length: 6 }, (_, index) => readU8(hvcC, 6 + index))
  while (constraints.at(-1) === 0) constraints.pop()
  return [sampleEntry, `${space}${first & 0x1f}`, reverseBits(readU32(hvcC, 2)).toString(16), `${tier}${readU8(hvcC, 12)}`, ...constraints.map((byte) => byte.toString(16))].join('.')
}

/** Object types of ISO/IEC 14496-1 table 5 that cameras use: MPEG-4 part 2, and JPEG as ffmpeg writes it into MP4. */
const VISUAL: Readonly<Record<number, string>> = { 0x20: 'mp4v.20', 0x6c: 'mp4v.6C' }

/** RFC 6381 §3.3 from an esds body of a visual sample entry. */
export function visualCodec(esds: Uint8Array): string {
  const { objectType } = readDecoderConfig(esds)
  const codec = VISUAL[objectType]
  if (codec === undefined) throw new MediaFault('codec_unsupported', `mp4v with object type 0x${hex(objectType)}`)
  return codec
}

/** RFC 6381 §3.3 from an esds body of an audio sample entry: AAC, with its audio object type (ISO/IEC 14496-3 §1.6.2.1). */
export function audioCodec(esds: Uint8Array): string {
  const { objectType, specific } = readDecoderConfig(esds)
  if (objectType !== 0x40 || specific === null) throw new MediaFault('codec_unsupported', `mp4a with object type 0x${hex(objectType)}`)
  const first = readU8(specific, 0)
  const type = first >> 3
  return `mp4a.40.${type === 31 ? 32 + ((first & 7) << 3) + (readU8(specific, 1) >> 5) : type}`
}

/** ES_Descriptor → DecoderConfigDescriptor → DecoderSpecificInfo (ISO/IEC 14496-1 §7.2.6). Lengths have one to four bytes. */
function readDecoderConfig(esds: Uint8Array): { readonly objectType: number; readonly specific: Uint8Array | null } {
  const es = readDescriptor(esds, 4, 0x03)
  const flags = readU8(esds, es.body + 2)
  const url = flags & 0x40 ? 1 + readU8(esds, es.body + 3 + (flags & 0x80 ? 2 : 0)) : 0
  const config = readDescriptor(esds, es.body + 3 + (flags & 0x80 ? 2 : 0) + url + (flags & 0x20 ? 2 : 0), 0x04)
  const objectType = readU8(esds, config.body)
  if (config.body + 13 >= config.end || esds[config.body + 13] !== 0x05) return { objectType, specific: null }
  const specific = readDescriptor(esds, config.body + 13, 0x05)
  return { objectType, specific: esds.subarray(specific.body, specific.end) }
}

function readDescriptor(bytes: Uint8Array, at: number, tag: number): { readonly body: number; readonly end: number } {
  if (readU8(bytes, at) !== tag) throw invalid(`esds without descriptor ${tag}`)
  let length = 0
  for (let index = 1; index <= 4; index += 1) {
    const byte = readU8(bytes, at + index)
    length = length * 128 + (byte & 0x7f)
    if (byte & 0x80) continue
    const body = at + index + 1
    if (body + length > bytes.length) throw invalid('a descriptor ends outside of esds')
    return { body, end: body + length }
  }
  throw invalid('a descriptor length that does not end')
}

function reverseBits(value: number): number {
  let out = 0
  for (let bit = 0; bit < 32; bit += 1) if (value & (2 ** bit)) out += 2 ** (31 - bit)
  return out
}
