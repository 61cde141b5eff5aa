import { loadModel } from '../../models/catalogue.js'
import type { TimelineView } from '../../server/contract/recordings.js'
import type { BacktestResultView, BacktestsView, RuleStandingView, RulesView } from '../../server/contract/rules.js'
import { asId, type BacktestId, type CameraId } from '../../server/domain/ids.js'
import { openCity, type City } from '../../server/sandbox/city.js'
import { systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { FFMPEG } from '../sandbox/devices/films.js'
import { drawScenes } from '../support/drawn-scenes.js'
import { until } from '../support/until.js'
import { eventually, type OpenedBrowser } from './browser.js'
import { canJourney, journey, openCentre, type Centre } from './centre.js'
import { clickAt, enterSecond } from './second-person.js'
import { addCameras } from './street.js'

/**
 * An administrator draws a line on a virtual camera that is recorded, runs it on what was recorded, looks at what it found, and
 * proposes it on that; a second one approves. Then the line is moved, and the two versions are held against each other.
 */
const LOOP_MS = 12_000
/** A round of the street, and some seconds more. */
const RECORDED_MS_MIN = 18_000
/** A process that gives way to everybody waits long on a full machine. */
const RUN_MS_MAX = 400_000

let city: City
let centre: Centre
let first: OpenedBrowser
let second: OpenedBrowser
let cameraId: CameraId

beforeAll(async () => {
  if (!canJourney) return
  const rendered = await drawScenes({ ids: ['nga-tu'], loopMs: LOOP_MS, size: { width: 640, height: 360, subWidth: 320, subHeight: 180 } })
  city = await openCity({ rendered, clock: systemClock, log: silentLog, ffmpeg: FFMPEG, runId: 'test:city', discoveryPort: 0 })
  centre = await openCentre({ recording: { reserveMb: 16 } }, null, await loadModel('eyes'))
  ;[cameraId] = (await addCameras(centre.app, city)) as [CameraId]
  first = await centre.enter('admin')
  second = await enterSecond(centre)
}, 240_000)
afterAll(async () => {
  await centre?.close()
  await city?.close()
}, 120_000)

const shot = async ({ page }: OpenedBrowser, name: string): Promise<void> => {
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/backtest-${name}.png` })
}
const get = async <T>(path: string): Promise<T> => first.page.evaluate<T>(`fetch('/api/cameras/${cameraId}${path}').then((reply) => reply.json())`)
const standing = async (): Promise<RuleStandingView> => (await get<RulesView>('/rules')).rules[0]!
const newest = async (): Promise<BacktestResultView> => {
  const at = `/rules/${(await standing()).id}/backtests`
  const { backtests: [one] } = await get<BacktestsView>(at)
  return get<BacktestResultView>(`${at}/${one!.id}`)
}
const counted = ({ page }: OpenedBrowser, selector: string): Promise<number> => page.locator(selector).count()

/** On a phone nothing is wider than its glass. */
async function lookNarrow(browser: OpenedBrowser, name: string): Promise<void> {
  await browser.page.setViewportSize({ width: 390, height: 844 })
  expect(await browser.page.evaluate(`document.documentElement.scrollWidth`)).toBe(390)
  await browser.page.evaluate(`document.querySelector('.backtests').scrollIntoView()`)
  await shot(browser, `${name}-390`)
  await browser.page.setViewportSize({ width: 1920, height: 1080 })
}

journey('a line is drawn and saved; nothing was back-tested yet, and it is said what to do', async () => {
  const { page } = first
  await page.goto(`${centre.app.url}/cameras/${cameraId}/rules?fresh=line_crossing`)
  await page.waitForSelector('.frame.drawing > img', { timeout: 60_000 })
  await page.click('[data-tool="line"]')
  await clickAt(first, 0.02, 0.5)
  await clickAt(first, 0.98, 0.5)
  for (let turns = 0; turns < 2; turns += 1) await page.click('[data-side-is]')
  await page.waitForSelector('[data-side-is="both"]')
  await page.click('[data-do="save-rule"]')
  await page.waitForURL((url) => url.searchParams.has('rule'))
  await page.getByText('Chưa thử lại lần nào trên bản ghi').waitFor()
  await shot(first, 'none-1920')
}, 120_000)

journey('it is asked for with what is recorded and what it will cost, and runs to its end', async () => {
  const { page } = first
  await until('the street is recorded', async () => (await get<TimelineView>(`/timeline?from=${systemClock.wallMs() - 3_600_000}&to=${systemClock.wallMs()}`)).recorded.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0) > RECORDED_MS_MIN, 200_000)
  // What both versions are run on is the same, and no more of it comes.
  await centre.app.parts.recording!.setPolicy(cameraId, { mode: 'off', stream: 'main', days: 30, eventDays: 90 })
  await page.keyboard.press('b')
  await page.waitForSelector('[data-recorded-day]')
  await page.locator('[data-cost]').getByText(/Sẽ xem lại \d+ s bản ghi, tốn chừng \d+ s của một lõi máy/).waitFor()
  await shot(first, 'ask-1920')
  await page.fill('input[name="backtest-to"]', '01/01/2020 00:00')
  await page.waitForSelector('[data-span-fault="bad_order"]')
  expect(await page.isDisabled('[data-do="begin-backtest"]')).toBe(true)
  await page.click('[data-offer]')
  await page.click('[data-do="begin-backtest"]')
  await page.waitForSelector('[data-backtest-state="queued"], [data-backtest-state="running"]')
  await shot(first, 'running-1920')
  await page.waitForSelector('[data-backtest-state="done"]', { timeout: RUN_MS_MAX })
  const { tested, live, differences, watchedMs } = await newest()
  expect([tested.claims > 0, live, differences.length, watchedMs >= LOOP_MS]).toEqual([true, null, tested.claims, true])
  expect([await counted(first, '[data-difference]'), await counted(first, '[data-no-labels]'), await counted(first, '[data-bar]')]).toEqual([tested.claims, 1, 1])
  await eventually(page, `[...document.querySelectorAll('[data-difference] img')].some((picture) => picture.naturalWidth > 0)`)
  await page.evaluate(`document.querySelector('.backtests').scrollIntoView()`)
  await shot(first, 'done-1920')
  await lookNarrow(first, 'done')
}, 500_000)

journey('its findings are gone through by keys, and Enter opens the recording at that moment', async () => {
  const { page } = first
  const { differences } = await newest()
  const at = Math.min(1, differences.length - 1)
  await page.focus('[data-difference]')
  for (let steps = 0; steps < at; steps += 1) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/playback\?/)
  expect(Date.parse(new URL(page.url()).searchParams.get('at')!)).toBe(Math.floor((differences[at]!.atMs - 5_000) / 1000) * 1000)
  await eventually(page, `[...document.querySelectorAll('video[data-shown-ms]')].some((video) => Math.abs(Number(video.dataset.shownMs) - ${differences[at]!.atMs}) < 20_000)`)
  await shot(first, 'opened-1920')
  await page.goBack()
  await page.waitForSelector('[data-backtest-state="done"]')
}, 120_000)

journey('it is proposed on the back-test; a second person sees the result and approves', async () => {
  const { page } = first
  const { id, tested } = await newest()
  await page.click('[data-do="propose-rule"]')
  expect(await page.isChecked(`[data-ground="${id}"]`)).toBe(true)
  await shot(first, 'propose-1920')
  await page.click('[data-do="send-reason"]')
  await page.waitForSelector('[data-proposal="1"]')
  await second.page.goto(`${centre.app.url}/cameras/${cameraId}/rules`)
  await second.page.click('[data-do="show-backtest"]')
  await second.page.waitForSelector(`[data-backtest="${id}"][data-backtest-state="done"]`)
  expect(await counted(second, '[data-difference]')).toBe(tested.claims)
  await shot(second, 'approve-1920')
  await second.page.click('[data-do="approve-rule"]')
  await second.page.locator('.rule-pick').first().getByText('Bản 1 có hiệu lực').waitFor()
  expect(await standing()).toMatchObject({ live: 1, proposal: null })
  // Every second somebody passes this line: what was asked of it is answered by the past alone.
  const { registry, store } = centre.app.parts
  await registry.change(cameraId, { enabled: false }, (await store.people.list())[0]!.id)
}, 120_000)

journey('the line is moved, and the two versions are told apart: kept, vanished, new', async () => {
  const { page, complaints } = first
  await page.reload()
  await page.waitForSelector('[data-tool="line"]')
  await page.click('[data-tool="line"]')
  await clickAt(first, 0.02, 0.8)
  await clickAt(first, 0.98, 0.8)
  await page.getByText('Lưu nháp rồi mới thử lại trên bản ghi').waitFor()
  expect(await page.isDisabled('[data-do="ask-backtest"]')).toBe(true)
  await page.click('[data-do="save-rule"]')
  await page.waitForSelector('[data-dirty="false"] [data-shown="2"]')
  await page.keyboard.press('b')
  await page.click('[data-do="begin-backtest"]')
  await page.waitForSelector('[data-backtest-state="done"]', { timeout: RUN_MS_MAX })
  await page.locator('.backtest-figures').getByText('Bản 2').waitFor()
  const { counts, baseline, tested, live, id } = await newest()
  expect([baseline, counts.kept + counts.new, counts.kept + counts.vanished, counts.vanished + counts.new > 0]).toEqual([1, tested.claims, live!.claims, true])
  await page.evaluate(`document.querySelector('.backtests').scrollIntoView()`)
  await shot(first, 'beside-1920')
  for (const is of ['vanished', 'new', 'kept'] as const) {
    await page.click(`.differences .seg button:has-text("${{ vanished: 'Biến mất', new: 'Mới', kept: 'Giữ nguyên' }[is]}")`)
    expect([await counted(first, '[data-difference]'), await counted(first, `[data-difference="${is}"]`)]).toEqual([counts[is], counts[is]])
  }
  await lookNarrow(first, 'beside')
  // A draft that was changed loses nothing when another back-test is looked at.
  await page.fill('input[name="rule-name"]', 'Vạch sát hơn')
  await page.click(`.backtest-runs [data-run]:not([data-run="${id}"])`)
  await page.waitForSelector(`[data-backtest]:not([data-backtest="${id}"])`)
  expect(await page.inputValue('input[name="rule-name"]')).toBe('Vạch sát hơn')
  expect([...complaints, ...second.complaints]).toEqual([])
}, 500_000)

journey('an hour that could not be looked at is told in the screen’s words, with the next step; the server’s own are a detail', async () => {
  const { page } = first
  const { store } = centre.app.parts
  const { id } = await newest()
  const one = (await store.backtests.get(asId(id)))!
  const failed = asId<BacktestId>('failed-hours')
  await store.backtests.add({ ...one, id: failed, createdAtMs: one.createdAtMs + 1, state: 'failed' })
  await store.backtests.addHour(failed, { state: 'failed', fromMs: one.fromMs, toMs: one.toMs, recordedMs: 0, gaps: [], away: {}, fault: { code: 'undecodable', said: 'ffmpeg ended with 1' } })
  await page.goto(`${centre.app.url}/cameras/${cameraId}/rules?rule=${(await standing()).id}&test=${failed}`)
  await page.locator('[data-hour-fault="undecodable"]').getByText('không giải mã được hình đã ghi. Mở bản ghi giờ này').waitFor()
  expect(await page.locator('[data-hour-fault] .said > span').isVisible()).toBe(false)
  await page.locator('[data-hour-fault] summary').focus()
  await page.keyboard.press('Enter')
  await page.locator('[data-hour-fault] .said > span').getByText('ffmpeg ended with 1').waitFor()
  await page.locator('[data-hour-fault]').scrollIntoViewIfNeeded()
  await shot(first, 'failed-1920')
  await lookNarrow(first, 'failed')
}, 120_000)

journey('who may not manage rules is told so, and asks for nothing', async () => {
  const { page } = await centre.enter('police')
  await page.goto(`${centre.app.url}/cameras/${cameraId}/rules`)
  await page.locator('.backtests').getByText('Không có quyền xem').waitFor()
  expect(await counted({ page } as OpenedBrowser, '[data-do="ask-backtest"]')).toBe(0)
}, 60_000)
