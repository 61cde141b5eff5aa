import { asId, type PersonId } from '../../server/domain/ids.js'
import { systemClock } from '../../server/system/clock.js'
import type { OpenedBrowser } from './browser.js'
import type { Centre } from './centre.js'

const PASSWORD = 'mật-khẩu-của-người-thứ-hai'

/** Another administrator, signed in: what one proposes the other approves. */
export async function enterSecond(centre: Centre): Promise<OpenedBrowser> {
  const { store, passwords } = centre.app.parts
  const [root] = await store.areas.list()
  await store.people.add({ id: asId<PersonId>('nguoi-thu-hai'), name: 'bao', displayName: 'Trần Quốc Bảo', role: 'admin', areas: [root!.id], language: 'vi', passwordHash: await passwords.hash(PASSWORD), createdAtMs: systemClock.wallMs() })
  const second = await centre.open()
  const answer = await second.page.context().request.post(`${centre.app.url}/api/sign-in`, { data: { name: 'bao', password: PASSWORD }, headers: { 'x-vonglau': '1' } })
  if (!answer.ok()) throw new Error(`the second administrator could not sign in: ${answer.status()}`)
  return second
}

/** Where a share of the picture lies on the glass; its very edge belongs to the panel around it. */
export async function clickAt({ page }: OpenedBrowser, x: number, y: number): Promise<void> {
  const box = (await page.locator('.frame.drawing').boundingBox())!
  const inside = (share: number): number => Math.min(0.999, Math.max(0.001, share))
  await page.mouse.click(box.x + box.width * inside(x), box.y + box.height * inside(y))
}
