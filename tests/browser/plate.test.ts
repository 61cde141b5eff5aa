import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { asId, type AlertId, type CameraId } from '../../server/domain/ids.js'
import type { PlateFinding } from '../../server/domain/plate.js'
import { canJourney, journey, openCentre, type Centre } from './centre.js'
import { placeOf, raise } from './street.js'

/** The desk with a plate beside the evidence: what an operator reads there, what they can check, and that it comes by itself. */
let centre: Centre
let cameraId: CameraId

beforeAll(async () => {
  if (!canJourney) return
  centre = await openCentre()
  const [root] = await centre.app.parts.store.areas.list()
  // Nobody answers at that address: this journey needs an alert, and no picture of a street.
  const put = await centre.app.parts.registry.add({ name: 'Trần Hưng Đạo – Nguyễn Trãi', areaId: root!.id, place: placeOf(0), origin: { kind: 'rtsp' }, mainUrl: 'rtsp://127.0.0.1:9/1', user: 'admin', password: 'x' }, null)
  if (!put.ok) throw new Error(JSON.stringify(put.faults))
  cameraId = put.camera.id
}, 60_000)
afterEach(() => centre?.closeBrowsers())
afterAll(() => centre?.close())

const READ: PlateFinding = { kind: 'read', text: '59G163188', shown: '59G1-631.88', shares: [1, 0.99, 0.62, 1, 1, 0.95, 1, 0.89, 1], wellFormed: true, province: '59', series: 'G1', number: '63188', rows: 2, colour: 'white', agree: 7 }

/** Stores what the evidence stage would have stored, crops and all, and says so. */
async function readPlate(id: string, finding: PlateFinding, looks = 9): Promise<void> {
  const { store, bus } = centre.app.parts
  const alert = (await store.alerts.get(asId<AlertId>(id)))!
  const found = finding.kind === 'read' || finding.kind === 'unreadable'
  const crop = async (which: 'raw' | 'enhanced', size: { width: number; height: number }, blur: number) => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 150 100" width="${size.width}" height="${size.height}"><rect width="150" height="100" rx="5" fill="#e2e0da"/><text x="75" y="42" text-anchor="middle" font-family="sans-serif" font-weight="700" font-size="38">59-G1</text><text x="75" y="88" text-anchor="middle" font-family="sans-serif" font-weight="700" font-size="38">631.88</text></svg>`
    const bytes = await sharp(Buffer.from(svg)).flatten().blur(blur).jpeg().toBuffer()
    await mkdir(join(centre.folder, 'evidence'), { recursive: true })
    await writeFile(join(centre.folder, 'evidence', `${id}-${which}.jpg`), bytes)
    return { file: `${id}-${which}.jpg`, sha256: createHash('sha256').update(bytes).digest('hex') }
  }
  await store.plates.add({ ...finding, incidentId: alert.incidentId, looks, readAtMs: Date.now(), atMs: found ? alert.raisedAtMs - 200 : null, raw: found ? await crop('raw', { width: 51, height: 34 }, 1) : null, enhanced: found ? await crop('enhanced', { width: 320, height: 213 }, 0.5) : null })
  const seq = await store.changes.append({ topic: 'alert', entityId: alert.id, areaId: alert.areaId, what: 'plate_read', by: null, atMs: Date.now(), facts: { kind: finding.kind, looks, agree: null } })
  bus.publish('changes.appended', { seq })
}

async function openDesk(size?: { width: number; height: number }): Promise<{ readonly page: Page; readonly complaints: readonly string[]; readonly alertId: string }> {
  const alertId = await raise(centre.app, cameraId)
  const { page, complaints } = await centre.enter('police', size)
  await page.goto(`${centre.app.url}/desk/${alertId}`)
  await page.waitForSelector(`[data-alert="${alertId}"]`)
  return { page, complaints, alertId }
}

const shot = async (page: Page, name: string): Promise<void> => {
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/plate-${name}.png` })
}
const textOf = async (page: Page): Promise<string> => (await page.locator('[data-plate]').innerText()).replaceAll(/\s+/g, ' ')

journey('the plate comes by itself while the alert is open, suspected until a person confirms', async () => {
  const { page, complaints, alertId } = await openDesk({ width: 1920, height: 1080 })
  expect(await page.locator('[data-plate]').count()).toBe(0)
  await readPlate(alertId, READ)
  await page.waitForSelector('[data-plate="read"]')
  expect(await page.locator('[data-plate] .set').innerText()).toBe('59-G1\n631.88')
  expect(await page.evaluate<string[]>(`[...document.querySelectorAll('[data-plate] .unsure')].map((letter) => letter.textContent + ' ' + letter.title)`)).toEqual(['G G: chắc 62 %', '8 8: chắc 89 %'])
  expect(await textOf(page)).toMatch(/Nghi vấn biển số.*7\/9 lần đọc giống nhau · 2 dòng, nền trắng Gạch chân là chưa chắc: G \(62 %\), 8 \(89 %\)/)
  await shot(page, '1920')
  await page.keyboard.press('KeyT')
  await page.waitForSelector(`[data-alert="${alertId}"][data-alert-state="claimed"]`)
  await page.keyboard.press('KeyC')
  await page.waitForSelector(`[data-alert="${alertId}"][data-alert-state="confirmed"]`)
  expect(await textOf(page)).not.toContain('Nghi vấn')
  expect(complaints).toEqual([])
}, 120_000)

journey('the untouched crop is one key away, and its hash can be counted here', async () => {
  const { page, complaints, alertId } = await openDesk({ width: 1920, height: 1080 })
  await readPlate(alertId, READ)
  await page.waitForSelector('[data-crop="enhanced"]')
  await page.keyboard.press('KeyG')
  await page.waitForSelector('[data-crop="raw"]')
  expect(await page.locator('[data-plate] figcaption').innerText()).toMatch(/^Ảnh gốc của camera, không sửa · \d\d:\d\d:\d\d$/)
  const shown = await page.evaluate<[string, number]>(`(async (img) => { await img.decode(); return [new URL(img.src).pathname, img.naturalWidth] })(document.querySelector('[data-plate] img'))`)
  expect(shown).toEqual([`/evidence/plates/${alertId}/raw`, 51])
  await shot(page, 'raw-1920')
  await page.locator('[data-evidence="plate"] [data-do="verify"]').click()
  await page.waitForSelector('[data-evidence="plate"][data-check="same"]')
  await page.click('[data-do="plate-raw"]')
  await page.waitForSelector('[data-crop="enhanced"]')
  expect(complaints).toEqual([])
}, 120_000)

journey('what was not read is said plainly', async () => {
  for (const [finding, looks, words] of [[{ kind: 'unreadable' }, 4, 'Có biển nhưng không đọc được'], [{ kind: 'none' }, 7, 'Nhìn kỹ 7 lần không thấy biển số'], [{ kind: 'too_few' }, 1, 'Không đủ hình rõ để tìm biển số']] as const) {
    const { page, complaints, alertId } = await openDesk({ width: 1920, height: 1080 })
    await readPlate(alertId, finding, looks)
    await page.waitForSelector(`[data-plate="${finding.kind}"]`)
    expect(await textOf(page)).toContain(words)
    expect([await page.locator('[data-plate] img').count(), await page.locator('[data-plate] .set').count()]).toEqual([finding.kind === 'unreadable' ? 1 : 0, 0])
    await shot(page, finding.kind)
    expect(complaints).toEqual([])
    await page.close()
  }
}, 120_000)

journey('on a phone it stands below the title, within the glass', async () => {
  const { page, complaints, alertId } = await openDesk({ width: 390, height: 844 })
  await readPlate(alertId, READ)
  await page.waitForSelector('[data-plate="read"]')
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
  const [title, plate, play] = await page.evaluate<number[]>(`['.tt', '.plt', '.play'].map((part) => document.querySelector(part).getBoundingClientRect().top)`)
  expect(title! < plate! && plate! < play!).toBe(true)
  await shot(page, '390')
  expect(complaints).toEqual([])
}, 120_000)
