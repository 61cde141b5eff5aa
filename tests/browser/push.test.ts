import { existsSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Settings } from '../../config/settings.js'
import { openApp, type App } from '../../server/app.js'
import { settlePeople } from '../../server/commands/settle-city.js'
import { systemClock } from '../../server/system/clock.js'
import { newId } from '../../server/system/ids.js'
import { silentLog } from '../../server/system/log.js'
import { ROOT } from '../house/sources.js'
import { ended, startEncoder } from '../ingest/push-stream.js'
import { closeAllOpened, hasFfmpeg } from '../support/rtsp-server.js'
import { eventually, hasChromium, openBrowser, type OpenedBrowser } from './browser.js'

/** An encoder that can only push, from the wizard to the wall, in a real browser against the real server. */
const player = join(ROOT, 'dist/player')
const possible = hasChromium && hasFfmpeg() && existsSync(join(player, 'index.html'))
const PASSWORD = 'một-mật-khẩu-dài-2026'

let app: App
let folder: string
let browser: OpenedBrowser

beforeAll(async () => {
  if (!possible) return
  folder = mkdtempSync(join(tmpdir(), 'vonglau-push-'))
  const settings = Settings.parse({ dataFolder: folder, http: { port: 0 }, cameras: { networks: ['127.0.0.0/8'], multicast: false }, rtmp: { enabled: true, port: 29_900 + (process.pid % 90) }, log: { level: 'silent' } })
  app = await openApp({ settings, clock: systemClock, log: silentLog, runId: `test-${newId()}:1`, version: '0', env: process.env, model: { fault: 'nothing is watched in this test', next: '' }, playerFolder: player, sandbox: null })
  const accounts = await settlePeople({ ...app.parts, clock: systemClock, log: silentLog }, PASSWORD, 'IOC thử')
  browser = await openBrowser()
  await browser.page.goto(`${app.url}/sign-in`)
  await browser.page.fill('input[name="username"]', accounts.find((account) => account.role === 'admin')!.name)
  await browser.page.fill('input[name="password"]', PASSWORD)
  await browser.page.keyboard.press('Enter')
  await browser.page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
}, 60_000)

afterAll(async () => {
  await closeAllOpened()
  await browser?.close()
  await app?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})

const journey = possible ? test : test.skip

journey('a device that can only push is added, told its address and key, seen live, and given a new key', async () => {
  const { page, complaints } = browser
  await page.goto(`${app.url}/cameras/add`)
  await page.click('[data-way="push"]')
  await page.fill('input[name="camera-name"]', 'Đầu ghi cũ, cổng chợ')
  await page.selectOption('select[name="area"]', { index: 1 })
  await page.fill('input[name="latitude"]', '10,38')
  await page.fill('input[name="longitude"]', '105,43')
  await page.click('[data-do="add-push"]')
  await page.waitForSelector('[data-push] input[name="push-key"]')
  const [address, key, whole] = await Promise.all(['push-address', 'push-key', 'push-whole'].map((name) => page.inputValue(`input[name="${name}"]`)))
  expect(whole).toBe(`${address}/${key}`)
  await page.getByText('Đang chờ thiết bị đẩy hình').first().waitFor()

  const encoder = startEncoder(Number(new URL(address!.replace('rtmp:', 'http:')).port), key!)
  await page.getByText('Đã nhận được hình').first().waitFor()
  await page.click('[data-do="open-camera"]')
  await page.waitForURL((url) => /\/cameras\/[0-9a-f-]{36}$/.test(url.pathname))
  await eventually(page, `document.querySelector('.livepic[data-state="playing"] video')?.currentTime > 0.5`)
  await page.getByText('thiết bị đẩy RTMP').first().waitFor()
  expect(await page.content()).not.toContain(key)

  await page.click('[data-do="new-push-key"]')
  await page.click('dialog .btn.main')
  await page.waitForSelector('dialog input[name="push-key"]')
  expect(await page.inputValue('dialog input[name="push-key"]')).not.toBe(key)
  await ended(encoder)
  await page.click('[data-do="key-kept"]')
  await page.getByText('Đang chờ thiết bị đẩy hình').first().waitFor()
  expect(complaints).toEqual([])
}, 120_000)
