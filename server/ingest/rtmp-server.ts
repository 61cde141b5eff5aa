import { createServer, type Server, type Socket } from 'node:net'
import context from 'node-media-server/src/core/context.js'
import logger from 'node-media-server/src/core/logger.js'
import NodeRtmpServer, { type RtmpSession } from 'node-media-server/src/server/rtmp_server.js'
import type { Clock } from '../system/clock.js'
import { makeNetworkList, plainIp } from '../system/networks.js'
import { ownerOfPushKey } from '../system/push-key.js'
import type { MediaFrame } from './media-frames.js'
import { CONNECTION_BOUNDS, guardConnection, type ConnectionBounds, type RtmpConnection } from './rtmp-connection.js'
import type { AdmittedStream, TurnedAway } from './rtmp-messages.js'
import { openTryBook, TRY_BOUNDS, type TryBounds } from './push-tries.js'

export interface RtmpBounds extends ConnectionBounds, TryBounds {
  /** Strangers at the door at once, from everywhere and from one address; a recorder may bring 32 channels from one. */
  readonly unprovenMax: number
  readonly unprovenPerAddressMax: number
}

export const RTMP_BOUNDS: RtmpBounds = { ...CONNECTION_BOUNDS, ...TRY_BOUNDS, unprovenMax: 128, unprovenPerAddressMax: 48 }

export interface RtmpServer {
  /** Whoever publishes and is not in the list, or is with another key, is let go at once. */
  setStreams(streams: readonly AdmittedStream[]): void
  drop(publisher: number): void
  listen(at: { readonly host: string; readonly port: number }, told: { listening(port: number): void; shut(code: string): void }): void
  turnedAway(): TurnedAway
  unproven(): number
}

interface Publisher {
  readonly number: number
  readonly stream: AdmittedStream
  readonly connection: RtmpConnection
  readonly session: RtmpSession
  told: boolean
}

/**
 * node-media-server as a reader of RTMP and nothing else: of the package only its RTMP server is loaded. Its front door would
 * bring its store (./data), its HTTP server (which a stranger can crash with one name), its relays (which crash by
 * themselves), and a listener that ends the process when the port is taken. We listen ourselves and hand it sockets; it
 * hands us the publisher's FLV. It is one per process, as is its context.
 */
export function openRtmpServer({ clock, onFrame, bounds = RTMP_BOUNDS }: { readonly clock: Clock; readonly onFrame: (frame: MediaFrame) => void; readonly bounds?: RtmpBounds }): RtmpServer {
  // It logs the names that strangers offer, right keys among them, on standard output.
  logger.log = () => undefined
  context.config = { auth: { publish: true, play: true, secret: 'not used: verifyAuth is ours' } }
  const library = new NodeRtmpServer()
  const away: Record<keyof TurnedAway, number> = { wrongKey: 0, locked: 0, crowded: 0, garbage: 0, late: 0, taken: 0 }
  const book = openTryBook(bounds)
  const connections = new Map<Socket, RtmpConnection>()
  const publishers = new Map<Socket, Publisher>()
  let admitted: readonly (AdmittedStream & { allows(ip: string): boolean })[] = []
  let numbers = 0

  const refuse = (session: RtmpSession, connection: RtmpConnection | undefined, why: 'wrongKey' | 'taken'): false => {
    away[why] += 1
    if (why === 'wrongKey' && connection) book.noteWrong(connection.ip, clock.monotonicMs())
    // Destroyed here, inside the parser's own call: the cuts that follow are not read (see rtmp-connection).
    session.socket.destroy()
    const { broadcast } = session
    if (!broadcast.publisher && broadcast.subscribers.size === 0) context.broadcasts.delete(broadcast.streamPath)
    return false
  }

  /** The one place where a stranger becomes a publisher. Called by the library, synchronously, before it takes a slot. */
  const mayPublish = (session: RtmpSession): boolean => {
    const connection = connections.get(session.socket)
    if (!connection || connection.socket.destroyed || connection.proven) return refuse(session, connection, 'wrongKey')
    const stream = session.streamApp === APP ? ownerOfPushKey(session.streamName, admitted) : null
    if (!stream?.allows(connection.ip)) return refuse(session, connection, 'wrongKey')
    if ([...publishers.values()].some((other) => other.stream.streamId === stream.streamId)) return refuse(session, connection, 'taken')
    connection.proven = true
    publishers.set(session.socket, { number: (numbers += 1), stream, connection, session, told: false })
    return true
  }

  context.eventEmitter.on('prePublish', (session) => {
    session.broadcast.verifyAuth = (_secret, asking) => mayPublish(asking)
    // It would keep the path for 30 s, for a resume of its own that shifts the time line; ours is mended by media/time-line.
    session.broadcast.publishGraceMs = 0
  })
  context.eventEmitter.on('prePlay', (session) => {
    session.broadcast.verifyAuth = (_secret, asking) => refuse(asking, connections.get(asking.socket), 'wrongKey')
  })

  /** After each cut: a publisher that has just taken its slot is told of and read; nothing else is kept of its pictures. */
  const afterCut = ({ socket }: RtmpConnection): void => {
    const publisher = publishers.get(socket)
    if (!publisher) return
    const { session, number, stream } = publisher
    if (!publisher.told) {
      if (session.broadcast.publisher !== session) return void refuse(session, publisher.connection, 'taken')
      publisher.told = true
      onFrame({ kind: 'began', publisher: number, streamId: stream.streamId, from: publisher.connection.ip })
      session.broadcast.postPlay({ id: `ours-${number}`, ip: '', protocol: 'flv', sendBuffer: (tag) => tag[0] === VIDEO_TAG && onFrame({ kind: 'video', publisher: number, tag }) })
    }
    // Its caches serve viewers, and it has none.
    session.broadcast.flvGopCache = null
    session.broadcast.rtmpGopCache = null
  }

  const onEnded = ({ socket }: RtmpConnection, because: 'late' | 'garbage' | null): void => {
    connections.delete(socket)
    if (because) away[because] += 1
    const publisher = publishers.get(socket)
    if (!publisher) return
    publishers.delete(socket)
    publisher.session.broadcast.subscribers.delete(`ours-${publisher.number}`)
    if (publisher.told) onFrame({ kind: 'ended', publisher: publisher.number })
  }

  const unproven = (): readonly RtmpConnection[] => [...connections.values()].filter(({ proven }) => !proven)
  const take = (socket: Socket): void => {
    const ip = plainIp(socket.remoteAddress)
    const waiting = unproven()
    const locked = book.isLocked(ip, clock.monotonicMs())
    if (locked || waiting.length >= bounds.unprovenMax || waiting.filter((other) => other.ip === ip).length >= bounds.unprovenPerAddressMax) {
      away[locked ? 'locked' : 'crowded'] += 1
      socket.on('error', () => undefined).destroy()
      return
    }
    library.handleRequest(socket)
    const session = [...context.sessions.values()].findLast((one) => one.socket === socket)
    if (!session) throw new Error('the RTMP library made no session of a socket')
    connections.set(socket, guardConnection(socket, { ip, messages: session.rtmp.inPackets, clock, bounds, onCut: afterCut, onEnded }))
  }

  return {
    setStreams(streams) {
      admitted = streams.map((stream) => ({ ...stream, allows: stream.networks.length === 0 ? () => true : makeNetworkList(stream.networks) }))
      for (const { stream, connection } of publishers.values()) {
        const now = admitted.find(({ streamId }) => streamId === stream.streamId)
        if (now?.keyHash !== stream.keyHash || !now.allows(connection.ip)) connection.end()
      }
    },
    drop(number) {
      for (const publisher of publishers.values()) if (publisher.number === number) publisher.connection.end()
    },
    listen({ host, port }, told) {
      const server: Server = createServer(take)
      server.once('error', (fault: NodeJS.ErrnoException) => told.shut(fault.code ?? fault.name))
      server.listen(port, host, () => {
        const address = server.address()
        told.listening(typeof address === 'object' && address ? address.port : port)
      })
    },
    turnedAway: () => ({ ...away }),
    unproven: () => unproven().length,
  }
}

/** `rtmp://host/live/KEY`: encoders ask for an address and a key apart, and this is what they expect to stand before the key. */
const APP = 'live'
const VIDEO_TAG = 9
