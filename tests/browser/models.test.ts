import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadModel } from '../../models/catalogue.js'
import type { ModelsView } from '../../server/contract/models.js'
import type { City } from '../../server/sandbox/city.js'
import { runToEnd } from '../../server/system/child.js'
import { FFMPEG } from '../sandbox/devices/films.js'
import { MATERIAL } from '../support/clip-frames.js'
import { renamedEyes } from '../support/renamed-eyes.js'
import { until } from '../support/until.js'
import { eventually, type OpenedBrowser } from './browser.js'
import { canJourney, journey, openCentre, type Centre } from './centre.js'
import { addCameras, openCameras, raise } from './street.js'

/** An administrator brings a model, looks at it beside our own, uses it and goes back: real browser, server, runtime and ffmpeg. */
let centre: Centre
let city: City
let browser: OpenedBrowser
let folder: string
let clip: string
let model: string

/** A published model where the test material lies, else our own as another file. */
async function chooseModel(): Promise<string> {
  const published = join(MATERIAL, 'models/yolox_nano.onnx')
  if (existsSync(published)) return published
  writeFileSync(join(folder, 'khac.onnx'), await renamedEyes('of the browser test'))
  return join(folder, 'khac.onnx')
}

/** A real street where the test material lies, else six drawings of the sandbox junction. */
async function chooseClip(): Promise<string> {
  const street = join(MATERIAL, 'videos/hanoi_ly_thuong_kiet_16h30.mp4')
  const made = join(folder, 'ngã tư.mp4')
  if (existsSync(street)) await runToEnd(FFMPEG!, ['-v', 'error', '-i', street, '-t', '8', '-c', 'copy', made], { timeoutMs: 60_000 })
  else {
    await runToEnd(process.execPath, ['--import', 'tsx', 'server/sandbox/scenes/samples.ts', folder, '6', '4711'], { timeoutMs: 100_000 })
    await runToEnd(FFMPEG!, ['-v', 'error', '-framerate', '3', '-i', `${folder}/nga-tu-day-4711-%05d.jpg`, '-pix_fmt', 'yuv420p', made], { timeoutMs: 60_000 })
  }
  return made
}

beforeAll(async () => {
  if (!canJourney) return
  folder = mkdtempSync(join(tmpdir(), 'vonglau-models-'))
  ;[model, clip] = [await chooseModel(), await chooseClip()]
  city = await openCameras(['Cảnh giua-cau'])
  centre = await openCentre({ recording: { reserveMb: 16 } }, null, await loadModel('eyes'))
  await addCameras(centre.app, city)
  browser = await centre.enter('admin')
}, 240_000)
afterAll(async () => {
  await centre?.close()
  await city?.close()
  if (folder) rmSync(folder, { recursive: true, force: true })
}, 60_000)

const shot = async (name: string): Promise<void> => {
  if (process.env['SHOTS']) await browser.page.screenshot({ path: `${process.env['SHOTS']}/models-${name}.png` })
}
const inUse = async (): Promise<string> => (await browser.page.evaluate<ModelsView>(`fetch('/api/models').then((reply) => reply.json())`)).inUse
const boxes = (glass: number): string => `Number(document.querySelector('[data-glass="${glass}"]')?.dataset.boxes)`

journey('a model is brought: uploaded, opened beside the server, and shown with what it was found to be', async () => {
  const { page } = browser
  await page.goto(`${centre.app.url}/wall`)
  await page.click('[data-menu="person"]')
  await page.click('[data-do="models"]')
  await page.waitForSelector('[data-model="eyes"] [data-in-use]')
  await page.keyboard.press('n')
  await page.setInputFiles('input[name="model-file"]', model)
  await page.fill('input[name="model-name"]', 'Mô hình của phường')
  await page.fill('input[name="model-licence"]', 'Apache-2.0')
  await page.click('[data-do="send-model"]')
  await page.waitForURL((url) => /\/models\/[0-9a-f-]{36}$/.test(url.pathname), { timeout: 90_000 })
  await page.getByText('Chưa chạy thử trên đoạn hình nào.').waitFor()
  expect(await page.textContent('[data-card] h2')).toBe('Mô hình của phường')
  await shot('card-1920')
}, 150_000)

journey('a file that is no model is refused in words, and nothing is left of it', async () => {
  const { page } = browser
  writeFileSync(join(folder, 'nửa.onnx'), readFileSync(model).subarray(0, 900_000))
  await page.click('[data-do="add-model"]')
  await page.setInputFiles('input[name="model-file"]', join(folder, 'nửa.onnx'))
  await page.fill('input[name="model-licence"]', 'MIT')
  await page.click('[data-do="send-model"]')
  await page.getByText('Tệp không phải là mô hình ONNX nguyên vẹn').waitFor({ timeout: 60_000 })
  await shot('refused-1920')
  await page.keyboard.press('Escape')
  expect(await page.locator('[data-model]').count()).toBe(2)
}, 90_000)

journey('it is tried on a clip beside our own: both see objects in the very same pictures', async () => {
  const { page } = browser
  await page.keyboard.press('t')
  await page.click('dialog .seg button >> nth=2')
  await page.setInputFiles('input[name="trial-file"]', clip)
  await page.selectOption('select[name="trial-beside"]', 'eyes')
  await page.click('[data-do="begin-trial"]')
  await page.waitForSelector('[data-trial="done"]', { timeout: 120_000 })
  await page.waitForSelector('[data-do="use-tried"]')
  await eventually(page, `${boxes(0)} > 0 && ${boxes(1)} > 0`)
  expect(await page.locator('[data-glass="0"] .witness').count()).toBeGreaterThan(0)
  await page.keyboard.press('Space')
  await eventually(page, `document.querySelector('.comparison').dataset.running === 'false'`)
  const frame = (): Promise<number> => page.evaluate(`Number(document.querySelector('.comparison').dataset.frame)`)
  const stood = await frame()
  await page.keyboard.press(stood > 0 ? 'ArrowLeft' : 'ArrowRight')
  await eventually(page, `Number(document.querySelector('.comparison').dataset.frame) === ${stood > 0 ? stood - 1 : 1}`)
  // The twin shows the picture of the player, not an empty glass.
  expect(await page.evaluate(`(() => { const glass = document.querySelector('[data-glass="1"] canvas'); const { data } = glass.getContext('2d').getImageData(glass.width / 2, glass.height / 2, 8, 8); return data.some((value, at) => at % 4 < 3 && value > 0) })()`)).toBe(true)
  await shot('compare-1920')
  await page.setViewportSize({ width: 390, height: 844 })
  await eventually(page, `[...document.querySelectorAll('[data-glass]')].filter((glass) => glass.getBoundingClientRect().height > 0).length === 1`)
  await page.keyboard.press('v')
  await eventually(page, `document.querySelector('[data-glass="0"]').classList.contains('front')`)
  expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBe(390)
  await shot('compare-390')
  await page.setViewportSize({ width: 1920, height: 1080 })
  await page.keyboard.press('Escape')
  await page.waitForSelector('.tried li')
}, 240_000)

journey('it is used, what watches is it, and our own is taken back; then it is removed', async () => {
  const { page, complaints } = browser
  const id = new URL(page.url()).pathname.split('/')[2]!
  await page.keyboard.press('c')
  await page.click('dialog .btn.main')
  await page.waitForSelector(`[data-model="${id}"] [data-in-use]`, { timeout: 120_000 })
  expect([await inUse(), centre.app.parts.watching?.stats().pool.model.kind]).toEqual([id, 'ready'])
  await shot('used-1920')
  await page.setViewportSize({ width: 390, height: 844 })
  await shot('card-390')
  await page.keyboard.press('Escape')
  await page.waitForSelector('[data-model]')
  await shot('list-390')
  await page.setViewportSize({ width: 1920, height: 1080 })
  await page.click('[data-model="eyes"] a')
  await page.click('[data-do="use-model"]')
  await page.click('dialog .btn.main')
  await page.waitForSelector('[data-model="eyes"] [data-in-use]', { timeout: 120_000 })
  expect(await inUse()).toBe('eyes')
  // This centre was opened without the 8-bit file: the card says what that means.
  await page.getByText('32 bit: thiếu tệp 8 bit').waitFor()
  await page.click(`[data-model="${id}"] a`)
  await page.click('[data-do="remove-model"]')
  await page.click('dialog .btn.main')
  await until('it is gone from the list', async () => (await page.locator('[data-model]').count()) === 1)
  expect(complaints).toEqual([])
}, 300_000)

journey('our own is tried on what a camera recorded in its last seconds', async () => {
  const { page } = browser
  const [camera] = await centre.app.parts.store.cameras.list()
  await until('some seconds were recorded', async () => (centre.app.parts.recording?.fresh(camera!.id).length ?? 0) > 0 || (await centre.app.parts.store.recordings.newestMs(camera!.id)) !== null, 60_000)
  await page.goto(`${centre.app.url}/models/eyes`)
  await page.click('[data-do="try-model"]')
  await page.selectOption('select[name="trial-camera"]', { index: 1 })
  await page.click('[data-do="begin-trial"]')
  await page.waitForSelector('[data-trial="done"]', { timeout: 120_000 })
  expect(await page.locator('[data-glass]').count()).toBe(1)
}, 240_000)

journey('and on the clip of an alert, in which a mask that was drawn since is covered', async () => {
  const { page } = browser
  const { store } = centre.app.parts
  const [camera] = await store.cameras.list()
  await raise(centre.app, camera!.id)
  await until('its clip was kept', async () => (await Promise.all((await store.alerts.list({ limit: 9 })).map(({ id }) => store.evidence.of(id)))).flat().some(({ kind }) => kind === 'clip'), 60_000)
  const mask = [[0.1, 0.1], [0.4, 0.1], [0.4, 0.5], [0.1, 0.5]].map(([x, y]) => ({ x: x!, y: y! }))
  const covered = await centre.app.parts.registry.change(camera!.id, { masks: [{ points: mask, preset: null }] }, (await store.people.list())[0]!.id)
  expect(covered).toMatchObject({ masks: [{ points: mask }] })
  await page.goto(`${centre.app.url}/models/eyes`)
  await page.click('[data-do="try-model"]')
  await page.click('dialog .seg button >> nth=1')
  await page.selectOption('select[name="trial-alert"]', { index: 1 })
  await page.click('[data-do="begin-trial"]')
  await page.waitForSelector('[data-trial="done"]', { timeout: 120_000 })
  expect(await page.textContent('[data-trial] h2')).toContain('Hùng Vương – trụ 1')
  await eventually(page, `document.querySelector('[data-glass] video').readyState >= 2`)
  const [inside, beside] = await page.evaluate<readonly number[]>(`(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 100, height: 100 })
    const pen = canvas.getContext('2d')
    pen.drawImage(document.querySelector('[data-glass] video'), 0, 0, 100, 100)
    return [[25, 30], [70, 70]].map(([x, y]) => Math.max(...pen.getImageData(x, y, 1, 1).data.slice(0, 3)))
  })()`)
  expect([inside! < 45, beside! > 45]).toEqual([true, true])
  await shot('masked-1920')
}, 240_000)

journey('who may not, is told so', async () => {
  const { page } = await centre.enter('police')
  await page.goto(`${centre.app.url}/models`)
  await page.getByText('Không có quyền xem').waitFor()
}, 60_000)
