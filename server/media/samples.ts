import { findBox, readU32, readU8, writeU32, type Box } from './box-reader.js'
import { invalid } from './fault.js'

/** What moof says about its samples, and where the durations are written, so that one can be mended in place. */
export interface Samples {
  readonly key: boolean
  readonly count: number
  readonly durationTicks: number
  /** Writes a duration over the one that was there; false where moof holds none (it stood in trex). */
  mendDuration(ticks: number): boolean
}

/** sample_is_non_sync_sample (ISO/IEC 14496-12 §8.8.3.1). */
const NON_SYNC = 0x0001_0000
const TFHD = { baseOffset: 0x1, description: 0x2, duration: 0x8, size: 0x10, flags: 0x20 } as const
const TRUN = { dataOffset: 0x1, firstFlags: 0x4, duration: 0x100, size: 0x200, flags: 0x400, composition: 0x800 } as const
/** ffmpeg writes one sample a fragment here; this bounds what a hostile trun can make us add up. */
const SAMPLE_COUNT_MAX = 10_000

export function readSamples(traf: Box, defaults: { readonly durationTicks: number; readonly flags: number }): Samples {
  const head = readTfhd(traf, defaults)
  const trun = findBox(traf, 'trun')
  if (!trun) throw invalid('traf without trun')
  const flags = readU32(trun.bytes, trun.body) & 0xff_ffff
  const count = readU32(trun.bytes, trun.body + 4)
  if (count === 0 || count > SAMPLE_COUNT_MAX) throw invalid(`trun of ${count} samples`)
  let at = trun.body + 8 + (flags & TRUN.dataOffset ? 4 : 0)
  let firstFlags = head.flags
  if (flags & TRUN.firstFlags) {
    firstFlags = readU32(trun.bytes, at)
    at += 4
  }
  const firstAt = at
  let durationTicks = 0
  for (let index = 0; index < count; index += 1) {
    if (flags & TRUN.duration) {
      durationTicks += readU32(trun.bytes, at)
      at += 4
    } else durationTicks += head.durationTicks
    if (flags & TRUN.size) at += 4
    if (flags & TRUN.flags) {
      if (index === 0) firstFlags = readU32(trun.bytes, at)
      at += 4
    }
    if (flags & TRUN.composition) at += 4
  }
  if (at > trun.bytes.length) throw invalid('trun ends too early')
  return {
    key: (firstFlags & NON_SYNC) === 0,
    count,
    durationTicks,
    mendDuration(ticks) {
      if (count !== 1) return false
      if (flags & TRUN.duration) writeU32(trun.bytes, firstAt, ticks)
      else if (head.durationAt !== null) writeU32(head.bytes, head.durationAt, ticks)
      else return false
      return true
    },
  }
}

function readTfhd(traf: Box, defaults: { readonly durationTicks: number; readonly flags: number }): {
  readonly bytes: Uint8Array
  readonly durationTicks: number
  readonly durationAt: number | null
  readonly flags: number
} {
  const tfhd = findBox(traf, 'tfhd')
  if (!tfhd) throw invalid('traf without tfhd')
  readU8(tfhd.bytes, tfhd.body)
  const present = readU32(tfhd.bytes, tfhd.body) & 0xff_ffff
  let at = tfhd.body + 8
  if (present & TFHD.baseOffset) at += 8
  if (present & TFHD.description) at += 4
  const durationAt = present & TFHD.duration ? at : null
  if (durationAt !== null) at += 4
  if (present & TFHD.size) at += 4
  return {
    bytes: tfhd.bytes,
    durationAt,
    durationTicks: durationAt === null ? defaults.durationTicks : readU32(tfhd.bytes, durationAt),
    flags: present & TFHD.flags ? readU32(tfhd.bytes, at) : defaults.flags,
  }
}
