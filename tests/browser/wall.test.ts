import type { CameraId } from '../../server/domain/ids.js'
import type { City } from '../../server/sandbox/city.js'
import { until } from '../support/until.js'
import { eventually, keepSlowClocks, measureTwice } from './browser.js'
import { canJourney, journey, openCentre, type Centre } from './centre.js'
import { addCameras, openCameras, raise } from './street.js'

/** The wall in a real browser, against the real server and virtual cameras on one street. */
let city: City
let centre: Centre
let cameras: readonly CameraId[]

beforeAll(async () => {
  if (!canJourney) return
  city = await openCameras(['Cảnh 0', 'Cảnh 1', 'Cảnh 2'])
  centre = await openCentre()
  cameras = await addCameras(centre.app, city)
}, 90_000)

afterEach(() => centre?.closeBrowsers(), 60_000)

afterAll(async () => {
  await centre?.close()
  await city?.close()
}, 60_000)

const tile = (number: number, rest = ''): string => `document.querySelector('[data-tile="${number}"]${rest}')`
const named = (number: number, pole: number): string => `${tile(number)}?.textContent.includes('trụ ${pole}')`
const playing = (count: number): string => `document.querySelectorAll('[data-tile][data-state="playing"]').length >= ${count}`

journey('a person saves what they see, tours it, and the spotlight comes and returns by itself', async () => {
  const { page, complaints } = await centre.enter('police')
  // The page's own clock, moved on by hand: neither the stay of a page nor that of a claimed alert need be waited for.
  await page.addInitScript(`{ const real = Date.now; let ahead = 0; Date.now = () => real() + ahead; window.moveOn = (ms) => { ahead += ms } }`)
  await page.goto(`${centre.app.url}/wall?layout=1`)
  await eventually(page, playing(1))
  await page.keyboard.press('n')
  await page.click('[data-do="save-wall"]')
  await page.fill('[name="wall-name"]', 'Trục Hùng Vương')
  await page.fill('[name="wall-dwell"]', '5')
  await page.click('[data-do="save-draft"]')
  await page.waitForURL((url) => /^\/wall\/.+/.test(url.pathname))
  await eventually(page, `document.querySelector('h1').textContent === 'Trục Hùng Vương'`)
  const [saved] = await centre.app.parts.store.walls.seenBy((await centre.app.parts.store.people.findForSignIn(centre.accountOf('police').name))!.person.id)
  expect([saved?.name, saved?.dwellS, saved?.pages.map(({ layout, cameraIds }) => [layout, cameraIds.filter((id) => id !== null).length])]).toEqual(['Trục Hùng Vương', 5, [['1', 1], ['1', 1], ['1', 1]]])

  await eventually(page, named(1, 1))
  await page.keyboard.press('Space')
  await eventually(page, `document.querySelector('[data-tour="running"] [data-page="1/3"]') !== null`)
  for (const [at, pole] of [['2/3', 2], ['3/3', 3], ['1/3', 1]] as const) {
    await page.evaluate(`window.moveOn(5000)`)
    await eventually(page, `document.querySelector('[data-tour="running"] [data-page="${at}"]') !== null && ${named(1, pole)}`)
  }

  const alertId = await raise(centre.app, cameras[2]!)
  await eventually(page, `${tile(1, '[data-urgent="true"]')} !== null && ${named(1, 3)}`)
  await eventually(page, `document.querySelector('[data-tour="held"]') !== null`)
  expect(await page.evaluate<string>(`${tile(1)}.querySelector('figcaption').textContent`)).toContain('ngược chiều')
  await page.keyboard.press('t')
  await eventually(page, `document.querySelector('[data-returns]') !== null`)
  expect((await centre.app.parts.store.alerts.get(alertId as never))?.state).toBe('claimed')
  await page.evaluate(`window.moveOn(20_000)`)
  await eventually(page, `${tile(1, '[data-urgent="true"]')} === null && document.querySelector('[data-tour="running"]') !== null`)
  await page.keyboard.press('Space')
  await eventually(page, `document.querySelector('[data-tour="stopped"]') !== null`)
  expect(complaints).toEqual([])
}, 180_000)

journey('a tile grows large without a moment in which nothing plays, by keys alone, and neighbours are a key away', async () => {
  const { page, complaints } = await centre.enter('police')
  await page.goto(`${centre.app.url}/wall?layout=2x2`)
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
  const [desk, screen] = [await centre.enter('police'), await centre.enter('ioc')]
  await screen.page.goto(`${centre.app.url}/screen/2`)
  await eventually(screen.page, `document.querySelector('[data-shows="nothing"]') !== null`)
  await desk.page.goto(`${centre.app.url}/wall?layout=2x2`)
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
  const { page, complaints } = await centre.enter('police')
  await page.goto(`${centre.app.url}/wall?layout=2x2`)
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

  const phone = await centre.enter('ioc', { width: 390, height: 844 })
  await phone.page.goto(`${centre.app.url}/wall`)
  await eventually(phone.page, playing(1))
  expect(await phone.page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
  expect([...complaints, ...phone.complaints]).toEqual([])
}, 120_000)

journey('stills come where the link is thin or somebody chose them, say so, and are never called live', async () => {
  const { page, complaints } = await centre.enter('police')
  await keepSlowClocks(page)
  await page.goto(`${centre.app.url}/wall?layout=2x2`)
  await eventually(page, playing(2))
  const network = await page.context().newCDPSession(page)
  await network.send('Network.enable')
  await network.send('Network.emulateNetworkConditions', { offline: false, latency: 40, downloadThroughput: 200_000 / 8, uploadThroughput: 200_000 / 8 })
  await measureTwice(page)
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
  const { page, complaints } = await centre.enter('police')
  // The page's own monotonic clock, moved on by hand: twenty minutes need not be waited for.
  await page.addInitScript(`{ const real = performance.now.bind(performance); let ahead = 0; performance.now = () => real() + ahead; window.moveOn = (ms) => { ahead += ms } }`)
  await page.goto(`${centre.app.url}/wall?layout=2x2`)
  await eventually(page, playing(2))
  await page.evaluate(`window.moveOn(20 * 60000)`)
  await eventually(page, `[...document.querySelectorAll('.videos')].some((place) => / age$/.test(place.dataset.swapped ?? ''))`)
  await eventually(page, playing(2))
  expect(await page.evaluate<number[]>(`[...document.querySelectorAll('.videos')].map((place) => place.children.length).filter((count) => count > 2)`)).toEqual([])
  expect(complaints).toEqual([])
}, 120_000)

journey('a wall whose player did not come in whole is read anew by itself, and plays', async () => {
  const { page } = await centre.enter('police')
  let [asked, loads] = [0, 0]
  page.on('request', (request) => void (request.isNavigationRequest() && (asked += 1)))
  page.on('load', () => void (loads += 1))
  await page.route(/\/live-driver-[^/]+\.js$/, (route) => (asked < 3 ? route.abort('connectionreset') : route.continue()))
  await page.goto(`${centre.app.url}/wall?layout=2x2`)
  await until('it was read anew twice', () => loads === 3, 60_000)
  await eventually(page, playing(2))
  expect(asked).toBe(3)
}, 120_000)
