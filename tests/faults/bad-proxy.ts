import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { systemClock } from '../../server/system/clock.js'
import { closeAfterTest } from '../support/rtsp-server.js'
import { seeded } from './seeded.js'

/** A bad network between us and a camera: what comes through it is late, thin, spoilt, or nothing at all. */
export interface BadProxy {
  url(path: string): string
  /** FIN to both, or RST. */
  cut(how: 'fin' | 'reset'): void
  /** Half-open: connections stay, new ones are taken, and nothing comes through any more, until `go`. */
  hold(): void
  go(): void
  /** Bytes that were changed so far. */
  readonly spoilt: number
  close(): Promise<void>
}

export interface Badness {
  readonly delayMs?: number
  readonly bytesPerSecondMax?: number
  /** One byte in so many of what the camera sends is changed, drawn from the seed. */
  readonly spoil?: { readonly seed: number; readonly oneIn: number }
}

export async function openBadProxy(cameraPort: number, badness: Badness = {}): Promise<BadProxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  const chance = seeded(badness.spoil?.seed ?? 0)
  let spoilt = 0
  let held = false

  function spoil(bytes: Buffer): Buffer {
    if (!badness.spoil) return bytes
    const oneIn = badness.spoil.oneIn
    const changed = Buffer.from(bytes)
    for (let at = Math.floor(chance() * 2 * oneIn); at < changed.length; at += 1 + Math.floor(chance() * 2 * oneIn)) {
      changed[at] = Math.floor(chance() * 256)
      spoilt += 1
    }
    return changed
  }

  function carry(from: Socket, to: Socket, fromCamera: boolean): void {
    from.on('error', () => undefined).on('close', () => to.destroy()).on('end', () => to.end())
    from.on('data', (chunk: Buffer) => {
      if (held) return
      const bytes = fromCamera ? spoil(chunk) : chunk
      const slow = fromCamera && badness.bytesPerSecondMax ? (bytes.length * 1_000) / badness.bytesPerSecondMax : 0
      const lateMs = (badness.delayMs ?? 0) + slow
      if (lateMs === 0) return void to.write(bytes)
      // One piece at a time: order is kept, and the camera feels the narrowness.
      from.pause()
      systemClock.after(lateMs, () => {
        if (!to.destroyed && !held) to.write(bytes)
        from.resume()
      })
    })
  }

  const server = createServer((client) => {
    const camera = connect({ host: '127.0.0.1', port: cameraPort })
    const pair = [client, camera] as const
    pairs.add(pair)
    client.on('close', () => pairs.delete(pair))
    carry(client, camera, false)
    carry(camera, client, true)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      for (const pair of pairs) for (const socket of pair) socket.destroy()
      server.close(() => resolve())
    })
  closeAfterTest(close)
  return {
    url: (path) => `rtsp://127.0.0.1:${port}${path}`,
    cut(how) {
      for (const [client, camera] of pairs) {
        if (how === 'fin') client.end()
        else client.resetAndDestroy()
        camera.destroy()
      }
    },
    hold: () => void (held = true),
    go: () => void (held = false),
    get spoilt() {
      return spoilt
    },
    close,
  }
}
