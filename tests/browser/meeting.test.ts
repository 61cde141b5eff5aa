import type { PersonId } from '../../server/domain/ids.js'
import type { City } from '../../server/sandbox/city.js'
import { eventually, keepSlowClocks, measureTwice, type OpenedBrowser } from './browser.js'
import { canJourney, journey, openCentre, type Centre } from './centre.js'
import { addCameras, openCameras } from './street.js'

/** A meeting room in real browsers, against the real server and virtual cameras: its link, its presenter, its end. */
let city: City
let centre: Centre

beforeAll(async () => {
  if (!canJourney) return
  city = await openCameras(['Cảnh 0', 'Cảnh 1', 'Cảnh 2'])
  centre = await openCentre()
  await addCameras(centre.app, city)
}, 90_000)

afterEach(() => centre?.closeBrowsers(), 60_000)

afterAll(async () => {
  await centre?.close()
  await city?.close()
}, 60_000)

const policeId = async (): Promise<PersonId> => (await centre.app.parts.store.people.findForSignIn(centre.accountOf('police').name))!.person.id
const meetingLog = async (): Promise<readonly string[]> => (await centre.app.parts.store.changes.of('person', await policeId())).map(({ what }) => what).filter((what) => what.startsWith('meeting'))

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
  const desk = await centre.enter('police')
  await desk.page.goto(`${centre.app.url}/wall?layout=2x2`)
  await eventually(desk.page, playing(3))
  const link = await makeLink(desk)
  expect([new URL(link).pathname, /^#[A-Za-z0-9_-]{22}$/.test(new URL(link).hash)]).toEqual(['/meeting', true])

  const hall = await centre.open()
  await hall.page.goto(link)
  await eventually(hall.page, `${room('running')} && ${playing(3)}`)
  expect(await hall.page.evaluate<boolean>(`${text('còn 15 phút')} && ${text('Người trình bày')} && document.querySelector('.mark').textContent.includes('phòng họp')`)).toBe(true)
  expect(await hall.page.evaluate<number>(`document.querySelectorAll('button:not(.pick), a, input, select, aside, nav').length`)).toBe(0)
  expect(await hall.page.evaluate<number[]>(`Promise.all(['/api/me', '/api/cameras', '/api/walls', '/api/alerts', '/api/meetings'].map((path) => fetch(path).then(({ status }) => status)))`)).toEqual([401, 401, 401, 401, 401])
  expect(await hall.page.evaluate<string>('document.cookie')).toBe('')

  const other = await centre.open()
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
  const desk = await centre.enter('police')
  await desk.page.goto(`${centre.app.url}/wall?layout=2x2`)
  await eventually(desk.page, playing(1))
  const hall = await centre.open({ width: 390, height: 844 })
  await keepSlowClocks(hall.page)
  await hall.page.goto(await makeLink(desk))
  await eventually(hall.page, `${room('running')} && ${playing(1)}`)
  expect(await hall.page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
  const network = await hall.page.context().newCDPSession(hall.page)
  await network.send('Network.enable')
  await network.send('Network.emulateNetworkConditions', { offline: false, latency: 40, downloadThroughput: 200_000 / 8, uploadThroughput: 200_000 / 8 })
  await measureTwice(hall.page)
  await eventually(hall.page, `document.querySelectorAll('[data-tile][data-state="still"]').length >= 1 && document.querySelectorAll('[data-tile][data-state="playing"], video').length === 0`, 120_000)
  expect(await hall.page.evaluate<boolean>(text('Ảnh 5 s'))).toBe(true)
  expect(await hall.page.evaluate<boolean>(`(() => { const still = document.querySelector('[data-state="still"] img'); return still.clientWidth === still.closest('.frame').clientWidth })()`)).toBe(true)
  await hall.page.goto(`${centre.app.url}/meeting#AAAAAAAAAAAAAAAAAAAAAA`)
  await eventually(hall.page, `${room('unknown')} && ${text('Không có liên kết này')}`)
  expect(hall.complaints).toEqual([])
}, 300_000)
