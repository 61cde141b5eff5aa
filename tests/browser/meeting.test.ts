import { existsSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Settings } from '../../config/settings.js'
import { openApp, type App } from '../../server/app.js'
import { settlePeople, type Account } from '../../server/commands/settle-city.js'
import type { PersonId } from '../../server/domain/ids.js'
import { openCity, type City, type RenderedSceneLike } from '../../server/sandbox/city.js'
import { systemClock } from '../../server/system/clock.js'
import { newId } from '../../server/system/ids.js'
import { silentLog } from '../../server/system/log.js'
import { ROOT } from '../house/sources.js'
import { FFMPEG, FPS, LOOP_S, makeFilms, type Films } from '../sandbox/devices/films.js'
import { eventually, hasChromium, openBrowser, type OpenedBrowser } from './browser.js'

/** A meeting room in real browsers, against the real server and virtual cameras: its link, its presenter, its end. */
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
const browsers: OpenedBrowser[] = []

beforeAll(async () => {
  if (!possible) return
  films = await makeFilms()
  folder = mkdtempSync(join(tmpdir(), 'vonglau-meeting-'))
  const rendered = Array.from({ length: CAMERAS }, (_, at): RenderedSceneLike => ({ id: `cam-${at}`, name: { vi: `Cảnh ${at}`, en: `Scene ${at}` }, folder: '', fps: FPS, loopMs: LOOP_S * 1000, main: films.main, sub: films.sub, variants: films.variants as RenderedSceneLike['variants'], truthFile: '', objectsFile: '' }))
  city = await openCity({ rendered, clock: systemClock, log: silentLog, ffmpeg: FFMPEG, runId: 'test:meeting', discoveryPort: 0 })
  const settings = Settings.parse({ dataFolder: folder, http: { port: 0 }, cameras: { networks: ['127.0.0.0/8'], multicast: false }, log: { level: 'silent' } })
  app = await openApp({ settings, clock: systemClock, log: silentLog, runId: `test-${newId()}:1`, version: '0', env: process.env, model: { fault: 'nothing is detected in this test', next: '' }, playerFolder: player, sandbox: null })
  accounts = await settlePeople({ ...app.parts, clock: systemClock, log: silentLog }, PASSWORD, 'IOC thử')
  const [root] = await app.parts.store.areas.list()
  for (const [at, camera] of city.cameras.entries()) {
    const put = await app.parts.registry.add({ name: `Hùng Vương – trụ ${at + 1}`, areaId: root!.id, place: { latitude: 10.38 + at * 0.001, longitude: 105.43, street: 'Hùng Vương', order: at + 1, heading: 90, reachM: 60 }, origin: { kind: 'rtsp' }, mainUrl: camera.rtspUrl('main'), subUrl: camera.rtspUrl('sub'), ...camera.sticker }, null)
    if (!put.ok) throw new Error(JSON.stringify(put.faults))
  }
}, 90_000)

// A room left open goes on playing: it is closed before the next one is opened.
afterEach(async () => {
  for (const browser of browsers.splice(0)) await browser.close()
}, 60_000)

afterAll(async () => {
  await app?.close()
  await city?.close()
  await films?.remove()
  if (folder) await rm(folder, { recursive: true, force: true })
}, 60_000)

async function enter(size?: { width: number; height: number }): Promise<OpenedBrowser> {
  const browser = await openBrowser(size)
  browsers.push(browser)
  return browser
}

async function enterPolice(): Promise<OpenedBrowser> {
  const browser = await enter()
  await browser.page.goto(`${app.url}/sign-in`)
  await browser.page.fill('input[name="username"]', accounts.find(({ role }) => role === 'police')!.name)
  await browser.page.fill('input[name="password"]', PASSWORD)
  await browser.page.keyboard.press('Enter')
  await browser.page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  return browser
}

const policeId = async (): Promise<PersonId> => (await app.parts.store.people.findForSignIn(accounts.find(({ role }) => role === 'police')!.name))!.person.id
const meetingLog = async (): Promise<readonly string[]> => (await app.parts.store.changes.of('person', await policeId())).map(({ what }) => what).filter((what) => what.startsWith('meeting'))

/** By keys alone: the room's dialog, a quarter of an hour, the link. */
async function makeLink({ page }: OpenedBrowser): Promise<string> {
  await page.keyboard.press('c')
  await eventually(page, `document.activeElement?.getAttribute('name') === 'meeting-board'`)
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  for (let step = 0; step < 5; step += 1) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await eventually(page, `document.querySelector('input[name="meeting-link"]') !== null`)
  return page.inputValue('input[name="meeting-link"]')
}

const playing = (count: number): string => `document.querySelectorAll('[data-tile][data-state="playing"]').length >= ${count}`
const text = (part: string): string => `document.querySelector('main').textContent.includes(${JSON.stringify(part)})`
const room = (is: string): string => `document.querySelector('[data-room="${is}"]') !== null`
const shown = (is: string): string => `document.querySelector('[data-shown="${is}"]') !== null`

journey('a link is made by keys, opens in one browser, follows its presenter, and ends when it is revoked', async () => {
  const desk = await enterPolice()
  await desk.page.goto(`${app.url}/wall?layout=2x2`)
  await eventually(desk.page, playing(3))
  const link = await makeLink(desk)
  expect([new URL(link).pathname, /^#[A-Za-z0-9_-]{22}$/.test(new URL(link).hash)]).toEqual(['/meeting', true])

  const hall = await enter()
  await hall.page.goto(link)
  await eventually(hall.page, `${room('running')} && ${playing(3)}`)
  expect(await hall.page.evaluate<boolean>(`${text('còn 15 phút')} && ${text('Người trình bày')} && document.querySelector('.mark').textContent.includes('phòng họp')`)).toBe(true)
  expect(await hall.page.evaluate<number>(`document.querySelectorAll('button:not(.pick), a, input, select, aside, nav').length`)).toBe(0)
  expect(await hall.page.evaluate<number[]>(`Promise.all(['/api/me', '/api/cameras', '/api/walls', '/api/alerts', '/api/meetings'].map((path) => fetch(path).then(({ status }) => status)))`)).toEqual([401, 401, 401, 401, 401])
  expect(await hall.page.evaluate<string>('document.cookie')).toBe('')

  const other = await enter()
  await other.page.goto(link)
  await eventually(other.page, `${room('in_use')} && ${text('đang được dùng ở trình duyệt khác')}`)
  await hall.page.reload()
  await eventually(hall.page, `${room('running')} && ${playing(3)}`)

  await desk.page.keyboard.press('Escape')
  await desk.page.selectOption('select[name="present-camera"]', { label: 'Hùng Vương – trụ 2' })
  await eventually(hall.page, `${shown('camera')} && document.querySelector('.room-line b').textContent.includes('trụ 2') && ${playing(1)} && document.querySelectorAll('[data-tile]').length === 1`)
  await desk.page.click('[data-do="blank-room"]')
  await eventually(hall.page, `${shown('blank')} && document.querySelectorAll('[data-tile], video').length === 0`)
  await hall.page.keyboard.press('b')
  expect(await hall.page.evaluate<boolean>(shown('blank'))).toBe(true)
  await desk.page.click('[data-do="blank-room"]')
  await eventually(hall.page, `${shown('camera')} && ${playing(1)}`)
  await hall.page.keyboard.press('b')
  await eventually(hall.page, `${shown('blank')} && ${text('Bấm B')}`)
  await hall.page.keyboard.press('b')
  await desk.page.selectOption('select[name="present-camera"]', '')
  await eventually(hall.page, `${shown('page')} && ${playing(3)}`)

  await desk.page.keyboard.press('c')
  await desk.page.click('[data-do="revoke-meeting"]')
  await desk.page.click('dialog dialog .btn.main')
  await eventually(hall.page, `${room('revoked')} && ${text('Liên kết đã bị thu hồi')} && document.querySelectorAll('video').length === 0`)
  expect(await meetingLog()).toEqual(['meeting_made', 'meeting_opened', 'meeting_refused', 'meeting_opened_again', 'meeting_revoked', 'meeting_opened_late'])
  expect([...desk.complaints, ...hall.complaints, ...other.complaints]).toEqual([])
}, 300_000)

journey('a room on a thin link gets stills that say so, and a phone holds the room in its width', async () => {
  const desk = await enterPolice()
  await desk.page.goto(`${app.url}/wall?layout=2x2`)
  await eventually(desk.page, playing(1))
  const hall = await enter({ width: 390, height: 844 })
  await hall.page.goto(await makeLink(desk))
  await eventually(hall.page, `${room('running')} && ${playing(1)}`)
  expect(await hall.page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
  const network = await hall.page.context().newCDPSession(hall.page)
  await network.send('Network.enable')
  await network.send('Network.emulateNetworkConditions', { offline: false, latency: 40, downloadThroughput: 200_000 / 8, uploadThroughput: 200_000 / 8 })
  await eventually(hall.page, `document.querySelectorAll('[data-tile][data-state="still"]').length >= 1 && document.querySelectorAll('[data-tile][data-state="playing"], video').length === 0`, 120_000)
  expect(await hall.page.evaluate<boolean>(text('Ảnh 5 s'))).toBe(true)
  expect(await hall.page.evaluate<boolean>(`(() => { const still = document.querySelector('[data-state="still"] img'); return still.clientWidth === still.closest('.frame').clientWidth })()`)).toBe(true)
  await hall.page.goto(`${app.url}/meeting#AAAAAAAAAAAAAAAAAAAAAA`)
  await eventually(hall.page, `${room('unknown')} && ${text('Không có liên kết này')}`)
  expect(hall.complaints).toEqual([])
}, 300_000)
