import { asId, type StreamId } from '../domain/ids.js'
import type { PacketHub } from '../flow/packet-hub.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { keepPush, type KeptPush } from './kept-push.js'
import type { MediaFrame } from './media-frames.js'
import { PUSH_BOUNDS, type PushBounds } from './push-life.js'
import type { TurnedAway } from './rtmp-messages.js'
import { keepRtmpProcess, type RtmpProcess } from './rtmp-process.js'
import type { SessionNews } from './session-news.js'

export interface PushWish {
  /** SHA-256 in hex of the key that opens this stream, and nothing else does. */
  readonly keyHash: string
  /** Where the encoder may come from; empty: anywhere. */
  readonly networks: readonly string[]
}

/** Takes the streams that encoders push to us by RTMP. */
export interface PushIntake {
  /** From now on whoever has this key may push this stream; one that pushes it with another key is let go at once. */
  setPush(stream: StreamId, wish: PushWish): void
  removeStream(stream: StreamId): void
  sessions(): readonly (SessionNews & { readonly streamId: StreamId })[]
  /** Where it listens now, or null. */
  port(): number | null
  pid(): number | null
  turnedAway(): TurnedAway | null
  close(): Promise<void>
}

export interface PushIntakeOptions {
  readonly hub: PacketHub
  readonly clock: Clock
  readonly log: Log
  readonly ffmpeg: string | null
  readonly runId: string
  readonly enabled: boolean
  readonly host: string
  readonly port: number
  readonly bounds?: Partial<PushBounds>
  readonly backOffMsMin?: number
  onSession(stream: StreamId, news: SessionNews): void
}

const TICK_MS = 250

/** The port is open only while a camera pushes: a door that nobody needs is not there. */
export function openPushIntake(options: PushIntakeOptions): PushIntake {
  const { clock, hub } = options
  const log = options.log.child({ stage: 'ingest' })
  const kept = new Map<StreamId, { readonly push: KeptPush; wish: PushWish }>()
  /** Removed, but their ffmpeg has not ended yet. */
  const leaving = new Set<KeptPush>()
  /** Publishers of the process that runs now, by its numbers; runs are numbered by us, since a new process counts from one. */
  const publishing = new Map<number, { readonly push: KeptPush; readonly run: number }>()
  let runs = 0
  let process: RtmpProcess | null = null
  let port: number | null = null
  let closed: string | null = options.enabled ? 'the RTMP port is being opened' : 'rtmp.enabled is false in the settings'
  let closing: Promise<void> | null = null

  const tools = {
    hub,
    clock,
    log,
    ffmpeg: options.ffmpeg,
    runId: options.runId,
    bounds: { ...PUSH_BOUNDS, ...options.bounds },
    dropPublisher(run: number) {
      for (const [publisher, one] of publishing) if (one.run === run) process?.order({ kind: 'drop', publisher })
    },
    onSession: (stream: StreamId, news: SessionNews) => kept.has(stream) && options.onSession(stream, news),
  }
  const stopTicks = clock.every(TICK_MS, () => {
    for (const { push } of kept.values()) push.tick()
  })

  function door(why: string | null): void {
    closed = why
    for (const { push } of kept.values()) push.door(why)
  }

  function tellStreams(): void {
    if (!options.enabled || closing) return
    if (kept.size === 0) {
      const old = process
      process = null
      port = null
      closed = 'the RTMP port is being opened'
      void old?.close()
      return
    }
    process ??= keepRtmpProcess({
      clock,
      log,
      runId: options.runId,
      host: options.host,
      port: options.port,
      ...(options.backOffMsMin === undefined ? {} : { backOffMsMin: options.backOffMsMin }),
      onListening(found) {
        port = found
        door(null)
      },
      onShut(why) {
        port = null
        // Nobody can tell us any more that they ended.
        for (const { push, run } of publishing.values()) push.ended(run)
        publishing.clear()
        door(why)
      },
      onFrame,
    })
    process.order({ kind: 'streams', streams: [...kept].map(([streamId, { wish }]) => ({ streamId, keyHash: wish.keyHash, networks: [...wish.networks] })) })
  }

  function onFrame(frame: MediaFrame): void {
    if (frame.kind === 'began') {
      const push = kept.get(asId<StreamId>(frame.streamId))?.push
      if (!push) return process?.order({ kind: 'drop', publisher: frame.publisher })
      const run = (runs += 1)
      publishing.set(frame.publisher, { push, run })
      return push.began(run, frame.from)
    }
    const one = publishing.get(frame.publisher)
    if (frame.kind === 'video') return one?.push.video(one.run, frame.tag)
    publishing.delete(frame.publisher)
    one?.push.ended(one.run)
  }

  function remove(stream: StreamId): void {
    const push = kept.get(stream)?.push
    if (!push) return
    kept.delete(stream)
    leaving.add(push)
    push.letGo()
    void push.gone().then(() => leaving.delete(push))
    hub.forget(stream)
  }

  return {
    setPush(stream, wish) {
      const one = kept.get(stream)
      if (one && one.wish.keyHash === wish.keyHash && one.wish.networks.join() === wish.networks.join()) return
      if (one) one.wish = wish
      else {
        const push = keepPush(stream, closed, tools)
        kept.set(stream, { push, wish })
        push.want()
      }
      tellStreams()
    },
    removeStream(stream) {
      if (!kept.has(stream)) return
      remove(stream)
      tellStreams()
    },
    sessions: () => [...kept].map(([streamId, { push }]) => ({ streamId, ...push.news() })),
    port: () => port,
    pid: () => process?.pid() ?? null,
    turnedAway: () => process?.turnedAway() ?? null,
    close: () =>
      (closing ??= (async () => {
        stopTicks()
        for (const stream of kept.keys()) remove(stream)
        await Promise.all([...leaving].map((push) => push.gone()))
        await process?.close()
      })()),
  }
}
