import { MediaFault } from '../media/fault.js'
import { copyArgs, soundArgs, type SourceAddress } from '../media/ffmpeg-args.js'
import { openLastWords, readWords } from '../media/ffmpeg-words.js'
import { openFragmenter } from '../media/fragmenter.js'
import type { InitSegment, Packet } from '../media/packet.js'
import type { TimeLine } from '../media/time-line.js'
import { startChild, type PipedChild } from '../system/child.js'
import type { Clock } from '../system/clock.js'
import type { Login } from '../media/rtsp-auth.js'
import { openRest } from './rest.js'
import type { GateFact, RtspGate } from './rtsp-gate.js'
import type { SessionFault } from './session-news.js'

/** One attempt to read one stream: a pass at the gate, one ffmpeg, one fragmenter. Ends by itself or by `kill`. */
export interface Session {
  kill(): void
  /** Where the stream's time line stands now. */
  readonly line: TimeLine | null
}

export interface SessionOptions {
  readonly clock: Clock
  readonly gate: RtspGate
  readonly ffmpeg: string
  readonly runId: string
  readonly address: SourceAddress
  readonly login: Login | null
  readonly transport: 'tcp' | 'udp'
  readonly probe: 'quick' | 'patient'
  readonly media: 'picture' | 'sound'
  readonly resume: TimeLine | null
  readonly mayConnect?: (ip: string) => boolean
  /** How long a picture may wait on its way to us: what the most urgent reader of this stream allows. */
  withinMs(): number
  onSpawned(): void
  onPlaying(): void
  onInit(init: InitSegment): void
  onPacket(packet: Packet): void
  /** Once, when the child has ended and all that it wrote was read. */
  onExited(fault: SessionFault | null): void
}

/** What is carried as it comes; what of it a browser cannot play is live's to transcode, while somebody watches. */
const CARRIED = { picture: /^(avc[13]\.|hvc1\.|mp4v\.(20|6C)$|jpeg$)/, sound: /^mp4a\.40\./ } as const
const CARRIED_IN_RTP: ReadonlySet<string> = new Set(['H264', 'H265', 'MP4V-ES', 'JPEG'])
const CARRIED_WORDS = 'H.264, H.265, MPEG-4 and Motion JPEG can be read'

export function openSession(options: SessionOptions): Session {
  const { clock } = options
  const fragmenter = openFragmenter({ kind: options.media === 'sound' ? 'soun' : 'vide', ...(options.resume ? { resume: options.resume } : {}) })
  const words = openLastWords()
  let fault: SessionFault | null = null
  let pictures = false
  let hungUp = false
  let killed = false
  let child: PipedChild | null = null

  const pass = options.gate.admit({
    address: options.address,
    login: options.login,
    ...(options.mayConnect ? { mayConnect: options.mayConnect } : {}),
    withinMs: () => options.withinMs(),
    onFact(fact) {
      if (fact.kind === 'playing') options.onPlaying()
      if (fact.kind === 'hung_up') hungUp = true
      const found = faultOfFact(fact, options)
      if (found) blame(found)
    },
  })

  /** The first exact fault stands: what follows (end of file, broken pipe) is its echo. */
  function blame(found: SessionFault): void {
    fault ??= found
    if (found.name === 'codec_unsupported' || found.name === 'no_video' || found.name === 'no_sound' || found.name === 'invalid_media' || found.name === 'flooding') end()
  }

  function end(): void {
    killed = true
    child?.kill('SIGKILL')
    pass.close()
  }

  function read(chunk: Buffer): void {
    if (killed) return
    try {
      for (const news of fragmenter.push(chunk, clock.wallMs())) {
        if (news.kind === 'packet') {
          pictures = true
          options.onPacket(news.packet)
        } else if (CARRIED[options.media].test(news.init.codec)) options.onInit(news.init)
        else return blame({ name: 'codec_unsupported', words: `the camera sends ${news.init.codec}; ${CARRIED_WORDS}` })
      }
    } catch (error) {
      if (!(error instanceof MediaFault)) throw error
      blame({ name: error.kind, words: error.detail })
    }
  }

  let exited = false
  const exit = (last: SessionFault | null): void => {
    if (exited) return
    exited = true
    pass.close()
    options.onExited(last)
  }

  const source = { address: pass.address, transport: options.transport, probe: options.probe }
  const started = startChild(options.ffmpeg, options.media === 'sound' ? soundArgs(source) : copyArgs(source), { runId: options.runId })
  child = started
  started.stdin.end()
  const rest = openRest(clock, started.stdout, () => options.withinMs())
  started.stdout.on('data', (chunk: Buffer) => {
    read(chunk)
    if (pictures) rest.after(chunk.length)
  })
  started.stderr.on('data', (chunk: Buffer) => words.push(chunk))
  started.on('error', (error: NodeJS.ErrnoException) => exit({ name: 'tools_missing', words: `ffmpeg cannot be started: ${error.code ?? error.message}` }))
  // Exit code 0 is no good end either: ffmpeg gives it after a time-out (measured).
  started.on('close', (code) => exit(fault ?? faultOfExit({ code, killed, pictures, hungUp, lines: words.lines() })))
  options.onSpawned()
  return {
    kill: end,
    get line() {
      return fragmenter.line
    },
  }
}

function faultOfFact(fact: GateFact, { login, media }: Pick<SessionOptions, 'login' | 'media'>): SessionFault | null {
  switch (fact.kind) {
    case 'refused':
    case 'unreachable':
    case 'timed_out':
    case 'not_allowed':
      return { name: fact.kind, words: fact.words }
    case 'flooding':
      return { name: 'flooding', words: fact.words }
    case 'garbage':
      return { name: 'invalid_media', words: fact.words }
    case 'described':
      if (media === 'picture') return faultOfCodecs(fact.codecs)
      return fact.sound ? null : { name: 'no_sound', words: 'the camera describes no sound' }
    case 'status':
      return faultOfStatus(fact.method, fact.status, login !== null)
    case 'hung_up':
    case 'connected':
    case 'playing':
      return null
  }
}

function faultOfCodecs(codecs: readonly string[]): SessionFault | null {
  if (codecs.length === 0) return { name: 'no_video', words: 'the camera describes no video media' }
  const [first = ''] = codecs
  return CARRIED_IN_RTP.has(first) ? null : { name: 'codec_unsupported', words: `the camera sends ${first}; ${CARRIED_WORDS}` }
}

function faultOfStatus(method: string, status: number, hasLogin: boolean): SessionFault | null {
  // Keep-alive requests are often not implemented; only what stands between us and the picture counts.
  if (status < 400 || !['DESCRIBE', 'SETUP', 'PLAY'].includes(method)) return null
  const words = `${method} was answered with ${status}`
  if (status === 401 || status === 403) return { name: 'auth', words: hasLogin ? `${words}: user or password is not accepted` : `${words}: the camera wants a user and a password` }
  if (status === 404 || status === 410 || status === 454) return { name: 'not_found', words: `${words}: no stream at this path` }
  if (status === 461) return { name: 'transport', words: `${words}: this transport is not supported` }
  return { name: 'refused', words }
}

function faultOfExit(exit: { readonly code: number | null; readonly killed: boolean; readonly pictures: boolean; readonly hungUp: boolean; readonly lines: readonly string[] }): SessionFault | null {
  const last = exit.lines.slice(-3).join(' | ')
  // 126/127 with setpriv in front: the program that it should have become is not there.
  if ((exit.code === 127 || exit.code === 126) && /failed to execute/.test(last)) return { name: 'tools_missing', words: 'ffmpeg cannot be started' }
  if (exit.killed) return null
  const word = readWords(exit.lines)
  const echo = word === 'unknown' || (word === 'invalid_media' && (exit.pictures || exit.hungUp))
  if (!echo) return { name: word, words: last }
  if (exit.hungUp) return { name: 'hung_up', words: 'the camera ended the connection' }
  return { name: exit.pictures ? 'hung_up' : 'invalid_media', words: last === '' ? `ffmpeg ended with code ${exit.code ?? 'none'}` : last }
}
