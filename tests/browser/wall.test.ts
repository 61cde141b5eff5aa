import { existsSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Settings } from '../../config/settings.js'
import { openApp, type App } from '../../server/app.js'
import { settlePeople, type Account } from '../../server/commands/settle-city.js'
import type { CameraId } from '../../server/domain/ids.js'
import type { Observation } from '../../server/domain/seen.js'
import { openCity, type City, type RenderedSceneLike } from '../../server/sandbox/city.js'
import { systemClock } from '../../server/system/clock.js'
import { newId } from '../../server/system/ids.js'
import { silentLog } from '../../server/system/log.js'
import { FFMPEG, FPS, LOOP_S, makeFilms, type Films } from '../sandbox/devices/films.js'
import { ROOT } from '../house/sources.js'
import { eventually, hasChromium, openBrowser, type OpenedBrowser } from './browser.js'

/** The wall in a real browser, against the real server and virtual cameras on one street. */
const player = join(ROOT, 'dist/player')
const possible = hasChromium && FFMPEG !== null && existsSync(join(player, 'index.html'))
const journey = possible ? test : test.skip
const PASSWORD = 'một-mật-khẩu-dài-2026'
const CAMERAS = 3

let films: Films
let city: City
let app: App
let folder: string
let accounts: readonly Account[]
let cameras: readonly CameraId[]
const browsers: OpenedBrowser[] = []

beforeAll(async () => {
  if (!possible) return
  films = await makeFilms()
  folder = mkdtempSync(join(tmpdir(), 'vonglau-wall-'))
  const rendered = Array.from({ length: CAMERAS }, (_, at): RenderedSceneLike => ({ id: `cam-${at}`, name: { vi: `Cảnh ${at}`, en: `Scene ${at}` }, folder: '', fps: FPS, loopMs: LOOP_S * 1000, main: films.main, sub: films.sub, variants: films.variants as RenderedSceneLike['variants'], truthFile: '', objectsFile: '' }))
  city = await openCity({ rendered, clock: systemClock, log: silentLog, ffmpeg: FFMPEG, runId: 'test:wall', discoveryPort: 0 })
  const settings = Settings.parse({ dataFolder: folder, http: { port: 0 }, cameras: { networks: ['127.0.0.0/8'], multicast: false }, log: { level: 'silent' } })
  app = await openApp({ settings, clock: systemClock, log: silentLog, runId: `test-${newId()}:1`, version: '0', env: process.env, model: { fault: 'alerts of this test come from the test', next: '' }, playerFolder: player, sandbox: null })
  accounts = await settlePeople({ ...app.parts, clock: systemClock, log: silentLog }, PASSWORD, 'IOC thử')
  const [root] = await app.parts.store.areas.list()
  const added: CameraId[] = []
  for (const [at, camera] of city.cameras.entries()) {
    const put = await app.parts.registry.add({ name: `Hùng Vương – trụ ${at + 1}`, areaId: root!.id, place: { latitude: 10.38 + at * 0.001, longitude: 105.43, street: 'Hùng Vương', order: at + 1, heading: 90, reachM: 60 }, origin: { kind: 'rtsp' }, mainUrl: camera.rtspUrl('main'), subUrl: camera.rtspUrl('sub'), ...camera.sticker }, null)
    if (!put.ok) throw new Error(JSON.stringify(put.faults))
    added.push(put.camera.id)
  }
  cameras = added
}, 90_000)

// A wall left open goes on playing: it is closed before the next one is opened.
afterEach(async () => {
  for (const browser of browsers.splice(0)) await browser.close()
}, 60_000)

afterAll(async () => {
  await app?.close()
  await city?.close()
  await films?.remove()
  if (folder) await rm(folder, { recursive: true, force: true })
}, 60_000)

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

const tile = (number: number, rest = ''): string => `document.querySelector('[data-tile="${number}"]${rest}')`
const named = (number: number, pole: number): string => `${tile(number)}?.textContent.includes('trụ ${pole}')`
const playing = (count: number): string => `document.querySelectorAll('[data-tile][data-state="playing"]').length >= ${count}`

journey('a person saves what they see, tours it, and the spotlight comes and returns by itself', async () => {
  const { page, complaints } = await enter('police')
  await page.goto(`${app.url}/wall?layout=1`)
  await eventually(page, playing(1))
  await page.keyboard.press('n')
  await page.click('[data-do="save-wall"]')
  await page.fill('[name="wall-name"]', 'Trục Hùng Vương')
  await page.fill('[name="wall-dwell"]', '5')
  await page.click('[data-do="save-draft"]')
  await page.waitForURL((url) => /^\/wall\/.+/.test(url.pathname))
  await eventually(page, `document.querySelector('h1').textContent === 'Trục Hùng Vương'`)
  const [saved] = await app.parts.store.walls.seenBy((await app.parts.store.people.findForSignIn(accounts.find(({ role }) => role === 'police')!.name))!.person.id)
  expect([saved?.name, saved?.dwellS, saved?.pages.map(({ layout, cameraIds }) => [layout, cameraIds.filter((id) => id !== null).length])]).toEqual(['Trục Hùng Vương', 5, [['1', 1], ['1', 1], ['1', 1]]])

  await eventually(page, named(1, 1))
  await page.keyboard.press('Space')
  await eventually(page, `document.querySelector('[data-tour="running"] [data-page="2/3"]') !== null && ${named(1, 2)}`)
  await eventually(page, `document.querySelector('[data-tour="running"] [data-page="1/3"]') !== null`)

  const alertId = await raise(cameras[2]!)
  await eventually(page, `${tile(1, '[data-urgent="true"]')} !== null && ${named(1, 3)}`)
  await eventually(page, `document.querySelector('[data-tour="held"]') !== null`)
  expect(await page.evaluate<string>(`${tile(1)}.querySelector('figcaption').textContent`)).toContain('ngược chiều')
  await page.keyboard.press('t')
  await eventually(page, `document.querySelector('[data-returns]') !== null`)
  expect((await app.parts.store.alerts.get(alertId as never))?.state).toBe('claimed')
  await eventually(page, `${tile(1, '[data-urgent="true"]')} === null && document.querySelector('[data-tour="running"]') !== null`)
  await page.keyboard.press('Space')
  await eventually(page, `document.querySelector('[data-tour="stopped"]') !== null`)
  expect(complaints).toEqual([])
}, 180_000)

journey('a tile grows large without a moment in which nothing plays, by keys alone, and neighbours are a key away', async () => {
  const { page, complaints } = await enter('police')
  await page.goto(`${app.url}/wall?layout=2x2`)
  await eventually(page, playing(2))
  await page.keyboard.press('2')
  await eventually(page, `document.querySelector('.tile.picked').dataset.tile === '2' && ${tile(2)}.dataset.role === 'sub'`)
  await page.evaluate(`(() => { const one = ${tile(2)}; window.states = []; new MutationObserver(() => window.states.push(one.dataset.state)).observe(one, { attributes: true, attributeFilter: ['data-state'] }) })()`)
  await page.keyboard.press('Enter')
  await eventually(page, `document.querySelectorAll('[data-tile]').length === 1 && ${tile(2)}.dataset.role === 'main'`)
  expect(await page.evaluate<string[]>('window.states')).not.toContain('joining')
  await page.keyboard.press('Escape')
  await eventually(page, `document.querySelectorAll('[data-tile]').length === 4`)
  await page.keyboard.press('l')
  await page.keyboard.press('ArrowRight')
  await eventually(page, `document.querySelector('.tile.picked')?.textContent.includes('trụ 3')`)
  await page.keyboard.press('g')
  await page.keyboard.press('6')
  await eventually(page, `document.querySelectorAll('[data-tile]').length === 25`)
  await page.keyboard.press('3')
  await eventually(page, `document.querySelector('.tile.picked')?.dataset.tile === '3'`)
  await page.keyboard.press('p')
  await page.waitForURL((url) => url.pathname === '/playback' && url.searchParams.get('cams') === cameras[2] && /^\d{4}-\d\d-\d\dT.*[+-]\d\d:\d\d$/.test(url.searchParams.get('at') ?? ''))
  expect(complaints).toEqual([])
}, 120_000)

journey('what is sent to a big screen is there at once, and again after it was away', async () => {
  const [desk, screen] = [await enter('police'), await enter('ioc')]
  await screen.page.goto(`${app.url}/screen/2`)
  await eventually(screen.page, `document.querySelector('[data-shows="nothing"]') !== null`)
  await desk.page.goto(`${app.url}/wall?layout=2x2`)
  await eventually(desk.page, `document.querySelector('[data-screen="2"][data-connected="true"]') !== null && ${playing(2)}`)
  await desk.page.keyboard.press('3')
  await desk.page.keyboard.press('m')
  await desk.page.keyboard.press('2')
  await eventually(screen.page, `document.querySelector('[data-shows="camera"]') !== null && ${named(1, 3)} && ${playing(1)}`)
  expect(await screen.page.evaluate<number>(`document.querySelectorAll('button:not(.pick), a, input, select, aside').length`)).toBe(0)
  expect(await screen.page.evaluate<string>(`document.querySelector('main').textContent`)).toContain('Chỉ xem')
  await screen.page.reload()
  await eventually(screen.page, `document.querySelector('[data-shows="camera"]') !== null && ${named(1, 3)}`)
  await screen.page.goto('about:blank')
  await eventually(desk.page, `document.querySelector('[data-screen="2"]').dataset.connected === undefined`)
  expect([...desk.complaints, ...screen.complaints]).toEqual([])
}, 120_000)

journey('a kiosk has no controls, takes no key but the one that leaves it, and a phone holds the wall in its width', async () => {
  const { page, complaints } = await enter('police')
  await page.goto(`${app.url}/wall?layout=2x2`)
  await eventually(page, playing(2))
  await page.keyboard.press('k')
  await eventually(page, `document.querySelector('.app.kiosk') !== null && document.querySelector('main').textContent.includes('Chỉ xem')`)
  expect(await page.evaluate<number>(`document.querySelectorAll('button:not(.pick), a, input, select, aside, header').length`)).toBe(0)
  await page.keyboard.press('2')
  await page.keyboard.press('Enter')
  await page.keyboard.press('n')
  expect(await page.evaluate<string>(`document.querySelectorAll('.picked, dialog, .tiles.big').length + ' ' + document.querySelectorAll('[data-tile]').length`)).toBe('0 4')
  await page.keyboard.press('k')
  await eventually(page, `document.querySelector('.app.kiosk') === null`)

  const phone = await enter('ioc', { width: 390, height: 844 })
  await phone.page.goto(`${app.url}/wall`)
  await eventually(phone.page, playing(1))
  expect(await phone.page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
  expect([...complaints, ...phone.complaints]).toEqual([])
}, 120_000)

journey('stills come where the link is thin or somebody chose them, say so, and are never called live', async () => {
  const { page, complaints } = await enter('police')
  await page.goto(`${app.url}/wall?layout=2x2`)
  await eventually(page, playing(2))
  const network = await page.context().newCDPSession(page)
  await network.send('Network.enable')
  await network.send('Network.emulateNetworkConditions', { offline: false, latency: 40, downloadThroughput: 200_000 / 8, uploadThroughput: 200_000 / 8 })
  await eventually(page, `document.querySelector('[data-pictures="stills"]')?.textContent.includes('kbit/s')`, 120_000)
  await eventually(page, `document.querySelectorAll('[data-tile][data-state="still"]').length >= 1 && document.querySelectorAll('[data-tile][data-state="playing"], video').length === 0`)
  expect(await page.evaluate<string>(`document.querySelector('[data-state="still"] .age').textContent`)).toMatch(/^Ảnh 5 s · \d/)
  await network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 })
  await page.click('[data-pictures]') // by choice: stills
  await page.click('[data-pictures]') // by choice: live
  await eventually(page, playing(2))
  expect(complaints).toEqual([])
}, 180_000)

journey('a player that has grown old is exchanged for a fresh one, and the tile plays on', async () => {
  const { page, complaints } = await enter('police')
  // The page's own monotonic clock, moved on by hand: twenty minutes need not be waited for.
  await page.addInitScript(`{ const real = performance.now.bind(performance); let ahead = 0; performance.now = () => real() + ahead; window.moveOn = (ms) => { ahead += ms } }`)
  await page.goto(`${app.url}/wall?layout=2x2`)
  await eventually(page, playing(2))
  await page.evaluate(`window.moveOn(20 * 60000)`)
  await eventually(page, `[...document.querySelectorAll('.videos')].some((place) => / age$/.test(place.dataset.swapped ?? ''))`)
  await eventually(page, playing(2))
  expect(await page.evaluate<number[]>(`[...document.querySelectorAll('.videos')].map((place) => place.children.length).filter((count) => count > 2)`)).toEqual([])
  expect(complaints).toEqual([])
}, 120_000)
