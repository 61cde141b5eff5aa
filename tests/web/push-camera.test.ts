import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { AddedCameraView, CameraView, PushView } from '../../server/contract/cameras.js'
import { closeAllOpened, hasFfmpeg } from '../support/rtsp-server.js'
import { until } from '../support/until.js'
import { ended, startEncoder } from '../ingest/push-stream.js'
import { openSmallHouse, type SmallHouse } from './small-house.js'

let house: SmallHouse
afterEach(async () => {
  await closeAllOpened()
  await house.close()
})

const form = (part: object = {}): object => ({ name: 'Đầu ghi cũ 1', areaId: house.areas.own, place: { latitude: 10.3866, longitude: 105.4352, street: 'Lê Lợi', order: 1, heading: 0, reachM: 60 }, origin: { kind: 'push' }, ...part })
const post = (path: string, body?: unknown, role: 'admin' | 'ioc' = 'admin'): Promise<Response> => house.ask(path, { method: 'POST', cookie: house.cookie(role), body: body ?? {} })
const camera = async (id: string): Promise<CameraView> => (await (await house.ask(`/api/cameras/${id}`, { cookie: house.cookie('admin') })).json()) as CameraView
const portOf = (address: string | null): number => Number(/^rtmp:\/\/127\.0\.0\.1:(\d+)\/live$/.exec(address ?? '')?.[1])

const withFfmpeg = hasFfmpeg() ? test : test.skip

withFfmpeg('a camera that pushes is added with its address and a key told once; what is pushed is live; a new key ends the old', async () => {
  house = await openSmallHouse({ settings: { rtmp: { enabled: true, port: 29_350 + (process.pid % 500) } }, env: process.env })
  const answered = await post('/api/cameras', form())
  expect(answered.status).toBe(201)
  const added = (await answered.json()) as AddedCameraView
  expect(added).toMatchObject({ origin: 'push', push: { key: expect.stringMatching(/^[0-9a-f]{32}$/) }, streams: [{ role: 'main' }] })
  const { address, key } = added.push!
  await until('it waits for the encoder', () => house.app.parts.session(added.streams[0]!.id as never)?.trouble?.code === 'not_pushed')
  expect((await camera(added.id)).streams[0]).toMatchObject({ state: 'waiting', trouble: { code: 'not_pushed', state: { vi: 'Đang chờ thiết bị đẩy hình' }, tried: 'RTMP' } })

  const encoder = startEncoder(portOf(address), key)
  await until('it is live', () => house.app.parts.session(added.streams[0]!.id as never)?.state === 'live')
  expect((await camera(added.id)).streams[0]).toMatchObject({ state: 'live', width: 320, height: 180, trouble: null })

  const again = (await (await post(`/api/cameras/${added.id}/push-key`)).json()) as PushView
  expect([again.address, again.key === key]).toEqual([address, false])
  await ended(encoder)
  await until('it waits again', () => house.app.parts.session(added.streams[0]!.id as never)?.state === 'waiting')
  startEncoder(portOf(address), again.key)
  await until('it is live with the new key', () => house.app.parts.session(added.streams[0]!.id as never)?.state === 'live')

  const texts = await Promise.all(['/api/cameras', `/api/cameras/${added.id}`, '/readyz', '/api/people'].map(async (path) => (await house.ask(path, { cookie: house.cookie('admin') })).text()))
  const kept = readdirSync(house.folder, { recursive: true, encoding: 'utf8' }).map((name) => join(house.folder, name)).filter((path) => statSync(path).isFile()).map((path) => readFileSync(path, 'latin1'))
  expect(kept.length).toBeGreaterThan(1)
  expect([...texts, ...kept].filter((text) => text.includes(key) || text.includes(again.key))).toEqual([])
  expect((await house.app.parts.store.changes.of('camera', added.id)).map(({ what }) => what)).toEqual(['added', 'push_key_made'])
})

test('where RTMP is switched off, and where a field is wrong, the answer names the field and the next step', async () => {
  house = await openSmallHouse()
  const off = await post('/api/cameras', form())
  expect([off.status, ((await off.json()) as { faults: unknown }).faults]).toEqual([400, [{ field: 'origin.kind', reason: expect.stringContaining('rtmp.enabled: true') }]])
  const bare = await post('/api/cameras', form({ origin: { kind: 'rtsp' } }))
  expect([bare.status, ((await bare.json()) as { faults: unknown }).faults]).toEqual([400, [{ field: 'mainUrl', reason: expect.stringContaining('rtsp://') }]])
  await house.close()
  house = await openSmallHouse({ settings: { rtmp: { enabled: true } } })
  const odd = await post('/api/cameras', form({ origin: { kind: 'push', networks: ['10.0.0.0/8', 'chợ'] } }))
  expect([odd.status, ((await odd.json()) as { faults: unknown }).faults]).toEqual([400, [{ field: 'origin.networks.1', reason: expect.stringContaining('10.20.0.0/16') }]])
})

test('a key is made by those who manage cameras, in their own areas, for cameras that push', async () => {
  house = await openSmallHouse({ settings: { rtmp: { enabled: true, port: 0 } } })
  const added = (await (await post('/api/cameras', form())).json()) as AddedCameraView
  const read = await house.addCamera(house.areas.own)
  const foreign = await house.addCamera(house.areas.foreign)
  expect(await Promise.all([post(`/api/cameras/${added.id}/push-key`, {}, 'ioc'), post(`/api/cameras/${read}/push-key`), post(`/api/cameras/${foreign}/push-key`), post('/api/cameras', form({ areaId: house.areas.foreign }))].map(async (answer) => (await answer).status))).toEqual([403, 404, 404, 403])
})
