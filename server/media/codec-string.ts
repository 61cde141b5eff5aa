import { readU32, readU8 } from './box-reader.js'
import { invalid } from './fault.js'

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
export function hevcCodec(hvcC: Uint8Array, sampleEntry = 'hev1'): string {
  const first = readU8(hvcC, 1)
  const space = ['', 'A', 'B', 'C'][first >> 6] as string
  const tier = first & 0x20 ? 'H' : 'L'
  const constraints = Array.from({ length: 6 }, (_, index) => readU8(hvcC, 6 + index))
  while (constraints.at(-1) === 0) constraints.pop()
  return [sampleEntry, `${space}${first & 0x1f}`, reverseBits(readU32(hvcC, 2)).toString(16), `${tier}${readU8(hvcC, 12)}`, ...constraints.map((byte) => byte.toString(16))].join('.')
}

function reverseBits(value: number): number {
  let out = 0
  for (let bit = 0; bit < 32; bit += 1) if (value & (2 ** bit)) out += 2 ** (31 - bit)
  return out
}
