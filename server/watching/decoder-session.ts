import type { Frame } from '../../analytics/frame.js'
import { decodeArgs } from '../media/ffmpeg-args.js'
import { openLastWords, readNotedPts } from '../media/ffmpeg-words.js'
import type { InitSegment, Packet } from '../media/packet.js'
import { NOTES_FD, startRawChild } from '../system/child.js'
import { openFrameCutter } from './frame-cutter.js'
import { openMediaClock } from './media-clock.js'
import type { FarPlan, PicturePlan } from './picture-plan.js'

/** A decoded picture as the network wants it (grey below), how much of it is the camera's, and behind it, in the same memory, its far part. */
export interface WatchedFrame extends Frame {
  readonly rgb: Uint8Array<ArrayBuffer>
  readonly pictureHeight: number
  /** A part of the picture seen nearer: so many more rows of `rgb`, below. */
  readonly far: FarPlan | null
  /** Who is done with the pixels (they may have been to a thread and back) says so: the next frame is written over them. */
  giveBack(rgb: Uint8Array<ArrayBuffer>): void
}

export interface DecoderSession {
  readonly init: InitSegment
  readonly plan: PicturePlan
  /** Packets fed so far. */
  readonly fed: number
  /** Media time of the newest picture that came out; endless before the first. */
  readonly shownUntilMs: number
  /** How far the newest picture that came out is behind the newest packet that went in. */
  readonly lagMs: number
  /** Resolves when ffmpeg took the bytes, or is gone. Nobody else waits with us: the hub drops what we do not read. */
  feed(packet: Packet): Promise<void>
  /** A packet that is not decoded, or not yet: only its time is noted. */
  note(packet: Packet): void
  /** The wall time of a noted packet's picture, for who tells of that instant: what comes out afterwards is told as later. */
  wallOf(packet: Packet): number | null
  /** Packets that were noted, now decoded because the next one refers to them: their pictures are old and do not come out. */
  catchUp(packets: readonly Packet[]): Promise<void>
  /** No more packets: ffmpeg finishes what it has and leaves by itself. */
  finish(): void
  kill(): void
  readonly ended: Promise<SessionEnd>
}

export interface SessionEnd {
  readonly code: number | null
  readonly frames: number
  readonly words: readonly string[]
}

/** One ffmpeg that turns the packets of one stream session into frames with their wall times. */
export function startDecoderSession(
  init: InitSegment,
  options: { readonly ffmpeg: string; readonly runId: string; readonly fps: number; readonly plan: PicturePlan; readonly onFrame: (frame: WatchedFrame) => void },
): DecoderSession {
  const { plan } = options
  const times = openMediaClock(init.timescale)
  const words = openLastWords()
  const pairing = openPairing(plan, (rgb, pts) => {
    if (pts !== 'unknown') shownUntil = pts
    const atMs = pts === 'unknown' || pts <= mutedUntil ? null : times.wallOf(pts)
    if (atMs === null) return cutter.giveBack(rgb)
    frames += 1
    options.onFrame({ atMs, width: plan.width, height: plan.paddedHeight, pictureHeight: plan.height, far: plan.far, rgb, giveBack: cutter.giveBack })
  })
  const cutter = openFrameCutter(bytesOf(plan), (rgb) => {
    readStamps(notes())
    pairing.putPixels(rgb)
  })
  const readStamps = lineReader((line) => {
    const pts = readNotedPts(line)
    if (pts !== null) pairing.putTime(pts)
  })
  const { child, drained, notes } = startRawChild(options.ffmpeg, decodeArgs({ ...plan, fps: options.fps, notesFd: NOTES_FD }), { runId: options.runId, sink: cutter })
  let frames = 0
  let fed = 0
  let gone = false
  let mutedUntil = -Infinity
  let fedUntil = -Infinity
  let shownUntil = Infinity
  let release: () => void = () => undefined

  child.stderr.on('data', (chunk: Buffer) => words.push(chunk))
  child.stdin.on('drain', () => release())
  const ended = new Promise<SessionEnd>((resolve) => {
    const leave = (code: number | null): void => {
      gone = true
      release()
      resolve({ code, frames, words: words.lines() })
    }
    child.on('error', (error) => {
      words.push(Buffer.from(`${error.message}\n`))
      leave(null)
    })
    child.on('close', (code) => void drained.then(() => leave(code)))
  })
  child.stdin.write(init.bytes)

  async function write(packet: Packet): Promise<void> {
    if (gone) return
    fed += 1
    fedUntil = packet.decodeTime
    gather()
    if (child.stdin.write(packet.bytes)) return
    await new Promise<void>((resolve) => (release = resolve))
  }

  /** Packets come some at once, and each write of its own wakes ffmpeg: those of one turn go in one. */
  function gather(): void {
    if (child.stdin.writableCorked > 0) return
    child.stdin.cork()
    process.nextTick(() => child.stdin.uncork())
  }

  return {
    init,
    plan,
    ended,
    get fed() {
      return fed
    },
    get shownUntilMs() {
      return (shownUntil / init.timescale) * 1000
    },
    get lagMs() {
      return Math.max(0, ((fedUntil - shownUntil) / init.timescale) * 1000)
    },
    feed(packet) {
      times.note(packet)
      return write(packet)
    },
    note: (packet) => times.note(packet),
    wallOf: (packet) => times.wallOf(packet.decodeTime),
    async catchUp(packets) {
      mutedUntil = packets.at(-1)?.decodeTime ?? mutedUntil
      for (const packet of packets) await write(packet)
    },
    finish: () => child.stdin.end(),
    kill: () => void child.kill('SIGKILL'),
  }
}

function bytesOf({ width, paddedHeight, far }: PicturePlan): number {
  return width * (paddedHeight + (far?.height ?? 0)) * 3
}

interface Pairing {
  readonly putPixels: (rgb: Uint8Array<ArrayBuffer>) => void
  readonly putTime: (pts: number | 'unknown') => void
}

/** Pixels and time stamps come through two pipes, each in order, the stamp first; whichever is here first waits for the other. */
function openPairing(plan: PicturePlan, onPair: (rgb: Uint8Array<ArrayBuffer>, pts: number | 'unknown') => void): Pairing {
  const pixels: Uint8Array<ArrayBuffer>[] = []
  const stamps: (number | 'unknown')[] = []
  const pair = (): void => {
    while (pixels.length > 0 && stamps.length > 0) onPair(pixels.shift()!, stamps.shift()!)
    // Notes are never this far behind: then ffmpeg no longer tells times, and frames without a time are worth nothing.
    if (pixels.length > PIXELS_WAITING_MAX) pixels.length = 0
  }
  const PIXELS_WAITING_MAX = Math.ceil((16 << 20) / bytesOf(plan))
  return {
    putPixels(rgb) {
      pixels.push(rgb)
      pair()
    },
    putTime(pts) {
      stamps.push(pts)
      pair()
    },
  }
}

const LINE_CHARS_MAX = 400

function lineReader(onLine: (line: string) => void): (text: string) => void {
  let rest = ''
  return (text) => {
    const lines = (rest + text).split('\n')
    rest = (lines.pop() ?? '').slice(-LINE_CHARS_MAX)
    for (const line of lines) onLine(line)
  }
}
