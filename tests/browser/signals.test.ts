import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import type { RulesView } from '../../server/contract/rules.js'
import type { HeldListView, SignalListView, SignalMadeView, SuspensionListView } from '../../server/contract/signals.js'
import { asId, type CameraId, type IncidentId } from '../../server/domain/ids.js'
import type { Doubt, Observation, SignalReport } from '../../server/domain/seen.js'
import type { City } from '../../server/sandbox/city.js'
import { systemClock } from '../../server/system/clock.js'
import { newId } from '../../server/system/ids.js'
import { putLive } from '../support/put-rule.js'
import { incident, redLight } from '../support/small-city.js'
import { until } from '../support/until.js'
import { eventually, type OpenedBrowser } from './browser.js'
import { canJourney, journey, openCentre, type Centre } from './centre.js'
import { addCameras, openCameras } from './street.js'

/** What a lamp that errs, and a person's word, keep apart: read, decided, begun and ended at real screens, with the real server behind them. */
let city: City
let centre: Centre
let officer: OpenedBrowser
let cameraId: CameraId

beforeAll(async () => {
  if (!canJourney) return
  city = await openCameras(['Ngã tư'])
  centre = await openCentre()
  ;[cameraId] = (await addCameras(centre.app, city)) as [CameraId]
  await putLive(centre.app.parts.store, cameraId, redLight('red-1'))
  officer = await centre.enter('traffic')
}, 120_000)
afterAll(async () => {
  await centre?.close()
  await city?.close()
}, 60_000)

const shot = async ({ page }: OpenedBrowser, name: string): Promise<void> => {
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/signals-${name}.png` })
}
/** As it is on a desk and on a phone; nothing may stick out of either. */
async function shots(browser: OpenedBrowser, name: string, lower?: string): Promise<void> {
  const { page } = browser
  await shot(browser, `${name}-1920`)
  await page.setViewportSize({ width: 390, height: 844 })
  expect([name, await page.evaluate(`document.documentElement.scrollWidth`)]).toEqual([name, 390])
  await shot(browser, `${name}-390`)
  if (lower) {
    await page.locator(lower).scrollIntoViewIfNeeded()
    await shot(browser, `${name}-lower-390`)
  }
  await page.setViewportSize({ width: 1920, height: 1080 })
}
const ask = <T>({ page }: OpenedBrowser, path: string): Promise<T> => page.evaluate<T>(`fetch('${path}').then((reply) => reply.json())`)
const send = ({ page }: OpenedBrowser, path: string, body: object): Promise<number> => page.evaluate<number>(`fetch('${path}', { method: 'POST', headers: { 'content-type': 'application/json', 'x-vonglau': '1' }, body: '${JSON.stringify(body)}' }).then((reply) => reply.status)`)
const held = async (query = ''): Promise<HeldListView['held']> => (await ask<HeldListView>(officer, `/api/held${query}`)).held
const go = ({ page }: OpenedBrowser, path: string): Promise<unknown> => page.goto(`${centre.app.url}${path}`)

const STUCK = { code: 'stuck', colour: 'red', lastedMs: 245_000, limitMs: 180_000 } as const

/** As the watching stage would say it: a rider over the line on red. */
const crossing = (atMs: number): Observation => ({ ruleId: 'red-1', kind: 'red_light', episode: `e-${newId()}`, phase: 'began', atMs, sinceMs: atMs - 900, witnesses: [{ trackId: 7, class: 'two_wheeler', score: 0.91, box: { x1: 0.4, y1: 0.4, x2: 0.55, y2: 0.7 }, atMs }], reason: { code: 'red_light', class: 'two_wheeler', redForMs: 4_700, yellowMs: 3_000 } })

async function claim(doubt: ((sinceMs: number) => Doubt) | null, agoMs = 8_000): Promise<void> {
  const { length } = await held()
  const atMs = systemClock.wallMs() - agoMs
  const observation: Observation = { ...crossing(atMs), ...(doubt ? { doubt: doubt(atMs - 245_000) } : {}) }
  centre.app.parts.bus.publish('observation.seen', { cameraId, seenBy: { ruleVersion: 1, mode: 'live' }, observation })
  await eventually(officer.page, `fetch('/api/held').then((reply) => reply.json()).then(({ held }) => held.length === ${length + 1})`)
}
const lampErrs = (): Promise<void> => claim((sinceMs) => ({ why: 'lamp_fault', fault: { ...STUCK, sinceMs } }))
const ambulance = (): Promise<void> => claim((sinceMs) => ({ why: 'priority_vehicle', class: 'ambulance', atMs: sinceMs + 240_000 }))

async function report(part: Pick<SignalReport, 'faults' | 'sound'>): Promise<void> {
  centre.app.parts.bus.publish('lamp.reported', { cameraId, seenBy: { ruleVersion: 1, mode: 'live' }, report: { ruleId: 'red-1', lamp: { box: { x1: 0.8, y1: 0.1, x2: 0.85, y2: 0.25 }, order: 'vertical' }, atMs: systemClock.wallMs(), ...part } })
  await centre.app.parts.signals.settled()
}

journey('from the desk one comes to the tray, which says what would be in it', async () => {
  await go(officer, '/desk')
  await officer.page.click('[data-held-count="0"]')
  await officer.page.getByText('Khay trống: không có việc nào chờ xem').waitFor()
  await shots(officer, 'tray-empty')
}, 60_000)

journey('what is held comes by itself, with its reason, its numbers, and the stills and the clip of that moment', async () => {
  const { page } = officer
  await eventually(page, `fetch('/api/cameras/${cameraId}/timeline').then((reply) => reply.json()).then(({ recorded }) => recorded.reduce((ms, one) => ms + one.toMs - one.fromMs, 0) > 15_000)`, 90_000)
  await lampErrs()
  await ambulance()
  await page.locator('.why-held').getByText('Đèn lỗi: kẹt ở màu đỏ 245 giây, quá mức 180 giây').waitFor()
  await eventually(page, `document.querySelectorAll('[data-held]').length === 2`)
  await page.waitForSelector('[data-looked] [data-shown="clip"] video', { timeout: 60_000 })
  await eventually(page, `document.querySelector('[data-looked] video').readyState >= 2`)
  await until('both have what shows them', async () => (await held()).every(({ evidence }) => evidence.map(({ kind }) => kind).toSorted().join() === 'clip,still,still'), 60_000)
  expect((await held()).map(({ alertId }) => alertId)).toEqual([null, null])
  // What was read of the vehicle meanwhile, as the evidence stage keeps it: it comes by itself, with how sure it is, and G shows what the camera sent.
  const { store, bus } = centre.app.parts
  const looked = asId<IncidentId>((await page.getAttribute('[data-looked]', 'data-looked'))!)
  const crop = async (file: string, width: number) => {
    const bytes = await sharp({ create: { width, height: Math.round(width / 1.5), channels: 3, background: '#d8d6d0' } }).jpeg().toBuffer()
    await writeFile(join(centre.folder, 'evidence', file), bytes)
    return { file, sha256: createHash('sha256').update(bytes).digest('hex') }
  }
  await store.plates.add({ incidentId: looked, kind: 'read', text: '59G163188', shown: '59G1-631.88', shares: [1, 0.99, 0.62, 1, 1, 0.95, 1, 0.89, 1], wellFormed: true, province: '59', series: 'G1', number: '63188', rows: 2, colour: 'white', looks: 9, agree: 7, atMs: Date.now(), raw: await crop('held-raw.jpg', 51), enhanced: await crop('held-eye.jpg', 320), readAtMs: Date.now() })
  bus.publish('incident.changed', { incidentId: looked, cameraId, opened: false, ended: false })
  await page.locator('[data-looked] [data-plate="read"]').getByText('Nghi vấn biển số xe').waitFor({ timeout: 60_000 })
  expect(await page.locator('[data-looked] [data-unsure]').getAttribute('data-unsure')).toBe('2')
  await page.keyboard.press('g')
  await eventually(page, `document.querySelector('[data-crop="raw"] img')?.naturalWidth === 51`)
  await shots(officer, 'tray')
}, 180_000)

journey('it is decided by three keys, and the next one stands there', async () => {
  const { page } = officer
  const [first] = [...(await held())].toReversed()
  await page.keyboard.press('b')
  await page.keyboard.press('1')
  await shots(officer, 'deciding', '[data-do="send-outcome"]')
  await page.keyboard.press('Enter')
  await page.waitForSelector('[data-held][data-why="priority_vehicle"].sel')
  await eventually(page, `document.querySelectorAll('[data-held]').length === 1`)
  expect((await held('?settled=1')).map(({ incidentId, outcome }) => [incidentId, outcome?.is, outcome?.reason])).toEqual([[first?.incidentId, 'dismissed', 'Đèn lỗi thật, không đủ căn cứ']])
}, 60_000)

journey('who was first is told, and what became of it stays under the eyes', async () => {
  const { page } = officer
  const administrator = await centre.enter('admin')
  await go(administrator, '/signals/held')
  await administrator.page.setViewportSize({ width: 1366, height: 768 })
  await administrator.page.waitForSelector('[data-do="release"]')
  // Nothing is cut off, the tabs of somebody who has them all included.
  expect(await administrator.page.evaluate(`[document.documentElement, document.querySelector('.tabs'), document.querySelector('.tray > .bar')].map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)`)).toEqual([0, 0, 0])
  await shot(administrator, 'tray-1366')
  const [one] = await held()
  await page.keyboard.press('c')
  await page.keyboard.press('n')
  await page.keyboard.type('Không có xe ưu tiên trong hình')
  expect(await send(administrator, `/api/incidents/${one!.incidentId}/dismiss`, { reason: 'Nhường xe cứu thương' })).toBe(200)
  await page.keyboard.press('Enter')
  await page.locator('.notices').getByText(/đã bỏ qua trước .*: “Nhường xe cứu thương”/).waitFor()
  await page.waitForSelector('[data-outcome="dismissed"] .own')
  await shots(officer, 'late')
  await administrator.close()
}, 60_000)

journey('several are decided together, and call', async () => {
  const { page } = officer
  for (let count = 0; count < 3; count += 1) await lampErrs()
  await eventually(page, `document.querySelectorAll('[data-held]').length === 3`)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('t')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('t')
  await page.getByText('Quyết định chung 2 việc đã đánh dấu').waitFor()
  await shot(officer, 'marked-1920')
  await page.keyboard.press('c')
  await page.keyboard.press('1')
  await page.keyboard.press('Enter')
  await page.locator('.notices').getByText('Đã chuyển xử lý 2 việc').waitFor()
  await eventually(page, `fetch('/api/alerts').then((reply) => reply.json()).then(({ alerts }) => alerts.length === 2)`)
  expect((await held()).length).toBe(1)
  await page.getByRole('button', { name: 'Đã quyết định' }).click()
  await page.locator('[data-held][data-outcome="released"]').first().click()
  await page.waitForSelector('[data-do="open-alert"]')
  await shot(officer, 'settled-1920')
}, 90_000)

journey('away from the server nothing can be decided, and the screen says so', async () => {
  const { page } = officer
  await go(officer, '/signals/held')
  await page.waitForSelector('[data-do="release"]:not(:disabled)')
  await page.context().setOffline(true)
  await page.waitForSelector('[data-band="offline"]')
  await page.waitForSelector('[data-do="release"]:disabled')
  await shot(officer, 'offline-1920')
  await page.context().setOffline(false)
  await page.waitForSelector('[data-do="release"]:not(:disabled)')
}, 60_000)

journey('a repair stands there with its numbers until somebody closes it, or the lamp is seen in order', async () => {
  const { page } = officer
  await go(officer, '/signals/repairs')
  await page.getByText('Không có phiếu nào đang mở').waitFor()
  await shots(officer, 'repairs-empty')
  await report({ faults: [{ ...STUCK, sinceMs: systemClock.wallMs() - 245_000 }], sound: [] })
  await page.locator('[data-repair="open"]').getByText('kẹt ở màu đỏ 245 giây').waitFor()
  await page.locator('.lamp-picture').getByText('Lúc phát hiện lỗi').waitFor()
  await eventually(page, `document.querySelector('.lamp-picture img')?.naturalWidth > 0`)
  await shots(officer, 'repairs')
  await page.keyboard.press('k')
  await page.fill('input[name="note"]', 'Đã thay bóng đỏ, tổ điện 2')
  await shot(officer, 'repair-closing-1920')
  await page.keyboard.press('Enter')
  await page.getByText('Không có phiếu nào đang mở').waitFor()
  await page.getByRole('button', { name: 'Đã đóng' }).click()
  await page.locator('[data-repair="closed"]').getByText('Đã thay bóng đỏ, tổ điện 2').waitFor()
  await report({ faults: [], sound: ['stuck'] })
  await report({ faults: [{ code: 'dark', sinceMs: systemClock.wallMs() - 61_000, lastedMs: 61_000, limitMs: 60_000 }], sound: [] })
  await report({ faults: [], sound: ['dark'] })
  await page.locator('[data-repair="closed"]').getByText('tự đóng, đèn đã bình thường').waitFor()
  await shots(officer, 'repairs-closed')
}, 90_000)

journey('what was on the desk before its lamp was found to err comes with what was taken of it', async () => {
  const { page } = officer
  const fine = (await held()).length
  centre.app.parts.bus.publish('observation.seen', { cameraId, seenBy: { ruleVersion: 1, mode: 'live' }, observation: crossing(systemClock.wallMs()) })
  await eventually(page, `fetch('/api/alerts').then((reply) => reply.json()).then(({ alerts }) => alerts.some(({ evidence }) => evidence.some(({ kind }) => kind === 'clip')))`)
  await report({ faults: [{ ...STUCK, sinceMs: systemClock.wallMs() - 245_000 }], sound: [] })
  const [withdrawn] = await held()
  expect([(await held()).length, withdrawn?.alertId === null]).toEqual([fine + 1, false])
  await go(officer, `/signals/held/${withdrawn!.incidentId}`)
  await page.waitForSelector('[data-looked] [data-shown="clip"] video')
  await page.getByText('đã rút khỏi bàn cảnh báo').waitFor()
  await shots(officer, 'withdrawn')
  await report({ faults: [], sound: ['stuck'] })
}, 90_000)

journey('of what has no still and no clip the recording is shown, and it is said', async () => {
  const { page } = officer
  const { store } = centre.app.parts
  const atMs = systemClock.wallMs() - 8_000
  await store.incidents.save(incident('bare', { cameraId, openedAtMs: atMs, sinceMs: atMs, mode: 'held', heldWhy: 'lamp_fault' }))
  await store.held.add({ incidentId: asId('bare'), why: 'lamp_fault', facts: { ...STUCK, sinceMs: atMs - 245_000 }, heldAtMs: atMs })
  await go(officer, '/signals/held/bare')
  await page.waitForSelector('[data-looked="bare"] [data-moment="showing"]', { timeout: 60_000 })
  await page.getByText('Chưa có ảnh và đoạn hình giữ riêng của việc này').waitFor()
  await shots(officer, 'bare')
  expect(await send(officer, '/api/incidents/bare/dismiss', { reason: 'x' })).toBe(200)
}, 90_000)

journey('a suspension is begun from the camera’s rules, holds what is seen, and is ended early', async () => {
  const { page } = officer
  await go(officer, '/signals/suspensions')
  await page.getByText('Không có quy tắc nào đang tạm ngưng').waitFor()
  await go(officer, `/cameras/${cameraId}/rules`)
  await page.click('[data-do="suspend-here"]')
  await page.click('[data-why="officer_directing"]')
  await page.fill('input[name="reason"]', 'Tổ 2 điều khiển giờ tan trường')
  await page.fill('input[name="minutes"]', '0')
  await page.getByText('Nhập số phút từ 1 đến 1440.').waitFor()
  expect(await page.isDisabled('[data-do="send-suspension"]')).toBe(true)
  await page.fill('input[name="minutes"]', '20')
  await shots(officer, 'suspending', '[data-do="send-suspension"]')
  await page.press('input[name="reason"]', 'Enter')
  await page.waitForSelector('[data-stands="true"]')
  await shots(officer, 'suspensions')
  await claim(null, 0)
  expect((await held())[0]).toMatchObject({ why: 'officer_directing', said: { vi: 'Cảnh sát giao thông đang điều khiển: Tổ 2 điều khiển giờ tan trường' } })
  await go(officer, `/cameras/${cameraId}/rules`)
  await page.locator('[data-suspended="1"]').getByText('Cảnh sát giao thông đang điều khiển').waitFor()
  await shot(officer, 'suspended-rules-1920')
  await page.click('[data-suspended="1"] a')
  await page.waitForSelector('[data-stands="true"]')
  await page.keyboard.press('k')
  await page.click('[data-do="send-end"]')
  await page.getByText('Không có quy tắc nào đang tạm ngưng').waitFor()
  await page.getByRole('button', { name: 'Đã hết' }).click()
  await page.waitForSelector('[data-stands="false"]')
  await shots(officer, 'suspensions-ended')
  const { suspensions } = await ask<SuspensionListView>(officer, '/api/suspensions?ended=1')
  expect(suspensions.map(({ ruleId, why, ended }) => [ruleId, why, ended?.by?.id])).toEqual([[null, 'officer_directing', expect.any(String)]])
  expect(officer.complaints).toEqual([])
}, 120_000)

journey('a controller is added, its key shown once, and what it tells over HTTP appears; silent, it is lost', async () => {
  const administrator = await centre.enter('admin')
  const { page, complaints } = administrator
  await go(administrator, '/signals/controllers')
  await page.getByText('Chưa có tủ điều khiển đèn nào').waitFor()
  await shots(administrator, 'controllers-empty')
  await page.keyboard.press('t')
  await page.fill('input[name="controller-name"]', 'Trần Hưng Đạo – Nguyễn Trãi')
  await page.fill('input[name="stale"]', '2')
  if (!(await page.inputValue('select[name="area"]'))) await page.selectOption('select[name="area"]', { index: 1 })
  await shot(administrator, 'controller-adding-1920')
  await page.click('[data-do="send-controller"]')
  const key = await page.inputValue('input[name="controller-key"]')
  const address = await page.inputValue('input[name="controller-address"]')
  for (let times = 0; times < 3; times += 1) await page.keyboard.press('Escape')
  expect(await page.isVisible('input[name="controller-key"]')).toBe(true)
  await shots(administrator, 'controller-key')
  const tell = async (sequence: number): Promise<number> => (await fetch(address, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: JSON.stringify({ sequence, atMs: systemClock.wallMs() - 3_000, approaches: { bac: 'red', nam: 'green', dong: 'flashing_yellow', tay: 'dark' } }) })).status
  let sequence = 0
  const telling = setInterval(() => void tell((sequence += 1)), 500)
  try {
    await page.waitForSelector('[data-arrived="true"]')
    await shot(administrator, 'controller-arrived-1920')
    await page.click('[data-do="key-kept"]')
    await page.waitForSelector('[data-controller="telling"] [data-approach="bac"] [data-lamp="red"]')
    await shots(administrator, 'controllers')
    expect([await page.content()].some((text) => text.includes(key))).toBe(false)
  } finally {
    clearInterval(telling)
  }
  await page.waitForSelector('[data-controller="lost"]')
  await shots(administrator, 'controllers-lost')
  await page.keyboard.press('n')
  await page.click('[data-do="send-key"]')
  const second = await page.inputValue('input[name="controller-key"]')
  expect([second === key, await tell(9_999)]).toEqual([false, 403])
  await page.click('[data-do="key-kept"]')
  await page.keyboard.press('b')
  await page.click('[data-do="send-remove"]')
  await page.getByText('Chưa có tủ điều khiển đèn nào').waitFor()
  expect([(await ask<SignalListView>(administrator, '/api/signals')).signals, complaints]).toEqual([[], []])
  await administrator.close()
}, 120_000)

journey('a rule is given the controller of its lamp from a list, with what it shows now; none, lost and gone are told', async () => {
  const administrator = await centre.enter('admin')
  const { page, complaints } = administrator
  const editor = `/cameras/${cameraId}/rules?rule=red-1`
  await go(administrator, editor)
  await page.locator('[data-feeds="none"]').getByText('Chưa có tủ điều khiển đèn nào').waitFor()
  await shots(administrator, 'feed-none', '[data-field="lamp"]')
  await page.click('[data-feeds="none"] a')
  await page.waitForURL(/\/signals\/controllers$/)
  const [area] = await centre.app.parts.store.areas.list()
  const made = await page.evaluate<SignalMadeView>(`fetch('/api/signals', { method: 'POST', headers: { 'content-type': 'application/json', 'x-vonglau': '1' }, body: JSON.stringify({ name: 'Trần Hưng Đạo – Nguyễn Trãi', areaId: '${area!.id}', staleMs: 2000 }) }).then((reply) => reply.json())`)
  let sequence = 0
  const tell = (): Promise<unknown> => fetch(`${centre.app.url}/api/signals/${made.signal.id}`, { method: 'POST', headers: { authorization: `Bearer ${made.key}`, 'content-type': 'application/json' }, body: JSON.stringify({ sequence: (sequence += 1), atMs: systemClock.wallMs(), approaches: { bac: 'red', nam: 'green' } }) })
  await go(administrator, editor)
  await page.waitForSelector('[data-feeds="1"]')
  await page.selectOption('select[name="lamp-controller"]', made.signal.id)
  await page.waitForSelector('[data-feed-silent]')
  const telling = setInterval(() => void tell(), 500)
  try {
    await page.waitForSelector('[data-feed-unchosen]')
    // Which way is not chosen yet: the server names the field, and the form says it there.
    await page.click('[data-do="save-rule"]')
    await page.locator('[data-field="lamp"] [data-fault="rule.fault.missing"]').waitFor()
    await page.locator('.lamp-feed [data-approach="bac"] [data-lamp="red"]').waitFor()
    await page.locator('.lamp-feed [data-approach="nam"]').focus()
    await page.keyboard.press('Enter')
    await page.waitForSelector('.lamp-feed [data-approach="nam"][aria-pressed="true"] [data-lamp="green"]')
    await page.locator('[data-field="lamp"]').scrollIntoViewIfNeeded()
    await shots(administrator, 'feed', '[data-field="lamp"]')
    await page.click('[data-do="save-rule"]')
    await page.waitForSelector('[data-dirty="false"] [data-shown="2"]')
  } finally {
    clearInterval(telling)
  }
  const lamp = async (): Promise<unknown> => ((await ask<RulesView>(administrator, `/api/cameras/${cameraId}/rules`)).rules[0]!.versions[0]!.rule as { readonly lamp: unknown }).lamp
  expect(await lamp()).toEqual({ ...(redLight('red-1') as { readonly lamp: object }).lamp, signal: made.signal.id, approach: 'nam' })
  await page.waitForSelector('[data-feed-lost]')
  await centre.app.parts.signals.controllers.remove(asId(made.signal.id), (await centre.app.parts.store.people.list())[0]!.id)
  await page.waitForSelector('[data-feed-gone]')
  await page.locator('[data-field="lamp"]').scrollIntoViewIfNeeded()
  await shot(administrator, 'feed-gone-1920')
  await page.selectOption('select[name="lamp-controller"]', '')
  await page.click('[data-do="save-rule"]')
  await page.waitForSelector('[data-dirty="false"] [data-shown="3"]')
  expect([await lamp(), complaints]).toEqual([(redLight('red-1') as { readonly lamp: object }).lamp, []])
  await administrator.close()
}, 180_000)

journey('who may only look decides nothing and sees no controllers', async () => {
  const clerk = await centre.enter('ioc')
  const { page } = clerk
  await go(clerk, '/signals/held')
  await page.getByText('Cảnh sát giao thông hoặc quản trị viên quyết định việc này.').waitFor()
  expect(await page.locator('[data-do="release"], [data-do="dismiss"], .mark-box, [data-page="/signals/controllers"]').count()).toBe(0)
  await go(clerk, '/signals/controllers')
  await page.getByText('Không có quyền xem').waitFor()
  await shots(clerk, 'no-rights')
  await go(clerk, '/signals/suspensions')
  await page.getByText('Không có quy tắc nào đang tạm ngưng').waitFor()
  expect(await page.locator('[data-do="suspend"]').count()).toBe(0)
}, 60_000)
