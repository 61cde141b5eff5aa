import type { Socket } from 'node:net'
import type { Clock } from '../system/clock.js'

export interface ConnectionBounds {
  /** From connect until a key was accepted: a slow-loris has so long, and no longer. */
  readonly provenMsMax: number
  /** A handshake (3 kB) and the commands up to publish (1 kB); room for talkative encoders. */
  readonly unprovenBytesMax: number
  /** What one connection may have under way: memory is asked for by the length that a stranger writes, before it sends a byte. */
  readonly messagesMax: number
  readonly messageBytesMax: number
}

export const CONNECTION_BOUNDS: ConnectionBounds = { provenMsMax: 10_000, unprovenBytesMax: 16 << 10, messagesMax: 64, messageBytesMax: 8 << 20 }

/** An unproven stranger is read in small cuts and looked at after each: one chunk of 64 kB could ask for gigabytes. */
const CUT_BYTES = 128
const UNPROVEN_MESSAGE_BYTES_MAX = 64 << 10

export type EndedBecause = 'late' | 'garbage'

/** What the library's parser has under way for one socket, by chunk stream. */
export type Messages = ReadonlyMap<number, { readonly capacity: number }>

export interface RtmpConnection {
  readonly socket: Socket
  readonly ip: string
  proven: boolean
  end(): void
}

/**
 * One socket between a stranger and the library's parser. The parser throws on garbage, and a throw in an event of a socket
 * ends the process with every camera in it; so its listener is taken off, and called from here.
 */
export function guardConnection(socket: Socket, options: { readonly ip: string; readonly messages: Messages; readonly clock: Clock; readonly bounds: ConnectionBounds; onCut(connection: RtmpConnection): void; onEnded(connection: RtmpConnection, because: EndedBecause | null): void }): RtmpConnection {
  const { bounds, messages } = options
  const listeners = socket.listeners('data') as ((chunk: Buffer) => void)[]
  socket.removeAllListeners('data')
  let because: EndedBecause | null = null
  let bytes = 0
  const stopWaiting = options.clock.after(bounds.provenMsMax, () => {
    if (!connection.proven) end('late')
  })
  const end = (why: EndedBecause | null = null): void => {
    because ??= why
    socket.destroy()
  }
  const connection: RtmpConnection = { socket, ip: options.ip, proven: false, end: () => end() }

  socket.on('data', (chunk: Buffer) => {
    try {
      for (let at = 0; at < chunk.length && !socket.destroyed; ) {
        const cut = connection.proven ? chunk.subarray(at) : chunk.subarray(at, at + CUT_BYTES)
        at += cut.length
        bytes += cut.length
        for (const listener of listeners) listener.call(socket, cut)
        options.onCut(connection)
        if (tooMuch({ proven: connection.proven, messages, bytes }, bounds)) return end('garbage')
      }
    } catch {
      // Whatever the parser fell over, its words may hold the key: they are not kept.
      end('garbage')
    }
  })
  socket.on('error', () => undefined)
  socket.once('close', () => {
    stopWaiting()
    options.onEnded(connection, because)
  })
  return connection
}

function tooMuch({ proven, messages, bytes }: { readonly proven: boolean; readonly messages: Messages; readonly bytes: number }, bounds: ConnectionBounds): boolean {
  if (!proven && bytes > bounds.unprovenBytesMax) return true
  if (messages.size > bounds.messagesMax) return true
  let total = 0
  for (const { capacity } of messages.values()) total += capacity
  return total > (proven ? bounds.messageBytesMax : UNPROVEN_MESSAGE_BYTES_MAX)
}
