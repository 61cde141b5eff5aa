import { findBox, openBoxReader, readU32, type Box } from '../media/box-reader.js'
import { MediaFault } from '../media/fault.js'
import { decodeTimeOf, readInit, trackDefaults } from '../media/init-segment.js'
import type { InitSegment } from '../media/packet.js'
import { readSamples } from '../media/samples.js'

/** One whole picture of a segment file. */
export interface Fragment {
  readonly key: boolean
  readonly decodeTime: number
  readonly durationTicks: number
  readonly at: number
  readonly bytes: Uint8Array
}

export interface ReadFragments {
  readonly fragments: readonly Fragment[]
  /** Bytes that whole fragments fill from the start; what follows is a torn tail. */
  readonly wholeBytes: number
}

export interface InitFacts extends InitSegment {
  readonly defaults: ReturnType<typeof trackDefaults>
}

/** ftyp + moov as they lie in an init file. Throws MediaFault for anything else. */
export function readInitBytes(bytes: Uint8Array): InitFacts {
  const boxes = openBoxReader().push(bytes)
  const ftyp = boxes.find(({ type }) => type === 'ftyp')
  const moov = boxes.find(({ type }) => type === 'moov')
  if (!ftyp || !moov) throw new MediaFault('invalid_media', 'an init file without ftyp and moov')
  return { ...readInit(ftyp, moov), defaults: trackDefaults(moov) }
}

/** The whole fragments from the start; stops, without throwing, at the first byte that is none: a crash tears tails. */
export function readFragments(bytes: Uint8Array, defaults: InitFacts['defaults']): ReadFragments {
  const fragments: Fragment[] = []
  let at = 0
  let moof: { readonly box: Box; readonly at: number } | null = null
  try {
    for (const box of topBoxes(bytes)) {
      const boxAt = box.bytes.byteOffset - bytes.byteOffset
      if (box.type === 'moof') moof = { box, at: boxAt }
      else if (box.type === 'mdat' && moof) {
        const end = boxAt + box.bytes.length
        fragments.push({ ...readMoof(moof.box, defaults), at: moof.at, bytes: bytes.subarray(moof.at, end) })
        at = end
        moof = null
      } else break
    }
  } catch (fault) {
    if (!isMediaFault(fault)) throw fault
  }
  return { fragments, wholeBytes: at }
}

function* topBoxes(bytes: Uint8Array): Generator<Box> {
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = readU32(bytes, at)
    if (size < 8 || at + size > bytes.length) return
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    yield { type, bytes: bytes.subarray(at, at + size), body: 8 }
    at += size
  }
}

function readMoof(moof: Box, defaults: InitFacts['defaults']): Pick<Fragment, 'key' | 'decodeTime' | 'durationTicks'> {
  const traf = findBox(moof, 'traf')
  if (!traf) throw new MediaFault('invalid_media', 'moof without traf')
  const { key, durationTicks } = readSamples(traf, defaults)
  return { key, durationTicks, decodeTime: decodeTimeOf(traf).ticks }
}

/** By shape: a fault may come from another realm. */
function isMediaFault(fault: unknown): boolean {
  return fault instanceof MediaFault || (typeof fault === 'object' && fault !== null && 'name' in fault && fault.name === 'MediaFault')
}
