import { createHash, randomBytes } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { connect, type Socket } from 'node:net'
import { runToEnd, type Finished } from '../../../server/system/child.js'
import { FFMPEG } from './films.js'

/** Real clients for the virtual cameras: ffmpeg and ffprobe, and plain sockets where a test must misbehave on purpose. */
export const FFPROBE = FFMPEG?.replace(/ffmpeg$/, 'ffprobe') ?? null
const QUICK = ['-analyzeduration', '0', '-probesize', '32'] as const

export function probe(url: string, transport: 'tcp' | 'udp' = 'tcp', patienceS = 4): Promise<Finished> {
  return runToEnd(FFPROBE ?? 'ffprobe', ['-v', 'error', '-rtsp_transport', transport, '-timeout', String(patienceS * 1_000_000), ...QUICK, '-show_entries', 'stream=codec_name,width,height', '-of', 'csv=p=0', url], { timeoutMs: 12_000 })
}

export interface SeenPacket {
  readonly pts: number
  readonly key: boolean
}

/** What ffprobe received: time in seconds and whether it was a key picture, in order of arrival. */
export async function readPackets(url: string, seconds: number, transport: 'tcp' | 'udp' = 'tcp'): Promise<readonly SeenPacket[]> {
  const { stdout } = await runToEnd(FFPROBE ?? 'ffprobe', ['-v', 'error', '-rtsp_transport', transport, '-timeout', '4000000', ...QUICK, '-read_intervals', `%+${seconds}`, '-show_entries', 'packet=pts_time,flags', '-of', 'csv=p=0', url], { timeoutMs: 20_000 })
  const packets = stdout.trim().split('\n').filter((line) => line !== '').map((line) => {
    const [time = '', flags = ''] = line.split(',')
    return { pts: Number(time), key: flags.startsWith('K') }
  })
  // ffmpeg 5.1 leaves the time of the very first packet of any RTSP source open; it is its zero.
  return packets.map((packet, index) => (index === 0 && Number.isNaN(packet.pts) ? { ...packet, pts: 0 } : packet))
}

export interface Watched {
  /** Time in seconds, mean luma and a hash of the pixels of each decoded picture. */
  readonly pictures: readonly { readonly time: number; readonly luma: number; readonly hash: string }[]
  readonly words: string
}

/** Decodes so many pictures, shrunk to 32x18 gray, and says what ffmpeg complained about. */
export async function watch(url: string, pictures: number, timeoutMs = 9000): Promise<Watched> {
  const { stdout, stderr } = await runToEnd(FFMPEG ?? 'ffmpeg', ['-hide_banner', '-v', 'info', '-rtsp_transport', 'tcp', '-timeout', '2000000', ...QUICK, '-i', url, '-frames:v', String(pictures), '-vf', 'scale=32:18:flags=area,format=gray,showinfo', '-f', 'null', '-'], { timeoutMs })
  const seen = [...stderr.matchAll(/pts_time:([\d.]+).*?checksum:([0-9A-F]+).*?mean:\[(\d+)/g)].map(([, time = '', hash = '', luma = '0']) => ({ time: Number(time), luma: Number(luma), hash }))
  return { pictures: seen, words: stderr + stdout }
}

export interface HttpReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

export function http(url: string, options: { readonly method?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string | Buffer } = {}): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const asking = httpRequest(url, { method: options.method ?? 'GET', headers: { ...options.headers }, agent: false, timeout: 10_000 }, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) }))
    })
    asking.on('timeout', () => asking.destroy(new Error('no answer within 10 s')))
    asking.on('error', reject)
    asking.end(options.body)
  })
}

export interface TokenOptions {
  readonly user: string
  readonly password: string
  readonly created?: string
  readonly nonce?: Buffer
}

export function usernameToken({ user, password, created = new Date().toISOString(), nonce = randomBytes(16) }: TokenOptions): string {
  const digest = createHash('sha1').update(Buffer.concat([nonce, Buffer.from(created + password)])).digest('base64')
  const wsse = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd'
  return `<w:Security xmlns:w="${wsse}"><w:UsernameToken><w:Username>${user}</w:Username><w:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest">${digest}</w:Password><w:Nonce>${nonce.toString('base64')}</w:Nonce><u:Created xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">${created}</u:Created></w:UsernameToken></w:Security>`
}

export function envelope(body: string, header = ''): string {
  return `<?xml version="1.0"?><S:Envelope xmlns:S="http://www.w3.org/2003/05/soap-envelope"><S:Header>${header}</S:Header><S:Body>${body}</S:Body></S:Envelope>`
}

export async function soap(url: string, body: string, header = '', headers: Readonly<Record<string, string>> = {}): Promise<{ readonly status: number; readonly text: string; readonly challenge: string }> {
  const reply = await http(url, { method: 'POST', body: envelope(body, header), headers: { 'Content-Type': 'application/soap+xml', ...headers } })
  return { status: reply.status, text: reply.body.toString('utf8'), challenge: String(reply.headers['www-authenticate'] ?? '') }
}

export function answerDigest(challenge: string, options: { readonly user: string; readonly password: string; readonly method: string; readonly uri: string; readonly nc?: string }): string {
  const field = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? ''
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
  const ha1 = md5(`${options.user}:${field('realm')}:${options.password}`)
  const ha2 = md5(`${options.method}:${options.uri}`)
  const shared = `Digest username="${options.user}", realm="${field('realm')}", nonce="${field('nonce')}", uri="${options.uri}"`
  if (field('qop') === '') return `${shared}, response="${md5(`${ha1}:${field('nonce')}:${ha2}`)}"`
  const nc = options.nc ?? '00000001'
  return `${shared}, qop=auth, nc=${nc}, cnonce="abcd", response="${md5(`${ha1}:${field('nonce')}:${nc}:abcd:auth:${ha2}`)}"`
}

export interface RtspReply {
  readonly status: number
  readonly text: string
  header(name: string): string
}

export interface RawRtsp {
  readonly socket: Socket
  ask(method: string, uri: string, headers?: Readonly<Record<string, string>>, body?: string): Promise<RtspReply>
  /** Asks, and once more with a digest when told to sign in. */
  askSigned(method: string, uri: string, headers?: Readonly<Record<string, string>>): Promise<RtspReply>
  challenge: string
  readonly mediaBytes: number
  readonly closed: Promise<void>
}

/** A bare RTSP connection; interleaved packets are counted and dropped. */
export async function openRtsp(url: string, login: { readonly user: string; readonly password: string }): Promise<RawRtsp> {
  const { hostname, port } = new URL(url.replace('rtsp:', 'http:'))
  const socket = connect(Number(port), hostname)
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  let bytes: Buffer = Buffer.alloc(0)
  let cseq = 0
  let mediaBytes = 0
  let waiting: ((reply: RtspReply) => void) | null = null
  const closed = new Promise<void>((resolve) => socket.on('close', () => {
    waiting?.({ status: 0, text: 'the camera hung up', header: () => '' })
    resolve()
  }))
  socket.on('error', () => undefined)
  socket.on('data', (chunk: Buffer) => {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
    for (;;) {
      if (bytes[0] === 0x24) {
        if (bytes.length < 4 || bytes.length < 4 + bytes.readUInt16BE(2)) return
        mediaBytes += bytes.readUInt16BE(2)
        bytes = bytes.subarray(4 + bytes.readUInt16BE(2))
        continue
      }
      const end = bytes.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = bytes.toString('latin1', 0, end)
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
      if (bytes.length < end + 4 + length) return
      const text = bytes.toString('utf8', 0, end + 4 + length)
      bytes = bytes.subarray(end + 4 + length)
      waiting?.({ status: Number(text.slice(9, 12)), text, header: (name) => new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]?.trim() ?? '' })
      waiting = null
    }
  })
  const raw: RawRtsp = {
    socket,
    challenge: '',
    get mediaBytes() { return mediaBytes },
    closed,
    ask(method, uri, headers = {}, body = '') {
      cseq += 1
      const lines = Object.entries({ CSeq: String(cseq), ...headers, ...(body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }) }).map(([name, value]) => `${name}: ${value}`)
      return new Promise((resolve) => {
        waiting = resolve
        socket.write(`${method} ${uri} RTSP/1.0\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
      })
    },
    async askSigned(method, uri, headers = {}) {
      const sign = (): Readonly<Record<string, string>> => (raw.challenge === '' ? headers : { ...headers, Authorization: answerDigest(raw.challenge, { ...login, method, uri }) })
      const first = await raw.ask(method, uri, sign())
      if (first.status !== 401) return first
      raw.challenge = first.header('WWW-Authenticate')
      return raw.ask(method, uri, sign())
    },
  }
  return raw
}

/** Waits for something that a real client or device will do, and fails loudly when it does not. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 8000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`this never became true: ${condition.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
