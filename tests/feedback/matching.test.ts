import { asId, type AlertId, type CameraId, type LinkId, type ReportId } from '../../server/domain/ids.js'
import { openFeedback, type Feedback } from '../../server/feedback/feedback.js'
import { makeLocalBus } from '../../server/flow/local-bus.js'
import type { Store } from '../../server/storage/store.js'
import { silentLog } from '../../server/system/log.js'
import { cameraDraft, JUNCTION, LAN, raise, report, T0, WARD } from '../support/small-city.js'
import { makeCityStores } from '../support/small-city-store.js'
import { makeStillClock, type StillClock } from '../support/still-clock.js'

const cities = makeCityStores()
afterAll(() => cities.remove())
let store: Store
let clock: StillClock
let feedback: Feedback
const bus = makeLocalBus(silentLog)
beforeEach(async () => {
  clock = makeStillClock(T0 + 120_000)
  store = await cities.open(clock)
  feedback = await openFeedback({ store, clock, log: silentLog, bus, apiKeyHashes: [] })
})
afterEach(async () => {
  await feedback.close()
  await store.close()
})

const minutes = (count: number): number => count * 60_000

test('a report finds the alert of the same place, time and kind, says how near, and writes its line in the log', async () => {
  await raise(store, 'a1')
  await store.reports.add(report('r1'), null)
  const links = await feedback.proposeForReport(asId<ReportId>('r1'))
  expect(links).toEqual([expect.objectContaining({ reportId: 'r1', alertId: 'a1', state: 'proposed', minutesApart: 1, decidedBy: null })])
  expect(links[0]?.distanceM).toBeCloseTo(15.6, 0)
  expect(await store.links.ofReport(asId<ReportId>('r1'))).toEqual(links)
  expect(await store.changes.of('link', links[0]?.id ?? '')).toEqual([expect.objectContaining({ what: 'proposed', areaId: WARD, by: null, facts: expect.objectContaining({ reportId: 'r1', alertId: 'a1', minutesApart: 1 }) })])
})

test('an alert finds the report that came before it: a citizen was quicker', async () => {
  await store.reports.add(report('r1', { requestedAtMs: T0 - minutes(3) }), null)
  await raise(store, 'a1')
  expect(await feedback.proposeForAlert(asId<AlertId>('a1'))).toHaveLength(1)
})

test.each<[string, () => Promise<void>]>([
  ['of another kind', async () => void (await raise(store, 'a1', { kind: 'crowd' }, { reason: { code: 'crowd', count: 30, countMin: 20, heldMs: 5_000 } }))],
  ['of yesterday', async () => void (await raise(store, 'a1', { raisedAtMs: T0 - minutes(24 * 60) }, { sinceMs: T0 - minutes(24 * 60), lastSeenAtMs: T0 - minutes(24 * 60) }))],
  ['that a person has rejected', async () => void (await raise(store, 'a1', { state: 'rejected', ownerId: LAN, rejectReason: 'not_there' }))],
  ['of a camera across the river', async () => {
    await store.cameras.add(cameraDraft({ id: asId<CameraId>('far'), place: { ...cameraDraft({}).place, latitude: 10.39 } }), T0)
    await raise(store, 'a1', { cameraId: asId<CameraId>('far') })
  }],
])('an alert %s is not proposed', async (_name, begin) => {
  await begin()
  await store.reports.add(report('r1'), null)
  expect(await feedback.proposeForReport(asId<ReportId>('r1'))).toEqual([])
  expect(await feedback.proposeForAlert(asId<AlertId>('a1'))).toEqual([])
})

test('a state that began hours ago and still holds is what a report may mean', async () => {
  const sinceMs = T0 - minutes(200)
  await raise(store, 'a1', { kind: 'illegal_stop', raisedAtMs: sinceMs }, { sinceMs, reason: { code: 'illegal_stop', class: 'car', dwellMs: minutes(200) } })
  await store.reports.add(report('r1', { serviceCode: 'illegal-parking' }), null)
  expect(await feedback.proposeForReport(asId<ReportId>('r1'))).toEqual([expect.objectContaining({ alertId: 'a1', minutesApart: 1 })])
})

test('of many alerts the five likeliest are proposed, once', async () => {
  for (let count = 0; count < 8; count += 1) await raise(store, `a${count}`, { raisedAtMs: T0 - minutes(count * 5) }, { sinceMs: T0 - minutes(count * 5), lastSeenAtMs: T0 - minutes(count * 5) })
  await store.reports.add(report('r1'), null)
  expect((await feedback.proposeForReport(asId<ReportId>('r1'))).map((link) => link.alertId)).toEqual(['a0', 'a1', 'a2', 'a3', 'a4'])
  expect(await feedback.proposeForReport(asId<ReportId>('r1'))).toEqual([])
})

test('a raised alert is matched by itself, and what a crash left out is matched at the next start', async () => {
  await store.reports.add(report('r1'), null)
  await raise(store, 'a1')
  const said = new Promise<void>((resolve) => {
    const quit = bus.subscribe('changes.appended', () => {
      quit()
      resolve()
    })
  })
  bus.publish('alert.raised', { alertId: asId('a1'), incidentId: asId('of-a1'), cameraId: JUNCTION })
  await said
  expect(await store.links.ofAlert(asId<AlertId>('a1'))).toHaveLength(1)

  await raise(store, 'a2')
  const again = await openFeedback({ store, clock, log: silentLog, apiKeyHashes: [] })
  expect(await store.links.ofAlert(asId<AlertId>('a2'))).toHaveLength(1)
  await again.close()
})

describe('what people decide', () => {
  beforeEach(async () => {
    await raise(store, 'a1')
    await store.reports.add(report('r1'), null)
  })

  test('a link is confirmed by a person, with its line', async () => {
    const [link] = await feedback.proposeForReport(asId<ReportId>('r1'))
    const id = link?.id ?? asId<LinkId>('none')
    expect(await feedback.linkReport(id, 'confirmed', LAN)).toEqual({ ...link, state: 'confirmed', decidedBy: LAN, decidedAtMs: clock.wallMs() })
    expect((await store.changes.of('link', id)).map((change) => [change.what, change.by])).toEqual([['proposed', null], ['confirmed', LAN]])
    expect(await feedback.linkReport(asId<LinkId>('none'), 'confirmed', LAN)).toBeNull()
  })

  test('an answer goes into status and notes, and the report counts as changed even if the clock was set back', async () => {
    await store.reports.change(asId<ReportId>('r1'), { updatedAtMs: clock.wallMs() + minutes(10) })
    const answered = await feedback.answerReport(asId<ReportId>('r1'), { notes: ' Đang kiểm tra ', close: false }, LAN)
    expect(answered).toMatchObject({ status: 'open', statusNotes: 'Đang kiểm tra', updatedAtMs: clock.wallMs() + minutes(10) + 1 })
    expect(await feedback.answerReport(asId<ReportId>('r1'), { notes: 'Đã xử phạt', close: true }, LAN)).toMatchObject({ status: 'closed', statusNotes: 'Đã xử phạt' })
    expect((await store.changes.of('report', 'r1')).map((change) => [change.what, change.by, change.facts])).toEqual([
      ['answered', LAN, { notes: 'Đang kiểm tra', was: 'open' }],
      ['closed', LAN, { notes: 'Đã xử phạt', was: 'open' }],
    ])
    expect(await feedback.answerReport(asId<ReportId>('none'), { notes: 'x', close: true }, LAN)).toBeNull()
    await expect(feedback.answerReport(asId<ReportId>('r1'), { notes: '  ', close: true }, LAN)).rejects.toThrow('notes are empty: write what was done')
  })
})
