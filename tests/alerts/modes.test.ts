import { openAlerts } from '../../server/alerts/alerts.js'
import type { Incident, SeenBy } from '../../server/domain/incident.js'
import type { Observation, Rule } from '../../server/domain/seen.js'
import { makeLocalBus } from '../../server/flow/local-bus.js'
import { openIncidents } from '../../server/incidents/incidents.js'
import { silentLog } from '../../server/system/log.js'
import { putLive } from '../support/put-rule.js'
import { incident, JUNCTION, redLight, T0 } from '../support/small-city.js'
import { makeCityStores } from '../support/small-city-store.js'
import { makeStillClock } from '../support/still-clock.js'

const cities = makeCityStores()
afterAll(() => cities.remove())

const claim = (phase: Observation['phase'] = 'began'): Observation => ({ ruleId: 'red-1', kind: 'red_light', episode: 'red-1~1:7:0', phase, atMs: T0, sinceMs: T0, witnesses: [], reason: { code: 'red_light', class: 'car', redForMs: 900, yellowMs: null } })

test.each<[sentence: string, seenBy: SeenBy, use: Rule['use'], alerts: number]>([
  ['what is live calls somebody', { ruleVersion: 1, mode: 'live' }, 'screening', 1],
  ['so does what gathers evidence', { ruleVersion: 1, mode: 'live' }, 'evidence', 1],
  ['a trial calls nobody, and what it saw is kept', { ruleVersion: 1, mode: 'shadow' }, 'screening', 0],
  ['a rule that only counts calls nobody', { ruleVersion: 1, mode: 'live' }, 'statistics', 0],
  ['an observation of no known version calls somebody: nothing is lost', { ruleVersion: null, mode: 'live' }, 'statistics', 1],
  ['so does one whose rule is gone', { ruleVersion: 9, mode: 'live' }, 'statistics', 1],
])('%s', async (_sentence, seenBy, use, count) => {
  const clock = makeStillClock()
  const store = await cities.open(clock)
  await putLive(store, JUNCTION, { ...redLight('red-1'), use })
  const bus = makeLocalBus(silentLog)
  const incidents = await openIncidents({ store, bus, clock, log: silentLog })
  const alerts = await openAlerts({ store, bus, clock, log: silentLog })
  bus.publish('observation.seen', { cameraId: JUNCTION, observation: claim(), seenBy })
  bus.publish('observation.seen', { cameraId: JUNCTION, observation: claim('ended'), seenBy })
  await incidents.settled()
  await alerts.catchUp()
  const found = await store.rules.findings('red-1' as never, { limit: 9 })
  expect(found.map(({ incident: { state, mode, ruleVersion, episode } }) => ({ state, mode, ruleVersion, episode }))).toEqual([{ state: 'ended', ...seenBy, episode: 'red-1~1:7:0' }])
  expect(await store.alerts.list({ limit: 9 })).toHaveLength(count)
  await incidents.close()
  await alerts.close()
  await store.close()
})

test('what is held calls nobody', async () => {
  const clock = makeStillClock()
  const store = await cities.open(clock)
  const held: Incident = incident('held', { mode: 'held', heldWhy: 'lamp_fault', ruleVersion: null })
  await store.incidents.save(held)
  await store.changes.append({ topic: 'incident', entityId: held.id, areaId: null, what: 'opened', by: null, atMs: T0, facts: {} })
  const alerts = await openAlerts({ store, bus: makeLocalBus(silentLog), clock, log: silentLog })
  expect([await store.alerts.list({ limit: 9 }), await store.incidents.get(held.id)]).toEqual([[], held])
  await alerts.close()
  await store.close()
})
