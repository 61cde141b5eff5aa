import { parseRule } from '../../analytics/rules/parse-rule.js'
import { asId, type IncidentId, type PersonId, type RuleId } from '../../server/domain/ids.js'
import { makeLocalBus } from '../../server/flow/local-bus.js'
import type { Bus } from '../../server/flow/topics.js'
import { openRules, type Rules, type RulesOptions } from '../../server/rules/open-rules.js'
import type { Store } from '../../server/storage/store.js'
import { silentLog } from '../../server/system/log.js'
import { makeCityStores, type CityStores } from '../support/small-city-store.js'
import { JUNCTION, LAN, PROVINCE, T0, incident, redLight } from '../support/small-city.js'
import { makeStillClock, type StillClock } from '../support/still-clock.js'

export const RED = { cameraId: JUNCTION, ruleId: asId<RuleId>('red-1') }
export const BAO = asId<PersonId>('bao')
export const HOUR_MS = 3_600_000

export interface RuleHouse {
  readonly store: Store
  readonly clock: StillClock
  readonly bus: Bus
  readonly rules: Rules
  /** Rules of which the bus said that they changed, in order. */
  readonly told: string[]
  /** What the junction's lane is to run. */
  watched(): Promise<readonly string[]>
  /** The junction's history: what was done, and by whom. */
  log(): Promise<readonly string[]>
  /** Findings of a version, each judged by Lan. */
  find(version: number, words: { readonly right: number; readonly wrong: number }, name?: string): Promise<void>
  /** Once more after a restart. */
  reopen(options?: Partial<RulesOptions>): Promise<Rules>
  close(): Promise<void>
}

const cities: CityStores = makeCityStores()
export const removeCities = (): void => cities.remove()

/** The stage on a real store with two people; time stands until a test moves it. */
export async function openRuleHouse(): Promise<RuleHouse> {
  const clock = makeStillClock()
  const store = await cities.open(clock)
  await store.people.add({ id: BAO, name: 'bao', displayName: 'Trần Quốc Bảo', role: 'admin', areas: [PROVINCE], language: 'vi', passwordHash: 'x', createdAtMs: T0 })
  const bus = makeLocalBus(silentLog)
  const open = (options: Partial<RulesOptions> = {}): Promise<Rules> => openRules({ store, bus, clock, log: silentLog, parseRule, ...options })
  const rules = await open()
  const told: string[] = []
  bus.subscribe('rule.changed', ({ ruleId }) => void told.push(ruleId))
  let count = 0
  return {
    store,
    clock,
    bus,
    rules,
    told,
    watched: async () => (await rules.watched(JUNCTION)).map(({ rule, version, mode }) => `${rule.name} ${version} ${mode}`),
    log: async () => (await store.changes.of('camera', JUNCTION)).map(({ what, by }) => `${what} ${by ?? 'system'}`),
    async find(version, { right, wrong }, name = 'f') {
      for (let at = 0; at < right + wrong; at += 1) {
        const id = asId<IncidentId>(`${name}-${(count += 1)}`)
        await store.incidents.save(incident(id, { ruleVersion: version, openedAtMs: clock.wallMs(), mode: 'shadow' }))
        await rules.judge(id, { right: at < right, blind: true }, LAN)
      }
    },
    async reopen(options) {
      await rules.close()
      return open(options)
    },
    async close() {
      await rules.close()
      await store.close()
    },
  }
}

export const named = (name: string): object => ({ ...redLight('red-1'), name })
