import type { CameraId, IncidentId, PersonId } from '../domain/ids.js'
import type { SeenBy } from '../domain/incident.js'
import type { RuleDeed, SecondPerson } from '../domain/rule-life.js'
import { shownVersion, watchedVersions, type RuleStanding } from '../domain/rule-standing.js'
import type { Rule } from '../domain/seen.js'
import type { Bus } from '../flow/topics.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { lookAtRules, measureRule, type RulePrecision } from './hourly-look.js'
import { lineOf, perform, secondPersonFor, type Acted } from './perform.js'
import { planPut } from './plan-put.js'
import { writeRule, type ParseRule, type RuleAt, type Written } from './write-version.js'

/** What a person does to a rule; writing a version is `save`, and the system's deeds are its own. */
export type PersonsDeed = Exclude<RuleDeed, { do: 'save' | 'throttle' | 'put_live' }>

export interface WatchedRule {
  readonly rule: Rule
  readonly version: number
  readonly mode: SeenBy['mode']
}

export interface Rules {
  /** What the lane of this camera is to run: live versions and those on trial. */
  watched(cameraId: CameraId): Promise<readonly WatchedRule[]>
  /** A person's deed; `revision` is the one they saw. */
  act(at: RuleAt, deed: PersonsDeed, by: PersonId, revision: number): Promise<Acted>
  /** Writes a version; of a rule that is not there yet, its first: a draft. `from`: the version it was made from, by default the newest. */
  save(at: RuleAt, written: unknown, by: PersonId, from?: number): Promise<Written>
  /** The whole rule and whether it is to watch, as the camera page sends it (plan-put.ts). */
  put(at: RuleAt, put: { readonly rule?: unknown; readonly enabled: boolean; readonly waiver?: string | undefined }, by: PersonId | null): Promise<Written>
  remove(at: RuleAt, by: PersonId): Promise<boolean>
  /** Who could approve what this person proposes. */
  second(cameraId: CameraId, by: PersonId): Promise<SecondPerson>
  /** Of what is live, else of what is tried, as far as people judged it. */
  precision(standing: RuleStanding): Promise<RulePrecision>
  /** A person's word on one finding; false: there is no such incident. */
  judge(incidentId: IncidentId, word: { readonly right: boolean; readonly blind: boolean }, by: PersonId): Promise<boolean>
  /** Ends trials whose time is over and throttles rules that are too often wrong. Done hourly; public for tests. */
  look(): Promise<void>
  close(): Promise<void>
}

export interface RulesOptions {
  readonly store: Store
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  readonly parseRule: ParseRule
  /** Of ten alerts seven are to be right: below that, people stop looking at what a rule says. */
  readonly precisionTarget?: number
  /** The city has set that whoever proposes may approve: shown on each version that went live so. */
  readonly isOneEnough?: boolean
}

const LOOK_MS = 60 * 60_000
const PRECISION_TARGET = 0.7

/** Decides which version of a rule watches. A decision is a row with its line in the log before anybody hears of it. */
export async function openRules({ store, bus, clock, log, parseRule, precisionTarget: target = PRECISION_TARGET, isOneEnough = false }: RulesOptions): Promise<Rules> {
  const tell = ({ cameraId, id }: Pick<RuleStanding, 'cameraId' | 'id'>, seq: number): void => {
    bus.publish('rule.changed', { cameraId, ruleId: id })
    bus.publish('changes.appended', { seq })
  }
  const told = <Done extends Acted | Written>(done: Done): Done => {
    if (done.ok && done.seq !== null) tell(done.standing, done.seq)
    return done
  }
  const look = (): Promise<void> => lookAtRules({ store, clock, log, target, tell })
  let looking = Promise.resolve()
  const lookLater = (): void => void (looking = looking.then(look).catch((fault: unknown) => log.error({ fault }, 'rules could not be looked at; the next hour tries again')))
  const stopLooking = clock.every(LOOK_MS, lookLater)
  await noteOneEnough({ store, bus, clock, log }, isOneEnough)
  // A trial may have run out while the server was down.
  lookLater()
  await looking

  return {
    look,
    second: (cameraId, by) => secondPersonFor(store, cameraId, by, isOneEnough),
    precision: (standing) => measureRule(store, standing, { target, atMs: clock.wallMs() }),
    watched: (cameraId) => readWatched(store, cameraId),
    async act({ cameraId, ruleId }, deed, by, revision) {
      return told(
        await store.transact(async (tx): Promise<Acted> => {
          const standing = await tx.rules.standing(ruleId)
          if (standing?.cameraId !== cameraId) return { ok: false, refusal: { code: 'unknown' } }
          if (standing.revision !== revision) return { ok: false, refusal: { code: 'changed', revision: standing.revision } }
          return perform(tx, standing, deed, { by, atMs: clock.wallMs(), isOneEnough })
        }),
      )
    },
    async save(at, written, by, from) {
      return told(await writeRule(store, parseRule, at, written, { by, from, atMs: clock.wallMs(), plan: ({ body, newest }) => [{ do: 'save', body, over: newest }] }))
    },
    async put(at, { rule, enabled, waiver }, by) {
      return told(await writeRule(store, parseRule, at, rule, { by, atMs: clock.wallMs(), isResting: !enabled, plan: ({ standing, body, shown, newest }) => planPut(standing, { body, enabled, waiver, by }, { shown, newest }) }))
    },
    async remove(at, by) {
      const seq = await removeRule(store, at, { by, atMs: clock.wallMs() })
      if (seq !== null) tell({ cameraId: at.cameraId, id: at.ruleId }, seq)
      return seq !== null
    },
    async judge(incidentId, word, by) {
      const seq = await judgeFinding(store, incidentId, { ...word, by, atMs: clock.wallMs() })
      if (seq !== null) bus.publish('changes.appended', { seq })
      return seq !== null
    },
    async close() {
      stopLooking()
      await looking
    },
  }
}

const ONE_ENOUGH = 'rules.one_enough'

/** A setting of the machine that changes who answers for a rule: from when on it held stands in the log of the people. */
async function noteOneEnough({ store, bus, clock, log }: Pick<RulesOptions, 'store' | 'bus' | 'clock' | 'log'>, isOneEnough: boolean): Promise<void> {
  if (isOneEnough) log.warn({ setting: 'rules.secondPerson' }, 'whoever proposes a rule may put it live alone; each such rule says so')
  if (((await store.notes.get(ONE_ENOUGH)) === 'yes') === isOneEnough) return
  const seq = await store.transact(async (tx) => {
    await tx.notes.set(ONE_ENOUGH, isOneEnough ? 'yes' : 'no')
    return tx.changes.append({ topic: 'person', entityId: 'rules.secondPerson', areaId: null, what: 'rules_second_person', by: null, atMs: clock.wallMs(), facts: { secondPerson: isOneEnough ? 'off' : 'needed' } })
  })
  bus.publish('changes.appended', { seq })
}

async function readWatched(store: Store, cameraId: CameraId): Promise<readonly WatchedRule[]> {
  const wanted = (await store.rules.standings(cameraId)).flatMap((standing) => watchedVersions(standing).map((watched) => ({ id: standing.id, ...watched })))
  const found = await Promise.all(wanted.map(async ({ id, version, mode }) => ({ version, mode, body: (await store.rules.version(id, version))?.body })))
  return found.flatMap(({ body, version, mode }) => (body ? [{ rule: body, version, mode }] : []))
}

function removeRule(store: Store, { cameraId, ruleId }: RuleAt, { by, atMs }: { readonly by: PersonId; readonly atMs: number }): Promise<number | null> {
  return store.transact(async (tx) => {
    const standing = await tx.rules.standing(ruleId)
    const shown = standing && (await tx.rules.version(ruleId, shownVersion(standing)))
    if (standing?.cameraId !== cameraId || !(await tx.rules.remove(ruleId))) return null
    return tx.changes.append(await lineOf(tx, standing, { what: 'rule_removed', by, atMs, facts: { kind: shown?.body.kind ?? null } }))
  })
}

function judgeFinding(store: Store, incidentId: IncidentId, { right, blind, by, atMs }: { readonly right: boolean; readonly blind: boolean; readonly by: PersonId; readonly atMs: number }): Promise<number | null> {
  return store.transact(async (tx) => {
    const incident = await tx.incidents.get(incidentId)
    const camera = incident && (await tx.cameras.get(incident.cameraId))
    if (!camera) return null
    await tx.rules.judge({ incidentId, right, by, atMs, blind })
    return tx.changes.append({ topic: 'incident', entityId: incidentId, areaId: camera.areaId, what: 'judged', by, atMs, facts: { right, blind } })
  })
}
