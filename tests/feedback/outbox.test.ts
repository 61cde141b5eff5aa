import { asId, type ReportId } from '../../server/domain/ids.js'
import type { Open311Client, Receipt, Remote, RemoteStatus, RemoteTrouble } from '../../server/feedback/open311-client.js'
import { makeOutbox, pauseAfter } from '../../server/feedback/outbox.js'
import type { Store } from '../../server/storage/store.js'
import { silentLog } from '../../server/system/log.js'
import { LAN, report } from '../support/small-city.js'
import { makeCityStores } from '../support/small-city-store.js'
import { makeStillClock, type StillClock } from '../support/still-clock.js'

const R1 = asId<ReportId>('r1')
const trouble = (code: RemoteTrouble['code'], mayPass: boolean): { ok: false; trouble: RemoteTrouble } => ({ ok: false, trouble: { code, mayPass, tried: 'POST http://other/requests.json', said: 'không được' } })

/** The other city, as its client sees it: a script of answers, the last of which repeats. */
function otherCity(script: { send?: Remote<Receipt>[]; redeem?: Remote<string | null>[]; follow?: Remote<RemoteStatus>[] }) {
  const next = <Answer>(answers: Answer[] | undefined): Answer => {
    const answer = answers && (answers.length > 1 ? answers.shift() : answers[0])
    if (!answer) throw new Error('the script has no such answer')
    return answer
  }
  const asked: string[] = []
  const client: Open311Client = {
    services: () => Promise.reject(new Error('not asked here')),
    send: async (request) => (asked.push(`send ${request.externalId}`), next(script.send)),
    redeem: async (token) => (asked.push(`redeem ${token}`), next(script.redeem)),
    follow: async (id) => (asked.push(`follow ${id}`), next(script.follow)),
  }
  return { client, asked }
}

const status = (part: Partial<RemoteStatus>): Remote<RemoteStatus> => ({ ok: true, value: { requestId: '9', status: 'open', statusNotes: null, updatedAtMs: null, ...part } })
const receipt: Remote<Receipt> = { ok: true, value: { is: 'request', requestId: '9' } }

const cities = makeCityStores()
afterAll(() => cities.remove())
let store: Store
let clock: StillClock
beforeEach(async () => {
  clock = makeStillClock()
  store = await cities.open(clock)
  await store.reports.add(report('r1'), null)
})
afterEach(async () => {
  await store.close()
})

function open(city: ReturnType<typeof otherCity>) {
  const news: number[] = []
  return { outbox: makeOutbox({ store, clock, log: silentLog, destinations: [{ name: 'province', client: city.client }], onNews: (seq) => news.push(seq) }), news }
}
/** The round in hand may have begun before the clock was moved to where it stands: the next one has not. */
async function workTwice(outbox: { work(): Promise<number> }): Promise<void> {
  await outbox.work()
  await outbox.work()
}
const lines = async (): Promise<unknown[]> => (await store.changes.of('report', 'r1')).map((change) => change.what)

test('a report is forwarded once, followed, and the answer over there becomes ours', async () => {
  const city = otherCity({ send: [receipt], follow: [status({}), status({ statusNotes: 'Đang làm' }), status({ statusNotes: 'Đang làm' }), status({ status: 'closed', statusNotes: 'Đã xong' })] })
  const { outbox, news } = open(city)
  expect([await outbox.forward(R1, 'province'), await outbox.forward(R1, 'province')]).toEqual([true, false])
  for (let round = 0; round < 8; round += 1) {
    await workTwice(outbox)
    clock.move(5 * 60_000)
  }
  await outbox.close()
  expect(city.asked).toEqual(['send r1', 'follow 9', 'follow 9', 'follow 9', 'follow 9'])
  expect(await store.reports.get(R1)).toMatchObject({ status: 'closed', statusNotes: 'Đã xong' })
  expect(await lines()).toEqual(['forwarded', 'answered', 'closed'])
  expect(news).toEqual([1, 2, 3])
})

test('while the other side is away the letter waits, longer each time, over a restart of ours, and then arrives', async () => {
  const city = otherCity({ send: [trouble('unreachable', true), trouble('timed_out', true), trouble('server_fault', true), receipt], follow: [status({ status: 'closed' })] })
  let { outbox } = open(city)
  await outbox.forward(R1, 'province')
  expect(await outbox.work()).toBe(1)
  expect(await outbox.work()).toBe(0)
  await outbox.close()
  ;({ outbox } = open(city))
  clock.move(pauseAfter(0) - 1)
  expect(await outbox.work()).toBe(0)
  for (const attempts of [0, 1, 2]) {
    clock.move(pauseAfter(attempts))
    await workTwice(outbox)
  }
  await outbox.close()
  expect(city.asked.filter((asked) => asked.startsWith('send'))).toHaveLength(4)
  expect(await store.outbox.get('province-r1')).toMatchObject({ state: 'delivered', attempts: 4, lastFault: 'server_fault: POST http://other/requests.json: không được' })
})

test('what the other side refuses is not sent again; the log says why', async () => {
  const city = otherCity({ send: [trouble('refused', false)] })
  const { outbox } = open(city)
  await outbox.forward(R1, 'province')
  await outbox.work()
  clock.move(24 * 60 * 60_000)
  await workTwice(outbox)
  await outbox.close()
  expect(city.asked).toHaveLength(1)
  expect(await store.outbox.get('province-r1')).toMatchObject({ state: 'refused' })
  expect((await store.changes.of('report', 'r1')).map((change) => [change.what, change.facts])).toEqual([['forwarding_refused', { destination: 'province', said: 'không được' }]])
})

test('a token is redeemed until it gives a number', async () => {
  const city = otherCity({ send: [{ ok: true, value: { is: 'token', token: 't' } }], redeem: [{ ok: true, value: null }, trouble('server_fault', true), { ok: true, value: '77' }], follow: [status({ requestId: '77', status: 'closed', statusNotes: 'Xong' })] })
  const { outbox } = open(city)
  await outbox.forward(R1, 'province')
  for (let round = 0; round < 6; round += 1) {
    await workTwice(outbox)
    clock.move(60 * 60_000)
  }
  await outbox.close()
  expect(city.asked).toEqual(['send r1', 'redeem t', 'redeem t', 'redeem t', 'follow 77'])
  expect(await store.reports.get(R1)).toMatchObject({ status: 'closed', statusNotes: 'Xong' })
})

test('a report over there that is gone for good is given up after a day of asking', async () => {
  const city = otherCity({ send: [receipt], follow: [trouble('not_found', false)] })
  const { outbox } = open(city)
  await outbox.forward(R1, 'province')
  for (let round = 0; round < 40; round += 1) {
    await workTwice(outbox)
    clock.move(60 * 60_000)
  }
  await outbox.close()
  expect(city.asked.filter((asked) => asked.startsWith('follow'))).toHaveLength(21)
  expect(await lines()).toEqual(['forwarded', 'no_longer_followed'])
})

test('what a person of ours has closed stays as they answered it', async () => {
  const city = otherCity({ send: [receipt], follow: [status({ status: 'closed', statusNotes: 'Không phải việc của chúng tôi' })] })
  const { outbox } = open(city)
  await outbox.forward(R1, 'province')
  await store.reports.change(R1, { status: 'closed', statusNotes: 'Đã xử lý tại chỗ' })
  await outbox.work()
  await outbox.work()
  await outbox.close()
  expect(await store.reports.get(R1)).toMatchObject({ statusNotes: 'Đã xử lý tại chỗ' })
})

test('the clock alone moves the outbox, two rounds at once send a letter once, and closing stops it', async () => {
  const city = otherCity({ send: [receipt], follow: [status({ status: 'closed' })] })
  const { outbox } = open(city)
  await outbox.forward(R1, 'province')
  clock.move(15_000)
  await Promise.all([outbox.work(), outbox.work()])
  expect(city.asked.filter((asked) => asked.startsWith('send'))).toHaveLength(1)
  await outbox.close()
  expect(clock.pending()).toBe(0)
})

test('a letter is queued in the transaction that decides it, or not at all', async () => {
  const { outbox } = open(otherCity({}))
  await expect(
    store.transact(async (tx) => {
      await outbox.forward(R1, 'province', tx)
      throw new Error('changed my mind')
    }),
  ).rejects.toThrow('changed my mind')
  expect(await store.outbox.get('province-r1')).toBeNull()
  await expect(outbox.forward(R1, 'moon')).rejects.toThrow('destination "moon" is not known: name one of province')
  await expect(outbox.forward(asId<ReportId>('none'), 'province')).rejects.toThrow('report none does not exist')
  await outbox.close()
  expect(await store.people.get(LAN)).not.toBeNull()
})

test.each([[0, 30_000], [1, 60_000], [5, 960_000], [7, 3_600_000], [1_000, 3_600_000]])('after %i attempts the pause is %i ms', (attempts, ms) => {
  expect(pauseAfter(attempts)).toBe(ms)
})
