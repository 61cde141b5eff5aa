import { Socket } from 'node:net'
import { MEDIA_PIPE_FD } from '../system/child.js'
import { systemClock } from '../system/clock.js'
import { frameParts, type MediaFrame } from './media-frames.js'
import { orderSchema, type RtmpSaid } from './rtmp-messages.js'
import { openRtmpServer } from './rtmp-server.js'

/**
 * The process that alone meets strangers who push. Whatever they send can end this one at worst, and our parent starts
 * another; it knows no key (hashes only), no database and no camera's password.
 */
const BEAT_MS = 1_000
/** So much may wait in the pipe. More means that the parent does not read: the publisher ends and comes again. */
const PIPE_BYTES_MAX = 32 << 20

function say(said: RtmpSaid): void {
  process.send?.(said)
}

// Nothing is printed of what failed: the words of a fault can hold what a stranger sent, and that can be a key.
process.on('uncaughtException', () => process.exit(70))
process.on('disconnect', () => process.exit(0))

const pipe = new Socket({ fd: MEDIA_PIPE_FD, readable: false, writable: true })
pipe.on('error', () => process.exit(0))

function carry(frame: MediaFrame): void {
  if (pipe.writableLength > PIPE_BYTES_MAX && frame.kind === 'video') return server.drop(frame.publisher)
  const [head, body] = frameParts(frame)
  pipe.cork()
  pipe.write(head)
  if (body.length > 0) pipe.write(body)
  pipe.uncork()
}

const server = openRtmpServer({ clock: systemClock, onFrame: carry })

process.on('message', (message: unknown) => {
  const order = orderSchema.parse(message)
  if (order.kind === 'streams') server.setStreams(order.streams)
  else if (order.kind === 'drop') server.drop(order.publisher)
  else server.listen(order, { listening: (port) => say({ kind: 'listening', port }), shut: (code) => say({ kind: 'shut', code }) })
})
systemClock.every(BEAT_MS, () => say({ kind: 'beat', turnedAway: server.turnedAway(), waiting: server.unproven() }))
say({ kind: 'ready' })
