import { ended, startEncoder } from '../ingest/push-stream.js'
import { closeAllOpened } from '../support/rtsp-server.js'
import { eventually } from './browser.js'
import { canJourney, journey, openCentre, type Centre } from './centre.js'

/** An encoder that can only push, from the wizard to the wall, in a real browser against the real server. */
let centre: Centre

beforeAll(async () => {
  if (canJourney) centre = await openCentre({ rtmp: { enabled: true, port: 29_900 + (process.pid % 90) } })
}, 60_000)

afterAll(async () => {
  await closeAllOpened()
  await centre?.close()
}, 60_000)

journey('a device that can only push is added, told its address and key, seen live, and given a new key', async () => {
  const { page, complaints } = await centre.enter('admin')
  await page.goto(`${centre.app.url}/cameras/add`)
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
