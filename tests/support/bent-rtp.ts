import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { closeAfterTest } from './rtsp-server.js'

/** The RTP time of picture `picture` (counted from 0) as the client shall see it; it was `time`. */
export type Bend = (time: number, picture: number) => number

/** Of video in RTP (RFC 3551). */
export const RTP_HZ = 90_000

/** What clocks of cameras have been seen to do (T10), each from the thirtieth picture on. */
export const BENDS: readonly (readonly [name: string, bend: Bend])[] = [
  ['as it is', (time) => time],
  ['that jumps by 2^31 and stays there', (time, picture) => time + (picture >= 30 ? 2 ** 31 : 0)],
  ['that jumps by 2^31 and comes back', (time, picture) => time + (picture >= 30 && picture < 55 ? 2 ** 31 : 0)],
  ['that goes back by 5 s', (time, picture) => time - (picture >= 30 ? 5 * RTP_HZ : 0) + 2 ** 32],
  ['that goes ahead by an hour', (time, picture) => time + (picture >= 30 ? 3600 * RTP_HZ : 0)],
  ['that is zero for a second', (time, picture) => (picture >= 30 && picture < 55 ? 0 : time)],
  ['that wraps at 2^32', (time, picture) => 2 ** 32 - 2 * RTP_HZ + picture * 3_600 + 0 * time],
]

/** A wire between a client and an RTSP server that bends the time stamps of the video (interleaved channel 0), as sick cameras do. */
export async function startBentRtp(serverPort: number, bend: Bend): Promise<{ readonly port: number; readonly pictures: () => number; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  let pictures = -1
  const server = createServer((client) => {
    const camera = connect({ host: '127.0.0.1', port: serverPort })
    for (const socket of [client, camera]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
    }
    client.on('data', (chunk: Buffer) => camera.write(chunk)).on('close', () => camera.destroy())
    let held: Buffer = Buffer.alloc(0)
    let last: number | null = null
    camera.on('close', () => client.destroy()).on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk])
      for (let piece = cut(held); piece; piece = cut(held)) {
        held = held.subarray(piece.length)
        if (piece[0] === 0x24 && piece[1] === 0) {
          const time = piece.readUInt32BE(8)
          if (time !== last) pictures += 1
          last = time
          piece.writeUInt32BE(bend(time, pictures) % 2 ** 32 >>> 0, 8)
        }
        client.write(piece)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy()
      server.close(() => resolve())
    })
  closeAfterTest(close)
  return { port: (server.address() as AddressInfo).port, pictures: () => pictures, close }
}

/** The next whole interleaved frame or RTSP message, as a copy; null while it is not whole. */
function cut(held: Buffer): Buffer | null {
  if (held[0] === 0x24) {
    const size = held.length >= 4 ? 4 + held.readUInt16BE(2) : Infinity
    return held.length >= size ? Buffer.from(held.subarray(0, size)) : null
  }
  const end = held.indexOf('\r\n\r\n')
  if (end < 0) return null
  const body = Number(/content-length: *(\d+)/i.exec(held.toString('latin1', 0, end))?.[1] ?? 0)
  return held.length >= end + 4 + body ? Buffer.from(held.subarray(0, end + 4 + body)) : null
}
