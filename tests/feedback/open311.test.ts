import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { asId, type AreaId, type CameraId, type ReportId } from '../../server/domain/ids.js'
import { openFeedback, type Feedback } from '../../server/feedback/feedback.js'
import type { Open311Answer } from '../../server/feedback/open311-terms.js'
import type { Store } from '../../server/storage/store.js'
import { silentLog } from '../../server/system/log.js'
import { cameraDraft, OTHER_WARD, PROVINCE, report, T0, WARD } from '../support/small-city.js'
import { makeCityStores } from '../support/small-city-store.js'
import { makeStillClock, type StillClock } from '../support/still-clock.js'

const KEY = 'khóa-của-1022'
const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex')
const golden = (name: string): string => readFileSync(new URL(`./golden/${name}`, import.meta.url), 'utf8').trimEnd()

const cities = makeCityStores()
afterAll(() => cities.remove())
let store: Store
let clock: StillClock
let feedback: Feedback
beforeEach(async () => {
  clock = makeStillClock(T0 + 600_000)
  store = await cities.open(clock)
  feedback = await openFeedback({ store, clock, log: silentLog, apiKeyHashes: [hashOf('another'), hashOf(KEY)] })
})
afterEach(async () => {
  await feedback.close()
  await store.close()
})

const get = (path: string, query: Record<string, string> = { api_key: KEY }): Promise<Open311Answer> => feedback.open311({ method: 'get', path, query: new URLSearchParams(query), form: new URLSearchParams() })
const post = (form: Record<string, string>, path = 'requests.json'): Promise<Open311Answer> => feedback.open311({ method: 'post', path, query: new URLSearchParams(), form: new URLSearchParams(form) })
const COMPLAINT = { api_key: KEY, service_code: 'traffic-violation', lat: '10.3712', long: '105.4326', description: 'Xe máy vượt đèn đỏ' }

describe('answers look as the standard writes them', () => {
  beforeEach(async () => {
    await store.reports.add(report('r1', { description: 'Xe <b>“đỏ”</b> & xe \u0007xanh\ndừng', statusNotes: 'Đã nhắc nhở', status: 'closed', mediaUrl: 'https://anh.example.vn/1.jpg?a=1&b=2' }), { name: 'Bí Mật', phone: '0909123456', email: null, deviceId: null, accountId: null })
    await store.reports.add(report('r2', { latitude: null, longitude: null, serviceCode: 'street-order', requestedAtMs: T0, updatedAtMs: T0 }), null)
  })

  test.each([
    ['services', 'services'],
    ['services/illegal-parking', 'definition'],
    ['requests', 'requests'],
    ['requests/r1', 'request'],
    ['tokens/r1', 'token'],
    ['requests/none', 'not-found'],
    ['services/none', 'no-service'],
  ])('%s in both formats', async (path, name) => {
    const [json, xml] = [await get(`${path}.json`), await get(`${path}.xml`)]
    expect(`${JSON.stringify(JSON.parse(json.body), null, 2)}`).toBe(golden(`${name}.json`))
    expect(xml.body.trimEnd()).toBe(golden(`${name}.xml`))
    expect([json.status, json.mediaType, xml.status, xml.mediaType]).toEqual([json.status, 'application/json; charset=utf-8', json.status, 'text/xml; charset=utf-8'])
    expect(json.status).toBe(name === 'not-found' || name === 'no-service' ? 404 : 200)
  })

  test('names are Vietnamese unless English is asked for', async () => {
    expect((await get('services.json', { locale: 'en' })).body).toContain('Illegal parking')
    expect((await get('services.json', {})).body).toContain('Dừng đỗ sai quy định')
  })

  test('an empty list is an empty list', async () => {
    expect((await get('requests.json', { api_key: KEY, service_code: 'trespass' })).body).toBe('[]')
    expect((await get('requests.xml', { api_key: KEY, service_code: 'trespass' })).body).toBe('<?xml version="1.0" encoding="utf-8"?>\n<service_requests/>\n')
  })
})

describe('a new report', () => {
  test('is stored with its area, its line in the log and its contacts apart, and comes back without them', async () => {
    const answer = await post({ ...COMPLAINT, first_name: 'Mật', last_name: 'Nguyễn Bí', phone: '0909123456', email: 'bi.mat@example.vn', device_id: 'máy-9', account_id: 'tk-9', address_string: 'Ngã tư', media_url: 'https://anh.example.vn/a.jpg' })
    expect(answer.status).toBe(200)
    const [{ service_request_id: id, ...rest }] = JSON.parse(answer.body) as [{ service_request_id: string }]
    expect(rest).toEqual({ service_notice: null, account_id: null })
    expect(await store.reports.get(asId<ReportId>(id))).toEqual({ id, serviceCode: 'traffic-violation', description: 'Xe máy vượt đèn đỏ', address: 'Ngã tư', latitude: 10.3712, longitude: 105.4326, mediaUrl: 'https://anh.example.vn/a.jpg', requestedAtMs: clock.wallMs(), updatedAtMs: clock.wallMs(), status: 'open', statusNotes: null, areaId: WARD, source: `open311:${hashOf(KEY).slice(0, 8)}`, sourceId: null })
    expect(await store.changes.of('report', id)).toEqual([expect.objectContaining({ what: 'received', areaId: WARD, by: null, atMs: clock.wallMs() })])
    for (const path of ['requests.json', 'requests.xml', `requests/${id}.json`, `requests/${id}.xml`, `tokens/${id}.json`]) expect((await get(path)).body).not.toMatch(/Bí|0909|bi\.mat|máy-9|tk-9/)
    expect(JSON.stringify(await store.changes.since(0, 100))).not.toMatch(/Bí|0909|bi\.mat|máy-9|tk-9/)
  })

  test('answers in XML when asked in XML', async () => {
    const answer = await post(COMPLAINT, 'requests.xml')
    expect(answer.body).toMatch(/^<\?xml version="1\.0" encoding="utf-8"\?>\n<service_requests>\n  <request>\n    <service_request_id>[0-9a-f-]{36}<\/service_request_id>\n    <service_notice\/>\n    <account_id\/>\n  <\/request>\n<\/service_requests>\n$/)
  })

  test.each([['external_id'], ['attribute[external_id]'], ['attribute[fixmystreet_id]']])('sent again with the same %s it is the same report, also when both come at once', async (field) => {
    const twice = await Promise.all([post({ ...COMPLAINT, [field]: '77' }), post({ ...COMPLAINT, [field]: '77', description: 'lần hai' })])
    const later = await post({ ...COMPLAINT, [field]: '77' })
    expect(new Set([...twice, later].map((answer) => answer.body)).size).toBe(1)
    expect(await store.reports.list({ limit: 10 })).toHaveLength(1)
    expect((await store.changes.since(0, 10)).filter((change) => change.what === 'received')).toHaveLength(1)
    await post({ ...COMPLAINT, api_key: 'another', [field]: '77' })
    expect(await store.reports.list({ limit: 10 })).toHaveLength(2)
  })

  test('without a number of its own, two reports are two', async () => {
    await post(COMPLAINT)
    await post(COMPLAINT)
    expect(await store.reports.list({ limit: 10 })).toHaveLength(2)
  })

  test.each<[string, Record<string, string>, AreaId]>([
    ['near a camera is for that camera’s ward', { lat: '10.3712', long: '105.4326' }, WARD],
    ['nearer to another camera is for the other ward', { lat: '10.3901', long: '105.4101' }, OTHER_WARD],
    ['far from every camera is for the whole city', { lat: '10.9', long: '105.1' }, PROVINCE],
    ['with an address only is for the whole city', { lat: '', long: '', address_string: 'Chợ Mỹ Bình' }, PROVINCE],
  ])('%s', async (_name, where, areaId) => {
    await store.cameras.add(cameraDraft({ id: asId<CameraId>('north'), areaId: OTHER_WARD, place: { ...cameraDraft({}).place, latitude: 10.39, longitude: 105.41 } }), T0)
    await post({ ...COMPLAINT, ...where })
    expect((await store.reports.list({ limit: 1 }))[0]?.areaId).toBe(areaId)
  })

  test.each<[string, Record<string, string>, number, RegExp]>([
    ['no key', { api_key: '' }, 403, /^api_key is missing or not known: ask the operation centre/],
    ['a wrong key', { api_key: 'đoán' }, 403, /^api_key is missing/],
    ['the hash instead of the key', { api_key: hashOf(KEY) }, 403, /^api_key is missing/],
    ['no service', { service_code: '' }, 400, /^service_code is missing: take one from GET services/],
    ['a service that is not ours', { service_code: '__proto__' }, 404, /^service_code is not one of ours/],
    ['no place', { lat: '', long: '' }, 400, /^lat, long or address_string is missing/],
    ['half a point', { long: '' }, 400, /^long is missing: lat and long belong together/],
    ['a latitude beyond the pole', { lat: '91' }, 400, /^lat is not a number from -90 to 90/],
    ['a decimal comma', { lat: '10,37' }, 400, /^lat is not a number .* decimal point/],
    ['a number in disguise', { lat: '0x10' }, 400, /^lat is not a number/],
    ['a novel', { description: 'a'.repeat(4_001) }, 400, /^description has 4001 characters: send at most 4000/],
    ['a script as picture', { media_url: 'javascript:alert(1)' }, 400, /^media_url is not an http or https address/],
    ['a picture with a password', { media_url: 'https://me:secret@x.vn/a.jpg' }, 400, /^media_url is not .* without user and password/],
    ['an email that is none', { email: 'bí mật' }, 400, /^email is not an address/],
    ['a telephone number of a hundred digits', { phone: '1'.repeat(100) }, 400, /^phone has 100 characters: send at most 40/],
  ])('with %s is refused, naming the field and the next step', async (_name, part, code, said) => {
    const [json, xml] = [await post({ ...COMPLAINT, ...part }), await post({ ...COMPLAINT, ...part }, 'requests.xml')]
    const [fault] = JSON.parse(json.body) as [{ code: number; description: string }]
    expect([json.status, xml.status, fault.code]).toEqual([code, code, code])
    expect(fault.description).toMatch(said)
    expect(xml.body).toContain(`<error>\n    <code>${code}</code>\n    <description>`)
    expect(await store.reports.list({ limit: 1 })).toEqual([])
  })

  test('several faults are told at once', async () => {
    const faults = JSON.parse((await post({ api_key: KEY, email: 'x', lat: 'y' })).body) as { description: string }[]
    expect(faults.map((fault) => fault.description.split(' ')[0])).toEqual(['service_code', 'lat', 'email'])
  })

  test('control characters and broken letters are tidied, so that no database and no list stumbles over them', async () => {
    await post({ ...COMPLAINT, description: ' một\u0000hai\u001b[31m\r\nba ' })
    expect((await store.reports.list({ limit: 1 }))[0]?.description).toBe('một hai [31m\nba')
  })
})

describe('lists', () => {
  const DAY = 24 * 60 * 60_000
  beforeEach(async () => {
    for (const [id, ageDays] of [['today', 0], ['month', 30], ['old', 100], ['older', 150]] as const) {
      await store.reports.add(report(id, { requestedAtMs: clock.wallMs() - ageDays * DAY, updatedAtMs: clock.wallMs() - (id === 'older' ? 1_000 : ageDays * DAY), status: id === 'month' ? 'closed' : 'open', serviceCode: id === 'old' ? 'public-order' : 'traffic-violation' }), null)
    }
  })
  const at = (ageDays: number): string => new Date(clock.wallMs() - ageDays * DAY).toISOString()

  test.each<[string, () => Record<string, string>, string[]]>([
    ['by themselves hold the last 90 days', () => ({}), ['today', 'month']],
    ['from a start hold 90 days from there', () => ({ start_date: at(120) }), ['month', 'old']],
    ['to an end hold 90 days before it', () => ({ end_date: at(90) }), ['old', 'older']],
    ['between two dates hold what lies there', () => ({ start_date: at(110), end_date: at(20) }), ['month', 'old']],
    ['with an offset as browsers send it', () => ({ start_date: at(31).replace('Z', '+00:00').replace('+', ' ') }), ['today', 'month']],
    ['of one status', () => ({ status: 'closed' }), ['month']],
    ['of both statuses', () => ({ status: 'open,closed' }), ['today', 'month']],
    ['of a service', () => ({ service_code: 'public-order,trespass', start_date: at(120) }), ['old']],
    ['of numbers, whatever else is asked', () => ({ service_request_id: 'older, today,none,../x', status: 'closed' }), ['today', 'older']],
    ['of what changed lately, however old', () => ({ updated_after: at(1) }), ['today', 'older']],
    ['by pages', () => ({ page_size: '1', page: '2' }), ['month']],
    ['beyond the last page', () => ({ page_size: '1', page: '9' }), []],
  ])('%s', async (_name, query, ids) => {
    const answer = await get('requests.json', { api_key: KEY, ...query() })
    expect((JSON.parse(answer.body) as { service_request_id: string }[]).map((one) => one.service_request_id)).toEqual(ids)
  })

  test.each<[string, () => Record<string, string>, RegExp]>([
    ['a date without a zone', () => ({ start_date: '2026-11-20T09:00:00' }), /^start_date is not a date with a time zone: write it like 2026-/],
    ['a day that does not exist', () => ({ end_date: '2026-13-40T09:00:00Z' }), /^end_date is not a date/],
    ['91 days', () => ({ start_date: at(100), end_date: at(9) }), /^start_date and end_date are more than 90 days apart/],
    ['an end before its start', () => ({ start_date: at(1), end_date: at(2) }), /^end_date is before start_date/],
    ['a third status', () => ({ status: 'fixed' }), /^status is neither open nor closed/],
    ['page zero', () => ({ page: '0' }), /^page is not a whole number from 1/],
    ['a page of a million', () => ({ page_size: '1000000' }), /^page_size is not a whole number from 1 to 1000/],
    ['a thousand numbers', () => ({ service_request_id: Array(200).fill('x').join(',') }), /^service_request_id names 200 values/],
  ])('asked with %s are refused with the next step', async (_name, query, said) => {
    const answer = await get('requests.json', { api_key: KEY, ...query() })
    expect(answer.status).toBe(400)
    expect((JSON.parse(answer.body) as [{ description: string }])[0].description).toMatch(said)
  })
})

describe('the door', () => {
  test.each(['requests.json', 'requests/r1.xml', 'tokens/r1.json'])('%s needs a key, unless the city opens reading', async (path) => {
    expect((await get(path, {})).status).toBe(403)
    const open = await openFeedback({ store, clock, log: silentLog, apiKeyHashes: [], publicReading: true })
    expect((await open.open311({ method: 'get', path, query: new URLSearchParams(), form: new URLSearchParams() })).status).toBe(path === 'requests.json' ? 200 : 404)
    await open.close()
  })

  test.each(['', 'services', 'services.csv', 'constructor.json', 'requests/a/b.json', 'requests/.json', 'requests/%.json', 'requests/%2e%2e%2fetc.json', 'services/__proto__.xml', 'services/toString.json'])('%p leads nowhere, and says where to go', async (path) => {
    const answer = await get(path)
    expect(answer.status).toBe(404)
    expect(answer.body).toMatch(/(\.json or \.xml|try services|take (it|one) from)/)
  })

  test('only requests are posted', async () => {
    expect([(await post(COMPLAINT, 'services.json')).status, (await post(COMPLAINT, 'requests/r1.json')).status]).toEqual([404, 404])
  })

  test.each([['zz'.repeat(32)], ['abc'], ['']])('a key’s hash %p that is none is refused at the start, naming the setting', async (hash) => {
    await expect(openFeedback({ store, clock, log: silentLog, apiKeyHashes: [hashOf(KEY), hash] })).rejects.toThrow(/open311\.apiKeyHashes\[1\] is not a SHA-256 in hex/)
  })
})
