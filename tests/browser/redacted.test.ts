import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { loadModel } from '../../models/catalogue.js'
import { asId, type AlertId, type CameraId } from '../../server/domain/ids.js'
import { drawStill } from '../../server/evidence/still.js'
import { runToEnd } from '../../server/system/child.js'
import { keepItem, pixelsOf } from '../evidence/kept-item.js'
import { canJourney, journey, openCentre, type Centre } from './centre.js'
import { placeOf, raise } from './street.js'

/** The desk of who answers a citizen: the still and the clip with faces covered, made, looked through and taken away. */
let drawn: { readonly folder: string; readonly still: Buffer; readonly clip: Buffer }
let centre: Centre | null = null

beforeAll(async () => {
  if (!canJourney) return
  const folder = mkdtempSync(join(tmpdir(), 'vonglau-drawn-'))
  await runToEnd(process.execPath, ['--import', 'tsx', 'tests/evidence/street-program.ts', folder, 'mot-chieu', '300', '25'], { timeoutMs: 300_000 })
  const from = ['-v', 'error', '-r', '25/2', '-i', join(folder, 'main.h264')]
  await runToEnd('ffmpeg', [...from, '-c', 'copy', '-movflags', '+faststart', join(folder, 'clip.mp4')], { timeoutMs: 60_000 })
  await runToEnd('ffmpeg', [...from, '-frames:v', '1', '-q:v', '2', join(folder, 'still.jpg')], { timeoutMs: 60_000 })
  drawn = { folder, still: readFileSync(join(folder, 'still.jpg')), clip: readFileSync(join(folder, 'clip.mp4')) }
}, 400_000)
afterEach(async () => {
  await centre?.close()
  centre = null
})
afterAll(() => drawn && rmSync(drawn.folder, { recursive: true, force: true }))

/** An alert with its still, the same with boxes, and its clip, open on the desk of IOC staff. */
async function openDesk(model: Parameters<typeof openCentre>[2], size: { readonly width: number; readonly height: number }): Promise<{ readonly page: Page; readonly complaints: readonly string[]; readonly alertId: AlertId }> {
  // Nothing is watched; the model, where there is one, is there to cover with.
  centre = await openCentre({ eyes: { enabled: false } }, null, model)
  const { store, registry } = centre.app.parts
  const [root] = await store.areas.list()
  const put = await registry.add({ name: 'Trần Hưng Đạo – Nguyễn Trãi', areaId: root!.id, place: placeOf(0), origin: { kind: 'rtsp' }, mainUrl: 'rtsp://127.0.0.1:9/1', user: 'admin', password: 'x' }, null)
  if (!put.ok) throw new Error(JSON.stringify(put.faults))
  const alertId = asId<AlertId>(await raise(centre.app, put.camera.id as CameraId))
  const alert = (await store.alerts.get(alertId))!
  const incident = (await store.incidents.get(alert.incidentId))!
  const folder = join(centre.folder, 'evidence')
  const marked = await drawStill(await pixelsOf(join(drawn.folder, 'still.jpg')), incident.witnesses, 'Nghi vấn · Trần Hưng Đạo – Nguyễn Trãi')
  for (const [kept, bytes] of [['still', marked], ['original', drawn.still], ['clip', drawn.clip]] as const) await keepItem({ store, folder, alert, kept, bytes })
  const { page, complaints } = await centre.enter('ioc', size)
  await page.goto(`${centre.app.url}/desk/${alertId}`)
  await page.waitForSelector('[data-redacted="none"][data-redacted-of="clip"]')
  return { page, complaints, alertId }
}

const shot = async (page: Page, name: string): Promise<void> => {
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/redacted-${name}.png` })
}
const rowOf = (kind: 'still' | 'clip', state?: string): string => `${state ? `[data-redacted="${state}"]` : ''}[data-redacted-of="${kind}"]`

journey('the covered still and clip are made with progress, looked through, taken away under their name, and the log tells it', async () => {
  const { page, complaints, alertId } = await openDesk(await loadModel('eyes'), { width: 1920, height: 1080 })
  const section = page.locator('section.redacted')
  expect(await section.innerText()).toMatch(/Bản đã che mặt, biển số\s+Để gửi cho người dân\. Máy che, người kiểm tra lại/i)
  await section.scrollIntoViewIfNeeded()
  await shot(page, 'none-1920')
  await page.click(`${rowOf('still')} [data-do="redact"]`)
  await page.click(`${rowOf('clip')} [data-do="redact"]`)
  await page.waitForSelector(`${rowOf('clip', 'making')} progress`)
  await shot(page, 'making-1920')
  for (const kind of ['still', 'clip'] as const) await page.waitForSelector(rowOf(kind, 'ready'), { timeout: 240_000 })
  expect(await page.locator(rowOf('still')).innerText()).toContain('Biển số CHƯA che')
  await shot(page, 'ready-1920')

  await page.click(`${rowOf('still')} [data-do="look"]`)
  const shown = await page.evaluate<[string, number]>(`(async (img) => { await img.decode(); return [new URL(img.src).pathname, img.naturalWidth] })(document.querySelector('dialog img'))`)
  expect(shown).toEqual([`/evidence/${alertId}-still/redacted`, 1280])
  await shot(page, 'look-1920')
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('dialog a[download]')])
  expect(download.suggestedFilename()).toMatch(/^vonglau-redacted-still-\d+-.*\.jpg$/)
  const copy = await centre!.app.parts.store.redactedCopies.of(asId(`${alertId}-still`))
  expect(createHash('sha256').update(readFileSync(await download.path())).digest('hex')).toBe(copy?.sha256)
  await page.keyboard.press('Escape')

  await page.click(`${rowOf('clip')} [data-do="look"]`)
  expect(await page.evaluate(`new Promise((seen) => { const video = document.querySelector('dialog video'); const tell = () => video.currentTime > 0.2 && seen(true); video.addEventListener('timeupdate', tell); tell() })`)).toBe(true)
  await shot(page, 'look-clip-1920')
  await page.keyboard.press('Escape')
  await page.waitForSelector('text=tải về bản che mờ')
  expect(await page.locator('.log').innerText()).toMatch(/tải về bản che mờ: ảnh chụp[\s\S]*Đã có bản che mờ: đoạn hình[\s\S]*yêu cầu bản che mờ: ảnh chụp/)
  expect(complaints).toEqual([])
}, 400_000)

journey('on a server without a model no copy is made, and the reason and the next step are said', async () => {
  const { page, complaints } = await openDesk({ fault: 'no model', next: '' }, { width: 390, height: 844 })
  await page.click(`${rowOf('clip')} [data-do="redact"]`)
  await page.waitForSelector(rowOf('clip', 'failed'))
  expect(await page.locator(rowOf('clip')).innerText()).toMatch(/không có mô hình nhận dạng[\s\S]*Báo quản trị viên/)
  expect(await page.locator(`${rowOf('clip')} [data-do="redact"]`).innerText()).toBe('Làm lại')
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
  await page.locator('section.redacted').scrollIntoViewIfNeeded()
  await shot(page, 'no-model-390')
  expect(complaints).toEqual([])
}, 120_000)

journey('on a phone the still is made, looked through within the glass, and can be taken', async () => {
  const { page, complaints } = await openDesk(await loadModel('eyes'), { width: 390, height: 844 })
  await page.click(`${rowOf('still')} [data-do="redact"]`)
  await page.waitForSelector(rowOf('still', 'ready'), { timeout: 240_000 })
  await page.locator('section.redacted').scrollIntoViewIfNeeded()
  await shot(page, 'ready-390')
  await page.click(`${rowOf('still')} [data-do="look"]`)
  const box = await page.evaluate<{ left: number; right: number }>(`(async () => { await document.querySelector('dialog img').decode(); const { left, right } = document.querySelector('dialog').getBoundingClientRect(); return { left, right } })()`)
  expect([box.left >= 0, box.right <= 390]).toEqual([true, true])
  await shot(page, 'look-390')
  expect(complaints).toEqual([])
}, 400_000)
