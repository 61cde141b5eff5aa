import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asId, type IncidentId, type RunId, type StreamId } from '../../server/domain/ids.js'
import { followAlerts } from '../../server/recording/storage-classes.js'
import { openStore } from '../../server/storage/open.js'
import type { Store } from '../../server/storage/store.js'
import { silentLog } from '../../server/system/log.js'
import { incident, JUNCTION, settle, T0, WARD } from '../support/small-city.js'
import { makeStillClock } from '../support/still-clock.js'

const folder = mkdtempSync(join(tmpdir(), 'vonglau-classes-'))
const RUN = asId<RunId>('run-1')
const HELD_MS = T0 - 20 * 60_000
let store: Store
beforeAll(async () => {
  store = await openStore({ url: `sqlite:${join(folder, 'store.db')}`, log: silentLog, clock: makeStillClock() })
  await settle(store)
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

test('the recording around what is held is kept as around an alert: who decides on it next week may look', async () => {
  const segment = (number: number) => ({ runId: RUN, number, cameraId: JUNCTION, fromMs: HELD_MS + (number - 30) * 8_000, toMs: HELD_MS + (number - 29) * 8_000, fromTicks: number * 2, toTicks: number * 2 + 2, bytes: 1, sha256: 'a'.repeat(64), startsWithKey: true, keys: [], motion: [], storageClass: 'plain' as const, damaged: false })
  await store.recordings.commit({ runs: [{ id: RUN, cameraId: JUNCTION, streamId: asId<StreamId>('junction-main'), ordinal: 1, codec: 'avc1.64001f', width: 640, height: 360, timescale: 90_000, init: new Uint8Array(8), startedAtMs: HELD_MS - 240_000, startedMonoMs: 0 }], segments: Array.from({ length: 60 }, (_, number) => segment(number)) })
  for (const [id, mode] of [['held-1', 'held'], ['trial-1', 'shadow']] as const) {
    await store.incidents.save(incident(id, { openedAtMs: mode === 'held' ? HELD_MS : HELD_MS + 200_000, lastSeenAtMs: HELD_MS, mode, heldWhy: mode === 'held' ? 'lamp_fault' : null }))
    await store.changes.append({ topic: 'incident', entityId: asId<IncidentId>(id), areaId: WARD, what: 'opened', by: null, atMs: HELD_MS, facts: {} })
  }
  const faults: unknown[] = []
  const following = followAlerts({ store, clock: makeStillClock(T0), onFault: (fault) => void faults.push(fault) })
  await following.look()
  await following.close()
  const events = (await store.recordings.between(JUNCTION, HELD_MS - 240_000, HELD_MS + 240_000)).filter(({ storageClass }) => storageClass === 'event')
  // A minute before and after, in whole pieces.
  expect([faults, Math.round((events[0]!.fromMs - HELD_MS) / 1_000), Math.round((events.at(-1)!.toMs - HELD_MS) / 1_000), events.length]).toEqual([[], -64, 64, 16])
})
