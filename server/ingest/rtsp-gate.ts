import { randomBytes } from 'node:crypto'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { sourceAddress, type SourceAddress } from '../media/ffmpeg-args.js'
import type { Clock } from '../system/clock.js'
import { dialCamera, type Dialled, type Listen } from './dial-camera.js'
import { openFloodGuard, type FloodBounds } from './flood-guard.js'
import type { Login } from '../media/rtsp-auth.js'
import { RtspGarbage } from './rtsp-message.js'
import { openRelay, type Relay, type RelayFact } from './rtsp-relay.js'

/**
 * A door on loopback between ffmpeg and the cameras, because what ffmpeg is told stands in /proc/PID/cmdline for every user:
 * it gets an address with a token that works once, and the gate knows the rest.
 *
 *   ffmpeg ── rtsp://127.0.0.1:PORT/TOKEN ──▶ gate ── signed requests ──▶ camera
 */
export interface RtspGate {
  admit(guest: Guest): Pass
  close(): Promise<void>
}

export interface Guest {
  readonly address: SourceAddress
  readonly login: Login | null
  readonly mayConnect?: (ip: string) => boolean
  /** How long the camera's bytes may wait here before they are passed on. */
  withinMs(): number
  onFact(fact: GateFact): void
}

/** What the gate saw; more exact than any sentence that ffmpeg prints about it. */
export type GateFact = RelayFact | { readonly kind: 'connected'; readonly fingerprint: string | null } | Exclude<Dialled, { readonly kind: 'connected' }> | { readonly kind: 'hung_up' } | { readonly kind: 'flooding'; readonly words: string }

export interface Pass {
  /** What ffmpeg is given. */
  readonly address: SourceAddress
  /** Ends the session's sockets, if it came, with a TEARDOWN to the camera. */
  close(): void
}

const CONNECT_MS_MAX = 5_000
/** A request line that has not come by then comes from no ffmpeg of ours. */
const FIRST_WORDS_MS_MAX = 5_000
const FIRST_WORDS_BYTES_MAX = 8 << 10
const GOODBYE_MS_MAX = 1_000

export async function openRtspGate(clock: Clock, flood: FloodBounds): Promise<RtspGate> {
  const guests = new Map<string, Guest>()
  const open = new Map<string, () => void>()
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    sockets.add(client)
    client.on('close', () => sockets.delete(client))
    client.on('error', () => undefined)
    client.setNoDelay(true)
    readToken(clock, client, (token, first) => {
      const guest = guests.get(token)
      // One use: a neighbour on this machine who reads the token from /proc comes too late.
      guests.delete(token)
      if (!guest) return void client.destroy()
      const gate = gateAddress(server.address() as AddressInfo, token)
      open.set(token, seat(clock, { client, first, gate, guest, flood }))
      client.on('close', () => open.delete(token))
    })
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  return {
    admit(guest) {
      const token = randomBytes(18).toString('base64url')
      guests.set(token, guest)
      return {
        address: gateAddress(server.address() as AddressInfo, token),
        close() {
          guests.delete(token)
          open.get(token)?.()
        },
      }
    },
    async close() {
      guests.clear()
      for (const end of open.values()) end()
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

function gateAddress(at: AddressInfo, token: string): SourceAddress {
  const address = sourceAddress(`rtsp://127.0.0.1:${at.port}/${token}`)
  if ('fault' in address) throw new Error(`the gate made an address that is none: ${address.fault}`)
  return address.ok
}

/** Waits for the first request line and takes the token out of it. */
function readToken(clock: Clock, client: Socket, act: (token: string, first: Buffer) => void): void {
  let heard = Buffer.alloc(0)
  const cancel = clock.after(FIRST_WORDS_MS_MAX, () => client.destroy())
  client.on('close', cancel)
  const listen = (chunk: Buffer): void => {
    heard = Buffer.concat([heard, chunk])
    const line = /^[A-Z_]+ rtsp:\/\/127\.0\.0\.1:\d+\/([\w-]{24})[/ ?]/.exec(heard.toString('latin1', 0, 400))
    if (line?.[1] !== undefined) {
      cancel()
      client.off('data', listen)
      client.pause()
      act(line[1], heard)
    } else if (heard.length > FIRST_WORDS_BYTES_MAX || heard.includes('\n')) client.destroy()
  }
  client.on('data', listen)
}

/** Connects the camera for a client that showed its token; returns what ends both. */
function seat(clock: Clock, table: { readonly client: Socket; readonly first: Buffer; readonly gate: string; readonly guest: Guest; readonly flood: FloodBounds }): () => void {
  const { client, guest } = table
  let camera: Socket | null = null
  let relay: Relay | null = null
  let ended = false
  const end = (): void => {
    if (ended) return
    ended = true
    client.destroy()
    const leaving = camera
    if (!leaving) return
    relay?.teardown()
    leaving.end()
    const cancel = clock.after(GOODBYE_MS_MAX, () => leaving.destroy())
    leaving.once('close', cancel)
    leaving.resume()
  }
  const hear = (chunk: Buffer): void => {
    try {
      relay?.fromClient(chunk)
    } catch (error) {
      if (!(error instanceof RtspGarbage)) throw error
      guest.onFact({ kind: 'garbage', words: error.message })
      end()
    }
  }
  /** What a camera sends is counted before anything is done with it. */
  const guarded = ({ listen, socket }: Extract<Dialled, { readonly kind: 'connected' }>): Listen => {
    const guard = openFloodGuard(table.flood)
    return (onBytes) =>
      listen((bytes) => {
        const words = guard.add(bytes.length, 0, clock.monotonicMs())
        if (words === null) return onBytes(bytes)
        if (!ended) guest.onFact({ kind: 'flooding', words })
        end()
        // No goodbye: until it had heard it, it would flood on.
        socket.destroy()
      })
  }
  client.on('close', end)
  void dialCamera(clock, { address: guest.address, connectMsMax: CONNECT_MS_MAX, ...(guest.mayConnect ? { mayConnect: guest.mayConnect } : {}) }).then((dialled) => {
    if (dialled.kind !== 'connected') {
      if (!ended) guest.onFact(dialled)
      return end()
    }
    camera = dialled.socket
    if (ended) return void camera.destroy()
    guest.onFact({ kind: 'connected', fingerprint: dialled.fingerprint })
    relay = openRelay({ clock, client, camera, listen: guarded(dialled), peer: dialled.peer, pair: { gate: table.gate, camera: guest.address }, login: guest.login, withinMs: () => guest.withinMs(), onFact: (fact) => guest.onFact(fact) })
    camera.on('error', () => undefined)
    camera.on('close', () => {
      if (!ended) guest.onFact({ kind: 'hung_up' })
      end()
    })
    hear(table.first)
    client.on('data', hear)
    client.resume()
  })
  return end
}
