import { asId, type CameraId, type IncidentId, type PersonId, type RuleId } from '../../server/domain/ids.js'
import type { RuleStanding } from '../../server/domain/rule-standing.js'
import type { Store } from '../../server/storage/store.js'
import { onEachDatabase } from '../support/on-each-database.js'
import { putLive, ruleLine, versionOf } from '../support/put-rule.js'
import { refusal } from '../support/refusal.js'
import { cameraDraft, incident, JUNCTION, LAN, raise, redLight, T0 } from '../support/small-city.js'

const RED = asId<RuleId>('red-1')
const KERB = asId<CameraId>('kerb')
const BAO = asId<PersonId>('bao')
const next = (standing: RuleStanding, part: Partial<RuleStanding>): RuleStanding => ({ ...standing, ...part, revision: standing.revision + 1 })

let store: Store
onEachDatabase('rules', (opened) => void (store = opened), () => {
  test('a rule is listed by camera as what is live says, else what is tried, else what was written last', async () => {
    await store.cameras.add(cameraDraft({ id: KERB }), T0)
    const red = await putLive(store, JUNCTION, redLight('red-1'))
    await putLive(store, KERB, redLight('red-2'), { createdAtMs: T0 + 1, resting: true })
    const named = (name: string) => ({ ...redLight('red-1'), name })
    let now = next(red, { newest: 2 })
    await store.rules.act({ standing: now, version: versionOf(named('Hai'), 2), change: ruleLine(JUNCTION) })
    now = next(now, { newest: 3 })
    await store.rules.act({ standing: now, version: versionOf(named('Ba'), 3), change: ruleLine(JUNCTION) })
    const shown = async () => (await store.rules.list(JUNCTION)).map(({ rule, enabled }) => [rule.name, enabled])
    expect(await shown()).toEqual([[redLight('red-1').name, true]])
    now = next(now, { live: null, shadow: { version: 2, sinceMs: T0, untilMs: T0 + 1, why: 'trial' } })
    await store.rules.act({ standing: now, version: null, change: ruleLine(JUNCTION) })
    expect(await shown()).toEqual([['Hai', false]])
    await store.rules.act({ standing: next(now, { shadow: null }), version: null, change: ruleLine(JUNCTION) })
    expect(await shown()).toEqual([['Ba', false]])
    expect((await store.rules.list()).map(({ rule, enabled, cameraId }) => [rule.id, enabled, cameraId])).toEqual([['red-1', false, JUNCTION], ['red-2', false, KERB]])
  })

  test('a standing comes back as it was written, with its versions and its line in the log', async () => {
    await store.people.add({ id: BAO, name: 'bao', displayName: 'Bảo', role: 'admin', areas: [], language: 'vi', passwordHash: 'x', createdAtMs: T0 })
    const red = await putLive(store, JUNCTION, redLight('red-1'), { ownerId: LAN })
    const full = next(red, { newest: 3, approved: [1], approvedAlone: [1], throttled: [2], judgedFromMs: 5, shadow: { version: 2, sinceMs: T0, untilMs: T0 + 9, why: 'throttled' }, proposal: { version: 3, by: LAN, atMs: T0, on: { backtestId: 'b-1' } }, resting: true })
    await store.rules.act({ standing: next(red, { newest: 2 }), version: versionOf(redLight('red-1'), 2, { madeBy: BAO }), change: ruleLine(JUNCTION) })
    const third = { ...full, revision: 3 }
    const seq = await store.rules.act({ standing: third, version: versionOf({ ...redLight('red-1'), name: 'Ba' }, 3, { madeBy: LAN, fromVersion: 1 }), change: ruleLine(JUNCTION, 'rule_throttle') })
    expect(await store.rules.standing(RED)).toEqual(third)
    expect(await store.rules.versions(RED)).toEqual([versionOf(redLight('red-1'), 1), versionOf(redLight('red-1'), 2, { madeBy: BAO }), versionOf({ ...redLight('red-1'), name: 'Ba' }, 3, { madeBy: LAN, fromVersion: 1 })])
    expect([await store.rules.version(RED, 3), await store.rules.version(RED, 4), await store.rules.standing(asId('none'))]).toEqual([expect.objectContaining({ version: 3 }), null, null])
    expect((await store.changes.of('camera', JUNCTION)).at(-1)).toMatchObject({ seq, what: 'rule_throttle' })
    const waived = next(third, { proposal: { version: 3, by: BAO, atMs: T0, on: { waiver: 'đã xem hai ngày' } }, shadow: null, throttled: [], approved: [1, 2] })
    await store.rules.act({ standing: waived, version: null, change: ruleLine(JUNCTION) })
    expect(await store.rules.standings(JUNCTION)).toEqual([waived])
  })

  test('of two people who decide at once one wins, and the other’s line is not in the log', async () => {
    const red = await putLive(store, JUNCTION, redLight('red-1'))
    const tries = await Promise.all([true, false, true, false].map((resting) => store.rules.act({ standing: next(red, { resting }), version: null, change: ruleLine(JUNCTION, 'rule_rest') })))
    expect(tries.filter((seq) => seq !== null)).toHaveLength(1)
    expect((await store.changes.of('camera', JUNCTION)).filter(({ what }) => what === 'rule_rest')).toHaveLength(1)
    expect(await store.rules.act({ standing: { ...red, cameraId: KERB }, version: versionOf(redLight('red-1'), 1), change: ruleLine(KERB) })).toBeNull()
  })

  test('a removed rule’s versions stay; under its name a new one begins behind them, and nobody has approved it', async () => {
    const red = await putLive(store, JUNCTION, redLight('red-1'))
    expect([await store.rules.remove(RED), await store.rules.remove(RED), await store.rules.list()]).toEqual([true, false, []])
    expect(await store.rules.version(RED, 1)).toMatchObject({ body: redLight('red-1') })
    await store.rules.act({ standing: { ...red, newest: 2, live: null, approved: [] }, version: versionOf(redLight('red-1'), 2), change: ruleLine(JUNCTION) })
    expect(await store.rules.standing(RED)).toMatchObject({ newest: 2, live: null, approved: [] })
  })

  test.each<[sentence: string, part: Partial<RuleStanding>]>([
    ['a version live that was never written', { live: 2 }],
    ['live and on trial at once', { shadow: { version: 1, sinceMs: T0, untilMs: T0 + 1, why: 'trial' } }],
    ['a trial that ends before it begins', { live: null, shadow: { version: 1, sinceMs: T0, untilMs: T0, why: 'trial' } }],
    ['a trial for no known reason', { live: null, shadow: { version: 1, sinceMs: T0, untilMs: T0 + 1, why: 'mood' as never } }],
    ['a waiver of nine letters', { proposal: { version: 1, by: LAN, atMs: T0, on: { waiver: '123456789' } } }],
    ['a proposal of somebody unknown', { proposal: { version: 1, by: asId('ghost'), atMs: T0, on: { backtestId: 'b' } } }],
  ])('the table itself refuses %s', async (_sentence, part) => {
    expect(await refusal(putLive(store, JUNCTION, redLight('red-1'), part))).toMatch(/constraint/i)
    expect(await store.changes.of('camera', JUNCTION)).toEqual([])
  })

  test('findings come newest first with what the desk and judges said, by mode and version', async () => {
    await raise(store, 'a1', { state: 'confirmed', ownerId: LAN, changedAtMs: T0 + 5 }, { ruleVersion: 1 })
    const shadow = incident('s1', { mode: 'shadow', ruleVersion: 2, openedAtMs: T0 + 10 })
    await store.incidents.save(shadow)
    await store.incidents.save(incident('h1', { mode: 'held', heldWhy: 'lamp_fault', openedAtMs: T0 + 20 }))
    await store.incidents.save(incident('other', { ruleId: asId('red-2') }))
    const word = { incidentId: asId<IncidentId>('s1'), right: true, by: LAN, atMs: T0 + 11, blind: false }
    await store.rules.judge(word)
    await store.rules.judge({ ...word, right: false, atMs: T0 + 12, blind: true })
    const ids = async (filter: object) => (await store.rules.findings(RED, { limit: 10, ...filter })).map(({ incident: { id } }) => id)
    expect([await ids({}), await ids({ mode: 'shadow' }), await ids({ version: 1 }), await ids({ limit: 1 })]).toEqual([['h1', 's1', 'of-a1'], ['s1'], ['h1', 'of-a1'], ['h1']])
    expect(await store.rules.findings(RED, { mode: 'shadow', limit: 1 })).toEqual([{ incident: shadow, alert: null, judged: [{ ...word, right: false, atMs: T0 + 12, blind: true }] }])
    const judged = async (version: number, openedFromMs: number) => (await store.rules.judged(RED, { version, openedFromMs, limit: 10 })).map(({ incident: { id }, alert }) => [id, alert?.state ?? null])
    expect([await judged(1, 0), await judged(2, T0 + 10), await judged(2, T0 + 11)]).toEqual([[['of-a1', 'confirmed']], [['s1', null]], []])
  })

  test.each<[sentence: string, part: object]>([
    ['held for no reason', { mode: 'held' }],
    ['a reason without being held', { heldWhy: 'officer' }],
    ['a mode that nobody knows', { mode: 'quiet' }],
    ['version nought', { ruleVersion: 0 }],
  ])('no incident is kept %s', async (_sentence, part) => expect(await refusal(store.incidents.save(incident('bad', part)))).toMatch(/constraint/i))
})
