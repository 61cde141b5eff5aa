import type { CameraView } from '../../server/contract/cameras.js'
import type { Problem } from '../../server/contract/problem.js'
import type { CameraId } from '../../server/domain/ids.js'
import { openSmallHouse, type SmallHouse } from './small-house.js'

let house: SmallHouse
let cameraId: CameraId
beforeAll(async () => {
  house = await openSmallHouse()
  cameraId = await house.addCamera(house.areas.own)
})
afterAll(() => house.close())

const POINTS = [{ x: 0, y: 0 }, { x: 0.25, y: 0 }, { x: 0, y: 0.5 }]
const MASK = { points: POINTS, preset: null }
const BOUND = { points: POINTS, preset: { token: '2', name: 'Nhánh bên', at: { pan: 0.4, tilt: -0.1, zoom: 0 } } }
const put = (masks: unknown, cookie = house.cookie('admin')): Promise<Response> => house.ask(`/api/cameras/${cameraId}`, { method: 'PATCH', cookie, body: { masks } })
const read = async (): Promise<CameraView['masks']> => ((await (await house.ask(`/api/cameras/${cameraId}`, { cookie: house.cookie('police') })).json()) as CameraView).masks

test('masks are put as a whole, told to whoever sees the camera, and noted in its log', async () => {
  expect(await read()).toEqual([])
  expect((await put([{ points: POINTS }, BOUND])).status).toBe(200)
  expect(await read()).toEqual([MASK, BOUND])
  expect((await put([MASK])).status).toBe(200)
  expect(await read()).toEqual([MASK])
  expect((await house.app.parts.store.changes.of('camera', cameraId)).at(-1)).toMatchObject({ what: 'changed', facts: { fields: 'masks' } })
  // Another change leaves them alone.
  expect((await house.ask(`/api/cameras/${cameraId}`, { method: 'PATCH', cookie: house.cookie('admin'), body: { name: 'Cổng chợ' } })).status).toBe(200)
  expect(await read()).toEqual([MASK])
})

test('only who manages cameras draws them', async () => expect((await put([], house.cookie('police'))).status).toBe(403))

test.each<[string, unknown, string]>([
  ['two points', [{ points: POINTS.slice(1) }], 'masks.0.points'],
  ['a point outside the picture', [{ points: [...POINTS, { x: 1.5, y: 0 }] }], 'masks.0.points.3.x'],
  ['a preset without a place', [{ points: POINTS, preset: { token: '2', name: 'Nhánh bên' } }], 'masks.0.preset.at'],
  ['a place that no mount has', [{ points: POINTS, preset: { ...BOUND.preset, at: { pan: 1.2, tilt: 0, zoom: 0 } } }], 'masks.0.preset.at.pan'],
  ['too many', Array.from({ length: 17 }, () => MASK), 'masks'],
])('%s: refused by its name, and nothing changes', async (_name, masks, field) => {
  const answered = await put(masks)
  expect([answered.status, ((await answered.json()) as Problem).faults[0]?.field]).toEqual([400, field])
  expect(await read()).toEqual([MASK])
})

test('a lamp is looked at in a picture, where there is one, and the question is checked', async () => {
  const ask = async (query: string, role: 'admin' | 'police' = 'admin'): Promise<readonly unknown[]> => {
    const answered = await house.ask(`/api/cameras/${cameraId}/lamp?${query}`, { cookie: house.cookie(role) })
    return [answered.status, ((await answered.json()) as Problem).code]
  }
  expect(await ask('x1=0.1&y1=0.1&x2=0.2&y2=0.3&order=vertical')).toEqual([404, 'not_found'])
  expect(await ask('x1=0.1&y1=0.1&x2=2&y2=0.3&order=vertical')).toEqual([400, 'bad_form'])
  expect(await ask('x1=0.1&y1=0.1&x2=0.2&y2=0.3&order=vertical', 'police')).toEqual([403, 'forbidden'])
})
