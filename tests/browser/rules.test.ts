import type { RulesView, RuleStandingView } from '../../server/contract/rules.js'
import type { CameraId } from '../../server/domain/ids.js'
import { KIND_FORMS, type ShapeForm } from '../../server/domain/rule-form.js'
import type { Observation } from '../../server/domain/seen.js'
import type { City } from '../../server/sandbox/city.js'
import { systemClock } from '../../server/system/clock.js'
import { newId } from '../../server/system/ids.js'
import { eventually, type OpenedBrowser } from './browser.js'
import { canJourney, journey, openCentre, type Centre } from './centre.js'
import { clickAt, enterSecond } from './second-person.js'
import { addCameras, openCameras } from './street.js'

/** An administrator draws a rule on a virtual camera, tries and proposes it; a second one approves: real browser, server and ffmpeg. */
let city: City
let centre: Centre
let first: OpenedBrowser
let second: OpenedBrowser
let cameraId: CameraId

beforeAll(async () => {
  if (!canJourney) return
  city = await openCameras(['Cảnh cam-dung'])
  centre = await openCentre()
  ;[cameraId] = (await addCameras(centre.app, city)) as [CameraId]
  first = await centre.enter('admin')
  second = await enterSecond(centre)
}, 120_000)
afterAll(async () => {
  await centre?.close()
  await city?.close()
}, 60_000)

const shot = async ({ page }: OpenedBrowser, name: string): Promise<void> => {
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/rules-${name}.png` })
}
const address = (): string => `${centre.app.url}/cameras/${cameraId}/rules`
const standing = async (): Promise<RuleStandingView> => (await first.page.evaluate<RulesView>(`fetch('/api/cameras/${cameraId}/rules').then((reply) => reply.json())`)).rules[0]!

/** Where a share of the picture lies on the glass. */
async function spotOn({ page }: OpenedBrowser, x: number, y: number): Promise<readonly [number, number]> {
  const box = (await page.locator('.frame.drawing').boundingBox())!
  return [box.x + box.width * x, box.y + box.height * y]
}

/** As the watching stage would say it of the version in question. */
function see({ ruleId, version, mode, dwellMs }: { readonly ruleId: string; readonly version: number; readonly mode: 'live' | 'shadow'; readonly dwellMs: number }): void {
  const nowMs = systemClock.wallMs()
  const observation: Observation = { ruleId, kind: 'illegal_stop', episode: `e-${newId()}`, phase: 'began', atMs: nowMs, sinceMs: nowMs - dwellMs, witnesses: [{ trackId: 7, class: 'car', score: 0.91, box: { x1: 0.4, y1: 0.4, x2: 0.55, y2: 0.7 }, atMs: nowMs }], reason: { code: 'illegal_stop', class: 'car', dwellMs } }
  centre.app.parts.bus.publish('observation.seen', { cameraId, seenBy: { ruleVersion: version, mode }, observation })
}

journey('a camera without rules says what to do, and a kind is found without accents', async () => {
  const { page } = first
  await page.goto(`${centre.app.url}/cameras/${cameraId}`)
  await page.click('[data-tab="rules"]')
  await page.getByText('Camera này chưa có quy tắc nào').waitFor()
  await shot(first, 'empty-1920')
  await page.click('[data-do="add-rule"]')
  await shot(first, 'kinds-1920')
  await page.fill('input[name="kind-search"]', 'dung do')
  await page.click('[data-kind="illegal_stop"]')
  await page.getByText('Chưa vẽ: Vùng cấm dừng, đỗ').waitFor()
  await page.waitForSelector('.frame.drawing > img', { timeout: 60_000 })
}, 120_000)

journey('what is missing is refused at its field, in words', async () => {
  const { page } = first
  await page.fill('input[name="rule-name"]', 'Cấm dừng trước chợ')
  await page.click('[data-do="save-rule"]')
  await page.locator('[data-field="zone"] .field-fault').getByText('Chưa vẽ hoặc chưa điền.').waitFor()
  await shot(first, 'refused-1920')
}, 60_000)

journey('a zone is drawn: clicks, a crossing that is told, a vertex dragged, one nudged, an edge’s middle, undo', async () => {
  const { page } = first
  await page.keyboard.press('v')
  for (const [x, y] of [[0.3, 0.4], [0.6, 0.8], [0.6, 0.4], [0.3, 0.8]] as const) await clickAt(first, x, y)
  await page.waitForSelector('[data-draw-fault="crosses"]')
  await shot(first, 'crossing-1920')
  await page.keyboard.press('Escape')
  await page.keyboard.press('v')
  for (const [x, y] of [[0.3, 0.4], [0.6, 0.4], [0.6, 0.8], [0.3, 0.8]] as const) await clickAt(first, x, y)
  await page.keyboard.press('Enter')
  await page.waitForSelector('[data-shape="zone"].chosen')
  expect(await page.locator('[data-draw-fault], [data-needed]').count()).toBe(0)
  const handle = (await page.locator('[data-vertex="2"] .seen').boundingBox())!
  const hit = (await page.locator('[data-vertex="2"] .hit').boundingBox())!
  expect([handle.width >= 12, hit.width >= 24]).toEqual([true, true])
  await page.mouse.move(handle.x + 7, handle.y + 7)
  await page.mouse.down()
  await page.mouse.move(...(await spotOn(first, 0.7, 0.9)), { steps: 4 })
  await page.mouse.up()
  const corner = async (): Promise<readonly number[]> => page.evaluate<number[]>(`(() => { const [x, y] = document.querySelector('[data-shape="zone"] polygon').getAttribute('points').split(' ')[2].split(',').map(Number); const { width, height } = document.querySelector('.canvas').viewBox.baseVal; return [x / width, y / height].map((share) => Math.round(share * 500) / 500) })()`)
  expect(await corner()).toEqual([0.7, 0.9])
  await page.keyboard.press('ArrowRight')
  expect(await corner()).toEqual([0.702, 0.9])
  await page.locator('[data-edge="0"]').click()
  await eventually(page, `document.querySelectorAll('[data-vertex]').length === 5`)
  await page.keyboard.press('Control+z')
  await eventually(page, `document.querySelectorAll('[data-vertex]').length === 4`)
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  expect(await corner()).toEqual([0.6, 0.8])
  await page.keyboard.press('Control+Shift+Z')
  expect(await corner()).toEqual([0.7, 0.9])
}, 60_000)

journey('hours are set by keys and by the mouse, and the draft is saved', async () => {
  const { page } = first
  await page.focus('[data-day="7"]')
  await page.keyboard.press('Space')
  await eventually(page, `document.querySelector('[data-day="7"]').title === '00:30–24:00'`)
  await page.fill('input[name="dwellMsMin"]', '90')
  await page.click('[data-class="car"]')
  await page.click('[data-do="save-rule"]')
  await page.waitForURL((url) => url.searchParams.has('rule'))
  await page.waitForSelector('[data-dirty="false"] [data-shown="1"]')
  const { newest, live, versions } = await standing()
  expect([newest, live, versions[0]?.rule]).toEqual([1, null, expect.objectContaining({ name: 'Cấm dừng trước chợ', dwellMsMin: 90_000, classes: ['car'], zone: expect.arrayContaining([{ x: expect.closeTo(0.7, 2), y: expect.closeTo(0.9, 2) }]), hours: expect.arrayContaining([{ days: [7], from: '00:30', to: '24:00' }]) })])
  await shot(first, 'draft-1920')
}, 60_000)

journey('it is tried: what it finds is told, and judged by the keyboard', async () => {
  const { page } = first
  await page.keyboard.press('n')
  await page.click('[data-do="begin-rule-trial"]')
  await page.getByText(/Chưa thấy gì trong .* theo dõi thử/).waitFor()
  const { id } = await standing()
  see({ ruleId: id, version: 1, mode: 'shadow', dwellMs: 94_000 })
  await page.waitForSelector('[data-finding]', { timeout: 30_000 })
  await page.focus('[data-finding]')
  await page.keyboard.press('c')
  await page.waitForSelector('[data-finding][data-judged="true"]')
  await page.getByText('Chưa đủ số liệu (n = 1)').waitFor()
  await shot(first, 'trial-1920')
}, 90_000)

journey('it is proposed with a waiver; whoever proposes cannot approve, a second person can', async () => {
  const { page } = first
  await page.click('[data-do="propose-rule"]')
  await page.fill('textarea[name="reason"]', 'Đã xem cả buổi sáng: một lần báo, đúng.')
  await page.click('[data-do="send-reason"]')
  await page.getByText('Chờ một người khác có quyền quản lý quy tắc duyệt.').waitFor()
  expect(await page.locator('[data-do="approve-rule"]').count()).toBe(0)
  await shot(first, 'proposed-1920')
  await second.page.goto(address())
  await second.page.getByText('Đã xem cả buổi sáng: một lần báo, đúng.').waitFor()
  await second.page.waitForSelector('.frame.drawing > img')
  await shot(second, 'approve-1920')
  await second.page.click('[data-do="approve-rule"]')
  await second.page.locator('.rule-pick').getByText('Bản 1 có hiệu lực').waitFor()
  expect(await standing()).toMatchObject({ live: 1, shadow: null, proposal: null })
}, 90_000)

journey('it is live: its findings show, and a change stands beside what is live', async () => {
  const { page, complaints } = second
  const { id } = await standing()
  see({ ruleId: id, version: 1, mode: 'live', dwellMs: 120_000 })
  await page.reload()
  await page.waitForSelector('[data-finding]', { timeout: 30_000 })
  await page.fill('input[name="dwellMsMin"]', '300')
  await page.locator('[data-field="dwellMsMin"][data-changed]').getByText('bản 1: 90 giây').waitFor()
  await page.waitForSelector('[data-shown="2"].draft')
  await shot(second, 'beside-1920')
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBe(390)
  await shot(second, 'beside-390')
  await page.locator('.rule-act').scrollIntoViewIfNeeded()
  await page.evaluate(`document.querySelector('.rule-fields').scrollIntoView()`)
  await shot(second, 'fields-390')
  await page.evaluate(`document.querySelector('.decide').scrollIntoView()`)
  await shot(second, 'decide-390')
  await page.setViewportSize({ width: 1920, height: 1080 })
  // Leaving what is not saved is asked about first.
  await page.click('[data-tab="rules"] >> xpath=../a[1]')
  await page.getByText('Bỏ phần chưa lưu?').waitFor()
  await page.keyboard.press('Escape')
  await page.click('[data-do="save-rule"]')
  await page.waitForSelector('[data-dirty="false"] [data-shown="2"]')
  expect((await standing()).newest).toBe(2)
  expect([...complaints, ...first.complaints]).toEqual([])
}, 90_000)

journey('an exclusion is drawn by the keyboard alone', async () => {
  const { page } = second
  await page.keyboard.press('l')
  await page.keyboard.press('Space')
  for (const way of ['ArrowRight', 'ArrowDown']) {
    for (let steps = 0; steps < 4; steps += 1) await page.keyboard.press(way)
    await page.keyboard.press('Space')
  }
  await page.keyboard.press('Enter')
  await page.waitForSelector('[data-shape="exclusions"].chosen')
  await page.keyboard.press('ArrowUp')
  await page.click('[data-do="save-rule"]')
  await page.waitForSelector('[data-dirty="false"] [data-shown="3"]')
  expect((await standing()).versions[0]?.rule).toMatchObject({ exclusions: [[{ x: 0.5, y: 0.498 }, { x: 0.58, y: 0.498 }, { x: 0.58, y: 0.578 }]] })
}, 60_000)

journey('what was approved once is live again by one hand', async () => {
  await second.page.click('[data-do="propose-rule"]')
  await second.page.fill('textarea[name="reason"]', 'Chỉ thêm một vùng loại trừ nhỏ.')
  await second.page.click('[data-do="send-reason"]')
  await first.page.goto(address())
  await first.page.click('[data-do="approve-rule"]')
  await first.page.locator('.rule-pick').getByText('Bản 3 có hiệu lực').waitFor()
  await first.page.click('[data-version="1"] [data-do="roll-back"]')
  await first.page.click('dialog .btn.main')
  await first.page.locator('.rule-pick').getByText('Bản 1 có hiệu lực').waitFor()
  await shot(first, 'rolled-back-1920')
  await first.page.setViewportSize({ width: 1366, height: 768 })
  expect(await first.page.evaluate(`document.documentElement.scrollWidth`)).toBe(1366)
  await shot(first, 'rolled-back-1366')
  await first.page.setViewportSize({ width: 1920, height: 1080 })
  expect(await standing()).toMatchObject({ live: 1, newest: 3 })
}, 60_000)

const CLICKS: Readonly<Record<ShapeForm['is'], readonly (readonly [x: number, y: number])[]>> = { zone: [[0.2, 0.2], [0.8, 0.2], [0.8, 0.8], [0.2, 0.8]], ground: [[0.3, 0.7], [0.6, 0.7], [0.55, 0.4], [0.35, 0.4]], line: [[0.2, 0.6], [0.7, 0.6]], arrow: [[0.5, 0.7], [0.5, 0.3]], lamp: [[0.85, 0.1], [0.9, 0.25]] }

journey('every kind of rule can be drawn, and is taken by the server as it is proposed', async () => {
  const { page, complaints } = first
  for (const [kind, { shapes }] of Object.entries(KIND_FORMS)) {
    await page.goto(`${address()}?fresh=${kind}`)
    await page.waitForSelector('[data-rule="fresh"]')
    for (const { is } of shapes) {
      await page.click(`[data-tool="${is}"]`)
      for (const [x, y] of CLICKS[is]) await clickAt(first, x, y)
      if (is === 'zone') await page.keyboard.press('Enter')
    }
    await page.click('[data-do="save-rule"]')
    await page.waitForURL((url) => url.searchParams.has('rule'))
    if (kind === 'red_light' || kind === 'speed') await shot(first, `${kind}-1920`)
  }
  const { rules } = await page.evaluate<RulesView>(`fetch('/api/cameras/${cameraId}/rules').then((reply) => reply.json())`)
  expect([...new Set(rules.map(({ kind }) => kind))].toSorted()).toEqual(Object.keys(KIND_FORMS).toSorted())
  expect(complaints).toEqual([])
}, 240_000)

journey('a permit holds in the part of the picture that is drawn for it', async () => {
  const { page } = first
  await page.goto(`${address()}?fresh=illegal_stop`)
  await page.click('[data-tool="zone"]')
  for (const [x, y] of CLICKS.zone) await clickAt(first, x, y)
  await page.keyboard.press('Enter')
  await page.waitForSelector('[data-shape="zone"].chosen')
  await page.click('[data-do="add-permit"]')
  await page.fill('input[name="permit-reference"]', 'GP-118/UBND')
  await page.click('[data-do="draw-permit"]')
  for (const [x, y] of [[0.1, 0.1], [0.4, 0.1], [0.2, 0.5]] as const) await clickAt(first, x, y)
  await page.keyboard.press('Enter')
  await page.waitForSelector('[data-shape="permit 0"].chosen')
  await page.getByText('1 Vùng cấm dừng, đỗ').waitFor()
  await page.getByText('Giấy phép GP-118/UBND').waitFor()
  await shot(first, 'permit-1920')
  await page.click('[data-do="save-rule"]')
  await page.waitForURL((url) => url.searchParams.has('rule'))
  const made = new URL(page.url()).searchParams.get('rule')
  const { rules } = await page.evaluate<RulesView>(`fetch('/api/cameras/${cameraId}/rules').then((reply) => reply.json())`)
  const near = (share: number): unknown => expect.closeTo(share, 2)
  expect(rules.find(({ id }) => id === made)?.versions[0]?.rule).toMatchObject({ permits: [{ reference: 'GP-118/UBND', area: [{ x: near(0.1), y: near(0.1) }, { x: near(0.4), y: near(0.1) }, { x: near(0.2), y: near(0.5) }] }] })
}, 60_000)

journey('who may only look sees the rule and cannot change it', async () => {
  const { page } = await centre.enter('police')
  await page.goto(address())
  await page.getByText('Chỉ xem: sửa quy tắc cần quyền quản lý quy tắc.').waitFor()
  expect([await page.locator('.draw-tools, .decide, [data-do="add-rule"], [data-vertex]').count(), await page.isDisabled('input[name="rule-name"]')]).toEqual([0, true])
}, 60_000)
