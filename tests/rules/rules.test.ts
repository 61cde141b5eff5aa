import type { PersonsDeed } from '../../server/rules/open-rules.js'
import { PLAIN_WAIVER } from '../../server/rules/plan-put.js'
import { aBacktest } from '../support/a-backtest.js'
import { goLive } from '../support/put-rule.js'
import { JUNCTION, LAN, OTHER_WARD, T0 } from '../support/small-city.js'
import { BAO, HOUR_MS, named, openRuleHouse, RED, removeCities, type RuleHouse } from './rule-house.js'

let house: RuleHouse
beforeEach(async () => void (house = await openRuleHouse()))
afterEach(() => house.close())
afterAll(removeCities)

const standing = async () => (await house.store.rules.standing(RED.ruleId))!
const act = async (deed: PersonsDeed, by = LAN) => house.rules.act(RED, deed, by, (await standing()).revision)

describe('a rule’s way', () => {
  test('from a draft by a trial and a second person to live, each step told and in the history', async () => {
    await house.rules.save(RED, named('Một'), LAN)
    expect([await house.watched(), await standing()]).toEqual([[], expect.objectContaining({ ownerId: LAN, newest: 1, live: null })])
    await act({ do: 'try', version: 1, days: 2 })
    expect(await house.watched()).toEqual(['Một 1 shadow'])
    await house.store.backtests.add(aBacktest('b-1', { state: 'done', settledAtMs: T0 }))
    await act({ do: 'propose', version: 1, on: { backtestId: 'b-1' } })
    expect(await act({ do: 'approve' })).toEqual({ ok: false, refusal: { code: 'second_person' } })
    expect(await house.watched()).toEqual(['Một 1 shadow'])
    await act({ do: 'approve' }, BAO)
    expect(await house.watched()).toEqual(['Một 1 live'])
    expect(await house.log()).toEqual(['rule_save lan', 'rule_try lan', 'rule_propose lan', 'rule_approve bao'])
    expect(house.told).toEqual(['red-1', 'red-1', 'red-1', 'red-1'])
  })

  describe('where nobody else could approve', () => {
    const WAIVER = { waiver: 'đã theo dõi bảy ngày, đúng cả' }
    const settingsLines = async () => (await house.store.changes.of('person', 'rules.secondPerson')).map(({ what, facts }) => [what, facts['secondPerson']])
    const proposeOne = async (): Promise<void> => {
      await house.rules.save(RED, named('Một'), LAN)
      await act({ do: 'propose', version: 1, on: WAIVER })
    }

    test.each<[sentence: string, part: object]>([
      ['is switched off', { disabled: true }],
      ['may not manage rules', { role: 'police' }],
      ['has another ward', { areas: [OTHER_WARD] }],
    ])('because the only other person %s, it is said what to do, and nothing goes live', async (_sentence, part) => {
      await proposeOne()
      expect(await house.rules.second(JUNCTION, LAN)).toBe('there')
      await house.store.people.change(BAO, part)
      expect([await house.rules.second(JUNCTION, LAN), await act({ do: 'approve' })]).toEqual(['nobody', { ok: false, refusal: { code: 'no_second_person' } }])
      expect([await house.watched(), await settingsLines()]).toEqual([[], []])
    })

    test('and the city has set that one is enough, the proposer may: the log says so, and so does the rule for as long as that version is live', async () => {
      await proposeOne()
      const rules = await house.reopen({ isOneEnough: true })
      const { revision } = await standing()
      expect([await rules.second(JUNCTION, LAN), await rules.act(RED, { do: 'approve' }, LAN, revision)]).toEqual(['not_needed', expect.objectContaining({ ok: true })])
      expect([await house.watched(), (await standing()).approvedAlone, (await house.store.changes.of('camera', JUNCTION)).at(-1)]).toEqual([['Một 1 live'], [1], expect.objectContaining({ what: 'rule_approve', by: LAN, facts: { rule: 'red-1', version: 1, alone: true } })])
      // Set back, the rule goes on and still says it; what is proposed next needs a second person again.
      await rules.close()
      const strict = await house.reopen()
      expect([(await standing()).approvedAlone, await strict.second(JUNCTION, LAN), await settingsLines()]).toEqual([[1], 'there', [['rules_second_person', 'off'], ['rules_second_person', 'needed']]])
      await (await house.reopen()).close()
      expect(await settingsLines()).toHaveLength(2)
      await strict.close()
    })
  })

  test.each<[sentence: string, part: object, refusal: object]>([
    ['that nobody ran', { id: 'b-9' }, { code: 'backtest_unknown' }],
    ['of another rule', { ruleId: 'red-2' }, { code: 'backtest_unknown' }],
    ['of another version', { version: 2 }, { code: 'backtest_of_other', version: 2 }],
    ['that is not finished', { state: 'running', settledAtMs: null }, { code: 'backtest_unfinished', state: 'running' }],
  ])('nothing is proposed on a back-test %s', async (_sentence, part, refusal) => {
    await house.rules.save(RED, named('Một'), LAN)
    await house.store.backtests.add(aBacktest('b-1', { state: 'done', settledAtMs: T0, ...part }))
    expect(await act({ do: 'propose', version: 1, on: { backtestId: 'b-1' } })).toEqual({ ok: false, refusal })
    expect((await standing()).proposal).toBeNull()
  })

  test('a new version is tried beside what is live, then rolled back from', async () => {
    await goLive(house.rules, RED, named('Một'), { proposer: LAN, approver: BAO })
    await house.rules.save(RED, named('Hai'), BAO)
    await act({ do: 'try', version: 2, days: 7 })
    expect(await house.watched()).toEqual(['Một 1 live', 'Hai 2 shadow'])
    await act({ do: 'propose', version: 2, on: { waiver: 'chỉ đổi tên quy tắc' } })
    await act({ do: 'approve' }, BAO)
    expect(await house.watched()).toEqual(['Hai 2 live'])
    await act({ do: 'roll_back', version: 1 })
    expect(await house.watched()).toEqual(['Một 1 live'])
    await act({ do: 'rest' })
    expect(await house.watched()).toEqual([])
  })

  test('a deed on what somebody else has changed since is refused with where it stands', async () => {
    await house.rules.save(RED, named('Một'), LAN)
    await act({ do: 'rest' })
    expect(await house.rules.act(RED, { do: 'resume' }, LAN, 1)).toEqual({ ok: false, refusal: { code: 'changed', revision: 2 } })
    expect(await house.rules.act({ ...RED, cameraId: 'kerb' as never }, { do: 'resume' }, LAN, 2)).toEqual({ ok: false, refusal: { code: 'unknown' } })
    expect(house.told).toHaveLength(2)
  })

  test('what cannot be parsed is no version, and says which field', async () => {
    expect(await house.rules.save(RED, { ...named('Một'), graceMs: 'soon' }, LAN)).toEqual({ ok: false, faults: [expect.objectContaining({ field: 'rule.graceMs' })] })
    expect(await house.rules.save({ ...RED, ruleId: 'Red~1' as never }, named('Một'), LAN)).toMatchObject({ ok: false, faults: [{ field: 'ruleId' }] })
    expect(await house.store.rules.standings()).toEqual([])
  })

  test('a version says from which it was made', async () => {
    await house.rules.save(RED, named('Một'), LAN)
    await house.rules.save(RED, named('Hai'), LAN)
    await house.rules.save(RED, named('Ba'), BAO, 1)
    expect((await house.store.rules.versions(RED.ruleId)).map(({ version, madeBy, fromVersion }) => [version, madeBy, fromVersion])).toEqual([[1, LAN, null], [2, LAN, 1], [3, BAO, 1]])
    expect(await house.rules.save(RED, named('Bốn'), BAO, 4)).toEqual({ ok: false, refusal: { code: 'unknown_version', newest: 3 } })
    expect(await house.rules.save(RED, named('Ba'), BAO)).toEqual({ ok: false, refusal: { code: 'unchanged' } })
  })

  test('removed, it watches nothing, and its name begins anew as a draft', async () => {
    await goLive(house.rules, RED, named('Một'), { proposer: LAN, approver: BAO })
    expect([await house.rules.remove(RED, LAN), await house.rules.remove(RED, LAN), await house.watched()]).toEqual([true, false, []])
    await house.rules.save(RED, named('Một'), LAN)
    expect(await standing()).toMatchObject({ newest: 2, live: null, approved: [] })
  })
})

describe('as the camera page sends it', () => {
  const put = (rule: unknown, enabled: boolean, by: typeof LAN | null = LAN) => house.rules.put(RED, { rule, enabled }, by)

  test('the system’s own goes live at once, changed or new', async () => {
    await put(named('Một'), true, null)
    expect(await house.watched()).toEqual(['Một 1 live'])
    await put(named('Hai'), true, null)
    expect(await house.watched()).toEqual(['Hai 2 live'])
    expect(await put(named('Hai'), true, null)).toMatchObject({ ok: true, seq: null })
  })

  test('a person’s new rule is a draft', async () => {
    await put(named('Một'), true)
    expect([await house.watched(), (await standing()).proposal]).toEqual([[], null])
    // Switching it on is asking for it to go live.
    await put(named('Một'), true)
    expect((await standing()).proposal).toMatchObject({ version: 1, by: LAN, on: { waiver: PLAIN_WAIVER } })
  })

  test('a person’s changed rule is a version and a proposal; what is live stays live', async () => {
    await put(named('Một'), true, null)
    await put(named('Hai'), true)
    expect([await house.watched(), (await standing()).proposal]).toEqual([['Một 1 live'], expect.objectContaining({ version: 2, by: LAN })])
    await put(named('Ba'), true)
    expect((await standing()).proposal).toMatchObject({ version: 3 })
    await put(named('Bốn'), true, BAO)
    expect(await standing()).toMatchObject({ newest: 4, live: 1, proposal: { version: 3, by: LAN } })
  })

  test('the same rule with another switch rests and goes on', async () => {
    await put(named('Một'), true, null)
    await put(named('Một'), false)
    expect([await house.watched(), (await standing()).newest]).toEqual([[], 1])
    await put(named('Một'), true, BAO)
    expect([await house.watched(), (await standing()).newest]).toEqual([['Một 1 live'], 1])
    expect(await house.log()).toEqual(['rule_save system', 'rule_put_live system', 'rule_rest lan', 'rule_resume bao'])
  })

  test('what was throttled is not switched on again, and says why', async () => {
    await put(named('Một'), true, null)
    await house.find(1, { right: 2, wrong: 20 })
    await house.rules.look()
    expect(await put(named('Một'), true)).toEqual({ ok: false, refusal: { code: 'backtest_needed' } })
  })
})

describe('every hour', () => {
  test('a trial whose time is over ends, and not a moment before', async () => {
    await goLive(house.rules, RED, named('Một'), { proposer: LAN, approver: BAO })
    await house.rules.save(RED, named('Hai'), LAN)
    await act({ do: 'try', version: 2, days: 1 })
    house.clock.move(23 * HOUR_MS)
    await house.rules.look()
    expect(await house.watched()).toEqual(['Một 1 live', 'Hai 2 shadow'])
    house.clock.move(HOUR_MS)
    await house.rules.look()
    expect([await house.watched(), (await house.log()).at(-1)]).toEqual([['Một 1 live'], 'rule_trial_over system'])
  })

  test.each<[sentence: string, isDown: boolean]>([['the clock itself does it', false], ['so does a start after the server was down', true]])('%s', async (_sentence, isDown) => {
    await house.rules.save(RED, named('Một'), LAN)
    await act({ do: 'try', version: 1, days: 1 })
    if (isDown) await house.rules.close()
    house.clock.move(48 * HOUR_MS)
    const again = isDown ? await house.reopen() : house.rules
    await again.close()
    expect([await house.watched(), (await house.log()).at(-1)]).toEqual([[], 'rule_trial_over system'])
  })

  test('a rule too often wrong calls nobody any more, and its owner is told with the figures', async () => {
    await goLive(house.rules, RED, named('Một'), { proposer: LAN, approver: BAO })
    await house.find(1, { right: 9, wrong: 21 })
    await house.rules.look()
    expect([await house.watched(), await standing()]).toEqual([['Một 1 shadow'], expect.objectContaining({ live: null, throttled: [1], shadow: expect.objectContaining({ why: 'throttled' }) })])
    const line = (await house.store.changes.of('camera', JUNCTION)).at(-1)
    expect([line?.what, line?.by, line?.facts]).toEqual(['rule_throttle', null, { rule: 'red-1', version: 1, owner: LAN, point: 0.3, low: 0.167, high: 0.479, n: 30 }])
  })

  test.each<[sentence: string, right: number, wrong: number]>([
    ['few verdicts never throttle, not even all wrong', 0, 19],
    ['a rule that may still be on target goes on', 17, 13],
    ['a good one goes on', 28, 2],
  ])('%s', async (_sentence, right, wrong) => {
    await goLive(house.rules, RED, named('Một'), { proposer: LAN, approver: BAO })
    await house.find(1, { right, wrong })
    await house.rules.look()
    expect(await house.watched()).toEqual(['Một 1 live'])
  })

  test('another version’s verdicts do not count, nor those before a back-test brought it back', async () => {
    await goLive(house.rules, RED, named('Một'), { proposer: LAN, approver: BAO })
    await house.find(1, { right: 0, wrong: 30 })
    await house.rules.look()
    house.clock.move(HOUR_MS)
    await house.store.backtests.add(aBacktest('b-2', { state: 'done', settledAtMs: T0 }))
    await act({ do: 'propose', version: 1, on: { backtestId: 'b-2' } })
    await act({ do: 'approve' }, BAO)
    await house.rules.look()
    expect([await house.watched(), await house.rules.precision(await standing())]).toEqual([['Một 1 live'], expect.objectContaining({ n: 0, verdict: 'too_few', version: 1, target: 0.7 })])
    await house.rules.save(RED, named('Hai'), LAN)
    await house.find(2, { right: 0, wrong: 30 })
    await house.rules.look()
    expect(await house.watched()).toEqual(['Một 1 live'])
  })
})

test('a word on a finding is kept with who and how; of what is not there, none is', async () => {
  await house.find(1, { right: 1, wrong: 0 })
  expect((await house.store.rules.findings(RED.ruleId, { limit: 5 })).map(({ judged }) => judged)).toEqual([[expect.objectContaining({ right: true, by: LAN, blind: true })]])
  expect(await house.rules.judge('nowhere' as never, { right: true, blind: false }, LAN)).toBe(false)
})
