import { existsSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Settings } from '../../config/settings.js'
import { openApp, type App } from '../../server/app.js'
import { settlePeople, type Account } from '../../server/commands/settle-city.js'
import { systemClock } from '../../server/system/clock.js'
import { newId } from '../../server/system/ids.js'
import { silentLog } from '../../server/system/log.js'
import { ROOT } from '../house/sources.js'
import { closeAllOpened, hasFfmpeg, hasRtspServer, startRtspServer } from '../support/rtsp-server.js'
import { until } from '../support/until.js'
import { eventually, hasChromium, openBrowser, type OpenedBrowser } from './browser.js'

/** Sound in a real browser: a camera that sends G.711 beside its picture, and one that sends none. */
const player = join(ROOT, 'dist/player')
const journey = hasChromium && hasFfmpeg() && hasRtspServer() && existsSync(join(player, 'index.html')) ? test : test.skip
const PASSWORD = 'một-mật-khẩu-dài-2026'

let folder: string | null = null
let app: App | null = null
let browser: OpenedBrowser | null = null

afterAll(async () => {
  await browser?.close()
  await app?.close()
  await closeAllOpened()
  if (folder) await rm(folder, { recursive: true, force: true })
})

journey('an administrator lets a camera be heard; on the wall H listens, tells when it sounds, and H ends it', async () => {
  const cameras = await startRtspServer({ mounts: { '/loud': { live: '320x180@15', tone: 440 }, '/mute': { live: '320x180@15' } } })
  folder = mkdtempSync(join(tmpdir(), 'vonglau-sound-'))
  const settings = Settings.parse({ dataFolder: folder, http: { port: 0 }, cameras: { networks: ['127.0.0.0/8'], multicast: false }, recording: { enabled: false }, log: { level: 'silent' } })
  app = await openApp({ settings, clock: systemClock, log: silentLog, runId: `test-${newId()}:1`, version: '0', env: process.env, model: { fault: 'nobody watches in this test', next: '' }, playerFolder: player, sandbox: null })
  const accounts = await settlePeople({ ...app.parts, clock: systemClock, log: silentLog }, PASSWORD, 'IOC thử')
  const [root] = await app.parts.store.areas.list()
  for (const [order, path] of ['/loud', '/mute'].entries()) {
    const put = await app.parts.registry.add({ name: `Camera ${order + 1}`, areaId: root!.id, place: { latitude: 10.38, longitude: 105.43, street: 'Hùng Vương', order, heading: 90, reachM: 60 }, origin: { kind: 'rtsp' }, mainUrl: cameras.url(path), user: '', password: '' }, null)
    if (!put.ok) throw new Error(JSON.stringify(put.faults))
  }
  const [loud, mute] = (await app.parts.store.cameras.list()).map(({ id }) => id)
  browser = await openBrowser()
  const { page } = browser
  await page.goto(`${app.url}/sign-in`)
  await page.fill('input[name="username"]', accounts.find(({ role }: Account) => role === 'admin')!.name)
  await page.fill('input[name="password"]', PASSWORD)
  await page.keyboard.press('Enter')
  await page.waitForURL((to) => !to.pathname.startsWith('/sign-in'))

  await page.goto(`${app.url}/cameras/${loud}`)
  await page.click('[data-do="sound"]')
  expect(await page.locator('dialog').textContent()).toContain('Tiếng không được ghi lại')
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/sound-ask.png` })
  await page.click("dialog .btn.main")
  await until('it is let through', async () => (await app!.parts.store.cameras.get(loud!))?.sound === true)
  expect((await app.parts.store.changes.of('camera', loud!)).map(({ facts }) => facts['fields'])).toContain('sound')
  await app.parts.registry.change(mute!, { sound: true }, (await app.parts.store.people.list())[0]!.id)

  await page.goto(`${app.url}/wall`)

  await eventually(page, `document.querySelectorAll('.tile[data-state="playing"]').length === 2`)
  expect(app.parts.session(`${loud}-sound` as never)).toBeNull()
  await page.keyboard.press('1')
  await page.keyboard.press('h')
  await eventually(page, `document.querySelector('[data-tile="1"] [data-sound="sounding"]') !== null`)
  expect(app.parts.session(`${loud}-sound` as never)).toMatchObject({ state: 'live', codec: 'mp4a.40.2' })
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/sound-heard.png` })

  // Another one: the first falls silent, and this one says why it cannot be heard; its picture plays on.
  await page.keyboard.press('2')
  await page.keyboard.press('h')
  await eventually(page, `document.querySelector('[data-tile="1"] [data-sound="off"]') !== null && document.querySelector('[data-tile="2"] [data-sound="lost"]') !== null`)
  await page.getByText('Camera không gửi tiếng').waitFor()
  expect(await page.locator('.tile[data-state="playing"]').count()).toBe(2)
  await page.keyboard.press('h')
  await eventually(page, `document.querySelector('[data-tile="2"] [data-sound="off"]') !== null`)
  await until('nobody listens: the camera is asked for no sound', () => app!.parts.session(`${loud}-sound` as never) === null, 40_000)
}, 180_000)
