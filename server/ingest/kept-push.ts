import type { StreamId } from '../domain/ids.js'
import type { PacketHub } from '../flow/packet-hub.js'
import type { InitSegment } from '../media/packet.js'
import type { TimeLine } from '../media/time-line.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { openFlvCopy, type FlvCopy } from './flv-copy.js'
import { clockSeen } from './kept-stream.js'
import { openPictureRate } from './picture-rate.js'
import { livePush, startPushLife, type PushBounds, type PushNews } from './push-life.js'
import type { SessionFault, SessionNews } from './session-news.js'

export interface KeptPushTools {
  readonly hub: PacketHub
  readonly clock: Clock
  readonly log: Log
  readonly ffmpeg: string | null
  readonly runId: string
  readonly bounds: PushBounds
  /** Lets the publisher go, so that its place is free. */
  readonly dropPublisher: (run: number) => void
  readonly onSession: (stream: StreamId, news: SessionNews) => void
}

/** One stream that is pushed to us: carries out what `livePush` decides, and tells it what happened. A run is one publisher, from its publish to its end. */
export interface KeptPush {
  want(): void
  began(run: number, from: string): void
  video(run: number, tag: Buffer): void
  /** The publisher is gone. */
  ended(run: number): void
  door(closed: string | null): void
  tick(): void
  letGo(): void
  /** Settles when no ffmpeg is left. */
  gone(): Promise<void>
  news(): SessionNews
}

export function keepPush(stream: StreamId, closed: string | null, tools: KeptPushTools): KeptPush {
  const { clock, hub } = tools
  const rate = openPictureRate()
  const copies = new Map<number, FlvCopy>()
  let state = startPushLife(clock.monotonicMs(), closed)
  let sinceWallMs = clock.wallMs()
  let line: TimeLine | null = null
  let init: InitSegment | null = null
  let told = ''
  let onGone: (() => void) | null = null

  function apply(news: PushNews): void {
    const before = state.name
    const [next, verdicts] = livePush(state, news, clock.monotonicMs(), tools.bounds)
    state = next
    if (state.name !== before) sinceWallMs = clock.wallMs()
    for (const { run } of verdicts) {
      tools.dropPublisher(run)
      copies.get(run)?.kill()
    }
    tell()
  }

  function began(run: number, from: string): void {
    tools.log.info({ streamId: stream, from }, 'an encoder pushes')
    apply({ kind: 'began', run })
    if (state.run !== run) return
    if (tools.ffmpeg === null) return fail(run, { name: 'tools_missing', words: 'ffmpeg is not installed' })
    let spoke = false
    rate.reset()
    const copy = openFlvCopy({
      clock,
      ffmpeg: tools.ffmpeg,
      runId: tools.runId,
      resume: line,
      withinMs: () => hub.withinMs(stream),
      onInit(found) {
        init = found
        apply({ kind: 'init', run })
      },
      onPacket(packet) {
        // One that was let go, or whose place another took, is not heard any more.
        if (!state.wanted || state.run !== run) return
        spoke = true
        rate.add(packet, clock.monotonicMs())
        hub.publish(stream, packet)
        apply({ kind: 'packet', run })
      },
      onExited(fault) {
        copies.delete(run)
        if (state.run === run) line = copy.line ?? line
        if (spoke) hub.interrupt(stream)
        fail(run, fault)
        if (copies.size === 0) onGone?.()
      },
    })
    copies.set(run, copy)
  }

  function fail(run: number, fault: SessionFault | null): void {
    tools.dropPublisher(run)
    apply({ kind: 'ended', run, fault })
  }

  function news(): SessionNews {
    return { state: state.name, tried: 'RTMP', since: sinceWallMs, attempts: state.attempts, ...(state.fault ? { fault: state.fault } : {}), ...(init && { codec: init.codec, width: init.width, height: init.height }), ...(state.name === 'live' ? { ...rate.read(), ...clockSeen(copies.get(state.run ?? 0)?.line ?? null) } : null) }
  }

  function tell(): void {
    const now = news()
    const key = JSON.stringify([now.state, now.fault, now.codec, now.width, now.height, now.clockRate === undefined])
    if (key === told) return
    told = key
    tools.log.info({ streamId: stream, state: now.state, fault: now.fault?.name, words: now.fault?.words, attempts: now.attempts }, `push ${now.state}`)
    tools.onSession(stream, now)
  }

  return {
    want: () => apply({ kind: 'wanted' }),
    began,
    video: (run, tag) => copies.get(run)?.write(tag),
    ended: (run) => copies.get(run)?.finish(),
    door: (why) => apply({ kind: 'door', closed: why }),
    tick: () => apply({ kind: 'tick' }),
    letGo: () => apply({ kind: 'unwanted' }),
    gone: () => (copies.size > 0 ? new Promise((resolve) => (onGone = resolve)) : Promise.resolve()),
    news,
  }
}
