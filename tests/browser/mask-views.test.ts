import sharp from 'sharp'
import type { CameraView } from '../../server/contract/cameras.js'
import type { CameraId } from '../../server/domain/ids.js'
import type { City } from '../../server/sandbox/city.js'
import { until } from '../support/until.js'
import { eventually, type OpenedBrowser } from './browser.js'
import { canJourney, journey, openCentre, type Centre } from './centre.js'
import { clickAt } from './second-person.js'
import { openCameras, placeOf } from './street.js'

/** An administrator covers a window on one view of a virtual camera that turns, over ONVIF; turned, the same part of another street is nobody's window. */
let city: City
let centre: Centre
let admin: OpenedBrowser
let turning: CameraId

beforeAll(async () => {
  if (!canJourney) return
  // Only the third virtual camera turns.
  city = await openCameras(['Cảnh 1', 'Cảnh 2', 'Cảnh 3'])
  centre = await openCentre()
  const { store, registry } = centre.app.parts
  const [root] = await store.areas.list()
  const added = await registry.add({ name: 'Hùng Vương – trụ quay', areaId: root!.id, place: placeOf(2), origin: { kind: 'onvif', address: dome().onvifUrl }, mainUrl: dome().rtspUrl('main'), subUrl: dome().rtspUrl('sub'), ...dome().sticker }, null)
  if (!added.ok) throw new Error(JSON.stringify(added.faults))
  turning = added.camera.id
  admin = await centre.enter('admin')
}, 120_000)
afterAll(async () => {
  await centre?.close()
  await city?.close()
}, 60_000)

const dome = () => city.cameras[2]!
const shot = async (name: string): Promise<void> => {
  if (process.env['SHOTS']) await admin.page.screenshot({ path: `${process.env['SHOTS']}/mask-views-${name}.png` })
}
const masks = async (): Promise<CameraView['masks']> => (await admin.page.evaluate<CameraView>(`fetch('/api/cameras/${turning}').then((reply) => reply.json())`)).masks

/** Whether the still of now has the mask's one tone at a point. */
async function isCovered(x: number, y: number): Promise<boolean> {
  const reply = await admin.page.context().request.get(`${centre.app.url}/api/cameras/${turning}/still.jpg`)
  if (!reply.ok()) return false
  const { data, info } = await sharp(await reply.body()).raw().toBuffer({ resolveWithObject: true })
  const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels
  return [24, 28, 32].every((tone, part) => Math.abs(data[at + part]! - tone) < 8)
}
const covered = async (): Promise<string> => `${await isCovered(0.25, 0.3)} ${await isCovered(0.75, 0.7)}`

journey('each mask says on which view it covers; by keys alone one is bound to the view that the camera shows', async () => {
  const { page } = admin
  await page.goto(`${centre.app.url}/cameras/${turning}/rules?masks=edit`)
  await page.waitForSelector('.frame.drawing > img', { timeout: 60_000 })
  await page.locator('[data-presets="told"]').getByText('Camera đang ở góc “Home”.').waitFor({ timeout: 30_000 })
  for (const corners of [[[0.1, 0.1], [0.4, 0.1], [0.4, 0.5], [0.1, 0.5]], [[0.6, 0.6], [0.9, 0.6], [0.9, 0.9], [0.6, 0.9]]] as const) {
    await page.keyboard.press('v')
    for (const [x, y] of corners) await clickAt(admin, x, y)
    await page.keyboard.press('Enter')
  }
  expect(await page.locator('select[name="mask-preset-0"] option').allTextContents()).toEqual(['Che ở mọi góc', 'Home', 'Nhánh bên'])
  await page.focus('select[name="mask-preset-0"]')
  await page.keyboard.press('ArrowDown')
  await page.waitForSelector('[data-mask-view="1"]')
  // Bound, undone, and bound again: it is a step of the drawing like any other.
  await page.click('[data-do="undo"]')
  await page.waitForSelector('[data-mask-view="1"]', { state: 'detached' })
  await page.click('[aria-label="Làm lại"]')
  await page.waitForSelector('[data-mask-view="1"]')
  await page.selectOption('select[name="mask-preset-1"]', '2')
  await page.locator('[data-mask-note="other"]').getByText('Ảnh này là góc khác: quay camera về góc “Nhánh bên” rồi hãy vẽ.').waitFor()
  await shot('two-1920')
  await page.click('[data-do="save-masks"]')
  await page.waitForSelector('[data-dirty="false"]')
  await page.locator('[data-do="masks"]').getByText('2 mặt nạ · 2 theo góc').waitFor()
  expect((await masks()).map(({ preset }) => preset?.name)).toEqual(['Home', 'Nhánh bên'])
}, 150_000)

journey('the picture of a view is covered by its own masks; turned, the other view by its own', async () => {
  await until('the first view has its mask alone', async () => (await covered()) === 'true false', 60_000)
  dome().ptz!.goToPreset('2')
  await until('the other view has its own alone', async () => (await covered()) === 'false true', 60_000)
  const { page } = admin
  await page.reload()
  await page.locator('[data-presets="told"]').getByText('Camera đang ở góc “Nhánh bên”.').waitFor({ timeout: 30_000 })
  await page.waitForSelector('.frame.drawing > img', { timeout: 60_000 })
  await shot('turned-1920')
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBe(390)
  await shot('picture-390')
  await page.evaluate(`document.querySelector('.mask-views').scrollIntoView({ block: 'start' })`)
  await shot('list-390')
  await page.setViewportSize({ width: 1920, height: 1080 })
}, 180_000)

journey('between two views, and when the camera does not answer, every mask of every view covers', async () => {
  const { page, complaints } = admin
  dome().ptz!.moveTo({ pan: 0.03, tilt: 0, zoom: 0 })
  await until('both cover beside a view', async () => (await covered()) === 'true true', 60_000)
  await page.locator('[data-presets="told"]').getByText('Camera đang không ở góc nào đã lưu.').waitFor({ timeout: 30_000 })
  dome().ptz!.goHome()
  await until('back at its view', async () => (await covered()) === 'true false', 60_000)
  await dome().setFault('stall', { silent: true })
  await page.locator('[data-presets="silent"]').getByText('Mọi mặt nạ đều che.').waitFor({ timeout: 60_000 })
  await shot('silent-1920')
  await dome().setFault('none')
  expect(complaints).toEqual([])
}, 200_000)

journey('who may only look sees which view each covers, and asks no camera', async () => {
  const { page } = await centre.enter('police')
  await page.goto(`${centre.app.url}/cameras/${turning}/rules?masks=edit`)
  await page.waitForSelector('[data-mask-view="1"]')
  expect([await page.locator('.mask-views select').count(), await page.locator('.mask-views').textContent()]).toEqual([0, expect.stringContaining('Nhánh bên')])
}, 60_000)

journey('taken off its view, a mask covers every view again', async () => {
  const { page } = admin
  await page.goto(`${centre.app.url}/cameras/${turning}/rules?masks=edit`)
  await page.waitForSelector('select[name="mask-preset-0"]', { timeout: 60_000 })
  await page.selectOption('select[name="mask-preset-0"]', '')
  await page.click('[data-do="save-masks"]')
  await page.waitForSelector('[data-dirty="false"]')
  expect((await masks()).map(({ preset }) => preset?.name ?? null)).toEqual([null, 'Nhánh bên'])
  await eventually(page, `document.querySelectorAll('[data-mask-view=""]').length === 1`)
}, 90_000)
