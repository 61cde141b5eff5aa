import { findBox, openBoxReader, writeU32, writeU64, type Box } from './box-reader.js'
import { invalid } from './fault.js'
import { decodeTimeOf, isIntraOnly, readInit, trackDefaults } from './init-segment.js'
import type { InitSegment, Packet } from './packet.js'
import { initFor } from './parameter-sets.js'
import { readSamples } from './samples.js'
import { openSlab } from './slab.js'
import { placePacket, resumeTimeLine, startTimeLine, type TimeLine } from './time-line.js'

export type FragmentNews = { readonly kind: 'init'; readonly init: InitSegment } | { readonly kind: 'packet'; readonly packet: Packet }

export interface Fragmenter {
  /** Takes ffmpeg's fragmented MP4 in any cut. Throws MediaFault, after which the session must end. */
  push(chunk: Uint8Array, atMs: number): readonly FragmentNews[]
  /** Hand this to the next session's fragmenter, so that the stream's time line goes on. */
  readonly line: TimeLine
}

export interface FragmenterOptions {
  /** What is looked for: pictures, if nothing is said. */
  readonly kind?: 'vide' | 'soun'
  readonly resume?: TimeLine
  /** Where pictures took a way through another ffmpeg: when this one, by its time stamp there, had reached us. Null: as it comes out. */
  readonly arrivedAtMs?: (ticks: number, timescale: number) => number | null
}

/**
 * ffmpeg's `-f mp4 -movflags frag_every_frame` → one InitSegment, then a Packet for each moof + mdat. tfdt, mfhd and, where
 * it cannot be true, the sample duration are rewritten in place onto our own time line.
 */
export function openFragmenter(options: FragmenterOptions = {}): Fragmenter {
  const reader = openBoxReader()
  const slab = openSlab()
  let line = options.resume ?? startTimeLine()
  let ftyp: Box | null = null
  let session: { init: InitSegment; readonly defaults: ReturnType<typeof trackDefaults> } | null = null
  let moof: Box | null = null
  let sequence = 0

  function start(moov: Box): InitSegment {
    if (!ftyp) throw invalid('moov before ftyp')
    if (session) throw invalid('a second moov in one session')
    session = { init: readInit(ftyp, moov, options.kind), defaults: trackDefaults(moov) }
    line = resumeTimeLine(line, session.init.timescale)
    return session.init
  }

  function finish(mdat: Box, atMs: number): readonly FragmentNews[] {
    if (!session || !moof) throw invalid('mdat without moof')
    // The only copy of the picture that is made: mended here, kept by the hub, sent by live.
    const bytes = slab.join(moof.bytes, mdat.bytes)
    const own: Box = { ...moof, bytes: bytes.subarray(0, moof.bytes.length) }
    moof = null
    const traf = findBox(own, 'traf')
    if (!traf) throw invalid('moof without traf')
    const samples = readSamples(traf, session.defaults)
    const arrivedAtMs = options.arrivedAtMs?.(decodeTimeOf(traf).ticks, session.init.timescale) ?? atMs
    const placed = placePacket(line, samples.durationTicks, atMs)
    line = placed.line
    const { durationTicks } = placed
    // Bytes and Packet must tell the same story; ffmpeg writes durations where they can be mended.
    if (durationTicks !== samples.durationTicks && !samples.mendDuration(durationTicks)) throw invalid(`a duration of ${samples.durationTicks} ticks that cannot be true`)
    sequence += 1
    moveTo(own, traf, { decodeTime: placed.decodeTime, sequence })
    const key = samples.key || isIntraOnly(session.init.codec)
    const changed = key ? initFor(session.init, bytes.subarray(bytes.length - mdat.bytes.length + mdat.body)) : null
    if (changed) session.init = changed
    const packet: Packet = { key, atMs: arrivedAtMs, decodeTime: placed.decodeTime, durationTicks, bytes, init: session.init }
    return [...(changed ? [{ kind: 'init' as const, init: changed }] : []), { kind: 'packet', packet }]
  }

  return {
    get line() {
      return line
    },
    push(chunk, atMs) {
      const news: FragmentNews[] = []
      for (const box of reader.push(chunk)) {
        if (box.type === 'ftyp') ftyp = box
        else if (box.type === 'moov') news.push({ kind: 'init', init: start(box) })
        else if (box.type === 'moof') moof = box
        else if (box.type === 'mdat') news.push(...finish(box, atMs))
        // styp, sidx, free, mfra: allowed, and nothing to us.
      }
      return news
    },
  }
}

function moveTo(moof: Box, traf: Box, to: { readonly decodeTime: number; readonly sequence: number }): void {
  const { tfdt, long } = decodeTimeOf(traf)
  if (long) writeU64(tfdt.bytes, tfdt.body + 4, to.decodeTime)
  else if (to.decodeTime <= 0xffff_ffff) writeU32(tfdt.bytes, tfdt.body + 4, to.decodeTime)
  else throw invalid('a 32-bit tfdt cannot hold our time line')
  const mfhd = findBox(moof, 'mfhd')
  if (mfhd && mfhd.bytes.length >= mfhd.body + 8) writeU32(mfhd.bytes, mfhd.body + 4, to.sequence >>> 0)
}
