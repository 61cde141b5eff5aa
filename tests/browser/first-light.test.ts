import { createHash } from 'node:crypto'
import type { City } from '../../server/sandbox/city.js'
import { FAULTS, isFault } from '../../server/sandbox/devices/fault.js'
import { eventually } from './browser.js'
import { canJourney, journey, openCentre, type Centre } from './centre.js'
import { openCameras, raise } from './street.js'

/**
 * What people do with the product, in a real browser, against the real server and virtual cameras: an administrator finds and
 * adds cameras, an operator sees them live, is alerted without asking, claims, confirms and plays the clip; IOC staff answer.
 */
const API_KEY = 'khoa-thu-nghiem'

let city: City
let centre: Centre

beforeAll(async () => {
  if (!canJourney) return
  city = await openCameras(['Cảnh nga-tu', 'Cảnh mot-chieu'])
  centre = await openCentre(
    { open311: { apiKeyHashes: [createHash('sha256').update(API_KEY).digest('hex')] } },
    { discovery: [{ address: city.discoveryAddress, port: city.discoveryPort }], faultOf: () => ({ fault: 'none', faults: FAULTS }), setFault: async (_id, fault) => isFault(fault) },
  )
}, 60_000)

afterEach(() => centre?.closeBrowsers(), 60_000)

afterAll(async () => {
  await centre?.close()
  await city?.close()
}, 60_000)

journey('an administrator signs in, finds a camera, is told what works, and adds it', async () => {
  const { page, complaints } = await centre.open()
  const { name, password } = centre.accountOf('admin')
  await page.goto(`${centre.app.url}/sign-in`)
  await page.fill('input[name="username"]', name)
  await page.fill('input[name="password"]', password)
  await page.keyboard.press('Enter')
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  await page.goto(`${centre.app.url}/cameras/add`)
  await page.click('[data-do="discover"]')
  await page.waitForSelector('[data-found]')
  expect(await page.locator('[data-found]').count()).toBe(2)
  for (const { onvifUrl, sticker, scene } of city.cameras) {
    await page.goto(`${centre.app.url}/cameras/add`)
    await page.click('[data-do="discover"]')
    await page.click(`[data-found="${onvifUrl}"] button`)
    const [user, secret] = [page.locator('input[name="user"]').first(), page.locator('input[name="camera-password"]').first()]
    await user.fill(sticker.user)
    await secret.fill('sai-mật-khẩu')
    await page.click('[data-do="inspect"]')
    await page.waitForSelector('[data-rung="sign_in"][data-ok="false"]')
    await secret.fill(sticker.password)
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
  await page.goto(`${centre.app.url}/cameras`)
  await page.getByText('Cảnh nga-tu').first().waitFor()
  expect(complaints).toEqual([])
}, 120_000)

journey('an operator sees every camera live, and the picture moves', async () => {
  const { page, complaints } = await centre.enter('police')
  await page.goto(`${centre.app.url}/wall`)
  await eventually(page, `document.querySelectorAll('[data-tile][data-state="playing"]').length === 2`)
  const before = await page.evaluate<number[]>(`[...document.querySelectorAll('video')].map((video) => video.getVideoPlaybackQuality().totalVideoFrames)`)
  await eventually(page, `[...document.querySelectorAll('video')].every((video, i) => video.getVideoPlaybackQuality().totalVideoFrames > ${JSON.stringify(before)}[i] + 20)`)
  expect(complaints).toEqual([])
}, 120_000)

journey('an alert comes by itself, is claimed and confirmed by key, and its clip plays with the hash that was told', async () => {
  const { page, complaints } = await centre.enter('police')
  await page.goto(`${centre.app.url}/desk`)
  await page.waitForSelector('[data-panel="queue"], .queue, aside, section')
  const [camera] = await centre.app.parts.store.cameras.list()
  const alertId = await raise(centre.app, camera!.id)
  await page.waitForSelector(`[data-row="${alertId}"]`)
  await page.goto(`${centre.app.url}/desk/${alertId}`)
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
  const [camera] = await centre.app.parts.store.cameras.list()
  const alertId = await raise(centre.app, camera!.id)
  const form = new URLSearchParams({ api_key: API_KEY, service_code: 'traffic-violation', lat: '10.3801', long: '105.4301', description: 'Xe tải chạy ngược chiều' })
  const [created] = (await (await fetch(`${centre.app.url}/open311/v2/requests.json`, { method: 'POST', body: form })).json()) as { service_request_id: string }[]
  const { page, complaints } = await centre.enter('ioc')
  await page.goto(`${centre.app.url}/reports/${created!.service_request_id}`)
  await page.waitForSelector('[data-link="proposed"]')
  await page.keyboard.press('Digit1')
  await page.keyboard.press('KeyC')
  await page.waitForSelector('[data-link="confirmed"]')
  await page.fill('textarea', 'Đã xem camera và nhắc nhở.')
  await page.click('[data-do="answer-close"]')
  await eventually(page, `fetch('/api/reports/${created!.service_request_id}').then((answer) => answer.text()).then((text) => text.includes('"closed"'))`)
  const answered = await (await fetch(`${centre.app.url}/open311/v2/requests/${created!.service_request_id}.xml?api_key=${API_KEY}`)).text()
  expect(answered).toContain('Đã xem camera và nhắc nhở.')
  expect((await centre.app.parts.store.links.ofAlert(alertId as never)).length).toBeGreaterThan(0)
  expect(complaints).toEqual([])
}, 120_000)

journey('on a phone the desk is two taps from claimed', async () => {
  const [camera] = await centre.app.parts.store.cameras.list()
  const alertId = await raise(centre.app, camera!.id)
  const { page, complaints } = await centre.enter('ioc', { width: 390, height: 844 })
  await page.goto(`${centre.app.url}/desk`)
  await page.click(`[data-row="${alertId}"]`)
  await page.click('[data-do="claim"]')
  await page.waitForSelector('[data-alert-state="claimed"]')
  const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
  expect(wide).toBeLessThanOrEqual(390)
  expect(complaints).toEqual([])
}, 120_000)
