import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

/**
 * One RTSP connection (RFC 2326): requests answered in order, RTP interleaved between the answers. Everything a stranger
 * sends is bounded; a breach ends the connection with a reason instead of growing memory.
 */
export interface Reply {
  readonly status: number
  readonly reason: string
  /** Names in lower case; a header that comes twice keeps both values in order. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: string
}

export interface RtspWire {
  request(method: string, uri: string, headers: Readonly<Record<string, string>>): Promise<Reply>
  /** Interleaved packets from now on: channel and bytes. */
  onPacket(listen: (channel: number, bytes: Buffer) => void): void
  close(): void
}

/** Why a connection ended; `code` is the system's (ECONNREFUSED …) or ours. */
export class WireFault extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

const HEAD_BYTES_MAX = 16 << 10
const BODY_BYTES_MAX = 256 << 10

export interface WireTarget {
  readonly address: string
  readonly port: number
  readonly secure: boolean
  /** Name for TLS (SNI). The certificate itself is not checked: cameras sign their own. */
  readonly host: string
}

/** `signal` ends the connection, opened or still opening. */
export function openRtspWire(target: WireTarget, signal: AbortSignal): Promise<RtspWire> {
  return new Promise((resolve, reject) => {
    const socket: Socket = target.secure ? connectTls({ host: target.address, port: target.port, servername: /^[\d.[]/.test(target.host) ? '' : target.host, rejectUnauthorized: false }) : connectTcp({ host: target.address, port: target.port })
    const early = (fault: Error): void => reject(new WireFault('code' in fault ? String(fault.code) : 'ECONNRESET', fault.message))
    signal.addEventListener('abort', () => socket.destroy(new WireFault('ABORTED', 'given up by us')), { once: true })
    socket.once('error', early)
    socket.once(target.secure ? 'secureConnect' : 'connect', () => {
      socket.off('error', early)
      resolve(speak(socket))
    })
  })
}

function speak(socket: Socket): RtspWire {
  let pending: Buffer = Buffer.alloc(0)
  let ended: WireFault | null = null
  let sequence = 0
  let waiting: { readonly resolve: (reply: Reply) => void; readonly reject: (fault: WireFault) => void } | null = null
  let listenToPacket: (channel: number, bytes: Buffer) => void = () => undefined

  const end = (fault: WireFault): void => {
    ended ??= fault
    waiting?.reject(ended)
    waiting = null
    socket.destroy()
  }
  socket.on('error', (fault) => end(new WireFault('code' in fault ? String(fault.code) : 'ECONNRESET', fault.message)))
  socket.on('close', () => end(new WireFault('CLOSED', 'the device closed the connection')))
  socket.on('data', (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    for (let step = takeOne(pending); step.kind !== 'more'; step = takeOne(pending)) {
      if (step.kind === 'fault') return end(new WireFault('GARBAGE', step.why))
      pending = pending.subarray(step.used)
      if (step.kind === 'packet') listenToPacket(step.channel, step.bytes)
      else if (step.kind === 'reply') {
        waiting?.resolve(step.reply)
        waiting = null
      }
    }
  })

  return {
    request(method, uri, headers) {
      return new Promise((resolve, reject) => {
        if (ended) return reject(ended)
        waiting = { resolve, reject }
        sequence += 1
        const lines = [`${method} ${uri} RTSP/1.0`, `CSeq: ${sequence}`, 'User-Agent: VongLau', ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)]
        socket.write(`${lines.join('\r\n')}\r\n\r\n`)
      })
    },
    onPacket(listen) {
      listenToPacket = listen
    },
    close: () => end(new WireFault('CLOSED', 'closed by us')),
  }
}

type Step =
  | { readonly kind: 'more' }
  | { readonly kind: 'fault'; readonly why: string }
  | { readonly kind: 'skip'; readonly used: number }
  | { readonly kind: 'packet'; readonly used: number; readonly channel: number; readonly bytes: Buffer }
  | { readonly kind: 'reply'; readonly used: number; readonly reply: Reply }

/** Takes one answer or packet from the front of the bytes. Pure. */
export function takeOne(bytes: Buffer): Step {
  if (bytes.length < 4) return { kind: 'more' }
  if (bytes[0] === 0x24) {
    const length = bytes.readUInt16BE(2)
    if (bytes.length < 4 + length) return { kind: 'more' }
    return { kind: 'packet', used: 4 + length, channel: bytes[1] ?? 0, bytes: bytes.subarray(4, 4 + length) }
  }
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd < 0) {
    if (bytes.length > HEAD_BYTES_MAX) return { kind: 'fault', why: `an answer's head is longer than ${HEAD_BYTES_MAX} bytes` }
    return isText(bytes.subarray(0, 64)) ? { kind: 'more' } : { kind: 'fault', why: 'the answer is not RTSP' }
  }
  if (headEnd > HEAD_BYTES_MAX) return { kind: 'fault', why: `an answer's head is longer than ${HEAD_BYTES_MAX} bytes` }
  const [first = '', ...lines] = bytes.subarray(0, headEnd).toString('latin1').split('\r\n')
  const headers = readHeaders(lines)
  const length = Number(headers.get('content-length')?.[0] ?? 0)
  if (!Number.isInteger(length) || length < 0 || length > BODY_BYTES_MAX) return { kind: 'fault', why: `an answer announces a body of ${String(headers.get('content-length')?.[0]).slice(0, 20)} bytes` }
  const used = headEnd + 4 + length
  if (bytes.length < used) return { kind: 'more' }
  const status = /^RTSP\/\d\.\d (\d{3}) ?(.*)$/.exec(first)
  if (!status) {
    // Some devices send requests of their own (OPTIONS, ANNOUNCE) on the same connection: not for us.
    if (/ RTSP\/\d\.\d$/.test(first)) return { kind: 'skip', used }
    return { kind: 'fault', why: first.startsWith('HTTP/') ? 'a web server answers here, not RTSP' : 'the answer is not RTSP' }
  }
  return { kind: 'reply', used, reply: { status: Number(status[1]), reason: status[2] ?? '', headers, body: bytes.subarray(headEnd + 4, used).toString('utf8') } }
}

function isText(bytes: Buffer): boolean {
  return bytes.every((byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0d || byte === 0x0a || byte === 0x09)
}

function readHeaders(lines: readonly string[]): Map<string, string[]> {
  const headers = new Map<string, string[]>()
  for (const line of lines.slice(0, 100)) {
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    const name = line.slice(0, colon).trim().toLowerCase()
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()])
  }
  return headers
}
