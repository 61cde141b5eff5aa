import { findBox, openBoxReader, readU32, type Box } from './box-reader.js'
import { invalid } from './fault.js'
import { readInit } from './init-segment.js'
import type { InitSegment } from './packet.js'

/** What the head of a plain MP4 says, of the kind that we keep: one track of pictures, the head before them. */
export interface WholeFile {
  readonly init: InitSegment
  readonly seconds: number
  /** How long its longest picture stands. */
  readonly pictureSMax: number
}

/** No clip of ours has so many runs of equal pictures; it bounds what a damaged table can make us add up. */
const RUNS_MAX = 1_000_000

/** Reads no further than the head. Throws a MediaFault for a fragmented file, and for one whose pictures come first. */
export async function readWholeFile(chunks: AsyncIterable<Uint8Array>): Promise<WholeFile> {
  const { ftyp, moov } = await findHead(chunks)
  const init = readInit(ftyp, moov)
  const { totalTicks, longestTicks } = readDurations(findBox(moov, 'trak', 'mdia', 'minf', 'stbl', 'stts'))
  if (totalTicks === 0) throw invalid('a file without a picture')
  return { init, seconds: totalTicks / init.timescale, pictureSMax: longestTicks / init.timescale }
}

/** What a file of ours says of its pictures, be it in one piece or in fragments. Reads no further than the head; throws a MediaFault. */
export async function readClipInit(chunks: AsyncIterable<Uint8Array>): Promise<InitSegment> {
  const { ftyp, moov } = await findHead(chunks)
  return readInit(ftyp, moov)
}

async function findHead(chunks: AsyncIterable<Uint8Array>): Promise<{ readonly ftyp: Box; readonly moov: Box }> {
  const reader = openBoxReader()
  let ftyp: Box | null = null
  for await (const chunk of chunks) {
    for (const box of reader.push(chunk)) {
      if (box.type === 'ftyp') ftyp = box
      if (box.type === 'mdat') throw invalid('a file whose pictures come before its head')
      if (box.type === 'moov' && ftyp) return { ftyp, moov: box }
    }
  }
  throw invalid('a file without a head')
}

/** Runs of pictures that stand equally long (ISO/IEC 14496-12 §8.6.1.2). */
function readDurations(stts: Box | null): { readonly totalTicks: number; readonly longestTicks: number } {
  if (!stts) throw invalid('moov without stts')
  const runs = readU32(stts.bytes, stts.body + 4)
  if (runs > RUNS_MAX) throw invalid(`stts of ${runs} runs`)
  let [totalTicks, longestTicks] = [0, 0]
  for (let run = 0; run < runs; run += 1) {
    const at = stts.body + 8 + run * 8
    const [count, ticks] = [readU32(stts.bytes, at), readU32(stts.bytes, at + 4)]
    totalTicks += count * ticks
    longestTicks = Math.max(longestTicks, ticks)
  }
  return { totalTicks, longestTicks }
}
