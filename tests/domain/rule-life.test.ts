import { asId, type CameraId, type PersonId, type RuleId } from '../../server/domain/ids.js'
import { decideRule, trialOver, type RuleDeed, type RuleRefusal, type SecondPerson } from '../../server/domain/rule-life.js'
import { draftRule, shownVersion, watchedVersions, type RuleStanding } from '../../server/domain/rule-standing.js'
import { RULE_REFUSAL_WORDS } from '../../server/domain/rule-words.js'
import { redLight } from '../support/small-city.js'

const hanh = asId<PersonId>('hanh')
const bao = asId<PersonId>('bao')
const DAY_MS = 86_400_000
const NOW = 100 * DAY_MS
const draft = draftRule({ id: asId<RuleId>('r'), cameraId: asId<CameraId>('c'), by: hanh, atMs: 1, first: 1 })
/** Three versions: 1 and 2 were approved, 2 is live, 3 is new. */
const live: RuleStanding = { ...draft, newest: 3, live: 2, approved: [1, 2] }
const onTrial: RuleStanding = { ...live, shadow: { version: 3, sinceMs: NOW - DAY_MS, untilMs: NOW + DAY_MS, why: 'trial' } }
const proposed: RuleStanding = { ...live, proposal: { version: 3, by: hanh, atMs: NOW - 1, on: { waiver: 'chỉ đổi tên, hình vẽ như cũ' } } }
const throttled: RuleStanding = { ...live, live: null, approved: [1], throttled: [2], shadow: { version: 2, sinceMs: NOW - DAY_MS, untilMs: NOW + 29 * DAY_MS, why: 'throttled' } }
const onBacktest: RuleStanding = { ...throttled, proposal: { version: 2, by: hanh, atMs: 2, on: { backtestId: 'b1' } } }

const body = redLight('r')
const propose = (version: number, waiver = 'đã xem hai ngày, đúng cả'): RuleDeed => ({ do: 'propose', version, on: { waiver } })

test.each<[sentence: string, before: RuleStanding, deed: RuleDeed, by: PersonId | null, after: Partial<RuleStanding> | RuleRefusal['code']]>([
  ['a new version is one more, and nothing that watches changes', live, { do: 'save', over: body, body: { ...body, name: 'Khác' } }, hanh, { newest: 4, live: 2, shadow: null }],
  ['the same again is no version', live, { do: 'save', over: body, body: { ...body } }, hanh, 'unchanged'],
  ['a version is tried for some days', live, { do: 'try', version: 3, days: 7 }, hanh, { live: 2, shadow: { version: 3, sinceMs: NOW, untilMs: NOW + 7 * DAY_MS, why: 'trial' } }],
  ['a draft is tried although nothing is live', draft, { do: 'try', version: 1, days: 30 }, hanh, { live: null, shadow: { version: 1, sinceMs: NOW, untilMs: NOW + 30 * DAY_MS, why: 'trial' } }],
  ['no trial lasts no day', live, { do: 'try', version: 3, days: 0 }, hanh, 'days_out_of_range'],
  ['no trial lasts longer than thirty days', live, { do: 'try', version: 3, days: 31 }, hanh, 'days_out_of_range'],
  ['no trial lasts half a day', live, { do: 'try', version: 3, days: 1.5 }, hanh, 'days_out_of_range'],
  ['what is live needs no trial', live, { do: 'try', version: 2, days: 1 }, hanh, 'already_live'],
  ['what was never written is not tried', live, { do: 'try', version: 4, days: 1 }, hanh, 'unknown_version'],
  ['one trial at a time', onTrial, { do: 'try', version: 1, days: 1 }, hanh, 'trial_running'],
  ['a trial takes the place of what was throttled', throttled, { do: 'try', version: 3, days: 1 }, hanh, { shadow: { version: 3, sinceMs: NOW, untilMs: NOW + DAY_MS, why: 'trial' } }],
  ['a trial is ended', onTrial, { do: 'end_trial' }, bao, { shadow: null, live: 2 }],
  ['no trial, no end', live, { do: 'end_trial' }, bao, 'no_trial'],
  ['a version is proposed on a written waiver', live, propose(3), hanh, { live: 2, proposal: { version: 3, by: hanh, atMs: NOW, on: { waiver: 'đã xem hai ngày, đúng cả' } } }],
  ['or on a back-test', live, { do: 'propose', version: 3, on: { backtestId: 'b1' } }, hanh, { proposal: { version: 3, by: hanh, atMs: NOW, on: { backtestId: 'b1' } } }],
  ['nine letters are no waiver', live, propose(3, '  123456789  '), hanh, 'waiver_short'],
  ['ten are', live, propose(3, '1234567890'), hanh, { proposal: { version: 3, by: hanh, atMs: NOW, on: { waiver: '1234567890' } } }],
  ['a back-test without a name is none', live, { do: 'propose', version: 3, on: { backtestId: ' ' } }, hanh, 'backtest_missing'],
  ['what is live is not proposed', live, propose(2), hanh, 'already_live'],
  ['what was never written is not proposed', live, propose(0), hanh, 'unknown_version'],
  ['one’s own proposal is replaced', proposed, propose(1), hanh, { proposal: { version: 1, by: hanh, atMs: NOW, on: { waiver: 'đã xem hai ngày, đúng cả' } } }],
  ['another person’s is answered first', proposed, propose(1), bao, 'proposal_open'],
  ['the system proposes nothing', live, propose(3), null, 'person_needed'],
  ['a second person puts it live', proposed, { do: 'approve' }, bao, { live: 3, proposal: null, approved: [1, 2, 3], judgedFromMs: 0 }],
  ['whoever proposed cannot', proposed, { do: 'approve' }, hanh, 'second_person'],
  ['nor can the system', proposed, { do: 'approve' }, null, 'person_needed'],
  ['nothing proposed, nothing approved', live, { do: 'approve' }, bao, 'no_proposal'],
  ['the trial of what went live is over', { ...proposed, shadow: onTrial.shadow }, { do: 'approve' }, bao, { live: 3, shadow: null }],
  ['the trial of another goes on', { ...onTrial, proposal: { version: 1, by: hanh, atMs: 1, on: { backtestId: 'b' } } }, { do: 'approve' }, bao, { live: 1, shadow: onTrial.shadow }],
  ['the proposer takes it back', proposed, { do: 'withdraw', reason: 'vẽ nhầm' }, hanh, { proposal: null, live: 2 }],
  ['nobody else does', proposed, { do: 'withdraw', reason: 'vẽ nhầm' }, bao, 'not_yours'],
  ['but may refuse it', proposed, { do: 'refuse', reason: 'vùng quá rộng' }, bao, { proposal: null, live: 2 }],
  ['with a reason', proposed, { do: 'refuse', reason: ' ' }, bao, 'reason_missing'],
  ['what is not proposed is not refused', live, { do: 'refuse', reason: 'x' }, bao, 'no_proposal'],
  ['what was live before comes back by one person', live, { do: 'roll_back', version: 1 }, hanh, { live: 1, approved: [1, 2], newest: 3 }],
  ['what never was does not', live, { do: 'roll_back', version: 3 }, hanh, 'never_live'],
  ['nor what is live', live, { do: 'roll_back', version: 2 }, hanh, 'already_live'],
  ['nor what was never written', live, { do: 'roll_back', version: 9 }, hanh, 'unknown_version'],
  ['a roll-back ends the shadow of what was throttled', throttled, { do: 'roll_back', version: 1 }, hanh, { live: 1, shadow: null, throttled: [2] }],
  ['what was throttled is not rolled back to', throttled, { do: 'roll_back', version: 2 }, hanh, 'never_live'],
  ['nor brought back by a waiver', throttled, propose(2), hanh, 'backtest_needed'],
  ['nor by a waiver that was written before', { ...throttled, proposal: { version: 2, by: hanh, atMs: 1, on: { waiver: 'viết từ trước đó' } } }, { do: 'approve' }, bao, 'backtest_needed'],
  ['a back-test brings it back, and it is judged anew', onBacktest, { do: 'approve' }, bao, { live: 2, shadow: null, throttled: [], approved: [1, 2], judgedFromMs: NOW }],
  ['a rule rests', onTrial, { do: 'rest' }, hanh, { resting: true, live: 2, shadow: onTrial.shadow }],
  ['and goes on', { ...live, resting: true }, { do: 'resume' }, bao, { resting: false, live: 2 }],
  ['resting twice is no deed', { ...live, resting: true }, { do: 'rest' }, hanh, 'resting'],
  ['nor resuming twice', live, { do: 'resume' }, hanh, 'not_resting'],
  ['the system throttles: it is watched on and calls nobody', live, { do: 'throttle' }, null, { live: null, shadow: { version: 2, sinceMs: NOW, untilMs: NOW + 30 * DAY_MS, why: 'throttled' }, approved: [1], throttled: [2] }],
  ['a trial that a person began is not ended for it', onTrial, { do: 'throttle' }, null, { live: null, shadow: onTrial.shadow, throttled: [2] }],
  ['what is not live is not throttled', draft, { do: 'throttle' }, null, 'not_live'],
  ['no person throttles', live, { do: 'throttle' }, hanh, 'system_only'],
  ['the sandbox city puts its own rules live', draft, { do: 'put_live', version: 1 }, null, { live: 1, approved: [1] }],
  ['no person does', draft, { do: 'put_live', version: 1 }, hanh, 'system_only'],
  ['not even the system puts live what was never written', draft, { do: 'put_live', version: 2 }, null, 'unknown_version'],
])('%s', (_sentence, before, deed, by, after) => {
  const verdict = decideRule(before, deed, { by, atMs: NOW })
  if (verdict.ok) {
    expect(verdict.standing).toMatchObject(after as object)
    expect(verdict.standing.revision).toBe(before.revision + 1)
  } else expect(verdict.refusal.code).toBe(after)
})

const alone: RuleStanding = { ...live, approvedAlone: [2] }
test.each<[sentence: string, before: RuleStanding, deed: RuleDeed, by: PersonId | null, second: SecondPerson, after: object | string]>([
  ['whoever proposed cannot, though nobody else is there: they are told what to do', proposed, { do: 'approve' }, hanh, 'nobody', 'no_second_person'],
  ['where the city has set that one is enough they can, and it is marked', proposed, { do: 'approve' }, hanh, 'not_needed', { live: 3, proposal: null, approved: [1, 2, 3], approvedAlone: [3] }],
  ['there too another may approve, and it is not marked', proposed, { do: 'approve' }, bao, 'not_needed', { live: 3, approvedAlone: [] }],
  ['a second person’s word takes the mark away', { ...alone, live: 1, proposal: { version: 2, by: hanh, atMs: 1, on: { waiver: 'đã xem lại hai ngày' } } }, { do: 'approve' }, bao, 'there', { live: 2, approvedAlone: [] }],
  ['rolled back to, it is still one person’s', { ...alone, live: 1 }, { do: 'roll_back', version: 2 }, bao, 'there', { live: 2, approvedAlone: [2] }],
  ['throttled, nobody has approved it any more', alone, { do: 'throttle' }, null, 'there', { live: null, approved: [1], approvedAlone: [] }],
  ['one is enough for going live and for nothing else: a waiver brings no throttled version back', { ...throttled, proposal: { version: 2, by: hanh, atMs: 1, on: { waiver: 'viết từ trước đó' } } }, { do: 'approve' }, hanh, 'not_needed', 'backtest_needed'],
])('%s', (_sentence, before, deed, by, second, after) => {
  const verdict = decideRule(before, deed, { by, atMs: NOW, second })
  expect(verdict.ok ? verdict.standing : verdict.refusal.code).toEqual(typeof after === 'string' ? after : expect.objectContaining(after))
})

test.each<[sentence: string, before: RuleStanding, atMs: number, shadow: RuleStanding['shadow'] | 'as it is']>([
  ['a trial runs to its last millisecond', onTrial, NOW + DAY_MS - 1, 'as it is'],
  ['then it is over, and what is live stays', onTrial, NOW + DAY_MS, null],
  ['so does the shadow of what was throttled', throttled, NOW + 29 * DAY_MS, null],
  ['no trial is never over', live, NOW * 9, 'as it is'],
])('%s', (_sentence, before, atMs, shadow) => {
  const after = trialOver(before, atMs)
  expect(after).toEqual(shadow === 'as it is' ? null : { ...before, shadow, revision: before.revision + 1 })
})

test.each<[sentence: string, standing: RuleStanding, watched: string, shown: number]>([
  ['a draft watches nothing', draft, '', 1],
  ['live and trial watch beside each other', onTrial, '2 live, 3 shadow', 2],
  ['what was throttled goes on in the shadow', throttled, '2 shadow', 2],
  ['what rests watches nothing, and is shown', { ...onTrial, resting: true }, '', 2],
])('%s', (_sentence, standing, watched, shown) => {
  expect(watchedVersions(standing).map(({ version, mode }) => `${version} ${mode}`).join(', ')).toBe(watched)
  expect(shownVersion(standing)).toBe(shown)
})

test('every refusal says what to do next, in both languages', () => {
  for (const { said, next } of Object.values(RULE_REFUSAL_WORDS)) expect([said.vi, said.en, next.vi, next.en].every((words) => words.length > 5) && next.vi.endsWith('.')).toBe(true)
})
