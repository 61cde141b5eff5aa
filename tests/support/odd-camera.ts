import { createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { closeAfterTest } from './rtsp-server.js'

/** A camera that misbehaves in one way. It speaks just enough RTSP to get there. */
export type Oddity =
  | 'silent' // takes the connection and says nothing
  | 'garbage' // answers with something that is no RTSP
  | 'hang_up' // closes after the first request
  | 'only_udp' // 461 to interleaved transport
  | 'h263' | 'sound_only'
  | 'busy' // 453 to PLAY
  | 'no_picture' // plays, and sends nothing

export interface OddCamera {
  readonly port: number
  readonly requests: readonly string[]
  /** The first request that begins so, when it comes; the test's own deadline ends the wait. */
  asked(start: string): Promise<string>
  url(): string
  close(): Promise<void>
}

const SDP = {
  h264: 'm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0LAH9oBQBbsBEAAAAMAQAAADIPGDKg=,aM48gA==\r\na=control:track1\r\n',
  h263: 'm=video 0 RTP/AVP 98\r\na=rtpmap:98 H263-1998/90000\r\na=control:track1\r\n',
  sound_only: 'm=audio 0 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=control:track1\r\n',
} as const

export async function startOddCamera(oddity: Oddity): Promise<OddCamera> {
  const requests: string[] = []
  const waits = new Set<() => void>()
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)
    let heard = ''
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString('latin1')
      for (let end = heard.indexOf('\r\n\r\n'); end >= 0; end = heard.indexOf('\r\n\r\n')) {
        const request = heard.slice(0, end)
        heard = heard.slice(end + 4)
        requests.push(request)
        for (const wait of waits) wait()
        reply(socket, request, oddity)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy()
      server.close(() => resolve())
    })
  closeAfterTest(close)
  const asked = (start: string): Promise<string> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = requests.find((request) => request.startsWith(start))
        if (found !== undefined && waits.delete(look)) resolve(found)
      }
      waits.add(look)
      look()
    })
  return { port, requests, asked, url: () => `rtsp://127.0.0.1:${port}/odd`, close }
}

function reply(socket: Socket, request: string, oddity: Oddity): void {
  if (oddity === 'silent') return
  if (oddity === 'hang_up') return void socket.destroy()
  if (oddity === 'garbage') return void socket.write(Buffer.alloc(64 << 10, 'HTTP/1.1 nonsense '))
  const method = request.split(' ')[0]
  const cseq = /^cseq: *(\d+)/im.exec(request)?.[1] ?? '0'
  const answer = (status: string, headers: readonly string[] = [], body = ''): void => {
    socket.write([`RTSP/1.0 ${status}`, `CSeq: ${cseq}`, ...headers, ...(body ? [`Content-Length: ${body.length}`] : []), '', body].join('\r\n'))
  }
  if (method === 'OPTIONS') return answer('200 OK', ['Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN'])
  if (method === 'DESCRIBE') {
    const media = oddity === 'h263' || oddity === 'sound_only' ? SDP[oddity] : SDP.h264
    return answer('200 OK', ['Content-Type: application/sdp'], `v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=odd\r\nt=0 0\r\n${media}`)
  }
  if (method === 'SETUP' && oddity === 'only_udp' && /interleaved/i.test(request)) return answer('461 Unsupported Transport')
  if (method === 'SETUP') return answer('200 OK', [`Transport: ${/^transport: *(.*)$/im.exec(request)?.[1] ?? ''}${/client_port/i.test(request) ? ';server_port=6000-6001' : ''}`, 'Session: 1;timeout=60'])
  if (method === 'PLAY' && oddity === 'busy') return answer('453 Not Enough Bandwidth')
  return answer('200 OK', ['Session: 1'])
}
