import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Clock } from '../../system/clock.js'
import type { Feed, Viewer } from './feed.js'
import type { Frame } from './projector.js'
import { goodbye, packetBytes, senderReport, writeRtp } from './rtp-packets.js'
import type { Timeline } from './timeline.js'
import type { Transport } from './transport-offer.js'
import type { UdpPair } from './udp-pair.js'

/** One viewer's agreement with the camera: which stream, by which transport, since when unheard of. */
export interface Session {
  readonly id: string
  readonly path: string
  readonly transport: Transport
  /** The TCP connection that set it up; an interleaved session cannot outlive it, a UDP one can. */
  readonly socket: Socket
  readonly ssrc: number
  readonly playing: boolean
  readonly lastSeenMs: number
  touch(this: void): void
  /** Takes a seat. Nothing is sent before `release`, so that the answer to PLAY comes first. */
  play(): { readonly sequence: number; readonly rtpTime: number }
  release(): void
  pause(): void
  end(): void
}

export interface SessionOptions {
  readonly path: string
  readonly transport: Transport
  readonly socket: Socket
  readonly feed: Feed
  readonly timeline: Timeline
  readonly clock: Clock
  readonly udp: UdpPair | null
  readonly deviceWallMs: () => number
  readonly name: string
}

/** A TCP viewer that leaves this much unread gets no more until it has read: its memory cost ends here. */
export const UNREAD_BYTES_MAX = 512 << 10
const REPORT_MS = 5000
/** UDP goes out in small bursts, so that a key picture of 150 kB does not overrun a receiver's buffer of 208 kB (Linux default). */
const UDP_BURST_PACKETS = 24
const UDP_BURST_MS = 2
const UDP_QUEUE_PACKETS_MAX = 400

export function openSession(options: SessionOptions): Session {
  const { feed, timeline, clock, deviceWallMs, name } = options
  const ssrc = randomBytes(4).readUInt32BE()
  const firstTime = randomBytes(4).readUInt32BE()
  let sequence = randomBytes(2).readUInt16BE()
  let packets = 0
  let octets = 0
  let held = true
  let lastSeenMs = clock.monotonicMs()
  let reportedMs = -Infinity
  let leave: (() => void) | null = null
  const wire = options.transport.kind === 'udp' ? udpWire(options, options.transport) : tcpWire(options.socket, options.transport)
  const rtpTime = (ticks: number): number => (firstTime + ticks) % 2 ** 32

  const report = (): void => {
    reportedMs = clock.monotonicMs()
    wire.control(senderReport({ ssrc, deviceWallMs: deviceWallMs(), timestamp: rtpTime(timeline.rtpTimeNow()), packets, octets, name }))
  }
  const viewer: Viewer = {
    // A burst suits TCP, where the receiver sets the pace. Over UDP it would overrun receivers and mislead GStreamer's
    // jitter buffer, which takes the burst for a fast clock (seen: two seconds of equal times after it).
    startAt: options.transport.kind === 'udp' ? 'next' : 'newest',
    burstFramesMax: options.transport.kind === 'udp' ? 2 : 25,
    take(frame) {
      if (held || !wire.hasRoom()) return false
      if (clock.monotonicMs() - reportedMs >= REPORT_MS) report()
      wire.frame(frame, { sequence, timestamp: rtpTime(timeline.rtpTime(frame.number)), ssrc })
      sequence = (sequence + frame.payloads.length) & 0xffff
      packets += frame.payloads.length
      for (const payload of frame.payloads) octets += payload.head.length + payload.body.length
      return true
    },
    end: () => options.socket.destroy(),
  }
  const pause = (): void => {
    leave?.()
    leave = null
    held = true
  }
  return {
    id: randomBytes(8).toString('hex').toUpperCase(),
    path: options.path,
    transport: options.transport,
    socket: options.socket,
    ssrc,
    get playing() { return leave !== null },
    get lastSeenMs() { return lastSeenMs },
    touch() { lastSeenMs = clock.monotonicMs() },
    play() {
      pause()
      const seat = feed.join(viewer)
      leave = () => seat.leave()
      return { sequence, rtpTime: rtpTime(timeline.rtpTime(seat.firstFrame)) }
    },
    release() { held = false },
    pause,
    end() {
      if (leave) wire.control(goodbye(ssrc))
      pause()
      wire.close()
    },
  }
}

interface Wire {
  hasRoom(): boolean
  frame(frame: Frame, first: { readonly sequence: number; readonly timestamp: number; readonly ssrc: number }): void
  control(packet: Buffer): void
  close(): void
}

/** RFC 2326 10.12: `$`, channel, length, packet. A whole picture is one write. */
function tcpWire(socket: Socket, { rtpChannel, rtcpChannel }: Transport & { readonly kind: 'interleaved' }): Wire {
  const write = (bytes: Buffer): void => {
    if (socket.writable) socket.write(bytes)
  }
  return {
    hasRoom: () => socket.writableLength < UNREAD_BYTES_MAX,
    frame(frame, first) {
      const out = Buffer.allocUnsafe(frame.payloads.reduce((sum, payload) => sum + 4 + packetBytes(payload), 0))
      let at = 0
      for (const [index, payload] of frame.payloads.entries()) {
        at = writePrefix(out, at, rtpChannel, packetBytes(payload))
        at = writeRtp(out, at, payload, { ...first, sequence: first.sequence + index })
      }
      write(out)
    },
    control(packet) {
      const out = Buffer.allocUnsafe(4 + packet.length)
      packet.copy(out, writePrefix(out, 0, rtcpChannel, packet.length))
      if (socket.writableLength < UNREAD_BYTES_MAX) write(out)
    },
    close: () => undefined,
  }
}

function writePrefix(out: Buffer, at: number, channel: number, length: number): number {
  out[at] = 0x24
  out[at + 1] = channel
  return out.writeUInt16BE(length, at + 2)
}

function udpWire({ clock, socket, udp }: SessionOptions, { rtpPort, rtcpPort }: Transport & { readonly kind: 'udp' }): Wire {
  const address = socket.remoteAddress ?? ''
  let queue: Buffer[] = []
  let cancel: (() => void) | null = null
  const pour = (): void => {
    cancel = null
    for (const packet of queue.splice(0, UDP_BURST_PACKETS)) udp?.sendRtp(packet, rtpPort, address)
    if (queue.length > 0) cancel = clock.after(UDP_BURST_MS, pour)
  }
  return {
    hasRoom: () => queue.length < UDP_QUEUE_PACKETS_MAX,
    frame(frame, first) {
      for (const [index, payload] of frame.payloads.entries()) {
        const packet = Buffer.allocUnsafe(packetBytes(payload))
        writeRtp(packet, 0, payload, { ...first, sequence: first.sequence + index })
        queue.push(packet)
      }
      if (!cancel) pour()
    },
    control: (packet) => udp?.sendRtcp(packet, rtcpPort, address),
    close() {
      cancel?.()
      queue = []
    },
  }
}
