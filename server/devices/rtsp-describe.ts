import type { Clock } from '../system/clock.js'
import type { Trouble, TroubleCode } from '../domain/trouble.js'
import type { AddressGuard } from './address-guard.js'
import { watchRtp } from './rtp-picture.js'
import { readChallenge, signRequest, type Challenge } from '../media/rtsp-auth.js'
import { openRtspWire, WireFault, type Reply, type RtspWire } from './rtsp-wire.js'
import { controlUri, readSdp, type SdpVideo } from './sdp.js'
import { scrub, type Credentials } from './secrets.js'
import { readSps } from '../media/sps.js'

/** What a stream is, learned by asking it: no ffmpeg, no credentials in anybody's argument list. */
export interface StreamFacts {
  readonly codec: 'h264' | 'hevc' | 'mjpeg' | 'mpeg4'
  readonly width: number | null
  readonly height: number | null
  readonly fps: number | null
}
export type Probed = { readonly ok: true; readonly facts: StreamFacts } | { readonly ok: false; readonly trouble: Trouble }

export interface ProbeRequest {
  /** rtsp:// or rtsps://, without user name and password. */
  readonly url: string
  readonly credentials: Credentials | null
  readonly guard: AddressGuard
  readonly clock: Clock
  readonly deadlineMs: number
}

/** The codecs that ffmpeg reads from RTP and the product shows or transcodes. */
const CODECS: Readonly<Record<string, StreamFacts['codec']>> = { H264: 'h264', H265: 'hevc', HEVC: 'hevc', JPEG: 'mjpeg', 'MP4V-ES': 'mpeg4' }

/** Enough pictures for a rate; a slow camera is not waited for longer than this. */
const WATCH_MS_MAX = 1_500
const FIRST_PICTURE_MS_MAX = 6_000

/**
 * DESCRIBE, SETUP over TCP, PLAY, then the first pictures: each step that fails has a name. One sign-in attempt only:
 * cameras lock accounts ("29 attempts left" was seen in the wild).
 */
export async function probeStream(request: ProbeRequest): Promise<Probed> {
  const verdict = await request.guard.check(request.url, ['rtsp', 'rtsps'])
  if (!verdict.ok) return verdict
  const { clock, credentials } = request
  const on = `${verdict.host}:${verdict.port}${verdict.path}`
  const trouble = (code: TroubleCode, tried: string, said: string): Probed => ({ ok: false, trouble: { code, tried, on: scrub(on, credentials), said: scrub(said, credentials) } })
  const step = { tried: 'RTSP connect' }
  const giveUp = new AbortController()
  let onTime = (): void => undefined
  const late = new Promise<Probed>((settle) => {
    // A connection that never opens is a dead address; one that opens and falls silent is a sick device.
    onTime = clock.after(request.deadlineMs, () => settle(trouble(step.tried === 'RTSP connect' ? 'unreachable' : 'timed_out', step.tried, `no end after ${request.deadlineMs} ms`)))
  })
  const talk = async (): Promise<Probed> => {
    try {
      const wire = await openRtspWire({ address: verdict.address, port: verdict.port, secure: verdict.scheme === 'rtsps', host: verdict.host }, giveUp.signal)
      return await converse(wire, { uri: verdict.url, credentials, clock, step, trouble })
    } catch (fault) {
      if (!(fault instanceof WireFault)) throw fault
      return trouble(codeOfFault(fault), step.tried, fault.message)
    }
  }
  try {
    return await Promise.race([talk(), late])
  } finally {
    onTime()
    giveUp.abort()
  }
}

interface Talk {
  readonly uri: string
  readonly credentials: Credentials | null
  readonly clock: Clock
  readonly step: { tried: string }
  readonly trouble: (code: TroubleCode, tried: string, said: string) => Probed
}

async function converse(wire: RtspWire, talk: Talk): Promise<Probed> {
  const { step, trouble } = talk
  const ask = signIn(wire, talk)
  step.tried = 'RTSP DESCRIBE'
  const described = await ask('DESCRIBE', talk.uri, { Accept: 'application/sdp' })
  if (described.status !== 200) return trouble(codeOfStatus(described.status), step.tried, lastWords(described))
  const sdp = readSdp(described.body)
  const video = sdp.videos.find((one) => CODECS[one.encoding]) ?? sdp.videos[0]
  if (!video) return trouble('no_video', step.tried, sdp.kinds.length > 0 ? `the stream carries only ${sdp.kinds.join(', ')}` : 'the description names no media')
  const codec = CODECS[video.encoding]
  if (!codec) return trouble('codec_unsupported', step.tried, `the stream is ${video.encoding}`)
  const base = described.headers.get('content-base')?.[0] ?? described.headers.get('content-location')?.[0] ?? talk.uri
  step.tried = 'RTSP SETUP'
  // The device's words may name another host: we go on speaking on this connection, so they lead nowhere else.
  const setup = await ask('SETUP', controlUri(base, video.control), { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' })
  if (setup.status !== 200) return trouble(setup.status === 461 ? 'transport' : codeOfStatus(setup.status), step.tried, lastWords(setup))
  const session = setup.headers.get('session')?.[0]?.split(';')[0]?.trim()
  if (!session) return trouble('invalid_media', step.tried, 'the device opened no session')
  step.tried = 'RTSP PLAY'
  return play(wire, ask, { talk, video, codec, session, aggregate: controlUri(base, sdp.control) })
}

async function play(wire: RtspWire, ask: Ask, what: { readonly talk: Talk; readonly video: SdpVideo; readonly codec: StreamFacts['codec']; readonly session: string; readonly aggregate: string }): Promise<Probed> {
  const { talk, video, codec } = what
  const watch = watchRtp(video)
  const told = video.parameterSets.map((set) => (codec === 'h264' ? readSps('h264', set) : codec === 'hevc' ? readSps('h265', set) : null)).find((size) => size !== null) ?? null
  let wake = (): void => undefined
  wire.onPacket((channel, bytes) => {
    if (channel !== 0) return
    watch.see(bytes)
    wake()
  })
  const played = await ask('PLAY', what.aggregate, { Session: what.session, Range: 'npt=0.000-' })
  if (played.status !== 200) return talk.trouble(played.status === 461 ? 'transport' : codeOfStatus(played.status), talk.step.tried, lastWords(played))
  const until = (done: () => boolean, ms: number): Promise<void> =>
    new Promise((settle) => {
      const cancel = talk.clock.after(ms, settle)
      wake = () => {
        if (!done()) return
        cancel()
        settle()
      }
      wake()
    })
  await until(() => watch.pictures > 0, FIRST_PICTURE_MS_MAX)
  if (watch.pictures === 0) return talk.trouble('stalled', 'RTSP PLAY', `no picture within ${FIRST_PICTURE_MS_MAX} ms`)
  const known = (): boolean => (told !== null || watch.size !== null) && (video.fps !== null || watch.fps !== null)
  await until(known, WATCH_MS_MAX)
  // Told politely, so that cheap cameras with few sessions free this one at once; its answer is not waited for.
  ask('TEARDOWN', what.aggregate, { Session: what.session }).catch(() => undefined)
  const size = told ?? watch.size
  return { ok: true, facts: { codec, width: size?.width ?? null, height: size?.height ?? null, fps: video.fps ?? watch.fps ?? size?.fps ?? null } }
}

type Ask = (method: string, uri: string, headers: Readonly<Record<string, string>>) => Promise<Reply>

/** Adds what the device demands: the first 401 is a question, the second an answer, unless it says the nonce was stale. */
function signIn(wire: RtspWire, { credentials }: Talk): Ask {
  let challenge: Challenge | null = null
  let count = 0
  const send: Ask = (method, uri, headers) => {
    if (!challenge || !credentials) return wire.request(method, uri, headers)
    count += 1
    return wire.request(method, uri, { ...headers, Authorization: signRequest(challenge, credentials, { method, uri, count }) })
  }
  return async (method, uri, headers) => {
    const signed = challenge !== null
    const reply = await send(method, uri, headers)
    if (reply.status !== 401 || !credentials) return reply
    const next = readChallenge(reply.headers.get('www-authenticate') ?? [])
    if (!next || (signed && !(next.scheme === 'digest' && next.stale))) return reply
    challenge = next
    count = 0
    return send(method, uri, headers)
  }
}

function lastWords(reply: Reply): string {
  return `RTSP ${reply.status} ${reply.reason}`.trim()
}

function codeOfStatus(status: number): TroubleCode {
  if (status === 401 || status === 403) return 'auth'
  if (status === 404 || status === 454 || status === 410) return 'not_found'
  if (status === 461) return 'transport'
  // A redirect is not followed (it could lead anywhere): the path is not here.
  if (status >= 300 && status < 400) return 'not_found'
  if (status === 415 || status === 406) return 'codec_unsupported'
  if (status === 408 || status === 504) return 'timed_out'
  return 'invalid_media'
}

function codeOfFault(fault: WireFault): TroubleCode {
  switch (fault.code) {
    case 'ECONNREFUSED':
      return 'refused'
    case 'ETIMEDOUT':
      return 'timed_out'
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
      return 'unreachable'
    case 'CLOSED':
    case 'ECONNRESET':
    case 'EPIPE':
      return 'hung_up'
    default:
      return 'invalid_media'
  }
}
