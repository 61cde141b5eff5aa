import { asId, type BacktestId, type CameraId, type PersonId, type RuleId } from '../domain/ids.js'
import { weighBacktest } from '../domain/backtest.js'
import { inside } from '../domain/area.js'
import { may } from '../domain/person.js'
import { decideRule, type RuleDeed, type RuleRefusal, type SecondPerson } from '../domain/rule-life.js'
import type { Precision } from '../domain/rule-precision.js'
import type { RuleStanding } from '../domain/rule-standing.js'
import type { NewChange, Store } from '../storage/store.js'

export type Facts = NewChange['facts']
export type Acted = { readonly ok: true; readonly standing: RuleStanding; readonly seq: number } | { readonly ok: false; readonly refusal: RuleRefusal | { readonly code: 'unknown' } | { readonly code: 'changed'; readonly revision: number } }

/** Decides a deed on what is stored now, and stores it: the standing, the version it wrote, its line in the log. Within a transaction. */
export async function perform(tx: Store, standing: RuleStanding, deed: RuleDeed, { by, atMs, from, facts = {}, isOneEnough = false }: { readonly by: PersonId | null; readonly atMs: number; readonly from?: number; readonly facts?: Facts; readonly isOneEnough?: boolean }): Promise<Acted> {
  const second = deed.do === 'approve' && by !== null && standing.proposal?.by === by ? await secondPersonFor(tx, standing.cameraId, by, isOneEnough) : 'there'
  const verdict = decideRule(standing, deed, { by, atMs, second })
  if (!verdict.ok) return verdict
  const groundless = await weighGround(tx, standing, deed)
  if (groundless) return { ok: false, refusal: groundless }
  const next = verdict.standing
  const version = deed.do === 'save' ? { ruleId: next.id, version: next.newest, body: deed.body, madeBy: by, madeAtMs: atMs, fromVersion: from ?? standing.newest } : null
  const change = await lineOf(tx, standing, { what: `rule_${deed.do}`, by, atMs, facts: { ...factsOf(deed, next), ...facts } })
  const seq = await tx.rules.act({ standing: next, version, change })
  return seq === null ? { ok: false, refusal: { code: 'changed', revision: standing.revision } } : { ok: true, standing: next, seq }
}

/** Whether somebody else could approve what this person proposes for a camera: active, with the right, and in charge of its area. */
export async function secondPersonFor(store: Store, cameraId: CameraId, by: PersonId, isOneEnough: boolean): Promise<SecondPerson> {
  if (isOneEnough) return 'not_needed'
  const camera = await store.cameras.get(cameraId)
  const area = camera && (await store.areas.get(camera.areaId))
  const others = (await store.people.list()).filter((person) => person.id !== by && may(person, 'rule.manage') && inside(area?.path ?? [], person.areas))
  return others.length > 0 ? 'there' : 'nobody'
}

/** What is proposed on a back-test was run on one: this rule's, this version's, and to its end. Null: nothing speaks against it. */
async function weighGround(tx: Store, { id, cameraId }: RuleStanding, deed: RuleDeed): Promise<RuleRefusal | null> {
  if (deed.do !== 'propose' || !('backtestId' in deed.on)) return null
  return weighBacktest(await tx.backtests.get(asId<BacktestId>(deed.on.backtestId.trim())), { cameraId, ruleId: id, version: deed.version })
}

/** A rule's line stands in its camera's history: who may see the camera may see what became of its rules. */
export async function lineOf(tx: Store, { id, cameraId }: { readonly id: RuleId; readonly cameraId: CameraId }, { what, by, atMs, facts }: { readonly what: string; readonly by: PersonId | null; readonly atMs: number; readonly facts: Facts }): Promise<NewChange> {
  const camera = await tx.cameras.get(cameraId)
  return { topic: 'camera', entityId: cameraId, areaId: camera?.areaId ?? null, what, by, atMs, facts: { rule: id, ...facts } }
}

/** What a reader of the log needs to understand the line without the rule. */
function factsOf(deed: RuleDeed, after: RuleStanding): Facts {
  switch (deed.do) {
    case 'save':
      return { version: after.newest, kind: deed.body.kind }
    case 'try':
      return { version: deed.version, days: deed.days }
    case 'propose':
      return { version: deed.version, ...deed.on }
    case 'approve':
      return { version: after.live, ...(after.live !== null && after.approvedAlone.includes(after.live) ? { alone: true } : {}) }
    case 'put_live':
    case 'roll_back':
      return { version: after.live }
    case 'withdraw':
    case 'refuse':
      return { reason: deed.reason }
    case 'throttle':
    case 'end_trial':
    case 'rest':
    case 'resume':
      return {}
  }
}

/** The figures that a throttled rule's owner is told. */
export function precisionFacts({ point, low, high, n }: Precision): Facts {
  const share = (value: number): number => Math.round(value * 1000) / 1000
  return { point: share(point), low: share(low), high: share(high), n }
}
