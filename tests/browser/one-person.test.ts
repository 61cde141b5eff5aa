import type { RulesView } from '../../server/contract/rules.js'
import { asId, type CameraId, type RuleId } from '../../server/domain/ids.js'
import { redLight } from '../support/small-city.js'
import type { OpenedBrowser } from './browser.js'
import { journey, openCentre, type Centre } from './centre.js'
import { placeOf } from './street.js'

/** A city with one administrator: told what to do where a second person is needed, and marked wherever its settings say that one is enough. */
const centres: Centre[] = []
afterAll(async () => {
  for (const centre of centres) await centre.close()
}, 60_000)

interface Desk {
  readonly centre: Centre
  readonly browser: OpenedBrowser
  readonly cameraId: CameraId
}

/** An administrator who has drawn a rule, before its page. */
async function sit(settings: Record<string, unknown>): Promise<Desk> {
  const centre = await openCentre({ recording: { enabled: false }, ...settings })
  centres.push(centre)
  const { store, registry, rules } = centre.app.parts
  const [root] = await store.areas.list()
  const put = await registry.add({ name: 'Hùng Vương – trụ 1', areaId: root!.id, place: placeOf(0), origin: { kind: 'rtsp' }, mainUrl: 'rtsp://127.0.0.1:1/main', user: '', password: '' }, null)
  if (!put.ok) throw new Error(JSON.stringify(put.faults))
  const admin = (await store.people.list()).find(({ role }) => role === 'admin')!
  await rules.save({ cameraId: put.camera.id, ruleId: asId<RuleId>('red-1') }, redLight('red-1'), admin.id)
  const browser = await centre.enter('admin')
  await browser.page.goto(`${centre.app.url}/cameras/${put.camera.id}/rules?rule=red-1`)
  return { centre, browser, cameraId: put.camera.id }
}
const shots = async ({ page }: OpenedBrowser, name: string, look: string): Promise<void> => {
  const shot = async (width: number): Promise<void> => {
    await page.locator(look).first().scrollIntoViewIfNeeded()
    if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/one-person-${name}-${width}.png` })
  }
  await shot(1920)
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBe(390)
  await shot(390)
  await page.setViewportSize({ width: 1920, height: 1080 })
}
async function propose({ page }: OpenedBrowser): Promise<void> {
  await page.click('[data-do="propose-rule"]')
  await page.fill('textarea[name="reason"]', 'Đã theo dõi thử bảy ngày, đúng cả.')
  await page.click('[data-do="send-reason"]')
  await page.waitForSelector('[data-proposal="1"]')
}
const standing = async ({ browser, cameraId }: Desk): Promise<RulesView['rules'][number]> => (await browser.page.evaluate<RulesView>(`fetch('/api/cameras/${cameraId}/rules').then((reply) => reply.json())`)).rules[0]!

journey('where a second person is needed and there is none, it is said, and leads to where one is added', async () => {
  const desk = await sit({})
  const { page } = desk.browser
  await propose(desk.browser)
  await page.locator('[data-second="nobody"]').getByText('Chưa có ai khác duyệt được').waitFor()
  expect([await page.locator('[data-do="approve-rule"]').count(), (await standing(desk)).live]).toEqual([0, null])
  await shots(desk.browser, 'nobody', '[data-second]')
  await page.click('[data-second="nobody"] a')
  await page.waitForURL(/\/admin\/people$/)
}, 120_000)

journey('where the city has set that one is enough, the proposer is asked once more, and the rule says that one person approved', async () => {
  const desk = await sit({ rules: { secondPerson: 'off' } })
  const { page, complaints } = desk.browser
  await propose(desk.browser)
  await page.locator('[data-second="not_needed"]').getByText('một người là đủ').waitFor()
  await page.click('[data-do="approve-rule"]')
  await page.locator('dialog').getByText('Không có người thứ hai xem lại').waitFor()
  await shots(desk.browser, 'asked', 'dialog')
  expect((await standing(desk)).live).toBeNull()
  await page.click('dialog .btn.main')
  await page.locator('.rule-pick [data-alone]').getByText('một người duyệt').waitFor()
  await page.locator('[data-version="1"] [data-alone]').waitFor()
  expect(await standing(desk)).toMatchObject({ live: 1, second: 'not_needed', versions: [{ trust: 'approved', alone: true }] })
  await shots(desk.browser, 'alone', '.rule-pick [data-alone]')
  // And so does the camera's overview, where its live rules are listed.
  await page.goto(`${desk.centre.app.url}/cameras/${desk.cameraId}`)
  await page.locator('[data-rule="red_light"] [data-alone]').getByText('một người duyệt').waitFor()
  await shots(desk.browser, 'overview', '[data-rule="red_light"]')
  // Others who look at the camera see it as well.
  const police = await desk.centre.enter('police')
  await police.page.goto(`${desk.centre.app.url}/cameras/${desk.cameraId}/rules?rule=red-1`)
  await police.page.locator('.rule-pick [data-alone]').waitFor()
  await police.page.goto(`${desk.centre.app.url}/cameras/${desk.cameraId}`)
  await police.page.locator('[data-rule="red_light"] [data-alone]').waitFor()
  expect(complaints).toEqual([])
}, 120_000)
