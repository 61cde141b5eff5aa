import type { Socket } from 'node:net'
import type { Clock } from '../system/clock.js'
import type { Listen } from './dial-camera.js'
import { openRest, type Rest } from './rest.js'
import { openRtpMerger, type Fragmented } from './rtp-merger.js'
import { readChallenge, signRequest, type Challenge, type Login } from '../media/rtsp-auth.js'
import { formatRtsp, headerOf, headersOf, openRtspCutter, requestOf, RtspGarbage, statusOf, withHeaders, type RtspMessage } from './rtsp-message.js'
import { fragmentedIn, offersSound, rewriteAnswer, toCamera, videoCodecsOf, type AddressPair } from './rtsp-rewrite.js'

export type RelayFact =
  | { readonly kind: 'status'; readonly method: string; readonly status: number }
  | { readonly kind: 'described'; readonly codecs: readonly string[]; readonly sound: boolean }
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
export function openRelay(options: { readonly clock: Clock; readonly client: Socket; readonly camera: Socket; readonly listen: Listen; readonly peer: string; readonly pair: AddressPair; readonly login: Login | null; readonly withinMs: () => number; readonly onFact: (fact: RelayFact) => void }): Relay {
  const { client, camera, pair, login, onFact } = options
  const codecs = new Map<number, Fragmented>()
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
    if (describe) {
      const sdp = answer.body.toString('latin1')
      for (const [type, codec] of fragmentedIn(sdp)) codecs.set(type, codec)
      onFact({ kind: 'described', codecs: videoCodecsOf(sdp), sound: offersSound(sdp) })
    }
    if (asked.method === 'PLAY' && status === 200) onFact({ kind: 'playing' })
    client.write(formatRtsp(withHeaders(rewriteAnswer(answer, pair, { describe, peer: options.peer }), { CSeq: asked.clientSequence })))
  }

  pump({ rest: openRest(options.clock, camera, options.withinMs), listen: options.listen, from: camera, to: client, codecOf: (type) => codecs.get(type) ?? null, onMessage: onAnswer, onGarbage: (words) => onFact({ kind: 'garbage', words }) })
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

function pump(options: { readonly rest: Rest; readonly listen: Listen; readonly from: Socket; readonly to: Socket; readonly codecOf: (payloadType: number) => Fragmented | null; readonly onMessage: (message: RtspMessage) => void; readonly onGarbage: (words: string) => void }): void {
  const { rest, from, to, onMessage, onGarbage } = options
  const cutter = openRtspCutter()
  const { take, send } = openSender(to)
  let full = false
  const merger = openRtpMerger({ codecOf: options.codecOf, take, send: (bytes) => (full = !send(bytes) || full) })
  to.on('drain', () => rest.go())
  options.listen((chunk) => {
    if (to.destroyed) return
    try {
      full = false
      const pieces = cutter.push(chunk)
      for (const piece of pieces) {
        if (piece.kind === 'media') merger.push(piece.bytes)
        else {
          merger.flush()
          onMessage(piece.message)
        }
      }
      merger.flush()
      if (full) rest.hold()
      if (pieces.at(-1)?.kind === 'media') rest.after(chunk.length)
    } catch (error) {
      if (!(error instanceof RtspGarbage)) throw error
      onGarbage(error.message)
      from.destroy()
      to.destroy()
    }
  })
}

const COPY_BYTES = 128 << 10

/** Memory that is used again when it has been sent. */
function openSender(to: Socket): { take(): Buffer; send(bytes: Buffer): boolean } {
  const free: Buffer[] = []
  return {
    take: () => free.pop() ?? Buffer.allocUnsafeSlow(COPY_BYTES),
    send: (bytes) => to.write(bytes, () => free.push(Buffer.from(bytes.buffer))),
  }
}
