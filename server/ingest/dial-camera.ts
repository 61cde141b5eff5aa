import { lookup } from 'node:dns/promises'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Clock } from '../system/clock.js'
import { READ_BYTES } from './rest.js'

export type DialFault = 'refused' | 'unreachable' | 'timed_out' | 'not_allowed'

/** What the camera sends. The bytes are the listener's for the length of the call only: the same memory is read into again. */
export type Listen = (onBytes: (bytes: Buffer) => void) => void

export type Dialled =
  | { readonly kind: 'connected'; readonly socket: Socket; readonly peer: string; readonly fingerprint: string | null; readonly listen: Listen }
  | { readonly kind: DialFault; readonly words: string }

export interface Dial {
  /** rtsp:// or rtsps:// address, as checked by media/ffmpeg-args. */
  readonly address: string
  readonly connectMsMax: number
  /** Asked with the resolved IP, which is then the one connected to: a name that changes its mind cannot lead elsewhere (S8). */
  readonly mayConnect?: (ip: string) => boolean
}

/**
 * Connects to a camera. rtsps is encrypted but not authenticated by default: cameras carry certificates of their own making;
 * the fingerprint is handed on so that the caller may pin it (ffmpeg 5.1 accepts any, even with -tls_verify 1, measured).
 */
export async function dialCamera(clock: Clock, dial: Dial): Promise<Dialled> {
  const url = new URL(dial.address)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const secure = url.protocol === 'rtsps:'
  const port = url.port === '' ? (secure ? 322 : 554) : Number(url.port)
  const ip = isIP(host) ? host : await resolve(host)
  if (ip === null) return { kind: 'unreachable', words: `no address found for the name ${host}` }
  if (dial.mayConnect && !dial.mayConnect(ip)) return { kind: 'not_allowed', words: `${ip} is outside of the networks that cameras may be in` }
  let hear: (bytes: Buffer) => void = () => undefined
  // Node would make 64 KiB of new memory for each read; at 16 cameras its collector then costs more than all else (measured).
  const onread = { buffer: Buffer.allocUnsafeSlow(READ_BYTES), callback: (count: number, bytes: Uint8Array) => (hear(Buffer.from(bytes.buffer, bytes.byteOffset, count)), true) }
  return new Promise((settle) => {
    const socket = secure ? connectTls({ host: ip, port, rejectUnauthorized: false, ...(isIP(host) ? {} : { servername: host }) }) : connect({ host: ip, port, onread })
    const ready = secure ? 'secureConnect' : 'connect'
    const finish = (outcome: Dialled): void => {
      cancel()
      socket.off('error', onError).off(ready, onReady)
      // A socket that nobody listens to any more must not throw.
      socket.on('error', () => undefined)
      if (outcome.kind !== 'connected') socket.destroy()
      settle(outcome)
    }
    const onError = (error: NodeJS.ErrnoException): void => finish({ kind: faultOf(error.code), words: `${error.code ?? error.message} from ${ip} port ${port}` })
    const onReady = (): void => {
      socket.setNoDelay(true)
      const listen: Listen = (onBytes) => {
        hear = onBytes
        if (secure) socket.on('data', onBytes)
      }
      finish({ kind: 'connected', socket, peer: ip, fingerprint: fingerprintOf(socket), listen })
    }
    const cancel = clock.after(dial.connectMsMax, () => finish({ kind: 'timed_out', words: `no answer from ${ip} port ${port} within ${dial.connectMsMax} ms` }))
    socket.on('error', onError).on(ready, onReady)
  })
}

async function resolve(host: string): Promise<string | null> {
  try {
    return (await lookup(host)).address
  } catch {
    return null // the name is unknown or the resolver is away: "unreachable" either way
  }
}

function faultOf(code: string | undefined): DialFault {
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET') return 'refused'
  if (code === 'ETIMEDOUT') return 'timed_out'
  return 'unreachable'
}

function fingerprintOf(socket: Socket): string | null {
  if (!('getPeerCertificate' in socket) || typeof socket.getPeerCertificate !== 'function') return null
  const certificate = socket.getPeerCertificate() as { readonly fingerprint256?: string } | null
  return certificate?.fingerprint256 ?? null
}
