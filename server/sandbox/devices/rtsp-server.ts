import { createServer, type Server, type Socket } from 'node:net'
import type { Clock } from '../../system/clock.js'
import type { Log } from '../../system/log.js'
import type { DigestGate } from './digest-gate.js'
import type { Feed } from './feed.js'
import { answerRtsp, type RtspDesk } from './rtsp-answers.js'
import { isReceiverReport } from './rtp-packets.js'
import { openSession, UNREAD_BYTES_MAX, type Session } from './rtsp-session.js'
import { makeRtspReader, writeAnswer, type RtspAnswer } from './rtsp-wire.js'
import type { Timeline } from './timeline.js'
import { openUdpPair, type UdpPair } from './udp-pair.js'

/** The RTSP side of one virtual camera: connections, sessions and their timeouts. */
export interface RtspServer {
  readonly port: number
  readonly sessions: number
  /** `mute` reads and answers nothing; `down` resets what is open and refuses what comes. */
  setOutage(outage: 'none' | 'mute' | 'down'): Promise<void>
  /** Ends all connections, as a camera does when its password changes. */
  dropAll(): void
  close(): Promise<void>
}

export interface RtspStream {
  readonly feed: Feed
  describe(): string
}

export interface RtspServerOptions {
  readonly address: string
  readonly port: number
  readonly name: string
  readonly gate: DigestGate
  readonly streams: ReadonlyMap<string, RtspStream>
  readonly timeline: Timeline
  readonly clock: Clock
  readonly log: Log
  readonly deviceWallMs: () => number
  readonly sessionMsMax?: number
}

const SESSION_MS_MAX = 60_000
/** Small cameras allow few viewers; ours must carry recorders, walls and tests at once, and still have an end. */
const SESSIONS_MAX = 32
const CONNECTIONS_MAX = 64
const SWEEP_MS = 1000

interface Connection {
  readonly socket: Socket
  lastHeardMs: number
}

export async function startRtspServer(options: RtspServerOptions): Promise<RtspServer> {
  const { address, clock } = options
  const hall = makeHall(options)
  let server: Server | null = await listen(hall.accept, address, options.port)
  const bound = server.address()
  const port = bound !== null && typeof bound === 'object' ? bound.port : options.port
  const stopSweep = clock.every(SWEEP_MS, () => hall.sweep())
  const shut = async (): Promise<void> => {
    const old = server
    server = null
    const closed = old ? new Promise<void>((resolve) => old.close(() => resolve())) : undefined
    hall.dropAll()
    await closed
  }
  return {
    port,
    get sessions() { return hall.sessions.size },
    async setOutage(outage) {
      hall.mute = outage === 'mute'
      if (outage === 'down') await shut()
      else server ??= await listen(hall.accept, address, port)
    },
    dropAll: () => hall.dropAll(),
    async close() {
      stopSweep()
      await shut()
      hall.close()
    },
  }
}

/** All connections and sessions of the camera, whether its port is open at the moment or not. */
interface Hall {
  mute: boolean
  readonly sessions: ReadonlyMap<string, Session>
  accept(this: void, socket: Socket): void
  /** Ends what has not been heard of for too long. */
  sweep(): void
  dropAll(): void
  close(): void
}

function makeHall(options: RtspServerOptions): Hall {
  const { clock, log, deviceWallMs, name } = options
  const sessionMsMax = options.sessionMsMax ?? SESSION_MS_MAX
  const sessions = new Map<string, Session>()
  const connections = new Set<Connection>()
  const { desk, closeUdp } = makeDesk(options, sessions, Math.round(sessionMsMax / 1000))
  const hall: Hall = {
    mute: false,
    sessions,
    accept(socket) {
      if (connections.size >= CONNECTIONS_MAX) return void socket.destroy()
      const connection: Connection = { socket, lastHeardMs: clock.monotonicMs() }
      connections.add(connection)
      socket.setNoDelay(true)
      socket.on('error', () => undefined) // a reset by the viewer: 'close' follows and does the rest
      socket.on('close', () => {
        connections.delete(connection)
        endInterleaved(sessions, socket)
      })
      converse(connection, desk, { deafen: () => hall.mute, now: () => clock.monotonicMs(), deviceWallMs, name, log })
    },
    sweep() {
      const oldestMs = clock.monotonicMs() - sessionMsMax
      for (const session of sessions.values()) {
        if (session.lastSeenMs >= oldestMs) continue
        session.end()
        sessions.delete(session.id)
        if (session.transport.kind === 'interleaved') session.socket.destroy()
      }
      for (const { socket, lastHeardMs } of connections) {
        const used = [...sessions.values()].some((session) => session.socket === socket)
        if (!used && lastHeardMs < oldestMs) socket.destroy()
      }
    },
    dropAll() {
      for (const session of sessions.values()) session.end()
      sessions.clear()
      for (const { socket } of connections) socket.resetAndDestroy()
    },
    close: closeUdp,
  }
  return hall
}

function makeDesk(options: RtspServerOptions, sessions: Map<string, Session>, sessionS: number): { readonly desk: RtspDesk; closeUdp(this: void): void } {
  const { address, streams, timeline, clock, deviceWallMs, name } = options
  let udp: UdpPair | null = null
  let udpOpening: Promise<UdpPair> | null = null
  const openUdp = async (): Promise<UdpPair> => {
    udpOpening ??= openUdpPair(address, (bytes, from) => {
      for (const { transport, socket, touch } of sessions.values()) {
        if (transport.kind === 'udp' && transport.rtcpPort === from.port && sameHost(socket, from.address) && isReceiverReport(bytes)) touch()
      }
    })
    return (udp = await udpOpening)
  }
  const desk: RtspDesk = {
    gate: options.gate,
    sessionS,
    sessionsMax: SESSIONS_MAX,
    paths: [...streams.keys()],
    sessions,
    describe: (path) => streams.get(path)?.describe() ?? '',
    serverPorts: () => (udp ? `${udp.rtpPort}-${udp.rtcpPort}` : ''),
    async open(path, transport, socket) {
      const stream = streams.get(path)
      if (!stream) throw new Error(`no stream at ${path}`)
      const session = openSession({ path, transport, socket, feed: stream.feed, timeline, clock, udp: transport.kind === 'udp' ? await openUdp() : null, deviceWallMs, name })
      sessions.set(session.id, session)
      if (socket.destroyed) endInterleaved(sessions, socket) // it hung up while the ports were opened
      return session
    },
  }
  return { desk, closeUdp: () => udp?.close() }
}

/** A UDP session may outlive its connection until its timeout (RFC 2326 1.1: a session is not a connection). */
function endInterleaved(sessions: Map<string, Session>, socket: Socket): void {
  for (const session of sessions.values()) {
    if (session.socket !== socket || session.transport.kind === 'udp') continue
    session.end()
    sessions.delete(session.id)
  }
}

interface Manner {
  deafen(): boolean
  now(): number
  deviceWallMs(): number
  readonly name: string
  readonly log: Log
}

/** Answers one connection's requests in order; while one is answered the socket is paused, so nothing piles up. */
function converse(connection: Connection, desk: RtspDesk, manner: Manner): void {
  const { socket } = connection
  const read = makeRtspReader()
  let nextChannel = 0
  const asking = { socket, freeChannel: () => (nextChannel += 2) - 2 }
  const reply = (answer: RtspAnswer, cseq: string | undefined): void => {
    if (!socket.writable) return
    const always = { ...(cseq === undefined ? {} : { CSeq: cseq.replace(/[^\x20-\x7e]/g, '') }), Server: manner.name, Date: new Date(manner.deviceWallMs()).toUTCString() }
    socket.write(writeAnswer(answer, always))
  }
  const hear = async (chunk: Buffer): Promise<void> => {
    for (const news of read(chunk)) {
      if (news.kind === 'broken') {
        reply({ status: news.status }, undefined)
        return void socket.end()
      }
      if (news.kind === 'interleaved') {
        for (const session of desk.sessions.values()) {
          if (session.socket === socket && session.transport.kind === 'interleaved' && session.transport.rtcpChannel === news.channel && isReceiverReport(news.bytes)) session.touch()
        }
        continue
      }
      const answer = await answerRtsp(desk, news.request, asking)
      reply(answer, news.request.headers.get('cseq'))
      answer.afterwards?.()
      // Somebody who asks and asks and never reads is not a viewer.
      if (socket.writableLength > 2 * UNREAD_BYTES_MAX) return void socket.destroy()
    }
  }
  socket.on('data', (chunk) => {
    connection.lastHeardMs = manner.now()
    if (manner.deafen()) return
    socket.pause()
    hear(chunk)
      .catch((error: unknown) => {
        manner.log.error({ error }, 'a virtual camera could not answer an RTSP request')
        reply({ status: 500 }, undefined)
        socket.destroy()
      })
      .finally(() => socket.resume())
  })
}

function sameHost(socket: Socket, address: string): boolean {
  return socket.remoteAddress === undefined || socket.remoteAddress === address
}

function listen(accept: (socket: Socket) => void, address: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(accept)
    server.once('error', (cause) => reject(new Error(`RTSP port ${port} on ${address} cannot be opened: choose another rtspPort, or 0 for a free one`, { cause })))
    server.listen({ port, host: address }, () => resolve(server))
  })
}
