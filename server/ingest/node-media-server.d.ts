/**
 * What we use of node-media-server 4.4.3, read from its source: the types on the registry describe version 2, another program.
 * The version is pinned exactly, because this page describes insides.
 */
declare module 'node-media-server/src/server/rtmp_server.js' {
  import type { Socket } from 'node:net'

  /** Whoever reads a stream. One with an empty `ip` is internal: it is neither announced nor asked for a signature. */
  export interface Subscriber {
    readonly id: string
    readonly ip: string
    readonly protocol: 'flv' | 'rtmp'
    /** One whole FLV header or tag; the memory is not used again. */
    sendBuffer(buffer: Buffer): void
  }
  export interface Broadcast {
    readonly streamPath: string
    publisher: RtmpSession | null
    readonly subscribers: Map<string, Subscriber>
    /** How long a path is kept for a publisher that is gone. */
    publishGraceMs: number
    flvGopCache: Set<Buffer> | null
    rtmpGopCache: Set<Buffer> | null
    verifyAuth: (secret: string, session: RtmpSession) => boolean
    postPlay(subscriber: Subscriber): string | null
  }
  export interface RtmpSession {
    readonly id: string
    readonly socket: Socket
    readonly streamApp: string
    readonly streamName: string
    readonly streamPath: string
    readonly broadcast: Broadcast
    readonly rtmp: { readonly inPackets: ReadonlyMap<number, { readonly capacity: number }> }
  }
  /** Listens only where the context's config names a port; ours does not, and hands it sockets. */
  export default class NodeRtmpServer {
    handleRequest(socket: Socket): void
  }
}

declare module 'node-media-server/src/core/context.js' {
  import type { Broadcast, RtmpSession } from 'node-media-server/src/server/rtmp_server.js'
  /** One for the whole process. */
  const context: {
    config: { readonly auth: { readonly publish: true; readonly play: true; readonly secret: string } }
    readonly eventEmitter: { on(event: 'prePublish' | 'prePlay', listener: (session: RtmpSession) => void): unknown }
    readonly broadcasts: Map<string, Broadcast>
    readonly sessions: ReadonlyMap<string, RtmpSession>
  }
  export default context
}

declare module 'node-media-server/src/core/logger.js' {
  const logger: { log(message: string, level?: string): void }
  export default logger
}
