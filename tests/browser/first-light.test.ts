import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { existsSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { Settings } from '../../config/settings.js'
import { openApp, type App } from '../../server/app.js'
import { settlePeople, type Account } from '../../server/commands/settle-city.js'
import type { CameraId } from '../../server/domain/ids.js'
import type { Observation } from '../../server/domain/seen.js'
import { openCity, type City, type RenderedSceneLike } from '../../server/sandbox/city.js'
import { FAULTS, isFault } from '../../server/sandbox/devices/fault.js'
import { systemClock } from '../../server/system/clock.js'
import { newId } from '../../server/system/ids.js'
import { silentLog } from '../../server/system/log.js'
import { FFMPEG, FPS, LOOP_S, makeFilms, type Films } from '../sandbox/devices/films.js'
import { ROOT } from '../house/sources.js'
import { eventually, hasChromium, openBrowser, type OpenedBrowser } from './browser.js'

/**
 * What people do with the product, in a real browser, against the real server and virtual cameras: an administrator finds and
 * adds cameras, an operator sees them live, is alerted without asking, claims, confirms and plays the clip; IOC staff answer.
 */
const player = join(ROOT, 'dist/player')
const possible = hasChromium && FFMPEG !== null && existsSync(join(player, 'index.html'))
const PASSWORD = 'một-mật-khẩu-dài-2026'
const API_KEY = 'khoa-thu-nghiem'

let films: Films
let city: City
let app: App
let folder: string
let accounts: readonly Account[]
const browsers: OpenedBrowser[] = []

beforeAll(async () => {
  if (!possible) return
  films = await makeFilms()
  folder = mkdtempSync(join(tmpdir(), 'vonglau-first-light-'))
  const rendered = ['nga-tu', 'mot-chieu'].map((id): RenderedSceneLike => ({ id, name: { vi: `Cảnh ${id}`, en: id }, folder: '', fps: FPS, loopMs: LOOP_S * 1000, main: films.main, sub: films.sub, variants: films.variants as RenderedSceneLike['variants'], truthFile: '', objectsFile: '' }))
  city = await openCity({ rendered, clock: systemClock, log: silentLog, ffmpeg: FFMPEG, runId: 'test:city', discoveryPort: 0 })
  const settings = Settings.parse({ dataFolder: folder, http: { port: 0 }, cameras: { networks: ['127.0.0.0/8'], multicast: false }, open311: { apiKeyHashes: [createHash('sha256').update(API_KEY).digest('hex')] }, log: { level: 'silent' } })
  const door = { discovery: [{ address: city.discoveryAddress, port: city.discoveryPort }], faultOf: () => ({ fault: 'none', faults: FAULTS }), setFault: async (_id: string, fault: string) => isFault(fault) }
  app = await openApp({ settings, clock: systemClock, log: silentLog, runId: `test-${newId()}:1`, version: '0', env: process.env, model: { fault: 'alerts of this test come from the test', next: '' }, playerFolder: player, sandbox: door })
  accounts = await settlePeople({ ...app.parts, clock: systemClock, log: silentLog }, PASSWORD, 'IOC thử')
}, 60_000)

afterAll(async () => {
  for (const browser of browsers) await browser.close()
  await app?.close()
  await city?.close()
  await films?.remove()
  if (folder) await rm(folder, { recursive: true, force: true })
})

async function enter(role: Account['role'], size?: { width: number; height: number }): Promise<OpenedBrowser> {
  const browser = await openBrowser(size)
  browsers.push(browser)
  await browser.page.goto(`${app.url}/sign-in`)
  await browser.page.fill('input[name="username"]', accounts.find((account) => account.role === role)!.name)
  await browser.page.fill('input[name="password"]', PASSWORD)
  await browser.page.keyboard.press('Enter')
  await browser.page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  return browser
}

/** A claim of a rule, as the watching stage would send it. */
async function raise(cameraId: CameraId, part: Partial<Observation> = {}): Promise<string> {
  const nowMs = systemClock.wallMs()
  const raised = new Promise<string>((resolve) => {
    const stop = app.parts.bus.subscribe('alert.raised', (message) => {
      if (message.cameraId !== cameraId) return
      stop()
      resolve(message.alertId)
    })
  })
  app.parts.bus.publish('observation.seen', { cameraId, observation: { ruleId: 'r', kind: 'wrong_way', episode: `e-${newId()}`, phase: 'began', atMs: nowMs, sinceMs: nowMs - 2000, witnesses: [{ trackId: 7, class: 'truck', score: 0.91, box: { x1: 0.4, y1: 0.4, x2: 0.55, y2: 0.7 }, atMs: nowMs }], reason: { code: 'wrong_way', class: 'truck', heldMs: 2100, angleDeg: 172, travelled: 0.2 }, ...part } })
  return raised
}

const journey = possible ? test : test.skip

journey('an administrator finds a camera, is told what works, and adds it', async () => {
  const { page, complaints } = await enter('admin')
  await page.goto(`${app.url}/cameras/add`)
  await page.click('[data-do="discover"]')
  await page.waitForSelector('[data-found]')
  expect(await page.locator('[data-found]').count()).toBe(2)
  for (const { onvifUrl, sticker, scene } of city.cameras) {
    await page.goto(`${app.url}/cameras/add`)
    await page.click('[data-do="discover"]')
    await page.click(`[data-found="${onvifUrl}"] button`)
    const [user, password] = [page.locator('input[name="user"]').first(), page.locator('input[name="camera-password"]').first()]
    await user.fill(sticker.user)
    await password.fill('sai-mật-khẩu')
    await page.click('[data-do="inspect"]')
    await page.waitForSelector('[data-rung="sign_in"][data-ok="false"]')
    await password.fill(sticker.password)
    await page.click('[data-do="inspect"]')
    await page.waitForSelector('[data-verdict="usable"]')
    await page.fill('input[name="camera-name"]', scene.name.vi)
    await page.selectOption('select[name="area"]', { index: 1 })
    await page.fill('input[name="street"]', 'Trần Hưng Đạo')
    await page.fill('input[name="latitude"]', '10,38')
    await page.fill('input[name="longitude"]', '105,43')
    await page.click('[data-do="add-camera"]')
    await page.waitForURL((url) => /\/cameras\/[0-9a-f-]{36}$/.test(url.pathname))
  }
  await page.goto(`${app.url}/cameras`)
  await page.getByText('Cảnh nga-tu').first().waitFor()
  expect(complaints).toEqual([])
}, 120_000)

journey('an operator sees every camera live, and the picture moves', async () => {
  const { page, complaints } = await enter('police')
  await page.goto(`${app.url}/wall`)
  await eventually(page, `document.querySelectorAll('[data-tile][data-state="playing"]').length === 2`)
  const before = await page.evaluate<number[]>(`[...document.querySelectorAll('video')].map((video) => video.getVideoPlaybackQuality().totalVideoFrames)`)
  await eventually(page, `[...document.querySelectorAll('video')].every((video, i) => video.getVideoPlaybackQuality().totalVideoFrames > ${JSON.stringify(before)}[i] + 20)`)
  expect(complaints).toEqual([])
}, 120_000)

journey('an alert comes by itself, is claimed and confirmed by key, and its clip plays with the hash that was told', async () => {
  const { page, complaints } = await enter('police')
  await page.goto(`${app.url}/desk`)
  await page.waitForSelector('[data-panel="queue"], .queue, aside, section')
  const [camera] = await app.parts.store.cameras.list()
  const alertId = await raise(camera!.id)
  await page.waitForSelector(`[data-row="${alertId}"]`)
  await page.goto(`${app.url}/desk/${alertId}`)
  await page.waitForSelector(`[data-alert="${alertId}"]`)
  await page.getByText('Xe tải đi ngược hướng cho phép 172° suốt 2,1 giây').first().waitFor()
  await page.keyboard.press('KeyT')
  await page.waitForSelector(`[data-alert="${alertId}"][data-alert-state="claimed"]`)
  await page.keyboard.press('KeyC')
  await page.waitForSelector(`[data-alert="${alertId}"][data-alert-state="confirmed"]`)
  await eventually(page, `document.querySelector('[data-shown="clip"] video')?.currentTime > 0.5`)
  await page.locator('[data-evidence="clip"] [data-do="verify"]').first().click()
  await page.waitForSelector('[data-evidence="clip"][data-check="same"]')
  expect(complaints).toEqual([])
}, 120_000)

journey('a citizen’s report meets its alert and gets an answer', async () => {
  const [camera] = await app.parts.store.cameras.list()
  const alertId = await raise(camera!.id)
  const form = new URLSearchParams({ api_key: API_KEY, service_code: 'traffic-violation', lat: '10.3801', long: '105.4301', description: 'Xe tải chạy ngược chiều' })
  const [created] = (await (await fetch(`${app.url}/open311/v2/requests.json`, { method: 'POST', body: form })).json()) as { service_request_id: string }[]
  const { page, complaints } = await enter('ioc')
  await page.goto(`${app.url}/reports/${created!.service_request_id}`)
  await page.waitForSelector('[data-link="proposed"]')
  await page.keyboard.press('Digit1')
  await page.keyboard.press('KeyC')
  await page.waitForSelector('[data-link="confirmed"]')
  await page.fill('textarea', 'Đã xem camera và nhắc nhở.')
  await page.click('[data-do="answer-close"]')
  await eventually(page, `fetch('/api/reports/${created!.service_request_id}').then((answer) => answer.text()).then((text) => text.includes('"closed"'))`)
  const answered = await (await fetch(`${app.url}/open311/v2/requests/${created!.service_request_id}.xml?api_key=${API_KEY}`)).text()
  expect(answered).toContain('Đã xem camera và nhắc nhở.')
  expect((await app.parts.store.links.ofAlert(alertId as never)).length).toBeGreaterThan(0)
  expect(complaints).toEqual([])
}, 120_000)

journey('on a phone the desk is two taps from claimed', async () => {
  const [camera] = await app.parts.store.cameras.list()
  const alertId = await raise(camera!.id)
  const { page, complaints } = await enter('ioc', { width: 390, height: 844 })
  await page.goto(`${app.url}/desk`)
  await page.click(`[data-row="${alertId}"]`)
  await page.click('[data-do="claim"]')
  await page.waitForSelector('[data-alert-state="claimed"]')
  const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
  expect(wide).toBeLessThanOrEqual(390)
  expect(complaints).toEqual([])
}, 120_000)
