import { parseRule } from '../../analytics/rules/parse-rule.js'
import { makeWatch, type Watch, type WatchOptions } from '../../analytics/watch.js'
import { openAlerts, type Alerts } from '../../server/alerts/alerts.js'
import { laneRule, splitObservation, splitReport } from '../../server/domain/rule-key.js'
import type { Rule } from '../../server/domain/seen.js'
import { makeLocalBus } from '../../server/flow/local-bus.js'
import type { Bus } from '../../server/flow/topics.js'
import { openIncidents, type Incidents } from '../../server/incidents/incidents.js'
import { openSignals, type Signals } from '../../server/signals/open-signals.js'
import type { Store } from '../../server/storage/store.js'
import { silentLog } from '../../server/system/log.js'
import { ROUND_THE_CLOCK, shoot, type Film, type Walker } from '../analytics/rules/walks.js'
import { putLive } from './put-rule.js'
import { JUNCTION, T0 } from './small-city.js'
import type { CityStores } from './small-city-store.js'
import { makeStillClock, type StillClock } from './still-clock.js'

/** A street with a lamp: the eyes, and the stages that make incidents, alerts and repairs of what they say, on a real store. */
export interface LampStreet {
  readonly store: Store
  readonly bus: Bus
  readonly clock: StillClock
  readonly signals: Signals
  readonly alerts: Alerts
  /** The film goes on where the last one ended; seconds are counted from the first. */
  play(walkers: readonly Walker[], film: Film): Promise<void>
  /** The server stops and starts: the eyes know nothing any more, the store does. */
  restart(): Promise<void>
  settled(): Promise<void>
  close(): Promise<void>
}

interface Stages {
  readonly incidents: Incidents
  readonly signals: Signals
  readonly alerts: Alerts
}

export async function openLampStreet(cities: CityStores, rules: readonly object[], options: Partial<WatchOptions> = {}): Promise<LampStreet> {
  const clock = makeStillClock(T0)
  const store = await cities.open(clock)
  const bus = makeLocalBus(silentLog)
  const parsed = rules.map((rule) => taken(rule))
  for (const rule of parsed) await putLive(store, JUNCTION, rule)
  const open = async (): Promise<Stages> => ({ incidents: await openIncidents({ store, bus, clock, log: silentLog }), signals: await openSignals({ store, bus, clock, log: silentLog }), alerts: await openAlerts({ store, bus, clock, log: silentLog }) })
  const wake = (): Watch => makeWatch(parsed.map((rule) => laneRule(rule, { version: 1, mode: 'live' })), { ...ROUND_THE_CLOCK, ...options })
  let stages = await open()
  let watch = wake()
  let playedMs = 0
  const settled = async (): Promise<void> => {
    await stages.signals.settled()
    await stages.incidents.settled()
    await stages.alerts.catchUp()
  }
  return {
    store,
    bus,
    clock,
    get signals() {
      return stages.signals
    },
    get alerts() {
      return stages.alerts
    },
    settled,
    async play(walkers, film) {
      for (const { frame, detections } of shoot(walkers, { ...film, startMs: T0 })) {
        if (frame.atMs < T0 + playedMs) continue
        clock.move(frame.atMs - clock.wallMs())
        const { observations, signals } = watch.see(frame, detections)
        for (const one of signals) bus.publish('lamp.reported', { cameraId: JUNCTION, ...splitReport(one) })
        for (const one of observations) bus.publish('observation.seen', { cameraId: JUNCTION, ...splitObservation(one) })
        if (signals.length + observations.length > 0) await settled()
      }
      playedMs = film.seconds * 1000 + 1
      await settled()
    },
    async restart() {
      for (const stage of [stages.incidents, stages.signals, stages.alerts]) await stage.close()
      stages = await open()
      watch = wake()
    },
    async close() {
      for (const stage of [stages.incidents, stages.signals, stages.alerts]) await stage.close()
      await store.close()
    },
  }
}

function taken(rule: object): Rule {
  const parsed = parseRule(rule)
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.ok
}
