import { io } from 'socket.io-client'
import type { MeetingMade } from '../../server/contract/meetings.js'
import type { CameraId } from '../../server/domain/ids.js'
import { openSmallHouse, PASSWORD, type SmallHouse } from './small-house.js'

/** What a meeting room reaches of the whole server, and what ends its link there. */
let house: SmallHouse
let cameraId: CameraId
beforeAll(async () => {
  house = await openSmallHouse()
  cameraId = await house.addCamera(house.areas.own)
})
afterAll(() => house.close())

async function openRoom(role: 'police' | 'ioc'): Promise<{ readonly cookie: string; readonly token: string }> {
  const made = (await (await house.ask('/api/meetings', { method: 'POST', cookie: house.cookie(role), body: { board: { kind: 'pages', name: 'Giao ban', pages: [{ layout: '1', cameraIds: [cameraId] }] } } })).json()) as MeetingMade
  const token = made.path.replace('/meeting#', '')
  const opened = await house.ask('/room/open', { method: 'POST', body: { token } })
  expect(opened.status).toBe(200)
  return { cookie: opened.headers.get('set-cookie')!.split(';')[0]!, token }
}
const ids = (): Record<string, string> => ({ cameraId, meetingId: 'no-such', file: 'index.m3u8', span: '0-1000' })
const fill = (path: string): string => path.replace(/:(\w+)/g, (_all, name: string) => ids()[name] ?? 'no-such-thing')

test('every other route answers the room as it answers nobody, whatever it calls its cookie', async () => {
  const { cookie } = await openRoom('police')
  const wrong: string[] = []
  for (const { method, path, needs } of house.app.routes) {
    if (needs === 'guest' || path === '/room/open') continue
    for (const shown of [cookie, cookie.replace('vonglau_room', 'vonglau')]) {
      const part = { method: method.toUpperCase(), body: method === 'get' ? undefined : {} }
      const [asRoom, asNobody] = await Promise.all([house.ask(fill(path), { ...part, cookie: shown }), house.ask(fill(path), part)])
      if (asRoom.status !== asNobody.status || (needs !== 'anyone' && needs !== 'api_key' && asRoom.status !== 401)) wrong.push(`${method} ${path}: ${asRoom.status} and ${asNobody.status}`)
    }
  }
  expect(wrong).toEqual([])
})

test('the socket lets no room in', async () => {
  const { cookie } = await openRoom('police')
  const said = await new Promise<string>((resolve) => {
    const socket = io(house.app.url, { transports: ['websocket'], extraHeaders: { cookie }, reconnection: false, forceNew: true })
    socket.on('connect', () => resolve('let in'))
    socket.on('connect_error', ({ message }) => resolve(message))
  })
  expect(said).toBe('sign_in_needed')
})

test('the room’s own routes answer no sign-in, however high', async () => {
  const own = house.app.routes.filter(({ needs }) => needs === 'guest')
  const answered = await Promise.all(own.map(({ method, path }) => house.ask(fill(path), { method: method.toUpperCase(), cookie: house.cookie('admin'), body: method === 'get' ? undefined : {} })))
  expect([own.map(({ method, path }) => `${method} ${path}`).sort(), answered.map(({ status }) => status)]).toEqual([['get /room/board', 'get /room/cameras/:cameraId/still.jpg', 'get /room/live/:streamId/:file', 'get /room/now', 'post /room/cameras/:cameraId/ticket'], [401, 401, 401, 401, 401]])
})

test('a room tells nothing of a camera but what its tile shows', async () => {
  const { cookie } = await openRoom('police')
  const text = await (await house.ask('/room/board', { cookie })).text()
  expect(text).toContain('Trần Hưng Đạo 214')
  for (const kept of ['127.0.0.1', 'latitude', house.areas.own, 'rules', 'rtsp', 'bí-mật']) expect([kept, text.includes(kept)]).toEqual([kept, false])
})

test('a page of another site opens no room', async () => {
  const { token } = await openRoom('police')
  expect((await house.ask('/room/open', { method: 'POST', body: { token }, headers: { 'x-vonglau': '' } })).status).toBe(403)
  expect((await house.ask('/room/open', { method: 'POST', body: { token }, headers: { origin: 'http://elsewhere.vn' } })).status).toBe(403)
})

test('a sign-out ends no meeting; a new password, or being disabled, ends all of that person’s, on record', async () => {
  const { store } = house.app.parts
  const person = (await store.people.findForSignIn('ioc'))!.person
  const [one, of] = [await openRoom('ioc'), await openRoom('police')]
  const signedIn = await house.ask('/api/sign-in', { method: 'POST', body: { name: 'ioc', password: PASSWORD } })
  await house.ask('/api/sign-out', { method: 'POST', cookie: signedIn.headers.get('set-cookie')!.split(';')[0], body: {} })
  expect((await house.ask('/room/now', { cookie: one.cookie })).status).toBe(200)
  await house.ask(`/api/people/${person.id}`, { method: 'PATCH', cookie: house.cookie('admin'), body: { password: 'một-mật-khẩu-khác-2026' } })
  expect([(await house.ask('/room/now', { cookie: one.cookie })).status, (await house.ask('/room/now', { cookie: of.cookie })).status]).toEqual([401, 200])
  expect((await store.changes.of('person', person.id)).filter(({ what }) => what.startsWith('meeting')).map(({ what }) => what)).toEqual(['meeting_made', 'meeting_opened', 'meeting_revoked'])
  const admin = (await store.people.findForSignIn('admin'))!.person
  expect((await store.changes.of('person', person.id)).find(({ what }) => what === 'meeting_revoked')?.by).toBe(admin.id)
})
