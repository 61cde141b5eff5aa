import { io, type Socket } from 'socket.io-client'
import type { ScreenView, WallNews, WallView } from '../../server/contract/wall.js'
import type { CameraId } from '../../server/domain/ids.js'
import type { Role } from '../../server/domain/person.js'
import { openSmallHouse, type SmallHouse } from './small-house.js'

let house: SmallHouse
let own: CameraId
let second: CameraId
let foreign: CameraId
const sockets: Socket[] = []
beforeAll(async () => {
  house = await openSmallHouse()
  own = await house.addCamera(house.areas.own)
  second = await house.addCamera(house.areas.inner)
  foreign = await house.addCamera(house.areas.foreign, 'Camera của phường khác')
})
afterAll(async () => {
  for (const socket of sockets) socket.disconnect()
  await house.close()
})

interface Answered<T> {
  readonly status: number
  readonly value: T
}
async function ask<T>(role: Role, method: string, path: string, body?: unknown): Promise<Answered<T>> {
  const answered = await house.ask(path, { method, cookie: house.cookie(role), ...(body === undefined ? {} : { body }) })
  return { status: answered.status, value: (await answered.json()) as T }
}
const page = (...cameraIds: (string | null)[]) => ({ layout: '2x2', cameraIds })
const save = (role: Role, part: object = {}) => ask<WallView>(role, 'POST', '/api/walls', { name: 'Trung tâm', pages: [page(own, second)], ...part })
const wallsOf = async (role: Role) => (await ask<{ walls: WallView[] }>(role, 'GET', '/api/walls')).value.walls
const screenOf = async (role: Role, number: number) => (await ask<{ screens: ScreenView[] }>(role, 'GET', '/api/screens')).value.screens.find((screen) => screen.number === number)

function connect(role: Role): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = io(house.app.url, { transports: ['websocket'], extraHeaders: { cookie: house.cookie(role) }, reconnection: false, forceNew: true })
    sockets.push(socket)
    socket.on('connect', () => resolve(socket))
    socket.on('connect_error', reject)
  })
}
const show = (socket: Socket, number: unknown): Promise<ScreenView | null> => socket.emitWithAck('show_screen', { number }) as Promise<ScreenView | null>
const heard = (socket: Socket): Promise<ScreenView> => new Promise((resolve) => socket.on('wall', (news: WallNews) => news.kind === 'screen' && resolve(news.screen)))

describe('saved walls', () => {
  test('what one saves is theirs; what they share others see and cannot change', async () => {
    const { status, value: wall } = await save('police')
    expect([status, wall]).toEqual([201, expect.objectContaining({ name: 'Trung tâm', mine: true, by: 'Người police', dwellS: 20, shared: false, pages: [{ layout: '2x2', cameraIds: [own, second], locked: [] }] })])
    expect((await wallsOf('ioc')).map(({ id }) => id)).not.toContain(wall.id)
    expect((await ask('ioc', 'PUT', `/api/walls/${wall.id}`, { name: 'x', pages: [page(own)] })).status).toBe(404)
    await ask('police', 'PUT', `/api/walls/${wall.id}`, { name: 'Trung tâm', pages: [page(own, second)], shared: true })
    expect((await wallsOf('ioc')).find(({ id }) => id === wall.id)).toMatchObject({ mine: false, by: 'Người police' })
    expect((await ask('ioc', 'PUT', `/api/walls/${wall.id}`, { name: 'x', pages: [page(own)] })).status).toBe(403)
    expect((await ask('ioc', 'DELETE', `/api/walls/${wall.id}`)).status).toBe(403)
    expect((await ask('police', 'DELETE', `/api/walls/${wall.id}`)).status).toBe(200)
  })

  test('the order is the owner’s', async () => {
    const ids = [(await save('traffic', { name: 'a' })).value.id, (await save('traffic', { name: 'b' })).value.id]
    await ask('traffic', 'POST', '/api/walls/order', { wallIds: ids.toReversed() })
    expect((await wallsOf('traffic')).filter(({ mine }) => mine).map(({ name }) => name)).toEqual(['b', 'a'])
  })

  test.each<[sentence: string, part: () => object, field: string]>([
    ['a camera of another ward', () => ({ pages: [page(own, foreign)] }), 'pages.0.cameraIds.1'],
    ['a camera that does not exist', () => ({ pages: [page('no-such')] }), 'pages.0.cameraIds.0'],
    ['a camera twice on a page', () => ({ pages: [page(own), page(own, null, own)] }), 'pages.1.cameraIds.2'],
    ['more cameras than tiles', () => ({ pages: [{ layout: '1', cameraIds: [own, second] }] }), 'pages.0.cameraIds'],
    ['an unknown layout', () => ({ pages: [{ layout: '9x9', cameraIds: [] }] }), 'pages.0.layout'],
    ['a dwell of one second', () => ({ dwellS: 1 }), 'dwellS'],
    ['no name', () => ({ name: '  ' }), 'name'],
  ])('%s is refused, by field', async (_sentence, part, field) => {
    const { status, value } = await ask<{ faults: { field: string }[] }>('police', 'POST', '/api/walls', { name: 'x', pages: [page(own)], ...part() })
    expect([status, value.faults.map((one) => one.field)]).toEqual([400, [field]])
  })

  test('a camera one may not see is a lock without a name, and saving what one sees does not lose it', async () => {
    const { store } = house.app.parts
    const admin = (await store.people.findForSignIn('ioc'))!.person
    const id = 'wall-of-both'
    await store.walls.add({ id: id as never, ownerId: admin.id, name: 'Hai phường', pages: [{ layout: '2x2', cameraIds: [foreign, own] }], dwellS: 20, shared: true }, 1)
    const text = await (await house.ask('/api/walls', { cookie: house.cookie('ioc') })).text()
    expect([text.includes(foreign), text.includes('phường khác')]).toEqual([false, false])
    expect((await wallsOf('ioc')).find((wall) => wall.id === id)?.pages).toEqual([{ layout: '2x2', cameraIds: [null, own], locked: [0] }])
    await ask('ioc', 'PUT', `/api/walls/${id}`, { name: 'Hai phường', pages: [page(null, own, second)], shared: true })
    expect((await store.walls.get(id as never))?.pages).toEqual([{ layout: '2x2', cameraIds: [foreign, own, second] }])
  })
})

describe('big screens', () => {
  test('a push reaches the screen that is shown, and no other', async () => {
    const [two, three] = [await connect('ioc'), await connect('police')]
    expect(await show(two, 2)).toMatchObject({ number: 2, name: 'Màn hình 2', showing: null, connected: true })
    await show(three, 3)
    let strays = 0
    three.on('wall', (news: WallNews) => (strays += news.kind === 'screen' ? 1 : 0))
    const news = heard(two)
    const { value } = await ask<ScreenView>('police', 'PUT', '/api/screens/2', { name: 'Phòng họp', showing: { kind: 'camera', cameraId: own } })
    expect(value).toMatchObject({ number: 2, name: 'Phòng họp', connected: true, by: 'Người police' })
    expect(await news).toMatchObject({ number: 2, showing: { kind: 'camera', cameraId: own } })
    await three.emitWithAck('resume', { cursor: 0 }) // an answer comes after everything that was pushed before it
    expect(strays).toBe(0)
  })

  test('what was sent while the screen was away is what it is told when it is back; connected only while it is there', async () => {
    const gone = await connect('ioc')
    await show(gone, 4)
    const watcher = await connect('police')
    const told = new Promise<void>((resolve) => watcher.on('wall', (news: WallNews) => news.kind === 'screens' && resolve()))
    gone.disconnect()
    await told
    await ask('police', 'PUT', '/api/screens/4', { showing: { kind: 'camera', cameraId: second } })
    expect(await screenOf('police', 4)).toMatchObject({ connected: false, showing: { cameraId: second } })
    expect(await show(await connect('ioc'), 4)).toMatchObject({ showing: { kind: 'camera', cameraId: second }, connected: true })
    await ask('police', 'DELETE', '/api/screens/4')
    expect(await screenOf('police', 4)).toMatchObject({ showing: null, by: 'Người police' })
  })

  test('a wall is sent whole, and one that is neither theirs nor shared cannot be sent', async () => {
    const { value: wall } = await save('police', { name: 'Tuần tra', pages: [page(own), page(second)] })
    expect((await ask<{ faults: { field: string }[] }>('ioc', 'PUT', '/api/screens/5', { showing: { kind: 'wall', wallId: wall.id } })).value.faults[0]?.field).toBe('showing.wallId')
    await ask('police', 'PUT', '/api/screens/5', { showing: { kind: 'wall', wallId: wall.id } })
    expect(await show(await connect('ioc'), 5)).toMatchObject({ wall: { name: 'Tuần tra', pages: [{ cameraIds: [own] }, { cameraIds: [second] }] } })
    await ask('police', 'DELETE', `/api/walls/${wall.id}`)
    expect(await screenOf('ioc', 5)).toMatchObject({ showing: null, wall: null })
  })

  test('who may not see the camera is told that something is shown, without its name', async () => {
    const { store } = house.app.parts
    await store.screens.put({ number: 6, showing: { kind: 'camera', cameraId: foreign }, by: (await store.people.findForSignIn('admin'))!.person.id, atMs: 1 })
    const told = await show(await connect('ioc'), 6)
    expect([told?.showing, told?.withheld, JSON.stringify(told).includes(foreign)]).toEqual([null, true, false])
    expect((await ask<{ faults: { field: string }[] }>('police', 'PUT', '/api/screens/6', { showing: { kind: 'camera', cameraId: foreign } })).value.faults[0]?.field).toBe('showing.cameraId')
  })

  test('traffic officers look at screens and do not send to them', async () => {
    expect((await ask('traffic', 'GET', '/api/screens')).status).toBe(200)
    expect((await ask('traffic', 'PUT', '/api/screens/1', { showing: null })).status).toBe(403)
  })

  test.each([0, 100, 'x', null])('there is no screen %p', async (number) => {
    expect(await show(await connect('ioc'), number)).toBeNull()
    expect((await ask('police', 'PUT', `/api/screens/${number}`, { showing: null })).status).toBe(404)
  })
})
