import type { CameraId, PersonId, RuleId } from '../../server/domain/ids.js'
import { draftRule, type RuleStanding, type RuleVersion } from '../../server/domain/rule-standing.js'
import type { Rule } from '../../server/domain/seen.js'
import type { Rules } from '../../server/rules/open-rules.js'
import type { NewChange, Store } from '../../server/storage/store.js'
import { T0 } from './small-city.js'

export const ruleLine = (cameraId: CameraId, what = 'rule_save'): NewChange => ({ topic: 'camera', entityId: cameraId, areaId: null, what, by: null, atMs: T0, facts: {} })

export const versionOf = (rule: Rule, version: number, part: Partial<RuleVersion> = {}): RuleVersion => ({ ruleId: rule.id as RuleId, version, body: rule, madeBy: null, madeAtMs: T0, fromVersion: version === 1 ? null : version - 1, ...part })

/** A rule of the system's in the store, live from its first version: what a test needs that is about something else. */
export async function putLive(store: Store, cameraId: CameraId, rule: Rule, part: Partial<RuleStanding> = {}): Promise<RuleStanding> {
  const standing: RuleStanding = { ...draftRule({ id: rule.id as RuleId, cameraId, by: null, atMs: T0, first: 1 }), live: 1, approved: [1], ...part }
  if ((await store.rules.act({ standing, version: versionOf(rule, 1), change: ruleLine(cameraId) })) === null) throw new Error(`rule ${rule.id} was there already`)
  return standing
}

/** The way people go: one writes a version and proposes it with a waiver, another approves. Answers the standing it then has. */
export async function goLive(rules: Rules, at: { readonly cameraId: CameraId; readonly ruleId: RuleId }, rule: unknown, { proposer, approver }: { readonly proposer: PersonId; readonly approver: PersonId }): Promise<RuleStanding> {
  const saved = await rules.save(at, rule, proposer)
  if (!saved.ok) throw new Error(JSON.stringify(saved))
  const proposed = await rules.act(at, { do: 'propose', version: saved.standing.newest, on: { waiver: 'thử nghiệm: không có bản ghi' } }, proposer, saved.standing.revision)
  if (!proposed.ok) throw new Error(JSON.stringify(proposed))
  const approved = await rules.act(at, { do: 'approve' }, approver, proposed.standing.revision)
  if (!approved.ok) throw new Error(JSON.stringify(approved))
  return approved.standing
}
