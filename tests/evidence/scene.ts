import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEvidence, type Evidence, type EvidenceOptions } from '../../server/evidence/evidence.js'
import { asId, type IncidentId, type StreamId } from '../../server/domain/ids.js'
import type { Incident } from '../../server/domain/incident.js'
import { makeLocalBus } from '../../server/flow/local-bus.js'
import { openMemoryPacketHub, type MemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import type { Bus } from '../../server/flow/topics.js'
import type { Packet } from '../../server/media/packet.js'
import { openStore } from '../../server/storage/open.js'
import type { Change, Store } from '../../server/storage/store.js'
import { silentLog } from '../../server/system/log.js'
import { coversOf } from '../support/covers.js'
import { arrivedAt } from '../support/packets.js'
import { incident, JUNCTION, raise, settle, T0 } from '../support/small-city.js'
import { makeStillClock, type StillClock } from '../support/still-clock.js'

export const MAIN = asId<StreamId>('junction-main')
export const SUB = asId<StreamId>('junction-sub')
export const FPS = 5
const STEP_MS = 1000 / FPS
/** The first picture's arrival; picture N arrives N × 200 ms later. */
export const FIRST_MS = T0 - 8_000
/** The moment of the alert: picture 43, three after a key picture. */
export const MOMENT_MS = FIRST_MS + 43 * STEP_MS

const OF_THE_MOMENT: Partial<Incident> = { openedAtMs: MOMENT_MS, sinceMs: MOMENT_MS - 1_000, witnesses: [{ trackId: 7, class: 'two_wheeler', score: 0.83, box: { x1: 0.4, y1: 0.5, x2: 0.45, y2: 0.6 }, atMs: MOMENT_MS }] }

export interface Scene {
  readonly folder: string
  readonly store: Store
  readonly hub: MemoryPacketHub
  readonly bus: Bus
  readonly clock: StillClock
  open(part?: Partial<Pick<EvidenceOptions, 'ffmpeg' | 'folder' | 'recall' | 'readPlate' | 'streamsOf'>>): Promise<Evidence>
  play(stream: StreamId, packets: readonly Packet[], from?: number, to?: number): void
  /** Stores an alert of that moment and says so, as the alerts stage does. */
  raise(id: string, say?: boolean, of?: Partial<Incident>): Promise<void>
  /** Stores an incident of that moment that is held from the start, and says so, as the incidents stage does. */
  hold(id: string, say?: boolean): Promise<void>
  log(id: string): Promise<readonly Change[]>
  close(): Promise<void>
}

export async function setScene(): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'vonglau-evidence-'))
  const clock = makeStillClock(MOMENT_MS + 800)
  const store = await openStore({ url: `sqlite:${join(folder, 'city.db')}`, log: silentLog, clock })
  await settle(store)
  const hub = openMemoryPacketHub({ rememberMs: 30_000 })
  const bus = makeLocalBus(silentLog)
  const opened: Evidence[] = []
  return {
    folder,
    store,
    hub,
    bus,
    clock,
    async open(part = {}) {
      const evidence = await openEvidence({ store, hub, bus, clock, log: silentLog, folder: join(folder, 'evidence'), ffmpeg: 'ffmpeg', runId: 'test', streamsOf: async (id) => (id === JUNCTION ? { main: MAIN, sub: SUB } : null), masksDuring: coversOf(store).during, ...part })
      opened.push(evidence)
      return evidence
    },
    play(stream, packets, from = 0, to = packets.length) {
      for (const [n, packet] of packets.entries()) if (n >= from && n < to) hub.publish(stream, arrivedAt(packet, FIRST_MS + n * STEP_MS))
    },
    async hold(id, say = true) {
      const incidentId = asId<IncidentId>(id)
      await store.incidents.save(incident(id, { ...OF_THE_MOMENT, mode: 'held', heldWhy: 'lamp_fault' }))
      await store.held.add({ incidentId, why: 'lamp_fault', facts: {}, heldAtMs: MOMENT_MS + 300 })
      if (say) bus.publish('incident.changed', { incidentId, cameraId: JUNCTION, opened: true, ended: false })
    },
    async raise(id, say = true, of = {}) {
      const alert = await raise(store, id, { raisedAtMs: MOMENT_MS + 300, changedAtMs: MOMENT_MS + 300 }, { ...OF_THE_MOMENT, ...of })
      if (say) bus.publish('alert.raised', { alertId: alert.id, incidentId: alert.incidentId, cameraId: alert.cameraId })
    },
    log: (id) => store.changes.of('alert', id),
    async close() {
      for (const evidence of opened) await evidence.close()
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
