import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { loadModel } from '../../models/catalogue.js'
import type { CameraId } from '../../server/domain/ids.js'
import type { City } from '../../server/sandbox/city.js'
import { systemClock } from '../../server/system/clock.js'
import { until } from '../support/until.js'
import { eventually, type OpenedBrowser } from './browser.js'
import { canJourney, journey, openCentre, type Centre } from './centre.js'
import { addCameras, openCameras } from './street.js'

/** The past in a real browser, against the real server: two virtual cameras are recorded, one falls silent for a while, and an officer looks back. */
let city: City
let centre: Centre
let cams: readonly CameraId[]
let browser: OpenedBrowser
/** Both cameras have pictures at `early` and `again`; in between, the second is silent, from just before `silent` on: long enough to be seen while the clock runs. */
let moments: { readonly early: number; readonly silent: number; readonly again: number }

const timeline = async (cameraId: string): Promise<{ recorded: { fromMs: number; toMs: number }[]; gaps: { fromMs: number; toMs: number; cause: string }[] }> =>
  browser.page.evaluate(`fetch('/api/cameras/${cameraId}/timeline?from=${Math.floor(systemClock.wallMs() - 600_000)}&to=${Math.ceil(systemClock.wallMs() + 1000)}').then((reply) => reply.json())`)

beforeAll(async () => {
  if (!canJourney) return
  city = await openCameras(['Cảnh giua-cau', 'Cảnh dau-cau'])
  // Nothing is watched; the model is there to redact with.
  centre = await openCentre({ recording: { reserveMb: 16 }, eyes: { enabled: false } }, null, await loadModel('eyes'))
  cams = await addCameras(centre.app, city)
  browser = await centre.enter('police')
  await browser.page.goto(`${centre.app.url}/cameras`)
  await recordWithGap()
}, 240_000)

/** Pictures of both; then none of the second; then of both again. Waits for what the server tells, not for a time. */
async function recordWithGap(): Promise<void> {
  const lengthOf = async (cameraId: string): Promise<number> => (await timeline(cameraId)).recorded.reduce((sum, one) => sum + one.toMs - one.fromMs, 0)
  await until('both are recorded', async () => (await Promise.all(cams.map(lengthOf))).every((ms) => ms > 12_000), 90_000)
  await city.setFault(city.cameras[1]!.id, 'drop')
  // Not the moments before its first picture, which are a gap too.
  const silence = async (): Promise<{ fromMs: number } | undefined> => (await timeline(cams[1]!)).gaps.find(({ cause, fromMs, toMs }) => cause === 'camera_lost' && toMs - fromMs > 15_000)
  await until('the gap is told', async () => (await silence()) !== undefined, 60_000)
  await city.setFault(city.cameras[1]!.id, 'none')
  await until('it is recorded again', async () => (await timeline(cams[1]!)).recorded.length > 1, 60_000)
  const enough = (await lengthOf(cams[1]!)) + 12_000
  await until('there is enough after the gap', async () => (await lengthOf(cams[1]!)) > enough, 60_000)
  const second = await timeline(cams[1]!)
  const gap = (await silence())!
  const first = (await timeline(cams[0]!)).recorded[0]!
  moments = { early: Math.max(first.fromMs, second.recorded[0]!.fromMs) + 3_000, silent: gap.fromMs + 1_000, again: second.recorded.at(-1)!.fromMs + 2_000 }
}

afterAll(async () => {
  await centre?.close()
  await city?.close()
}, 60_000)

const iso = (atMs: number): string => encodeURIComponent(new Date(atMs).toISOString())
const at = (atMs: number): string => `${centre.app.url}/playback?cams=${cams.join(',')}&at=${iso(atMs)}`
/** The moments of the pictures on the glass, by tile, as the players measured them. */
const shown = (): Promise<number[]> => browser.page.evaluate(`[...document.querySelectorAll('video[data-shown-ms]')].map((video) => Number(video.dataset.shownMs))`)
const showing = (count: number): string => `document.querySelectorAll('[data-past][data-state="showing"]').length === ${count}`

journey('a link to a moment opens it: two cameras play on one clock, and the lanes show what is recorded', async () => {
  const { page } = browser
  await page.goto(at(moments.early))
  await eventually(page, showing(2))
  await eventually(page, `document.querySelectorAll('[data-lane] [data-recorded]').length >= 2`)
  await eventually(page, `document.querySelector('[data-moment]').dataset.running === 'true'`)
  const before = await shown()
  await eventually(page, `[...document.querySelectorAll('video')].every((video) => Number(video.dataset.shownMs) > ${Math.max(...before) + 1_000})`)
  await page.keyboard.press('Space')
  await eventually(page, `document.querySelector('[data-moment]').dataset.running === 'false'`)
  // Standing, each shows the picture of the very moment: one frame of 40 ms apart at most, and a little for the list's rounding.
  await eventually(page, `(() => { const at = Number(document.querySelector('[data-moment]').dataset.moment); return [...document.querySelectorAll('video')].every((video) => !video.seeking && Math.abs(Number(video.dataset.shownMs) - at) < 120) })()`)
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/playback-1920.png` })
}, 120_000)

journey('frames step on and back, and ten seconds leap', async () => {
  const { page } = browser
  const moment = (): Promise<number> => page.evaluate(`Number(document.querySelector('[data-moment]').dataset.moment)`)
  const stood = await moment()
  await page.keyboard.press('ArrowLeft')
  await eventually(page, `Number(document.querySelector('[data-moment]').dataset.moment) < ${stood}`)
  const back = await moment()
  expect(stood - back).toBeLessThanOrEqual(100)
  await page.keyboard.press('Control+ArrowLeft')
  await eventually(page, `Math.abs(Number(document.querySelector('[data-moment]').dataset.moment) - ${back - 10_000}) < 300`)
}, 60_000)

journey('whoever jumps while it still opens gets the picture of the last jump', async () => {
  const { page } = browser
  await page.goto(at(moments.early))
  await page.locator('[data-past="2"] video').waitFor()
  for (const key of ['Control+ArrowRight', 'Control+ArrowLeft', 'Control+ArrowRight', 'Control+ArrowLeft']) await page.keyboard.press(key)
  await eventually(page, `${showing(2)} && document.querySelector('[data-moment]').dataset.running === 'true'`)
  const asked = await page.evaluate<number>(`Number(document.querySelector('[data-moment]').dataset.moment)`)
  await eventually(page, `[...document.querySelectorAll('video')].every((video) => Number(video.dataset.shownMs) > ${asked})`)
}, 60_000)

journey('where one camera was silent, its tile says why and the other shows its picture', async () => {
  const { page } = browser
  await page.goto(at(moments.silent))
  await eventually(page, `document.querySelector('[data-past="2"] [data-gap="camera_lost"]') !== null && document.querySelector('[data-past="1"]').dataset.state === 'showing'`)
  expect(await page.locator('[data-past="2"] [data-gap]').textContent()).toContain('camera mất tín hiệu')
  expect(await page.locator(`[data-lane="${cams[1]}"] [data-gap="camera_lost"]`).count()).toBeGreaterThan(0)
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/playback-gap.png` })
}, 60_000)

journey('the clock runs on over the end of one recording and into the next: the tile says why it is empty, and then shows again', async () => {
  const { page, complaints } = browser
  await page.goto(at(moments.silent - 4_000))
  await eventually(page, `${showing(2)} && document.querySelector('[data-moment]').dataset.running === 'true'`)
  await page.evaluate(`(() => {
    window.seen = { 1: [], 2: [], said: [] }
    const note = (to, word) => { if (word && to.at(-1) !== word) to.push(word) }
    const look = () => {
      for (const tile of document.querySelectorAll('[data-past]')) note(window.seen[tile.dataset.past], tile.dataset.state)
      note(window.seen.said, document.querySelector('[data-said]')?.dataset.said)
    }
    look()
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-state', 'data-said'] })
  })()`)
  await page.keyboard.press('l')
  await page.keyboard.press('l')
  await eventually(page, `[...document.querySelectorAll('video')].every((video) => Number(video.dataset.shownMs) > ${moments.again})`)
  const seen = await page.evaluate<{ 1: string[]; 2: string[]; said: string[] }>('window.seen')
  // A machine that is busy elsewhere may be late with a picture; what there is to show must not be called anything else.
  expect(seen[2].filter((word) => word !== 'opening')).toEqual(['showing', 'gap', 'showing'])
  expect(seen[1].filter((word) => word !== 'showing' && word !== 'opening')).toEqual([])
  expect(seen.said).not.toContain('jumped')
  expect(complaints).toEqual([])
}, 120_000)

journey('with the silent camera alone, the clock jumps over the gap and says so', async () => {
  const { page } = browser
  await page.goto(`${centre.app.url}/playback?cams=${cams[1]}&at=${iso(moments.silent)}`)
  await eventually(page, `document.querySelector('[data-said="jumped"]') !== null`)
  await eventually(page, `${showing(1)} && Number(document.querySelector('video').dataset.shownMs) > ${moments.again - 3_000}`)
}, 60_000)

journey('a bookmark is set by a key, stands on the lane and in the list, and leads back', async () => {
  const { page } = browser
  await page.goto(at(moments.early))
  await eventually(page, showing(2))
  await page.keyboard.press('b')
  await page.fill('textarea[name="note"]', 'Xe bỏ chạy về hướng Bình Đức')
  await page.fill('input[name="tags"]', 'va chạm, xe tải')
  await page.click('dialog [data-do="send"]')
  await page.locator('[data-mark-row="bookmark"]', { hasText: 'Xe bỏ chạy' }).waitFor()
  await page.locator('[data-mark="bookmark"]').first().waitFor()
  const [mark] = await centre.app.parts.store.bookmarks.of(cams[0]!, { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }, 10)
  expect([mark?.note, mark?.tags]).toEqual(['Xe bỏ chạy về hướng Bình Đức', ['va chạm', 'xe tải']])
}, 60_000)

journey('a cut is exported with its reason, its progress shown, and the file that comes has the hash that is told', async () => {
  const { page, complaints } = browser
  await page.click('[data-do="export"]')
  await page.fill('textarea[name="reason"]', 'Hồ sơ va chạm, giao Đội CSGT')
  await page.click('dialog [data-do="send"]')
  await page.locator('[data-export][data-state="ready"]').waitFor({ timeout: 90_000 })
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-export][data-state="ready"] a[download]')])
  const [made] = await centre.app.parts.store.exports.list({ limit: 1 })
  expect(createHash('sha256').update(readFileSync(await download.path())).digest('hex')).toBe(made?.sha256)
  expect(made?.reason).toBe('Hồ sơ va chạm, giao Đội CSGT')
  const log = (await centre.app.parts.store.changes.of('camera', cams[0]!)).map(({ what }) => what).filter((what) => what.startsWith('export_'))
  expect(log).toEqual(['export_asked', 'export_ready', 'export_taken'])
  if (process.env['SHOTS']) {
    await page.screenshot({ path: `${process.env['SHOTS']}/playback-export.png` })
    await page.setViewportSize({ width: 390, height: 844 })
    await page.waitForTimeout(1_500)
    await page.screenshot({ path: `${process.env['SHOTS']}/playback-390.png` })
    await page.screenshot({ path: `${process.env['SHOTS']}/playback-390-full.png`, fullPage: true })
  }
  expect(complaints).toEqual([])
}, 150_000)

journey('a redacted copy is asked for by one tick, explained, and says on the list what is covered in it', async () => {
  const { page, complaints } = browser
  await page.goto(at(moments.early))
  await eventually(page, showing(2))
  // Ten seconds, cut by keys, and the form comes by itself: every picture of them is looked through.
  await page.keyboard.press('c')
  await page.waitForSelector('[data-cut="begun"]')
  await page.keyboard.press('Control+ArrowRight')
  await page.keyboard.press('c')
  await page.waitForSelector('[data-cut="whole"]')
  await page.fill('textarea[name="reason"]', 'Trả lời phản ánh của người dân')
  const form = page.locator('dialog form')
  expect(await form.textContent()).toContain('Chưa che mặt và biển số')
  await page.getByLabel('Che mờ mặt người và biển số').check()
  expect(await form.textContent()).toContain('Máy tự che; người xem lại trước khi gửi đi')
  await page.click('dialog [data-do="send"]')
  await page.locator('[data-redaction="wanted"]').waitFor()
  await page.locator('[data-export][data-state="ready"] [data-redaction="heads"]').waitFor({ timeout: 240_000 })
  expect(await page.locator('[data-redaction="heads"]').textContent()).toContain('Biển số CHƯA che')
  const [made] = await centre.app.parts.store.exports.list({ limit: 1 })
  expect(made).toMatchObject({ redact: true, covered: 'heads', watermark: true, reason: 'Trả lời phản ánh của người dân' })
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-export][data-state="ready"]:has([data-redaction]) a[download]')])
  expect(download.suggestedFilename()).toMatch(/^vonglau-redacted-/)
  expect(createHash('sha256').update(readFileSync(await download.path())).digest('hex')).toBe(made?.sha256)
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/playback-redacted.png` })
  expect(complaints).toEqual([])
}, 300_000)

journey('the report of the record counts what there is, reads every file again, and is taken as a table', async () => {
  const { page, complaints } = browser
  await page.goto(`${centre.app.url}/playback?cams=${cams[1]}&at=${iso(moments.early)}`)
  await eventually(page, `document.querySelectorAll('[data-lane] [data-recorded]').length >= 2`)
  await page.keyboard.press('g')
  await page.waitForSelector(`[data-record-report="${cams[1]}"] [data-gap="camera_lost"]`)
  await page.click('[data-do="check-record"]')
  await page.waitForSelector('[data-checked="done"]')
  expect(await page.locator('[data-checked]').textContent()).toMatch(/^Cả \d+ tệp đúng như lúc ghi$/)
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/record-report.png` })
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('[data-do="take-report"]')])
  const text = readFileSync(await download.path(), 'utf8')
  expect([text.includes('camera mất tín hiệu'), (await centre.app.parts.store.changes.of('camera', cams[1]!)).some(({ what }) => what === 'record_report_taken')]).toEqual([true, true])
  await page.keyboard.press('Escape')
  expect(complaints).toEqual([])
}, 60_000)

journey('near the present the list is read on again and again, and the glass is never empty', async () => {
  const { page, complaints } = browser
  const fromMs = systemClock.wallMs() - 12_000
  await page.goto(`${centre.app.url}/playback?cams=${cams[0]}&at=${iso(fromMs)}`)
  await eventually(page, showing(1))
  await page.evaluate(`(() => {
    const tile = document.querySelector('[data-past="1"]'), video = document.querySelector('video')
    window.states = []; window.backwards = []
    let last = 0
    new MutationObserver(() => window.states.push(tile.dataset.state)).observe(tile, { attributes: true, attributeFilter: ['data-state'] })
    new MutationObserver(() => { const now = Number(video.dataset.shownMs ?? last); if (now < last - 100) window.backwards.push([last, now]); last = now }).observe(video, { attributes: true, attributeFilter: ['data-shown-ms'] })
  })()`)
  await eventually(page, `Number(document.querySelector('video').dataset.shownMs) > ${fromMs + 20_000}`)
  expect(await page.evaluate<{ states: string[]; backwards: number[][] }>('({ states: window.states, backwards: window.backwards })')).toEqual({ states: [], backwards: [] })
  expect(complaints).toEqual([])
}, 90_000)
