import { systemClock } from '../../server/system/clock.js'
import { until } from '../support/until.js'
import { openSmallHouse, type SmallHouse } from './small-house.js'

/** What a person may ask of a copy, and what is answered: in a house without ffmpeg and without a model, where none can be made. */
let house: SmallHouse
beforeAll(async () => void (house = await openSmallHouse()))
afterAll(() => house.close())

interface Answer {
  readonly id: string
  readonly redaction: { readonly covered: string | null; readonly said: unknown } | null
  readonly faults?: readonly { readonly field: string }[]
}

async function ask(part: object): Promise<{ readonly status: number; readonly body: Answer }> {
  const cameraId = await house.addCamera(house.areas.own)
  const toMs = systemClock.wallMs() - 1_000
  const answered = await house.ask(`/api/cameras/${cameraId}/exports`, { method: 'POST', cookie: house.cookie('police'), body: { fromMs: toMs - 10_000, toMs, reason: 'Trả lời phản ánh', ...part } })
  return { status: answered.status, body: (await answered.json()) as Answer }
}

test('a redacted copy is one that was asked for; others show everything', async () => {
  expect([await ask({}), await ask({ redact: false }), await ask({ redact: true })].map(({ status, body }) => [status, body.redaction])).toEqual([[201, null], [201, null], [201, { covered: null, said: null }]])
})

test.each([['yes'], [1], [null]])('redact is yes or no, and not %p', async (redact) => {
  const { status, body } = await ask({ redact })
  expect([status, JSON.stringify(body).includes('redact')]).toEqual([400, true])
})

test('it is kept as a redacted copy, with who asked; and where it cannot be made, it comes to nothing by name', async () => {
  const { body } = await ask({ redact: true })
  const { store } = house.app.parts
  await until('it has ended', async () => (await store.exports.get(body.id as never))?.state === 'failed')
  const row = (await store.exports.get(body.id as never))!
  expect([row.redact, row.covered, row.trouble]).toEqual([true, null, 'tools_missing'])
  const lines = (await store.changes.of('camera', row.cameraId)).filter(({ facts }) => facts['exportId'] === row.id)
  expect(lines.map(({ what, facts }) => [what, facts['redact'] ?? null, facts['why'] ?? null])).toEqual([['export_asked', true, null], ['export_failed', null, 'tools_missing']])
})
