import type { RulesView, RuleStandingView } from '../../server/contract/rules.js'
import type { CameraId, PersonId } from '../../server/domain/ids.js'
import { asId } from '../../server/domain/ids.js'
import type { City } from '../../server/sandbox/city.js'
import { eventually, type OpenedBrowser } from './browser.js'
import { canJourney, journey, openCentre, type Centre } from './centre.js'
import { clickAt, enterSecond } from './second-person.js'
import { addCameras, openCameras, placeOf } from './street.js'

/**
 * An administrator binds a rule to a preset of a virtual camera that turns, over ONVIF; a second one approves; then somebody turns the
 * camera. Of the three virtual cameras only the last one turns.
 */
let city: City
let centre: Centre
let first: OpenedBrowser
let fixed: CameraId
let turning: CameraId

beforeAll(async () => {
  if (!canJourney) return
  city = await openCameras(['Cảnh 1', 'Cảnh 2', 'Cảnh 3'])
  centre = await openCentre()
  ;[fixed] = (await addCameras(centre.app, { ...city, cameras: city.cameras.slice(0, 1) })) as [CameraId]
  const { store, registry } = centre.app.parts
  const [root] = await store.areas.list()
  const added = await registry.add({ name: 'Hùng Vương – trụ quay', areaId: root!.id, place: placeOf(2), origin: { kind: 'onvif', address: dome().onvifUrl }, mainUrl: dome().rtspUrl('main'), subUrl: dome().rtspUrl('sub'), ...dome().sticker }, null)
  if (!added.ok) throw new Error(JSON.stringify(added.faults))
  turning = added.camera.id
  first = await centre.enter('admin')
  await enterSecond(centre)
}, 120_000)
afterAll(async () => {
  await centre?.close()
  await city?.close()
}, 60_000)

const dome = () => city.cameras[2]!
const shot = async (name: string): Promise<void> => {
  if (process.env['SHOTS']) await first.page.screenshot({ path: `${process.env['SHOTS']}/presets-${name}.png` })
}
const address = (cameraId: CameraId): string => `${centre.app.url}/cameras/${cameraId}/rules`
const standing = async (): Promise<RuleStandingView> => (await first.page.evaluate<RulesView>(`fetch('/api/cameras/${turning}/rules').then((reply) => reply.json())`)).rules[0]!

journey('of a camera that cannot be asked no preset is spoken of', async () => {
  const { page } = first
  await page.goto(`${address(fixed)}?fresh=illegal_stop`)
  await page.waitForSelector('.frame.drawing > img', { timeout: 60_000 })
  expect(await page.locator('[data-field="preset"]').count()).toBe(0)
}, 90_000)

journey('the presets of a camera that turns are offered, with the one at which it stands; one is chosen by keys alone', async () => {
  const { page } = first
  await page.goto(`${address(turning)}?fresh=illegal_stop`)
  await page.waitForSelector('.frame.drawing > img', { timeout: 60_000 })
  await page.locator('[data-presets="told"]').getByText('Camera đang ở góc “Home”.').waitFor({ timeout: 30_000 })
  expect(await page.locator('select[name="preset"] option').allTextContents()).toEqual(['Không gắn: giám sát dù camera quay đi đâu', 'Home', 'Nhánh bên'])
  await page.keyboard.press('v')
  for (const [x, y] of [[0.3, 0.4], [0.6, 0.4], [0.6, 0.8], [0.3, 0.8]] as const) await clickAt(first, x, y)
  await page.keyboard.press('Enter')
  await page.focus('select[name="preset"]')
  await page.keyboard.press('ArrowDown')
  await page.waitForSelector('[data-bound="here"]')
  // The keys of drawing are not those of a list: nothing was moved.
  expect(await page.locator('[data-draw-fault], [data-needed], [data-other-view]').count()).toBe(0)
  await page.locator('[data-field="preset"]').scrollIntoViewIfNeeded()
  await shot('bound-1920')
  await page.click('[data-do="save-rule"]')
  await page.waitForURL((url) => url.searchParams.has('rule'))
  await page.waitForSelector('[data-dirty="false"] [data-shown="1"]')
  expect((await standing()).versions[0]?.rule).toMatchObject({ preset: { token: '1', name: 'Home', at: { pan: 0, tilt: 0, zoom: 0 } } })
}, 120_000)

journey('once it is live and somebody turns the camera, the list and the rule say why it waits, and the picture that it is another view', async () => {
  const { page } = first
  const { rules, store } = centre.app.parts
  const { id, revision } = await standing()
  const at = { cameraId: turning, ruleId: asId<never>(id) }
  const people = await store.people.list()
  const proposer = people.find(({ role, id: personId }) => role === 'admin' && personId !== 'nguoi-thu-hai')!.id
  const proposed = await rules.act(at, { do: 'propose', version: 1, on: { waiver: 'Camera quay, chưa có bản ghi.' } }, proposer, revision)
  if (!proposed.ok) throw new Error(JSON.stringify(proposed))
  await rules.act(at, { do: 'approve' }, asId<PersonId>('nguoi-thu-hai'), proposed.standing.revision)
  await page.reload()
  await page.locator('.rule-pick').getByText('Bản 1 có hiệu lực').waitFor()
  dome().ptz!.goToPreset('2')
  await page.waitForSelector('[data-pick-waits="elsewhere"]', { timeout: 60_000 })
  await page.locator('[data-waits="elsewhere"]').getByText('Camera đang không ở góc đã đặt “Home”: quy tắc chờ camera quay lại.').waitFor()
  await page.locator('[data-presets="told"][data-bound="away"]').getByText('Camera đang ở góc “Nhánh bên”.').waitFor()
  await page.waitForSelector('[data-other-view]')
  await shot('turned-1920')
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBe(390)
  await page.evaluate(`document.querySelector('.rule-strip').scrollIntoView()`)
  await shot('turned-list-390')
  await page.evaluate(`document.querySelector('[data-waits]').scrollIntoView({ block: 'start' })`)
  await shot('turned-waits-390')
  await page.evaluate(`document.querySelector('[data-field="preset"]').scrollIntoView({ block: 'center' })`)
  await shot('turned-390')
  await page.setViewportSize({ width: 1920, height: 1080 })
  await page.goto(`${centre.app.url}/cameras/${turning}`)
  await page.locator('[data-rule-waits]').getByText('quy tắc chờ camera quay lại').waitFor()
  await page.getByText('1/1 quy tắc chờ góc quay').waitFor({ timeout: 60_000 })
  // What was drawn on one view is not laid over another.
  expect(await page.locator('.livepic .drawn > *').count()).toBe(0)
  await shot('turned-overview-1920')
  await page.goto(address(turning))
  await page.waitForSelector('[data-pick-waits="elsewhere"]')
}, 150_000)

journey('back at its preset the rule watches again, and nothing is said any more', async () => {
  const { page } = first
  dome().ptz!.goHome()
  await eventually(page, `document.querySelectorAll('[data-waits], [data-pick-waits], [data-other-view]').length === 0`, 60_000)
  await page.waitForSelector('[data-bound="here"]')
  expect((await standing()).waits).toBeUndefined()
  // A longer time, as its history tells it when the camera is back: ten minutes of yesterday.
  const { store } = centre.app.parts
  const { id } = await standing()
  const fromMs = Date.now() - 86_400_000
  await page.locator('[data-waited]').getByText(/Chưa lần nào chờ|Không xem/).waitFor()
  await store.changes.append({ topic: 'camera', entityId: turning, areaId: null, what: 'rule_waited', by: null, atMs: fromMs + 600_000, facts: { rule: id, preset: 'Home', why: 'elsewhere', fromMs, toMs: fromMs + 600_000 } })
  await page.reload()
  await page.locator('[data-wait-line="elsewhere"]').getByText('Không xem 10 ph: camera không ở góc “Home”').waitFor()
  await page.locator('[data-waited]').scrollIntoViewIfNeeded()
  await shot('waited-1920')
}, 90_000)

journey('who may only look sees to which preset a rule is bound, and asks no camera', async () => {
  const { page } = await centre.enter('police')
  await page.goto(address(turning))
  await page.getByText('Chỉ xem: sửa quy tắc cần quyền quản lý quy tắc.').waitFor()
  expect([await page.locator('select[name="preset"] option:checked').textContent(), await page.isDisabled('select[name="preset"]'), await page.locator('[data-presets="none"]').count()]).toEqual(['Home', true, 1])
  expect(await page.evaluate<number>(`fetch('/api/cameras/${turning}/presets').then((reply) => reply.status)`)).toBe(403)
}, 60_000)

journey('a preset that was saved anew elsewhere is told, and can be followed; one that is gone is told too', async () => {
  const { page } = first
  const { ptz } = dome()
  ptz!.moveTo({ pan: 0.2, tilt: 0, zoom: 0 })
  ptz!.savePreset('Home', '1')
  await page.waitForSelector('[data-bound="moved"]', { timeout: 60_000 })
  await shot('moved-1920')
  await page.focus('[data-do="retake-preset"]')
  await page.keyboard.press('Enter')
  await page.waitForSelector('[data-bound="here"]')
  await page.waitForSelector('[data-field="preset"][data-changed]')
  ptz!.removePreset('1')
  await page.waitForSelector('[data-bound="gone"]', { timeout: 60_000 })
  expect(await page.locator('select[name="preset"] option:checked').textContent()).toBe('Home (đã xóa trên camera)')
  await page.locator('[data-field="preset"]').scrollIntoViewIfNeeded()
  await shot('gone-1920')
}, 120_000)

journey('a camera that does not answer says so with the next step; the rule can still be let go', async () => {
  const { page, complaints } = first
  await dome().setFault('stall', { silent: true })
  await page.waitForSelector('[data-presets="silent"]', { timeout: 60_000 })
  await page.locator('[data-presets="silent"]').getByText('Camera không trả lời: Không trả lời kịp.').waitFor()
  await page.locator('[data-field="preset"]').scrollIntoViewIfNeeded()
  await shot('silent-1920')
  await page.selectOption('select[name="preset"]', '')
  await page.click('[data-do="save-rule"]')
  await page.waitForSelector('[data-dirty="false"] [data-shown="2"]')
  expect((await standing()).versions[0]).toMatchObject({ version: 2, differs: [{ field: 'preset', after: null }] })
  await page.locator('.versions').getByText('Khác: góc quay').waitFor()
  await dome().setFault('none')
  expect(complaints).toEqual([])
}, 150_000)
