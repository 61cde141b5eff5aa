import { isId, type CameraId, type PersonId, type RuleId } from '../domain/ids.js'
import type { RuleDeed } from '../domain/rule-life.js'
import { draftRule, shownVersion, type RuleStanding, type RuleVersion } from '../domain/rule-standing.js'
import type { Rule } from '../domain/seen.js'
import type { Store } from '../storage/store.js'
import { lineOf, perform, type Acted } from './perform.js'

/** The analytics' own parser, handed down by the wiring: what a rule is, is theirs to say. */
export type ParseRule = (written: unknown) => { readonly ok: Rule } | { readonly faults: readonly { readonly field: string; readonly reason: string; readonly next: string }[] }

export type RuleFaults = readonly { readonly field: string; readonly reason: string }[]

export interface RuleAt {
  readonly cameraId: CameraId
  readonly ruleId: RuleId
}

/** `seq` null: there was nothing to do. */
export type Written = { readonly ok: true; readonly standing: RuleStanding; readonly rule: Rule; readonly seq: number | null } | { readonly ok: false; readonly faults: RuleFaults } | Extract<Acted, { ok: false }>

export interface Writing {
  readonly by: PersonId | null
  readonly atMs: number
  readonly from?: number | undefined
  /** Whether a rule that is not there yet begins at rest. */
  readonly isResting?: boolean
  /** The deeds to do on a rule that is there. */
  plan(known: { readonly standing: RuleStanding; readonly body: Rule; readonly shown: Rule; readonly newest: Rule }): readonly RuleDeed[]
}

/** Takes in a rule as somebody wrote it: parsed once, here, then decided and stored in one transaction. */
export async function writeRule(store: Store, parseRule: ParseRule, { cameraId, ruleId }: RuleAt, written: unknown, { by, atMs, from, isResting = false, plan }: Writing): Promise<Written> {
  const parsed = parse(parseRule, ruleId, written)
  if ('faults' in parsed) return { ok: false, faults: parsed.faults }
  const rule = parsed.ok
  const done = await store.transact(async (tx): Promise<Planned | { readonly ok: false; readonly faults: RuleFaults }> => {
    const standing = await tx.rules.standing(ruleId)
    if (standing && standing.cameraId !== cameraId) return { ok: false, faults: [{ field: 'ruleId', reason: 'belongs to another camera: choose another id' }] }
    if (!standing) return begin(tx, { cameraId, ruleId }, { rule, by, atMs, isResting })
    const [shown, newest] = [await tx.rules.version(ruleId, shownVersion(standing)), await tx.rules.version(ruleId, standing.newest)]
    if (!shown || !newest) throw new Error(`the versions of rule ${ruleId} are missing`)
    if (from !== undefined && (from < 1 || from > standing.newest)) return { ok: false, refusal: { code: 'unknown_version', newest: standing.newest } }
    return performAll(tx, standing, plan({ standing, body: rule, shown: shown.body, newest: newest.body }), { by, atMs, ...(from === undefined ? {} : { from }) })
  })
  return done.ok ? { ...done, rule } : done
}

type Planned = { readonly ok: true; readonly standing: RuleStanding; readonly seq: number | null } | Extract<Acted, { ok: false }>

function parse(parseRule: ParseRule, ruleId: RuleId, written: unknown): { readonly ok: Rule } | { readonly faults: RuleFaults } {
  if (!isId(ruleId)) return { faults: [{ field: 'ruleId', reason: 'must match [a-z0-9-]{1,64}' }] }
  const parsed = parseRule(typeof written === 'object' && written !== null ? { ...written, id: ruleId } : written)
  return 'ok' in parsed ? parsed : { faults: parsed.faults.map(({ field, reason, next }) => ({ field: `rule.${field}`, reason: next ? `${reason}: ${next}` : reason })) }
}

/** A person's new rule is a draft; the system's own is live at once. */
async function begin(tx: Store, { cameraId, ruleId }: RuleAt, { rule, by, atMs, isResting }: { readonly rule: Rule; readonly by: PersonId | null; readonly atMs: number; readonly isResting: boolean }): Promise<Planned> {
  const first = ((await tx.rules.versions(ruleId)).at(-1)?.version ?? 0) + 1
  const draft: RuleStanding = { ...draftRule({ id: ruleId, cameraId, by, atMs, first }), resting: isResting }
  const version: RuleVersion = { ruleId, version: first, body: rule, madeBy: by, madeAtMs: atMs, fromVersion: null }
  const seq = await tx.rules.act({ standing: draft, version, change: await lineOf(tx, draft, { what: 'rule_save', by, atMs, facts: { version: first, kind: rule.kind } }) })
  if (seq === null) return { ok: false, refusal: { code: 'changed', revision: draft.revision } }
  return by === null ? perform(tx, draft, { do: 'put_live', version: first }, { by, atMs }) : { ok: true, standing: draft, seq }
}

/** One after the other. What is refused leaves the others standing; when nothing was done, why is told. */
async function performAll(tx: Store, standing: RuleStanding, deeds: readonly RuleDeed[], how: { readonly by: PersonId | null; readonly atMs: number; readonly from?: number }): Promise<Planned> {
  let done: Extract<Acted, { ok: true }> | null = null
  let refused: Extract<Acted, { ok: false }> | null = null
  for (const deed of deeds) {
    const acted = await perform(tx, done?.standing ?? standing, deed, how)
    if (acted.ok) done = acted
    else refused ??= acted
  }
  return done ?? refused ?? { ok: true, standing, seq: null }
}
