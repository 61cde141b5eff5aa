import { createServer, type AddressInfo, type Socket } from 'node:net'

/** An RTSP device made by hand: for each method an answer (`CSeq` is added), or whatever it does instead. */
export interface RtspAsked {
  readonly method: string
  readonly uri: string
  readonly head: string
  /** How often this method was asked before on any connection. */
  readonly before: number
}
export interface RtspAnimal {
  readonly onConnect?: (socket: Socket) => void
  /** Null says nothing. */
  readonly answers?: Readonly<Record<string, (asked: RtspAsked, socket: Socket) => string | null>>
}

export interface RtspDevice {
  readonly port: number
  readonly asked: readonly RtspAsked[]
  url(path?: string): string
  close(): Promise<void>
}

export async function startRtspDevice(animal: RtspAnimal): Promise<RtspDevice> {
  const asked: RtspAsked[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    animal.onConnect?.(socket)
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        const head = text.slice(0, end)
        text = text.slice(end + 4)
        const [method = '', uri = ''] = head.split(' ')
        const ask: RtspAsked = { method, uri, head, before: asked.filter((one) => one.method === method).length }
        asked.push(ask)
        const answer = animal.answers?.[method]?.(ask, socket)
        if (typeof answer !== 'string') continue
        const [line = '', ...rest] = answer.split('\r\n')
        socket.write(`${line}\r\nCSeq: ${/CSeq: (\d+)/i.exec(head)?.[1] ?? ''}\r\n${rest.join('\r\n')}`)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    asked,
    url: (path = '/live') => `rtsp://127.0.0.1:${port}${path}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

/** One answer as text; a body gets its length. */
export function rtspReply(status: string, headers: Readonly<Record<string, string>> = {}, body = ''): string {
  const all = { ...headers, ...(body ? { 'Content-Type': 'application/sdp', 'Content-Length': String(Buffer.byteLength(body)) } : {}) }
  return `RTSP/1.0 ${status}\r\n${Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
}

export function sdp(media: readonly string[]): string {
  return ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=Media Presentation', 'a=control:*', 't=0 0', ...media].join('\r\n') + '\r\n'
}

/** An RTP packet of payload type 96, interleaved on channel 0. */
export function rtpPacket(payload: Uint8Array, options: { readonly time: number; readonly sequence?: number; readonly payloadType?: number }): Buffer {
  const head = Buffer.alloc(16)
  head[0] = 0x24
  head.writeUInt16BE(12 + payload.length, 2)
  head[4] = 0x80
  head[5] = 0x80 | (options.payloadType ?? 96)
  head.writeUInt16BE(options.sequence ?? 1, 6)
  head.writeUInt32BE(options.time >>> 0, 8)
  head.writeUInt32BE(7, 12)
  return Buffer.concat([head, payload])
}
