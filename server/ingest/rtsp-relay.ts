import type { Socket } from 'node:net'
import type { Clock } from '../system/clock.js'
import type { Listen } from './dial-camera.js'
import { readChallenge, signRequest, type Challenge, type Login } from '../media/rtsp-auth.js'
import { formatRtsp, headerOf, headersOf, openRtspCutter, requestOf, RtspGarbage, statusOf, withHeaders, type RtspCutter, type RtspMessage } from './rtsp-message.js'
import { rewriteAnswer, toCamera, videoCodecsOf, type AddressPair } from './rtsp-rewrite.js'

export type RelayFact =
  | { readonly kind: 'status'; readonly method: string; readonly status: number }
  | { readonly kind: 'described'; readonly codecs: readonly string[] }
  | { readonly kind: 'playing' }
  | { readonly kind: 'garbage'; readonly words: string }

interface Asked {
  readonly request: RtspMessage
  readonly method: string
  readonly clientSequence: string
  readonly tries: number
}

/** More unanswered requests than any client sends; beyond it the peer is not speaking RTSP. */
const PENDING_MAX = 64

export interface Relay {
  /** Bytes from ffmpeg, requests among them. */
  fromClient(chunk: Buffer): void
  /** Says goodbye for a client that was killed: cheap cameras allow few sessions and keep a lost one for a minute. */
  teardown(): void
}

/**
 * Stands between ffmpeg and one connected camera. Requests are addressed anew and signed; answers are turned back; media goes
 * through as it came. Each side is read only as fast as the other takes.
 */
export function openRelay(options: { readonly clock: Clock; readonly client: Socket; readonly camera: Socket; readonly listen: Listen; readonly peer: string; readonly pair: AddressPair; readonly login: Login | null; readonly onFact: (fact: RelayFact) => void }): Relay {
  const { client, camera, pair, login, onFact } = options
  const fromCamera = openRtspCutter()
  const fromClient = openRtspCutter()
  const pending = new Map<string, Asked>()
  let challenge: Challenge | null = null
  let nonceCount = 0
  let sequence = 0
  let session: string | null = null

  function ask(asked: Asked, uri: string): void {
    if (pending.size >= PENDING_MAX) throw new RtspGarbage('too many requests without an answer')
    sequence += 1
    nonceCount += 1
    // Messages are carried byte for byte as latin1, so that a name in Vietnamese must go in as its UTF-8 bytes.
    const authorization = challenge && login ? Buffer.from(signRequest(challenge, login, { method: asked.method, uri, count: nonceCount }), 'utf8').toString('latin1') : null
    pending.set(String(sequence), asked)
    camera.write(formatRtsp(withHeaders({ ...asked.request, startLine: `${asked.method} ${uri} RTSP/1.0` }, { CSeq: String(sequence), Authorization: authorization })))
  }

  function onRequest(request: RtspMessage): void {
    const line = requestOf(request)
    // ffmpeg answers a camera's own requests; those answers pass as they are.
    if (!line) return void camera.write(formatRtsp(request))
    ask({ request, method: line.method, clientSequence: headerOf(request, 'cseq') ?? '0', tries: 0 }, toCamera(line.uri, pair))
  }

  function onAnswer(answer: RtspMessage): void {
    const status = statusOf(answer)
    const key = headerOf(answer, 'cseq') ?? ''
    const asked = pending.get(key)
    if (status === null || !asked) return void client.write(formatRtsp(answer))
    pending.delete(key)
    const offered = status === 401 ? readChallenge(headersOf(answer, 'www-authenticate')) : null
    const mayRetry = asked.tries === 0 || (asked.tries === 1 && offered?.scheme === 'digest' && offered.stale)
    if (offered && login && mayRetry) {
      challenge = offered
      nonceCount = 0
      return ask({ ...asked, tries: asked.tries + 1 }, toCamera(requestOf(asked.request)?.uri ?? pair.gate, pair))
    }
    onFact({ kind: 'status', method: asked.method, status })
    session = headerOf(answer, 'session')?.split(';')[0] ?? session
    const describe = asked.method === 'DESCRIBE' && status === 200
    if (describe) onFact({ kind: 'described', codecs: videoCodecsOf(answer.body.toString('latin1')) })
    if (asked.method === 'PLAY' && status === 200) onFact({ kind: 'playing' })
    client.write(formatRtsp(withHeaders(rewriteAnswer(answer, pair, { describe, peer: options.peer }), { CSeq: asked.clientSequence })))
  }

  pump({ clock: options.clock, listen: options.listen, from: camera, to: client, cutter: fromCamera, onMessage: onAnswer, onGarbage: (words) => onFact({ kind: 'garbage', words }) })
  return {
    fromClient(chunk) {
      for (const piece of fromClient.push(chunk)) {
        if (piece.kind === 'media') camera.write(piece.bytes)
        else onRequest(piece.message)
      }
    },
    teardown() {
      if (session === null || camera.destroyed || !camera.writable) return
      const request: RtspMessage = { startLine: '', headers: [['CSeq', '0'], ['Session', session]], body: Buffer.alloc(0) }
      ask({ request, method: 'TEARDOWN', clientSequence: '0', tries: 1 }, pair.camera)
    },
  }
}

/**
 * A camera sends a picture as a dozen small packets. Read one by one, each costs a wake-up, a read and a write; after a little
 * rest they come in one piece. Measured with 16 cameras: see README.md.
 */
const REST_MS = 8

function pump(options: { readonly clock: Clock; readonly listen: Listen; readonly from: Socket; readonly to: Socket; readonly cutter: RtspCutter; readonly onMessage: (message: RtspMessage) => void; readonly onGarbage: (words: string) => void }): void {
  const { clock, from, to, cutter, onMessage, onGarbage } = options
  const send = openSender(to)
  let resting = false
  let full = false
  const goOn = (): void => {
    if (!resting && !full && !from.destroyed) from.resume()
  }
  const rest = (): void => {
    resting = true
    from.pause()
    clock.after(REST_MS, () => {
      resting = false
      goOn()
    })
  }
  to.on('drain', () => {
    full = false
    goOn()
  })
  options.listen((chunk) => {
    if (to.destroyed) return
    try {
      const pieces = cutter.push(chunk)
      for (const piece of pieces) {
        if (piece.kind === 'message') onMessage(piece.message)
        else if (!send(piece.bytes)) full = true
      }
      if (full) from.pause()
      else if (pieces.at(-1)?.kind === 'media') rest()
    } catch (error) {
      if (!(error instanceof RtspGarbage)) throw error
      onGarbage(error.message)
      from.destroy()
      to.destroy()
    }
  })
}

const COPY_BYTES = 64 << 10

/** Writes copies from memory that is used again when it has been sent; false when the socket is full. */
function openSender(to: Socket): (bytes: Buffer) => boolean {
  const free: Buffer[] = []
  return (bytes) => {
    // Larger than one read only where several were held together: rare, and then it has memory of its own.
    if (bytes.length > COPY_BYTES) return to.write(Buffer.from(bytes))
    const copy = free.pop() ?? Buffer.allocUnsafeSlow(COPY_BYTES)
    bytes.copy(copy)
    return to.write(copy.subarray(0, bytes.length), () => free.push(copy))
  }
}
