import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeLocalBus } from '../../server/flow/local-bus.js'
import { openMemoryPacketHub, type MemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import type { Bus } from '../../server/flow/topics.js'
import { asId, type StreamId } from '../../server/domain/ids.js'
import type { Packet } from '../../server/media/packet.js'
import { openRecording, type Recording, type RecordingOptions } from '../../server/recording/open-recording.js'
import type { Store } from '../../server/storage/store.js'
import { silentLog } from '../../server/system/log.js'
import { makeHandClock, type HandClock } from '../support/hand-clock.js'
import { JUNCTION, T0 } from '../support/small-city.js'
import { makeCityStores } from '../support/small-city-store.js'

export const MAIN = asId<StreamId>(`${JUNCTION}-main`)
export const FPS = 5

/** A small city with one camera whose pictures a test sends by hand, and the stage that records them, on a clock moved by hand. */
export interface Scene {
  readonly folder: string
  readonly store: Store
  readonly hub: MemoryPacketHub
  readonly bus: Bus
  readonly clock: HandClock & {
    /** Somebody sets the wall clock. */
    step(ms: number): void
  }
  open(part?: Partial<RecordingOptions>): Promise<Recording>
  /** A database that knows the camera and none of its recordings. */
  anotherStore(): Promise<Store>
  /** Sends pictures at their pace, each at its own time of the clock. */
  play(packets: readonly Packet[]): Promise<void>
  /** Lets what was begun off the main thread come to its end, the clock standing still. */
  rest(): Promise<void>
  close(): Promise<void>
}

export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const stores = makeCityStores()

export async function setScene(): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'vonglau-recording-'))
  const hand = makeHandClock(T0)
  let stepMs = 0
  const clock = { ...hand, wallMs: () => hand.wallMs() + stepMs, step: (ms: number) => void (stepMs += ms) }
  const store = await stores.open(clock)
  const hub = openMemoryPacketHub({ rememberMs: 60_000 })
  const bus = makeLocalBus(silentLog)
  const opened: Recording[] = []
  const others: Store[] = []
  const rest = async (): Promise<void> => {
    for (let turn = 0; turn < 40; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return {
    folder,
    store,
    hub,
    bus,
    clock,
    rest,
    async open(part = {}) {
      const one = await openRecording({ store, hub, bus, clock, log: silentLog, folder: join(folder, 'video'), ffmpeg: 'ffmpeg', runId: 'test', policy: { mode: 'always', stream: 'main', days: 30, eventDays: 90 }, legalDays: 365, quotaBytes: null, reserveBytes: 0, ballastBytes: 0, ...part })
      opened.push(one)
      return one
    },
    async anotherStore() {
      const other = await stores.open(clock)
      others.push(other)
      return other
    },
    async play(packets) {
      for (const packet of packets) {
        clock.move(1000 / FPS)
        hub.publish(MAIN, { ...packet, atMs: clock.wallMs() })
        await breathe()
      }
      await rest()
    },
    async close() {
      for (const one of opened) await one.close()
      for (const one of [store, ...others]) await one.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
