import sharp from 'sharp'
import type { CameraView } from '../../server/contract/cameras.js'
import type { AlertView } from '../../server/contract/alerts.js'
import type { CameraId } from '../../server/domain/ids.js'
import type { City } from '../../server/sandbox/city.js'
import { until } from '../support/until.js'
import { eventually, type OpenedBrowser } from './browser.js'
import { canJourney, journey, openCentre, type Centre } from './centre.js'
import { clickAt } from './second-person.js'
import { addCameras, openCameras, raise } from './street.js'

/** An administrator covers a window of the house over the way; then nobody is shown it: not who draws, not who handles an alert. */
let city: City
let centre: Centre
let admin: OpenedBrowser
let cameraId: CameraId

beforeAll(async () => {
  if (!canJourney) return
  city = await openCameras(['Cảnh cam-dung'])
  centre = await openCentre()
  ;[cameraId] = (await addCameras(centre.app, city)) as [CameraId]
  admin = await centre.enter('admin')
}, 120_000)
afterAll(async () => {
  await centre?.close()
  await city?.close()
}, 60_000)

const shot = async ({ page }: OpenedBrowser, name: string): Promise<void> => {
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/masks-${name}.png` })
}
const address = (): string => `${centre.app.url}/cameras/${cameraId}/rules`
const masks = async (): Promise<CameraView['masks']> => (await admin.page.evaluate<CameraView>(`fetch('/api/cameras/${cameraId}').then((reply) => reply.json())`)).masks
const WINDOW = [[0.1, 0.1], [0.4, 0.1], [0.4, 0.5], [0.1, 0.5]] as const

/** How bright a picture is at a point, 0 to 255. */
async function brightness(path: string, x: number, y: number): Promise<number> {
  const reply = await admin.page.context().request.get(`${centre.app.url}${path}`)
  if (!reply.ok()) return NaN
  const { data, info } = await sharp(await reply.body()).greyscale().raw().toBuffer({ resolveWithObject: true })
  return data[(Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels]!
}

journey('masks are reached beside the rules; what they cover and what not is said before one is drawn', async () => {
  const { page } = admin
  await page.goto(address())
  await page.locator('[data-do="masks"]').getByText('0 mặt nạ').waitFor()
  await page.click('[data-do="masks"]')
  await page.waitForSelector('[data-masks="0"]')
  await page.getByText('KHÔNG che: hình trực tiếp').waitFor()
  await page.waitForSelector('.frame.drawing > img', { timeout: 60_000 })
  expect(await page.isDisabled('[data-do="save-masks"]')).toBe(true)
}, 120_000)

journey('two are drawn, by mouse and by keys; one is undone; leaving what is not saved is asked about', async () => {
  const { page } = admin
  await page.keyboard.press('v')
  for (const [x, y] of WINDOW) await clickAt(admin, x, y)
  await page.keyboard.press('Enter')
  await page.waitForSelector('[data-shape="masks"].chosen')
  await page.keyboard.press('Escape')
  await page.keyboard.press('v')
  await page.keyboard.press('Space')
  for (const way of ['ArrowRight', 'ArrowDown']) {
    for (let steps = 0; steps < 5; steps += 1) await page.keyboard.press(way)
    await page.keyboard.press('Space')
  }
  await page.keyboard.press('Enter')
  await eventually(page, `document.querySelectorAll('[data-shape="masks"]').length === 2`)
  await page.keyboard.press('Control+z')
  await eventually(page, `document.querySelectorAll('[data-shape="masks"]').length === 1`)
  await shot(admin, 'drawn-1920')
  await page.click('[data-tab="rules"] >> xpath=../a[1]')
  await page.getByText('Bỏ phần chưa lưu?').waitFor()
  await page.keyboard.press('Escape')
}, 60_000)

journey('saved, it is in force at once: the still that is drawn on is covered, the street beside it is not', async () => {
  const { page } = admin
  const still = `/api/cameras/${cameraId}/still.jpg`
  await until('the camera shows a picture', async () => (await brightness(still, 0.25, 0.3)) > 40)
  await page.click('[data-do="save-masks"]')
  await page.waitForSelector('[data-dirty="false"]')
  await page.waitForSelector('[data-masks="1"]')
  const near = ([x, y]: readonly [number, number]): unknown => ({ x: expect.closeTo(x, 2), y: expect.closeTo(y, 2) })
  expect(await masks()).toEqual([{ points: WINDOW.map(near), preset: null }])
  await until('the still is covered', async () => (await brightness(still, 0.25, 0.3)) < 40)
  expect(await brightness(still, 0.7, 0.7)).toBeGreaterThan(40)
  await page.reload()
  await page.waitForSelector('[data-shape="masks"]')
  await page.waitForSelector('.frame.drawing > img')
  await shot(admin, 'saved-1920')
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBe(390)
  await page.evaluate(`document.querySelector('.frame.drawing').scrollIntoView()`)
  await shot(admin, 'saved-390')
  await page.setViewportSize({ width: 1920, height: 1080 })
}, 90_000)

journey('the evidence of an alert has it covered, in both stills and in the clip that is played', async () => {
  const alertId = await raise(centre.app, cameraId)
  const read = async (): Promise<AlertView> => ((await admin.page.evaluate(`fetch('/api/alerts/${alertId}').then((reply) => reply.json())`)) as AlertView)
  await until('stills and clip are kept', async () => (await read()).evidence.length === 3, 60_000)
  const { evidence } = await read()
  const stills = evidence.filter(({ kind }) => kind === 'still')
  expect(stills).toHaveLength(2)
  for (const { url } of stills) expect(await brightness(url, 0.25, 0.3)).toBeLessThan(40)
  const { page } = admin
  await page.goto(`${centre.app.url}/desk/${alertId}`)
  await page.waitForSelector('video')
  await eventually(page, `document.querySelector('video').readyState >= 2`)
  const seen = await page.evaluate<readonly number[]>(`(() => {
    const video = document.querySelector('video')
    const canvas = Object.assign(document.createElement('canvas'), { width: 100, height: 100 })
    const pen = canvas.getContext('2d')
    pen.drawImage(video, 0, 0, 100, 100)
    return [[25, 30], [70, 70]].map(([x, y]) => Math.max(...pen.getImageData(x, y, 1, 1).data.slice(0, 3)))
  })()`)
  expect([seen[0]! < 45, seen[1]! > 45]).toEqual([true, true])
  await shot(admin, 'desk-1920')
}, 120_000)

journey('who may only look sees that there is one, and cannot change it; taken away, the part is seen again', async () => {
  const { page: theirs } = await centre.enter('police')
  await theirs.goto(`${address()}?masks=edit`)
  await theirs.getByText('Chỉ xem: sửa mặt nạ cần quyền quản lý camera.').waitFor()
  expect(await theirs.locator('.draw-tools, [data-do="save-masks"], [data-vertex]').count()).toBe(0)
  const { page, complaints } = admin
  await page.goto(`${address()}?masks=edit`)
  await page.locator('[data-vertex="0"]').focus()
  for (let points = 0; points < 2; points += 1) {
    await page.locator('[data-vertex="0"]').focus()
    await page.keyboard.press('g')
  }
  await eventually(page, `document.querySelectorAll('[data-shape="masks"]').length === 0`)
  await page.click('[data-do="save-masks"]')
  await page.waitForSelector('[data-masks="0"]')
  await until('the part is seen again', async () => (await brightness(`/api/cameras/${cameraId}/still.jpg`, 0.25, 0.3)) > 40)
  expect(complaints).toEqual([])
}, 90_000)
