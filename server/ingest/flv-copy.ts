import { MediaFault } from '../media/fault.js'
import { flvCopyArgs } from '../media/ffmpeg-args.js'
import { openLastWords, readWords } from '../media/ffmpeg-words.js'
import { openFragmenter } from '../media/fragmenter.js'
import type { InitSegment, Packet } from '../media/packet.js'
import type { TimeLine } from '../media/time-line.js'
import { startChild } from '../system/child.js'
import type { Clock } from '../system/clock.js'
import { openRest } from './rest.js'
import type { SessionFault } from './session-news.js'

/** One push, from its first tag to its last: an ffmpeg that turns FLV into fragmented MP4, and a fragmenter. */
export interface FlvCopy {
  write(tag: Buffer): void
  /** Nothing more will come; what came is still read. */
  finish(): void
  kill(): void
  readonly line: TimeLine | null
}

export interface FlvCopyOptions {
  readonly clock: Clock
  readonly ffmpeg: string
  readonly runId: string
  readonly resume: TimeLine | null
  /** How long a picture may wait on its way to us: what the most urgent reader of this stream allows. */
  withinMs(): number
  onInit(init: InitSegment): void
  onPacket(packet: Packet): void
  /** Once, when the child has ended and all that it wrote was read. */
  onExited(fault: SessionFault | null): void
}

/** FLV, version 1, video only, and the length of no tag before the first. */
const FLV_HEAD = Buffer.from([0x46, 0x4c, 0x56, 1, 1, 0, 0, 0, 9, 0, 0, 0, 0])
/** So much may wait for an ffmpeg that does not read; then it is ended, and the next push finds a new one. */
const WAITING_BYTES_MAX = 8 << 20

export function openFlvCopy(options: FlvCopyOptions): FlvCopy {
  const { clock } = options
  const fragmenter = openFragmenter(options.resume ? { resume: options.resume } : {})
  const words = openLastWords()
  let fault: SessionFault | null = null
  let ended = false
  let exited = false
  let first = true

  const child = startChild(options.ffmpeg, flvCopyArgs(), { runId: options.runId })
  const kill = (): void => {
    ended = true
    child.kill('SIGKILL')
  }
  const blame = (found: SessionFault): void => {
    fault ??= found
    kill()
  }
  const exit = (last: SessionFault | null): void => {
    if (exited) return
    exited = true
    options.onExited(last)
  }

  child.stdin.write(FLV_HEAD)
  const rest = openRest(clock, child.stdout, () => options.withinMs())
  child.stdout.on('data', (chunk: Buffer) => {
    if (ended) return
    read(chunk)
    if (fragmenter.line.lastAtMs !== null) rest.after(chunk.length)
  })
  function read(chunk: Buffer): void {
    try {
      for (const news of fragmenter.push(chunk, clock.wallMs())) {
        if (news.kind === 'packet') options.onPacket(news.packet)
        else options.onInit(news.init)
      }
    } catch (error) {
      if (!(error instanceof MediaFault)) throw error
      blame({ name: error.kind, words: error.detail })
    }
  }
  child.stderr.on('data', (chunk: Buffer) => words.push(chunk))
  child.on('error', (error: NodeJS.ErrnoException) => exit({ name: 'tools_missing', words: `ffmpeg cannot be started: ${error.code ?? error.message}` }))
  child.on('close', (code) => exit(fault ?? faultOfExit(code, words.lines(), fragmenter.line.lastAtMs !== null)))

  return {
    write(tag) {
      if (ended) return
      if (first) {
        first = false
        const codec = codecOf(tag)
        if (codec !== 'H264') return blame({ name: 'codec_unsupported', words: `the encoder pushes ${codec}; H.264 can be shown` })
      }
      child.stdin.write(tag)
      if (child.stdin.writableLength > WAITING_BYTES_MAX) blame({ name: 'timed_out', words: 'ffmpeg does not keep up with what is pushed' })
    },
    finish: () => child.stdin.end(),
    kill,
    get line() {
      return fragmenter.line
    },
  }
}

const TAG_HEAD_BYTES = 11
const CODECS: Readonly<Record<number, string>> = { 2: 'H.263', 3: 'screen video', 4: 'VP6', 5: 'VP6', 7: 'H264', 12: 'H.265' }

/**
 * What a tag of video holds: the old number, or four letters (enhanced RTMP: hvc1, av01, vp09). ffmpeg 5.1 reads the old
 * numbers only and would show nothing for the others, so they are named here.
 */
export function codecOf(tag: Buffer): string {
  const first = tag[TAG_HEAD_BYTES] ?? 0
  if ((first & 0x80) !== 0) {
    const letters = tag.toString('latin1', TAG_HEAD_BYTES + 1, TAG_HEAD_BYTES + 5)
    return /^[\w-]{4}$/.test(letters) ? letters : 'an unknown codec'
  }
  return CODECS[first & 0x0f] ?? `codec ${first & 0x0f}`
}

function faultOfExit(code: number | null, lines: readonly string[], pictures: boolean): SessionFault | null {
  const last = lines.slice(-3).join(' | ')
  if ((code === 127 || code === 126) && /failed to execute/.test(last)) return { name: 'tools_missing', words: 'ffmpeg cannot be started' }
  // Once pictures came, its complaints are echoes of an encoder that went in the middle of one.
  if (pictures || last === '') return null
  const word = readWords(lines)
  return { name: word === 'unknown' ? 'invalid_media' : word, words: last }
}
