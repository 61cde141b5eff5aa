import type { Socket } from 'node:net'
import type { DigestGate } from './digest-gate.js'
import type { Session } from './rtsp-session.js'
import type { RtspAnswer, RtspRequest } from './rtsp-wire.js'
import { chooseTransport, type Transport } from './transport-offer.js'

/** What a camera answers to each RTSP method. The server (rtsp-server.ts) owns sockets and timeouts; here is only the protocol. */
export interface RtspDesk {
  readonly gate: DigestGate
  readonly sessionS: number
  readonly sessionsMax: number
  /** Stream paths that exist, for example `/live/main`. */
  readonly paths: readonly string[]
  readonly sessions: Map<string, Session>
  describe(path: string): string
  open(path: string, transport: Transport, socket: Socket): Promise<Session>
  serverPorts(): string
}

export interface Asking {
  readonly socket: Socket
  freeChannel(): number
}

/** `afterwards` runs after the answer is written. */
export interface Reply extends RtspAnswer {
  readonly afterwards?: () => void
}

const METHODS = 'OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, GET_PARAMETER, SET_PARAMETER, TEARDOWN'
/** Methods of RFC 2326 that make no sense for a camera that only sends. */
const REFUSED = new Set(['ANNOUNCE', 'RECORD', 'REDIRECT'])

export async function answerRtsp(desk: RtspDesk, request: RtspRequest, asking: Asking): Promise<Reply> {
  const { method, headers } = request
  if (request.version !== 'RTSP/1.0') return { status: 505 }
  if (!headers.has('cseq')) return { status: 400 }
  if (headers.has('require')) return { status: 551, headers: { Unsupported: printable(headers.get('require') ?? '') } }
  if (method === 'OPTIONS') {
    touchSession(desk, request)
    return { status: 200, headers: { Public: METHODS } }
  }
  if (REFUSED.has(method)) return { status: 405, headers: { Allow: METHODS } }
  if (!METHODS.split(', ').includes(method)) return { status: 501 }

  const verdict = desk.gate.check({ authorization: headers.get('authorization'), method, uri: request.uri })
  // A keepalive with an outdated nonce still proves that this viewer lives: the password in it was right.
  if (verdict === 'stale') touchSession(desk, request)
  if (verdict !== 'ok') return { status: 401, headers: { 'WWW-Authenticate': desk.gate.challenge(verdict === 'stale') } }

  const path = pathOf(request.uri, desk.paths)
  if (path === null) return { status: 404 }
  if (method === 'DESCRIBE') return { status: 200, headers: { 'Content-Base': `${streamAddress(request.uri)}/`, 'Content-Type': 'application/sdp' }, body: desk.describe(path) }
  if (method === 'SETUP') return setUp(desk, request, asking, path)

  const session = touchSession(desk, request)
  // GET_PARAMETER without a session is what some clients use to see whether the camera is awake.
  if (!session) return method === 'GET_PARAMETER' && !headers.has('session') && request.body === '' ? { status: 200 } : { status: 454 }
  return inSession(desk, request, session)
}

async function setUp(desk: RtspDesk, request: RtspRequest, asking: Asking, path: string): Promise<Reply> {
  const old = touchSession(desk, request)
  if (request.headers.has('session') && !old) return { status: 454 }
  if (old?.playing) return { status: 455, headers: { Allow: 'PLAY, PAUSE, TEARDOWN, GET_PARAMETER' } }
  const transport = chooseTransport(request.headers.get('transport') ?? '', () => asking.freeChannel())
  if (!transport) return { status: 461 }
  if (!old && desk.sessions.size >= desk.sessionsMax) return { status: 453 }
  old?.end()
  if (old) desk.sessions.delete(old.id)
  const session = await desk.open(path, transport, asking.socket)
  const tail = `ssrc=${session.ssrc.toString(16).padStart(8, '0').toUpperCase()};mode="PLAY"`
  const line =
    transport.kind === 'udp'
      ? `RTP/AVP/UDP;unicast;client_port=${transport.rtpPort}-${transport.rtcpPort};server_port=${desk.serverPorts()};${tail}`
      : `RTP/AVP/TCP;unicast;interleaved=${transport.rtpChannel}-${transport.rtcpChannel};${tail}`
  return { status: 200, headers: { Session: `${session.id};timeout=${desk.sessionS}`, Transport: line } }
}

function inSession(desk: RtspDesk, request: RtspRequest, session: Session): Reply {
  const headers = { Session: `${session.id};timeout=${desk.sessionS}` }
  switch (request.method) {
    case 'PLAY': {
      const range = request.headers.get('range') ?? 'npt=0.000-'
      if (!/^npt\s*=/i.test(range)) return { status: 457, headers }
      // A live source has no past: whatever is asked for, playing begins now (RFC 2326 C.1.5).
      const { sequence, rtpTime } = session.play()
      const url = `${streamAddress(request.uri)}/trackID=1`
      return { status: 200, headers: { ...headers, Range: 'npt=0.000-', 'RTP-Info': `url=${url};seq=${sequence};rtptime=${rtpTime}` }, afterwards: () => session.release() }
    }
    case 'PAUSE':
      if (!session.playing) return { status: 455, headers: { ...headers, Allow: 'PLAY, TEARDOWN, GET_PARAMETER' } }
      session.pause()
      return { status: 200, headers }
    case 'TEARDOWN':
      session.end()
      desk.sessions.delete(session.id)
      return { status: 200, headers }
    default:
      // GET_PARAMETER and SET_PARAMETER: empty ones keep the session alive; we have no parameters to name.
      return request.body.trim() === '' ? { status: 200, headers } : { status: 451, headers }
  }
}

function touchSession(desk: RtspDesk, request: RtspRequest): Session | undefined {
  const session = desk.sessions.get((request.headers.get('session') ?? '').split(';')[0]?.trim() ?? '')
  session?.touch()
  return session
}

/** The stream that an address names, with or without its track, trailing slash or query. */
function pathOf(uri: string, paths: readonly string[]): string | null {
  const [, path = ''] = /^rtsp:\/\/[^/]*(\/[^?]*)?/i.exec(streamAddress(uri)) ?? []
  return paths.find((known) => known === path) ?? null
}

/** The address of the whole stream as the client wrote it, without user, track, query and trailing slash. */
function streamAddress(uri: string): string {
  return printable(uri).replace(/^(rtsp:\/\/)[^/@]*@/i, '$1').replace(/\?.*$/, '').replace(/\/+$/, '').replace(/\/trackID=1$/i, '')
}

/** What a stranger wrote goes back into a header only without control characters. */
function printable(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, '')
}
