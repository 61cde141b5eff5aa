import type { App } from '../../server/app.js'
import { closeAllOpened, hasRtspServer, startRtspServer } from '../support/rtsp-server.js'
import { until } from '../support/until.js'
import { eventually } from './browser.js'
import { journey, openCentre, type Centre } from './centre.js'
import { placeOf } from './street.js'

/** Sound in a real browser: a camera that sends G.711 beside its picture, and one that sends none. */
let centre: Centre | null = null

afterAll(async () => {
  await centre?.close()
  await closeAllOpened()
}, 60_000)

const hearing = hasRtspServer() ? journey : test.skip

hearing('an administrator lets a camera be heard; on the wall H listens, tells when it sounds, and H ends it', async () => {
  const cameras = await startRtspServer({ mounts: { '/loud': { live: '320x180@15', tone: 440 }, '/mute': { live: '320x180@15' } } })
  centre = await openCentre({ recording: { enabled: false } })
  const app: App = centre.app
  const [root] = await app.parts.store.areas.list()
  for (const [order, path] of ['/loud', '/mute'].entries()) {
    const put = await app.parts.registry.add({ name: `Camera ${order + 1}`, areaId: root!.id, place: placeOf(order), origin: { kind: 'rtsp' }, mainUrl: cameras.url(path), user: '', password: '' }, null)
    if (!put.ok) throw new Error(JSON.stringify(put.faults))
  }
  const [loud, mute] = (await app.parts.store.cameras.list()).map(({ id }) => id)
  const { page } = await centre.enter('admin')

  await page.goto(`${app.url}/cameras/${loud}`)
  await page.click('[data-do="sound"]')
  expect(await page.locator('dialog').textContent()).toContain('Tiếng không được ghi lại')
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/sound-ask.png` })
  await page.click('dialog .btn.main')
  await until('it is let through', async () => (await app.parts.store.cameras.get(loud!))?.sound === true)
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
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await page.keyboard.press('2')
  await page.keyboard.press('h')
  await eventually(page, `document.querySelector('[data-tile="1"] [data-sound="off"]') !== null && document.querySelector('[data-tile="2"] [data-sound="lost"]') !== null`)
  await page.getByText('Camera không gửi tiếng').waitFor()
  // Another tile chosen, and this one again, draws the wall anew: the reason is neither asked for nor told again.
  for (const tile of ['1', '2', '1', '2']) await page.keyboard.press(tile)
  await eventually(page, `document.querySelector('[data-tile="2"]').matches('.picked')`)
  expect([await page.getByText('Camera không gửi tiếng').count(), asked.filter((path) => path.endsWith(`/cameras/${mute}`)).length]).toEqual([1, 1])
  await eventually(page, `document.querySelectorAll('.tile[data-state="playing"]').length === 2`)
  await page.keyboard.press('h')
  await eventually(page, `document.querySelector('[data-tile="2"] [data-sound="off"]') !== null`)
  await until('nobody listens: the camera is asked for no sound', () => app.parts.session(`${loud}-sound` as never) === null, 40_000)
}, 180_000)
