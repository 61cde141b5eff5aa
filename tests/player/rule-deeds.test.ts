import type { RuleStandingView } from '../../server/contract/rules.js'
import { asId, type CameraId, type PersonId, type RuleId } from '../../server/domain/ids.js'
import { decideRule, type RuleDeed, type SecondPerson } from '../../server/domain/rule-life.js'
import { draftRule, type RuleStanding } from '../../server/domain/rule-standing.js'
import { isLiveAlone, mayRollBack, offeredDeeds, statesOf, type RuleDeedName } from '../../player/rules/rule-deeds.js'
import { redLight } from '../support/small-city.js'

const hanh = asId<PersonId>('hanh')
const bao = asId<PersonId>('bao')
const NOW = 1_000
const draft = draftRule({ id: asId<RuleId>('r'), cameraId: asId<CameraId>('c'), by: hanh, atMs: 1, first: 1 })
const live: RuleStanding = { ...draft, newest: 3, live: 2, approved: [1, 2] }
const settled: RuleStanding = { ...draft, newest: 2, live: 2, approved: [1, 2] }
const onTrial: RuleStanding = { ...live, shadow: { version: 3, sinceMs: 1, untilMs: 9, why: 'trial' } }
const proposed: RuleStanding = { ...live, proposal: { version: 3, by: hanh, atMs: 1, on: { waiver: 'đã theo dõi bảy ngày' } } }
const throttled: RuleStanding = { ...draft, newest: 1, live: null, throttled: [1], shadow: { version: 1, sinceMs: 1, untilMs: 9, why: 'throttled' } }
const STANDINGS: readonly (readonly [string, RuleStanding])[] = [['a draft', draft], ['live, and a newer draft', live], ['live, and nothing newer', settled], ['on trial', onTrial], ['proposed', proposed], ['throttled', throttled], ['resting', { ...live, resting: true }], ['a draft at rest', { ...draft, resting: true }]]

function viewOf({ id, newest, approvedAlone, live: liveVersion, shadow, proposal, resting, revision, approved, throttled: low }: RuleStanding, second: SecondPerson = 'there'): RuleStandingView {
  const versions = Array.from({ length: newest }, (_, at) => newest - at).map((version) => ({ version, madeBy: null, madeAtMs: 1, fromVersion: null, trust: approved.includes(version) ? ('approved' as const) : low.includes(version) ? ('throttled' as const) : null, alone: approvedAlone.includes(version), rule: {}, differs: [] }))
  return { id, name: 'Một', kind: 'red_light', owner: null, newest, live: liveVersion, shadow, proposal: proposal && { version: proposal.version, by: { id: proposal.by, displayName: 'x' }, atMs: proposal.atMs, backtestId: null, waiver: 'x' }, second, resting, revision, versions }
}

const deedOf = (name: RuleDeedName, { newest }: RuleStanding): RuleDeed => {
  switch (name) {
    case 'save':
      return { do: 'save', over: redLight('r'), body: { ...redLight('r'), name: 'Khác' } }
    case 'try':
      return { do: 'try', version: newest, days: 7 }
    case 'propose':
      return { do: 'propose', version: newest, on: { waiver: 'đã theo dõi bảy ngày, đúng cả' } }
    case 'refuse':
    case 'withdraw':
      return { do: name, reason: 'chưa rõ' }
    default:
      return { do: name }
  }
}

const rows = STANDINGS.flatMap(([name, standing]) => [hanh, bao].map((me): [string, RuleStanding, PersonId] => [`${name}, seen by ${me}`, standing, me]))

test.each(rows)('what is offered is taken: %s', (_name, standing, me) => {
  const deeds = [...offeredDeeds(viewOf(standing), { meId: me, dirty: false, tested: false })]
  expect(deeds.filter((deed) => !decideRule(standing, deedOf(deed, standing), { by: me, atMs: NOW }).ok)).toEqual([])
})
test.each(rows)('and what would be taken of it is offered: %s', (_name, standing, me) => {
  const offered = offeredDeeds(viewOf(standing), { meId: me, dirty: false, tested: false })
  const taken = (['approve', 'end_trial', 'resume', 'withdraw'] as const).filter((deed) => decideRule(standing, deedOf(deed, standing), { by: me, atMs: NOW }).ok)
  expect(taken.filter((deed) => !offered.has(deed) && !(deed === 'end_trial' && standing.shadow?.why === 'throttled'))).toEqual([])
})
test.each(STANDINGS)('a version that may be rolled back to, may: %s', (_name, standing) => {
  const view = viewOf(standing)
  expect(view.versions.filter((one) => mayRollBack(view, one) !== decideRule(standing, { do: 'roll_back', version: one.version }, { by: bao, atMs: NOW }).ok)).toEqual([])
})

test.each(['there', 'nobody', 'not_needed'] as const)('to approve one’s own proposal is offered where it is taken, and nowhere else: a second person is %s', (second) => {
  for (const me of [hanh, bao]) expect([me, offeredDeeds(viewOf(proposed, second), { meId: me, dirty: false, tested: false }).has('approve')]).toEqual([me, decideRule(proposed, { do: 'approve' }, { by: me, atMs: NOW, second }).ok])
})
test('what is live by one person’s word is told, and what is not live any more is not', () => expect([{ ...live, approvedAlone: [2] }, { ...live, approvedAlone: [1] }, live].map((one) => isLiveAlone(viewOf(one)))).toEqual([true, false, false]))

test('a version that was throttled is proposed on a back-test alone', () => {
  const offered = (tested: boolean) => offeredDeeds(viewOf(throttled), { meId: hanh, dirty: false, tested }).has('propose')
  const taken = (on: Extract<RuleDeed, { do: 'propose' }>['on']) => decideRule(throttled, { do: 'propose', version: 1, on }, { by: hanh, atMs: NOW }).ok
  expect([offered(false), offered(true), taken({ waiver: 'đã theo dõi bảy ngày, đúng cả' }), taken({ backtestId: asId('b') })]).toEqual([false, true, false, true])
})
test('what is not saved is neither tried nor proposed', () => expect([...offeredDeeds(viewOf(live), { meId: hanh, dirty: true, tested: true })]).toEqual(['save', 'rest']))
test('a rule without a row can only be saved', () => expect([...offeredDeeds(null, { meId: hanh, dirty: false, tested: false })]).toEqual(['save']))
test.each<[string, RuleStanding, readonly string[]]>([
  ['a draft', draft, ['draft 1']],
  ['live beside a trial', onTrial, ['live 2', 'trial 3']],
  ['live beside a proposal', proposed, ['live 2', 'proposed 3']],
  ['throttled', throttled, ['throttled 1']],
  ['at rest', { ...onTrial, resting: true }, ['resting 2']],
])('its states are told: %s', (_name, standing, expected) => expect(statesOf(viewOf(standing)).map(({ is, version }) => `${is} ${version}`)).toEqual(expected))
