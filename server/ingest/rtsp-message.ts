/** RTSP/1.0 messages (RFC 2326) and the binary frames between them (§10.12), cut out of a byte stream. */
export interface RtspMessage {
  /** `DESCRIBE rtsp://… RTSP/1.0` or `RTSP/1.0 200 OK`. */
  readonly startLine: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
}

export type RtspPiece =
  | { readonly kind: 'message'; readonly message: RtspMessage }
  /** A run of whole or cut interleaved frames, handed on as it came: media is never copied or looked into. */
  | { readonly kind: 'media'; readonly bytes: Buffer }

export interface RtspCutter {
  /** Throws RtspGarbage when a message breaks the bounds; the connection must then be closed. */
  push(chunk: Buffer): readonly RtspPiece[]
}

export class RtspGarbage extends Error {}

const HEAD_BYTES_MAX = 32 << 10
const BODY_BYTES_MAX = 256 << 10
const DOLLAR = 0x24

export function openRtspCutter(): RtspCutter {
  let held: Buffer = Buffer.alloc(0)
  /** Bytes of a frame's payload that have not come yet. */
  let frameLeft = 0

  function cutMessage(from: number, bytes: Buffer): { readonly message: RtspMessage; readonly end: number } | null {
    const headEnd = bytes.indexOf('\r\n\r\n', from)
    if (headEnd < 0) {
      if (bytes.length - from > HEAD_BYTES_MAX) throw new RtspGarbage('an RTSP head without an end')
      return null
    }
    if (headEnd - from > HEAD_BYTES_MAX) throw new RtspGarbage('an RTSP head too long')
    const [startLine = '', ...lines] = bytes.toString('latin1', from, headEnd).split('\r\n')
    const headers = lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, Math.max(0, colon)).trim(), line.slice(colon + 1).trim()] as const
    })
    const length = Number(headerOf({ headers }, 'content-length') ?? 0)
    if (!Number.isInteger(length) || length < 0 || length > BODY_BYTES_MAX) throw new RtspGarbage('an RTSP body of no allowed length')
    const end = headEnd + 4 + length
    if (bytes.length < end) return null
    return { message: { startLine, headers, body: Buffer.from(bytes.subarray(headEnd + 4, end)) }, end }
  }

  return {
    push(chunk) {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      const pieces: RtspPiece[] = []
      let at = Math.min(frameLeft, bytes.length)
      let mediaFrom = 0
      frameLeft -= at
      const endMedia = (): void => {
        if (at > mediaFrom) pieces.push({ kind: 'media', bytes: bytes.subarray(mediaFrom, at) })
      }
      while (at < bytes.length) {
        if (bytes[at] === DOLLAR) {
          if (bytes.length - at < 4) break
          const size = 4 + bytes.readUInt16BE(at + 2)
          const here = Math.min(size, bytes.length - at)
          frameLeft = size - here
          at += here
          continue
        }
        const cut = cutMessage(at, bytes)
        if (!cut) break
        endMedia()
        pieces.push({ kind: 'message', message: cut.message })
        at = mediaFrom = cut.end
      }
      endMedia()
      held = Buffer.from(bytes.subarray(at))
      return pieces
    },
  }
}

export function headerOf(message: Pick<RtspMessage, 'headers'>, name: string): string | undefined {
  return message.headers.find(([key]) => key.toLowerCase() === name)?.[1]
}

export function headersOf(message: Pick<RtspMessage, 'headers'>, name: string): readonly string[] {
  return message.headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value)
}

/** The message with these headers, each where one of that name stood (else at the end); `null` takes one out. */
export function withHeaders(message: RtspMessage, changes: Readonly<Record<string, string | null>>): RtspMessage {
  const left = new Map(Object.entries(changes).map(([name, value]) => [name.toLowerCase(), [name, value] as const]))
  const names = new Set(left.keys())
  const headers = message.headers.flatMap((header): readonly (readonly [string, string])[] => {
    const key = header[0].toLowerCase()
    if (!names.has(key)) return [header]
    const value = left.get(key)?.[1] ?? null
    left.delete(key)
    return value === null ? [] : [[header[0], value]]
  })
  const added = [...left.values()].filter((entry): entry is [string, string] => entry[1] !== null)
  return { ...message, headers: [...headers, ...added] }
}

export function formatRtsp(message: RtspMessage): Buffer {
  const length = message.body.length > 0 || headerOf(message, 'content-length') !== undefined ? { 'Content-Length': String(message.body.length) } : {}
  const { startLine, headers } = withHeaders(message, length)
  return Buffer.concat([Buffer.from([startLine, ...headers.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n'), 'latin1'), message.body])
}

export function statusOf(message: RtspMessage): number | null {
  const status = /^RTSP\/\d\.\d (\d{3})\b/.exec(message.startLine)?.[1]
  return status === undefined ? null : Number(status)
}

export function requestOf(message: RtspMessage): { readonly method: string; readonly uri: string } | null {
  const found = /^([A-Z_]{3,20}) (\S+) RTSP\/\d\.\d$/.exec(message.startLine)
  return found ? { method: found[1] as string, uri: found[2] as string } : null
}
