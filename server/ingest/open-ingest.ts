import type { StreamId } from '../domain/ids.js'
import type { PacketHub } from '../flow/packet-hub.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { FLOOD_BOUNDS, type FloodBounds } from './flood-guard.js'
import { keepStream, type KeptStream, type StreamWish } from './kept-stream.js'
import { openRtspGate } from './rtsp-gate.js'
import type { SessionNews } from './session-news.js'
import { openStartQueue } from './start-queue.js'
import { SUPERVISION_BOUNDS, type SupervisionBounds } from './supervise.js'

export type { StreamWish } from './kept-stream.js'

export interface Ingest {
  /** Reads this stream from now on and keeps it alive. Again with the same wish: nothing happens; with another: restarts at once. */
  setStream(stream: StreamId, wish: StreamWish): void
  removeStream(stream: StreamId): void
  sessions(): readonly (SessionNews & { readonly streamId: StreamId })[]
  /** Ends every ffmpeg and waits until they are gone. */
  close(): Promise<void>
}

export interface IngestOptions {
  readonly hub: PacketHub
  readonly clock: Clock
  readonly log: Log
  /** Path or name of the program; null where it is not installed. */
  readonly ffmpeg: string | null
  readonly runId: string
  readonly bounds?: Partial<SupervisionBounds>
  readonly flood?: Partial<FloodBounds>
  /** Guard against addresses outside of the camera networks; asked with the resolved IP. */
  readonly mayConnect?: (ip: string) => boolean
  onSession(stream: StreamId, news: SessionNews): void
}

const TICK_MS = 250

export async function openIngest(options: IngestOptions): Promise<Ingest> {
  const { clock, hub } = options
  const flood = { ...FLOOD_BOUNDS, ...options.flood }
  const gate = await openRtspGate(clock, flood)
  const queue = openStartQueue(clock)
  const kept = new Map<StreamId, KeptStream>()
  /** Removed, but their child has not ended yet. */
  const leaving = new Map<StreamId, KeptStream>()
  let closing: Promise<void> | null = null
  const { mayConnect } = options
  const tools = {
    hub,
    clock,
    gate,
    queue,
    ffmpeg: options.ffmpeg,
    runId: options.runId,
    ...(mayConnect ? { mayConnect } : {}),
    log: options.log.child({ stage: 'ingest' }),
    bounds: { ...SUPERVISION_BOUNDS, ...options.bounds },
    flood,
    onSession: (stream: StreamId, news: SessionNews) => kept.has(stream) && options.onSession(stream, news),
  }

  const stopTicks = clock.every(TICK_MS, () => {
    for (const one of [...kept.values(), ...leaving.values()]) one.tick()
  })

  function remove(stream: StreamId, one: KeptStream): void {
    kept.delete(stream)
    leaving.set(stream, one)
    one.letGo()
    void one.ended().then(() => leaving.get(stream) === one && leaving.delete(stream))
  }

  async function end(): Promise<void> {
    stopTicks()
    for (const [stream, one] of kept) remove(stream, one)
    await Promise.all([...leaving.values()].map((one) => one.ended()))
    queue.close()
    await gate.close()
  }

  return {
    setStream(stream, wish) {
      // One that comes back while its old child still ends goes on as the same: two could mean two ffmpegs.
      const one = kept.get(stream) ?? leaving.get(stream) ?? keepStream(stream, tools)
      leaving.delete(stream)
      kept.set(stream, one)
      one.setWish(wish)
    },
    removeStream(stream) {
      const one = kept.get(stream)
      if (!one) return
      remove(stream, one)
      hub.forget(stream)
    },
    sessions: () => [...kept].map(([streamId, one]) => ({ streamId, ...one.news() })),
    close: () => (closing ??= end()),
  }
}
