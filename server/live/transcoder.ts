import { transcodeArgs } from '../media/ffmpeg-args.js'
import { openLastWords } from '../media/ffmpeg-words.js'
import { MediaFault } from '../media/fault.js'
import { openFragmenter } from '../media/fragmenter.js'
import type { InitSegment, Packet } from '../media/packet.js'
import type { TimeLine } from '../media/time-line.js'
import { startChild, type PipedChild } from '../system/child.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import type { TranscodeBudget } from './transcode-budget.js'

/**
 * Makes of one stream, which no browser plays, one that all play: packets in, H.264 packets out, by one ffmpeg while somebody
 * watches. It costs a third of a core (measured: 1080p H.265 to 720p), so that a machine has places for few.
 */
export interface Transcoder {
  readonly state: 'running' | 'restarting' | 'full' | 'idle'
  /** Packets that were not transcoded: ffmpeg was behind, dead, or there was no place. */
  readonly dropped: number
  feed(packet: Packet): void
  close(): void
}

export interface TranscodeTools {
  readonly ffmpeg: string
  readonly runId: string
  readonly budget: TranscodeBudget
}

/** What waits for ffmpeg's stdin; more means that it is behind, and a live picture that is behind is worth less than a new one. */
const BEHIND_BYTES_MAX = 2 << 20
/** ffmpeg's MP4 reader remembers every fragment it ever saw (watching/README.md); a fresh one at a key packet keeps memory flat. */
const SESSION_PACKETS_MAX = 40_000
const BACK_OFF_MS_MIN = 500
const BACK_OFF_MS_MAX = 30_000
const RECOVERED_MS = 30_000

export function openTranscoder(options: TranscodeTools & { readonly clock: Clock; readonly log: Log; readonly onPacket: (packet: Packet) => void; readonly onState: () => void }): Transcoder {
  const { clock, log, budget } = options
  let session: Session | null = null
  let line: TimeLine | null = null
  let full = false
  let failures = 0
  let resumeAtMs = 0
  let dropped = 0
  let closed = false

  function leave(): void {
    const old = session
    session = null
    if (!old) return
    line = old.line
    old.kill()
    budget.giveBack()
  }

  function start(init: InitSegment): Session | null {
    const place = budget.take()
    if (full === place) {
      full = !place
      options.onState()
    }
    if (!place) return null
    const startedAtMs = clock.monotonicMs()
    const opened: Session = startSession(init, { ...options, resume: line }, (words) => {
      if (session !== opened) return
      leave()
      failures = clock.monotonicMs() - startedAtMs > RECOVERED_MS ? 1 : failures + 1
      const waitMs = Math.min(BACK_OFF_MS_MAX, BACK_OFF_MS_MIN * 2 ** (failures - 1))
      resumeAtMs = clock.monotonicMs() + waitMs
      log.warn({ words, waitMs }, 'transcoding ended; it starts again')
    })
    return opened
  }

  return {
    get state() {
      if (session) return 'running'
      if (full) return 'full'
      return clock.monotonicMs() < resumeAtMs ? 'restarting' : 'idle'
    },
    get dropped() {
      return dropped
    },
    feed(packet) {
      if (closed) return
      if (session && (session.init !== packet.init || (packet.key && session.fed >= SESSION_PACKETS_MAX))) leave()
      if (!session && packet.key && clock.monotonicMs() >= resumeAtMs) session = start(packet.init)
      if (!session?.feed(packet)) dropped += 1
    },
    close() {
      closed = true
      leave()
    },
  }
}

interface Session {
  readonly init: InitSegment
  readonly fed: number
  readonly line: TimeLine
  /** False when the packet was dropped. */
  feed(packet: Packet): boolean
  kill(): void
}

interface SessionTools extends TranscodeTools {
  readonly clock: Clock
  readonly resume: TimeLine | null
  readonly onPacket: (packet: Packet) => void
}

/** One ffmpeg, from the key packet it begins with. Tells once when it ended by itself, with its last words. */
function startSession(init: InitSegment, tools: SessionTools, onEnded: (words: readonly string[]) => void): Session {
  const arrivals = openArrivals()
  const fragmenter = openFragmenter({ ...(tools.resume ? { resume: tools.resume } : {}), arrivedAtMs: arrivals.atMsOf })
  const words = openLastWords()
  const child: PipedChild = startChild(tools.ffmpeg, transcodeArgs(init), { runId: tools.runId })
  let fed = 0
  let skipping = false
  let ended = false

  const end = (last: readonly string[]): void => {
    if (ended) return
    ended = true
    child.kill('SIGKILL')
    onEnded(last)
  }
  child.stdout.on('data', (chunk: Buffer) => {
    if (ended) return
    try {
      for (const news of fragmenter.push(chunk, tools.clock.wallMs())) if (news.kind === 'packet') tools.onPacket(news.packet)
    } catch (fault) {
      if (!(fault instanceof MediaFault)) throw fault
      end([fault.message])
    }
  })
  child.stderr.on('data', (chunk: Buffer) => words.push(chunk))
  child.on('error', (fault) => end([fault.message]))
  child.on('close', () => end(words.lines()))
  child.stdin.write(init.bytes)

  return {
    init,
    get fed() {
      return fed
    },
    get line() {
      return fragmenter.line
    },
    feed(packet) {
      const behind = child.stdin.writableLength > BEHIND_BYTES_MAX
      // What waits is bounded, and after a hole only a key picture makes sense again.
      skipping = behind || (skipping && !packet.key)
      if (skipping) return false
      fed += 1
      arrivals.note(packet)
      child.stdin.write(packet.bytes)
      return true
    },
    kill() {
      ended = true
      child.kill('SIGKILL')
    },
  }
}

interface Arrivals {
  note(packet: Packet): void
  atMsOf(sourceTicks: number, timescale: number): number | null
}

/** More than ffmpeg ever holds back: two seconds of sixty pictures. */
const ARRIVALS_MAX = 128

/**
 * When the picture that comes out had reached us, so that EXT-X-PROGRAM-DATE-TIME tells its age with the time that transcoding
 * took. ffmpeg counts its output from zero at the first picture it was given.
 */
function openArrivals(): Arrivals {
  const noted: { readonly ms: number; readonly atMs: number }[] = []
  let firstMs: number | null = null
  return {
    note({ decodeTime, init, atMs }) {
      const ms = (decodeTime / init.timescale) * 1000
      firstMs ??= ms
      noted.push({ ms, atMs })
      if (noted.length > ARRIVALS_MAX) noted.splice(0, ARRIVALS_MAX / 2)
    },
    atMsOf(sourceTicks, timescale) {
      const ms = (firstMs ?? 0) + (sourceTicks / timescale) * 1000
      return (noted.findLast((one) => one.ms <= ms + 1) ?? noted[0])?.atMs ?? null
    },
  }
}
