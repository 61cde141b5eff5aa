import type { PacketHub, PacketReader } from '../flow/packet-hub.js'
import type { StreamId } from '../domain/ids.js'
import type { Packet } from '../media/packet.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import type { Stir } from './lane.js'
import { AWAKE, restStep } from './rest.js'
import { planPicture, samePlan, WHOLE, type PictureWish } from './picture-plan.js'
import { startDecoderSession, type DecoderSession, type WatchedFrame } from './decoder-session.js'

export type DecoderState = 'waiting' | 'starting' | 'decoding' | 'restarting' | 'closed'

export interface Decoder {
  /** waiting: no packets come. starting: no frame yet. restarting: ffmpeg failed, the next try is due soon. */
  readonly state: DecoderState
  /** `restedPackets` were never decoded, because nothing moved in them. */
  readonly counts: { readonly frames: number; readonly restarts: number; readonly skippedPackets: number; readonly restedPackets: number }
  close(): Promise<void>
}

export interface DecoderOptions {
  readonly hub: PacketHub
  readonly streamId: StreamId
  readonly clock: Clock
  readonly log: Log
  readonly ffmpeg: string
  readonly runId: string
  readonly fps: number
  readonly onFrame: (frame: WatchedFrame) => void
  /** How its pictures are wanted now; a change takes effect at the next key packet. Whole and full unless told. */
  readonly wish?: () => PictureWish
  /** What its newest pictures showed; without it, it never rests. */
  readonly stir?: () => Stir
  /** An instant at which a picture would have come, had anything changed. */
  readonly onRest?: (atMs: number) => void
  /** Packets flow but no frame comes for this long: ffmpeg hangs. */
  readonly stallMsMax?: number
}

/** A frame is judged every 200 ms: packets that wait as long for each other come in one write, and ffmpeg is woken once for it. */
const WITHIN_MS = 200
/** Ten seconds of 25 pictures a second: what a busy machine may lag before the decoder skips to the next key packet. */
const MAILBOX_PACKETS = 250
const STALL_MS_MAX = 15_000
const BACK_OFF_MS_MIN = 500
const BACK_OFF_MS_MAX = 30_000
/** ffmpeg's MP4 reader remembers every fragment it ever saw; a fresh one at a key packet keeps memory flat (README). */
const SESSION_PACKETS_MAX = 40_000
const LOOK_MS = 1_000
/** A verdict should be younger than a second. A burst at joining is decoded within the second figure. */
const LAG_MS_MAX = 1_000
const BEHIND_MS_MAX = 1_500
/** moof and the head of mdat around each picture, as media/fragmenter has them: they say nothing of what moves. */
const FRAGMENT_BYTES = 108
const FINISH_MS_MAX = 5_000
/** A stream whose pictures refer to later ones gives a picture only when more are fed: nobody waits for that while nothing is. */
const AWAITED_MS_MAX = 1_000

/** Turns one stream's packets into frames, for as long as it lives: over reconnects, new codecs, garbage and dead ffmpegs. */
export function openDecoder(options: DecoderOptions): Decoder {
  const { hub, streamId, clock, log } = options
  const stallMsMax = options.stallMsMax ?? STALL_MS_MAX
  const wanted = options.wish ?? ((): PictureWish => WHOLE)
  const counts = { frames: 0, restarts: 0, skippedPackets: 0, restedPackets: 0 }
  const alive = new Set<DecoderSession>()
  let session: DecoderSession | null = null
  let rest = AWAKE
  let held: Packet[] = []
  /** Until the picture that was fed last has come out, nothing is told of later instants: that would overtake it. */
  let awaitedMs = -Infinity
  let fedSlot = -1
  let restedSlot = -1
  let behindSinceMs: number | null = null
  let skipping = false
  let failures = 0
  let resumeAtMs = 0
  let closed = false
  let lastFrameAtMs = -Infinity
  let sessionFrames = 0
  let flowing = false
  let reading = false
  const lastPacket = { wallMs: hub.newestAtMs(streamId), seenAtMs: -Infinity }

  function start(packet: Packet): DecoderSession {
    rest = { ...rest, resting: false }
    awaitedMs = -Infinity
    held = []
    behindSinceMs = null
    const startedAtMs = clock.monotonicMs()
    lastFrameAtMs = startedAtMs
    sessionFrames = 0
    const opened = startDecoderSession(packet.init, {
      ...options,
      plan: planPicture(packet.init, wanted()),
      onFrame(frame) {
        if (closed) return
        counts.frames += 1
        if (session === opened) {
          behindSinceMs = opened.lagMs > LAG_MS_MAX ? (behindSinceMs ?? clock.monotonicMs()) : null
          lastFrameAtMs = clock.monotonicMs()
          sessionFrames += 1
        }
        options.onFrame(frame)
      },
    })
    alive.add(opened)
    void opened.ended.then((end) => {
      alive.delete(opened)
      if (session !== opened || closed) return
      session = null
      failures = clock.monotonicMs() - startedAtMs > BACK_OFF_MS_MAX && end.frames > 0 ? 1 : failures + 1
      const waitMs = Math.min(BACK_OFF_MS_MAX, BACK_OFF_MS_MIN * 2 ** (failures - 1))
      resumeAtMs = clock.monotonicMs() + waitMs
      counts.restarts += 1
      log.warn({ streamId, code: end.code, frames: end.frames, words: end.words, waitMs }, 'decoder ended; it starts again')
    })
    return opened
  }

  /** Lets the session finish what it holds: its frames come before those of the next one, whose packets wait in the mailbox. */
  async function retire(old: DecoderSession): Promise<void> {
    session = null
    old.finish()
    const cancel = clock.after(FINISH_MS_MAX, () => old.kill())
    await old.ended
    cancel()
  }

  async function take(packet: Packet): Promise<void> {
    if (session && (session.init !== packet.init || (packet.key && (session.fed >= SESSION_PACKETS_MAX || !samePlan(session.plan, planPicture(packet.init, wanted())))))) await retire(session)
    if (closed) return
    if (!session && (!packet.key || clock.monotonicMs() < resumeAtMs)) {
      counts.skippedPackets += 1
      return
    }
    // What it could not decode in time would be judged too late: it gets on with the next key picture, and with what is new by then.
    if (session && behindSinceMs !== null && clock.monotonicMs() - behindSinceMs > BEHIND_MS_MAX) skipping = true
    if (packet.key && skipping) {
      skipping = false
      behindSinceMs = null
    }
    if (skipping) {
      counts.skippedPackets += 1
      return
    }
    session ??= start(packet)
    await decode(session, packet)
  }

  /** Feeds it, or holds it while nothing moves (rest.ts). */
  async function decode(to: DecoderSession, packet: Packet): Promise<void> {
    const mediaMs = (packet.decodeTime / packet.init.timescale) * 1000
    const slot = Math.floor((mediaMs / 1000) * options.fps)
    const [next, verdict] = restStep(rest, { key: packet.key, bytes: Math.max(0, packet.bytes.length - FRAGMENT_BYTES), mediaMs, stir: options.stir?.() ?? { kind: 'unsettled' } })
    rest = next
    if (verdict === 'hold') {
      held.push(packet)
      to.note(packet)
      if ((to.shownUntilMs < awaitedMs && mediaMs - awaitedMs < AWAITED_MS_MAX) || slot === restedSlot) return
      restedSlot = slot
      const atMs = to.wallOf(packet)
      if (atMs !== null) options.onRest?.(atMs)
      return
    }
    if (verdict === 'wake') await to.catchUp(held)
    else counts.restedPackets += held.length
    held = []
    // ffmpeg shows one picture of each slot: a second one would be awaited in vain.
    if (rest.resting && slot !== fedSlot) awaitedMs = mediaMs
    fedSlot = slot
    await to.feed(packet)
  }

  let reader = subscribe()
  let running = run()

  function subscribe(): PacketReader {
    return hub.subscribe(streamId, { from: 'last_key', capacity: MAILBOX_PACKETS, whenFull: 'skip_to_key', withinMs: () => WITHIN_MS })
  }

  /** Ends when the hub forgets the stream; the next look subscribes again, since a camera may be switched on again. */
  async function run(): Promise<void> {
    reading = true
    try {
      for await (const packet of reader) {
        if (closed) break
        await take(packet)
      }
    } catch (error) {
      log.error({ streamId, error }, 'decoder loop failed; it starts again')
    }
    reading = false
  }

  const stopLooking = clock.every(LOOK_MS, () => {
    const now = clock.monotonicMs()
    const newest = hub.newestAtMs(streamId)
    if (newest !== lastPacket.wallMs) Object.assign(lastPacket, { wallMs: newest, seenAtMs: now })
    flowing = now - lastPacket.seenAtMs < stallMsMax / 2
    if (session && flowing && now - lastFrameAtMs > stallMsMax) {
      log.warn({ streamId, stallMs: Math.round(now - lastFrameAtMs) }, 'decoder gives no frames though packets come; it is killed')
      session.kill()
    }
    // Without packets nothing can come out, and the wait must not count as a stall once they come again.
    if (session && !flowing) lastFrameAtMs = now
    if (reading || closed) return
    reader = subscribe()
    running = run()
  })

  return {
    counts,
    get state() {
      if (closed) return 'closed'
      if (session && sessionFrames === 0) return 'starting'
      if (session && flowing) return 'decoding'
      return clock.monotonicMs() < resumeAtMs ? 'restarting' : 'waiting'
    },
    async close() {
      closed = true
      stopLooking()
      reader.close()
      for (const each of alive) each.kill()
      await running
      await Promise.all([...alive].map((each) => each.ended))
    },
  }
}
