import { readFileSync } from 'node:fs'
import { regionOf } from '../../analytics/rules/lamp-source.js'
import { rulesFromTruth } from '../../server/commands/judge-rules.js'
import { parseTruth } from '../../server/commands/judge-truth.js'
import type { RulesView, RuleStandingView } from '../../server/contract/rules.js'
import type { CameraId } from '../../server/domain/ids.js'
import { openCity, type City } from '../../server/sandbox/city.js'
import { SCENES } from '../../server/sandbox/scenes/catalogue.js'
import { makeLens, project } from '../../server/sandbox/scenes/space.js'
import { systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { FFMPEG } from '../sandbox/devices/films.js'
import { drawScenes } from '../support/drawn-scenes.js'
import type { OpenedBrowser } from './browser.js'
import { canJourney, journey, openCentre, type Centre } from './centre.js'
import { clickAt, enterSecond } from './second-person.js'
import { addCameras } from './street.js'

/**
 * An administrator measures a drawn street whose camera is known: corners where the kerbs are, metres as they were built. What the editor says
 * of the camera and of a known length is held against that. And on a junction, the box of the lamp tells the colour that the lamp shows.
 */
const SIZE = { width: 640, height: 360 }
/** The junction's lamp goes round once: green for 25 s, yellow for 3, red for what is left. */
const LOOP_MS = 36_000

let city: City
let centre: Centre
let first: OpenedBrowser
let second: OpenedBrowser
let streetId: CameraId
let junctionId: CameraId
let junctionTruth: string

beforeAll(async () => {
  if (!canJourney) return
  const drawn = await drawScenes({ ids: [STREET.id, JUNCTION.id], loopMs: LOOP_MS, size: { ...SIZE, subWidth: SIZE.width, subHeight: SIZE.height } })
  const rendered = [STREET, JUNCTION].map((scene) => drawn.find(({ id }) => id === scene.id)!)
  junctionTruth = rendered.find(({ id }) => id === JUNCTION.id)!.truthFile
  city = await openCity({ rendered, clock: systemClock, log: silentLog, ffmpeg: FFMPEG, runId: 'test:city', discoveryPort: 0 })
  centre = await openCentre()
  ;[streetId, junctionId] = (await addCameras(centre.app, city)) as [CameraId, CameraId]
  first = await centre.enter('admin')
  second = await enterSecond(centre)
}, 300_000)
afterAll(async () => {
  await centre?.close()
  await city?.close()
}, 120_000)

const STREET = SCENES.find(({ id }) => id === 'mot-chieu')!
const JUNCTION = SCENES.find(({ id }) => id === 'nga-tu')!

const shot = async ({ page }: OpenedBrowser, name: string): Promise<void> => {
  if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/calibration-${name}.png` })
}
const address = (cameraId: CameraId): string => `${centre.app.url}/cameras/${cameraId}/rules`
const standing = async (cameraId: CameraId): Promise<RuleStandingView> => (await first.page.evaluate<RulesView>(`fetch('/api/cameras/${cameraId}/rules').then((reply) => reply.json())`)).rules[0]!

/** Where a point of the street (metres across, metres ahead) is in the picture of its camera. */
function seen(x: number, z: number): readonly [number, number] {
  const at = project(makeLens(STREET.mount, SIZE), [x, 0, z])!
  return [at.x / SIZE.width, at.y / SIZE.height]
}
async function clickOn(points: readonly (readonly [number, number])[]): Promise<void> {
  for (const [x, y] of points) await clickAt(first, x, y)
}
async function fill(field: string, value: string): Promise<void> {
  await first.page.fill(`input[name="${field}"]`, value)
}
const [KERB, NEAR_M, FAR_M] = [4.75, 14, 34]
const RECTANGLE = [seen(-KERB, NEAR_M), seen(KERB, NEAR_M), seen(KERB, FAR_M), seen(-KERB, FAR_M)] as const

journey('corners that cannot be a rectangle on the road are told while they are drawn, and nothing is reckoned from them', async () => {
  const { page } = first
  await page.goto(`${address(streetId)}?fresh=speed`)
  await page.waitForSelector('.frame.drawing > img', { timeout: 60_000 })
  const [a, b, c, d] = RECTANGLE
  for (const [points, fault] of [[[a, c, b, d], 'crosses'], [[[0.2, 0.8], [0.5, 0.8], [0.8, 0.8], [0.5, 0.4]], 'on_a_line'], [[[0.2, 0.8], [0.8, 0.8], [0.5, 0.7], [0.5, 0.2]], 'dented']] as const) {
    await page.keyboard.press('h')
    await clickOn(points)
    await page.waitForSelector(`[data-draw-fault="${fault}"]`)
    expect(await page.locator('[data-grid], [data-self-check]').count()).toBe(0)
  }
  await shot(first, 'fault-1920')
}, 120_000)

journey('a rectangle drawn on the kerbs and measured tells the camera that hangs there, and its grid lies on the road', async () => {
  const { page } = first
  await page.keyboard.press('h')
  await clickOn(RECTANGLE)
  // Its measures are those of a lane until somebody measured.
  await fill('width-m', String(2 * KERB))
  await fill('length-m', String(FAR_M - NEAR_M))
  await page.waitForSelector('[data-self-check="camera"]')
  const { height, fov } = await page.evaluate<{ height: string; fov: string }>(`({ ...document.querySelector('[data-self-check="camera"]').dataset })`)
  expect(Math.abs(Number(height) / STREET.mount.at[1] - 1)).toBeLessThan(0.15)
  expect(Math.abs(Number(fov) / STREET.mount.fovDeg - 1)).toBeLessThan(0.15)
  expect(await page.locator('[data-grid] line').count()).toBeGreaterThan(10)
  await page.getByText('mỗi ô 2 m').waitFor()
  await page.click('[data-tool="zone"]')
  await clickOn([[0.05, 0.95], [0.95, 0.95], [0.7, 0.3], [0.3, 0.3]])
  await page.keyboard.press('Enter')
  await page.waitForSelector('[data-shape="zone"]')
  await shot(first, 'grid-1920')
}, 60_000)

journey('measures that no street has are told in words', async () => {
  const { page } = first
  await fill('width-m', '95')
  await page.waitForSelector('[data-self-check="unlikely"], [data-self-check="no_camera"]')
  await fill('width-m', '9,5')
  await page.waitForSelector('[data-self-check="camera"]')
}, 60_000)

journey('a known length is drawn, comes to what it is, and says so when it does not', async () => {
  const { page } = first
  await page.click('[data-tool="check"]')
  await clickOn([seen(-2, 18), seen(-2, 28)])
  await page.waitForSelector('[data-self-check="length_unknown"]')
  const metres = Number(await page.getAttribute('[data-metres]', 'data-metres'))
  expect(Math.abs(metres - 10)).toBeLessThan(0.6)
  await fill('known-m', '6')
  await page.waitForSelector('[data-self-check="check_wrong"]')
  await shot(first, 'wrong-1920')
  await fill('known-m', '10')
  await page.waitForSelector('[data-self-check="check_right"]')
  await shot(first, 'right-1920')
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBe(390)
  await page.evaluate(`document.querySelector('.frame.drawing').scrollIntoView()`)
  await shot(first, 'picture-390')
  await page.evaluate(`document.querySelector('.self-check').scrollIntoView({ block: 'center' })`)
  await shot(first, 'check-390')
  await page.setViewportSize({ width: 1920, height: 1080 })
}, 60_000)

journey('it is saved with its check, which the second person sees before he approves', async () => {
  const { page } = first
  await page.click('[data-do="save-rule"]')
  await page.waitForURL((url) => url.searchParams.has('rule'))
  await page.waitForSelector('[data-dirty="false"] [data-shown="1"]')
  const { versions } = await standing(streetId)
  const near = ([x, y]: readonly [number, number]): unknown => ({ x: expect.closeTo(x, 2), y: expect.closeTo(y, 2) })
  expect(versions[0]!.rule).toMatchObject({ kind: 'speed', use: 'statistics', ground: { widthM: 2 * KERB, lengthM: FAR_M - NEAR_M, corners: RECTANGLE.map(near), check: { lengthM: 10, line: [near(seen(-2, 18)), near(seen(-2, 28))] } } })
  await page.click('[data-do="propose-rule"]')
  await page.fill('textarea[name="reason"]', 'Đo bằng thước dây, đo thử lệch không đáng kể.')
  await page.click('[data-do="send-reason"]')
  await page.waitForSelector('[data-proposal="1"]')
  await second.page.goto(address(streetId))
  await second.page.waitForSelector('[data-self-check="check_right"]')
  await second.page.waitForSelector('[data-grid]')
  await second.page.waitForSelector('.frame.drawing > img')
  await second.page.click('[data-do="approve-rule"]')
  await second.page.locator('.rule-pick').getByText('Bản 1 có hiệu lực').waitFor()
  await shot(second, 'live-1920')
  expect([...first.complaints, ...second.complaints]).toEqual([])
}, 90_000)

/** From corner to corner, where whoever drew the street put it. */
function lampCorners(): readonly (readonly [number, number])[] {
  const rule = rulesFromTruth(parseTruth(readFileSync(junctionTruth, 'utf8'))).map((one) => one.rule).find((one) => one.kind === 'red_light')!
  const { box } = regionOf(rule.lamp)!
  return [[box.x1, box.y1], [box.x2, box.y2]]
}

journey('the box of a lamp tells the colour that the lamp shows, and tells it anew when it changes', async () => {
  const { page } = first
  await page.goto(`${address(junctionId)}?fresh=red_light`)
  await page.waitForSelector('.frame.drawing > img', { timeout: 60_000 })
  await page.keyboard.press('p')
  await clickOn(lampCorners())
  await page.waitForSelector('[data-lamp="red"], [data-lamp="green"], [data-lamp="yellow"]', { timeout: 60_000 })
  await shot(first, 'lamp-1920')
  const colours = new Set<string | null>()
  for (let looks = 0; looks < 60 && !(colours.has('red') && colours.has('green')); looks += 1) {
    colours.add(await page.getAttribute('[data-lamp]', 'data-lamp'))
    await page.waitForTimeout(1_000)
  }
  expect([...colours]).toEqual(expect.arrayContaining(['red', 'green']))
  expect([...colours].filter((colour) => colour === 'unknown' || colour === 'dark')).toEqual([])
}, 180_000)

journey('a box beside the lamp says that no lamp is lit there, and the help with it', async () => {
  const { page, complaints } = first
  await page.keyboard.press('p')
  await clickOn([[0.1, 0.62], [0.14, 0.74]])
  await page.locator('[data-lamp="dark"]').getByText('Không thấy bóng nào sáng').waitFor({ timeout: 90_000 })
  await shot(first, 'lamp-beside-1920')
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBe(390)
  await page.evaluate(`document.querySelector('.lamp-seen').scrollIntoView({ block: 'center' })`)
  await shot(first, 'lamp-390')
  await page.setViewportSize({ width: 1920, height: 1080 })
  expect(complaints).toEqual([])
}, 180_000)
