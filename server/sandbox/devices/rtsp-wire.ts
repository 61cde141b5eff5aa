/** RTSP 1.0 on the wire (RFC 2326): cutting a TCP stream into requests and interleaved packets, and writing answers. Pure. */
export interface RtspRequest {
  readonly method: string
  readonly uri: string
  readonly version: string
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

export type RtspNews =
  | { readonly kind: 'request'; readonly request: RtspRequest }
  | { readonly kind: 'interleaved'; readonly channel: number; readonly bytes: Buffer }
  /** The stream cannot be understood from here on: say so and hang up. */
  | { readonly kind: 'broken'; readonly status: RtspStatus }

export const REASONS = {
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Request Entity Too Large',
  451: 'Parameter Not Understood',
  453: 'Not Enough Bandwidth',
  454: 'Session Not Found',
  455: 'Method Not Valid in This State',
  457: 'Invalid Range',
  461: 'Unsupported Transport',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  505: 'RTSP Version Not Supported',
  551: 'Option not supported',
} as const
export type RtspStatus = keyof typeof REASONS

const HEAD_BYTES_MAX = 16 << 10
const BODY_BYTES_MAX = 64 << 10
const DOLLAR = 0x24
const HEAD_END = Buffer.from('\r\n\r\n')

/** Give it what came from the socket; it returns what is complete and keeps the rest, at most a head and a body. */
export function makeRtspReader(): (chunk: Buffer) => RtspNews[] {
  let bytes: Buffer = Buffer.alloc(0)
  let broken = false
  return (chunk) => {
    const news: RtspNews[] = []
    if (broken) return news
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
    for (;;) {
      const cut = cutOne(bytes)
      if (!cut) return news
      bytes = bytes.subarray(cut.used)
      if (cut.news) news.push(cut.news)
      if (cut.news?.kind === 'broken') {
        broken = true
        bytes = Buffer.alloc(0)
        return news
      }
    }
  }
}

function cutOne(bytes: Buffer): { readonly used: number; readonly news: RtspNews | null } | null {
  if (bytes.length === 0) return null
  if (bytes[0] === DOLLAR) {
    const length = bytes.length >= 4 ? bytes.readUInt16BE(2) : Infinity
    if (bytes.length < 4 + length) return null
    return { used: 4 + length, news: { kind: 'interleaved', channel: bytes[1] ?? 0, bytes: bytes.subarray(4, 4 + length) } }
  }
  if (bytes[0] === 0x0d || bytes[0] === 0x0a) return { used: 1, news: null } // RFC 2326 4.1: empty lines before a request are ignored
  const end = bytes.indexOf(HEAD_END)
  if (end < 0) return bytes.length > HEAD_BYTES_MAX ? refuse(bytes, 413) : null
  if (end > HEAD_BYTES_MAX) return refuse(bytes, 413)
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const headers = new Map<string, string>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon <= 0) return refuse(bytes, 400)
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim())
  }
  const bodyLength = Number(headers.get('content-length') ?? 0)
  if (!Number.isInteger(bodyLength) || bodyLength < 0) return refuse(bytes, 400)
  if (bodyLength > BODY_BYTES_MAX) return refuse(bytes, 413)
  const used = end + HEAD_END.length + bodyLength
  if (bytes.length < used) return null
  if (first.startsWith('RTSP/')) return { used, news: null } // an answer to a question we never asked
  const [, method, uri, version] = /^([A-Z_]{1,32}) (\S{1,2048}) (RTSP\/\d\.\d)$/.exec(first) ?? []
  if (!method || !uri || !version) return refuse(bytes, 400)
  return { used, news: { kind: 'request', request: { method, uri, version, headers, body: bytes.toString('utf8', used - bodyLength, used) } } }
}

function refuse(bytes: Buffer, status: RtspStatus): { readonly used: number; readonly news: RtspNews } {
  return { used: bytes.length, news: { kind: 'broken', status } }
}

export interface RtspAnswer {
  readonly status: RtspStatus
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export function writeAnswer(answer: RtspAnswer, always: Readonly<Record<string, string>>): Buffer {
  const body = Buffer.from(answer.body ?? '', 'utf8')
  const headers = { ...always, ...answer.headers, ...(body.length > 0 ? { 'Content-Length': String(body.length) } : {}) }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return Buffer.concat([Buffer.from(`RTSP/1.0 ${answer.status} ${REASONS[answer.status]}\r\n${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body])
}
