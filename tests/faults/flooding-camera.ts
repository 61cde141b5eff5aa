import { createServer, type Socket } from 'node:net'
import { systemClock } from '../../server/system/clock.js'

/**
 * A process of its own: a camera that plays pictures at so many megabits a second, or one that hangs up `closeMs` after each
 * connection. Prints {"port": N}.
 */
/** `units`: parameter sets and a key picture of a real stream, base64; without them ffmpeg would not begin. */
const { megabits = 0, closeMs = 0, units = [] } = JSON.parse(process.argv[2] ?? '{}') as { readonly megabits?: number; readonly closeMs?: number; readonly units?: readonly string[] }
const [sps = '', pps = ''] = units

const SDP = `v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=flood\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1;sprop-parameter-sets=${sps},${pps}\r\na=control:track1\r\n`
const TICK_MS = 20

function reply(socket: Socket, request: string): void {
  const method = request.split(' ')[0] ?? ''
  const answer = (headers: readonly string[], body = ''): void => void socket.write(['RTSP/1.0 200 OK', `CSeq: ${/^cseq: *(\d+)/im.exec(request)?.[1] ?? '0'}`, ...headers, ...(body ? [`Content-Length: ${body.length}`] : []), '', body].join('\r\n'))
  if (method === 'DESCRIBE') return answer(['Content-Type: application/sdp'], SDP)
  if (method === 'SETUP') return answer([`Transport: ${/^transport: *(.*)$/im.exec(request)?.[1] ?? ''}`, 'Session: 1;timeout=60'])
  answer(['Session: 1', 'Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN'])
  if (method === 'PLAY') flood(socket)
}

/** The same key picture again and again, a unit a packet, whether the other side keeps up or not, within the socket's own bounds. */
function flood(socket: Socket): void {
  const nals = units.map((unit) => Buffer.from(unit, 'base64'))
  const pictureBytes = nals.reduce((sum, nal) => sum + 16 + nal.length, 0)
  const each = Math.ceil((megabits * 125_000 * TICK_MS) / 1_000 / pictureBytes)
  let [sequence, picture] = [0, 0]
  const stop = systemClock.every(TICK_MS, () => {
    for (let sent = 0; sent < each && socket.writableLength < 4 << 20; sent += 1) {
      picture += 1
      for (const [index, nal] of nals.entries()) {
        sequence += 1
        const frame = Buffer.alloc(16 + nal.length)
        frame.writeUInt32BE(0x2400_0000 + 12 + nal.length, 0)
        frame.writeUInt32BE((index === nals.length - 1 ? 0x80e0_0000 : 0x8060_0000) + (sequence & 0xffff), 4)
        frame.writeUInt32BE((picture * 300) >>> 0, 8)
        nal.copy(frame, 16)
        socket.write(frame)
      }
    }
  })
  socket.on('close', stop)
}

const server = createServer((socket) => {
  let heard = ''
  socket.on('error', () => undefined)
  if (closeMs > 0) systemClock.after(closeMs, () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    heard += chunk.toString('latin1')
    for (let end = heard.indexOf('\r\n\r\n'); end >= 0; end = heard.indexOf('\r\n\r\n')) {
      const request = heard.slice(0, end)
      heard = heard.slice(end + 4)
      if (/^[A-Z_]+ rtsp:/.test(request)) reply(socket, request)
    }
  })
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ port: (server.address() as { readonly port: number }).port })}\n`))
