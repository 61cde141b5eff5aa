import { createHash } from 'node:crypto'
import type { Problem } from '../../server/contract/problem.js'
import type { ModelsView, ModelView, UploadView } from '../../server/contract/models.js'
import { loadModel } from '../../models/catalogue.js'
import { renamedEyes } from '../support/renamed-eyes.js'
import { openSmallHouse, type SmallHouse } from './small-house.js'

// A model is opened in a process started from source, seconds on a busy machine.
import.meta.jest.setTimeout(120_000)

let house: SmallHouse
beforeAll(async () => void (house = await openSmallHouse()))
afterAll(() => house.close())

const admin = (): string => house.cookie('admin')
const post = (path: string, body: unknown, cookie = admin()) => house.ask(path, { method: 'POST', cookie, body })
const put = (path: string, piece: Uint8Array, cookie = admin()) => fetch(`${house.app.url}${path}`, { method: 'PUT', headers: { cookie, 'x-vonglau': '1', 'content-type': 'application/octet-stream' }, body: piece as Uint8Array<ArrayBuffer> })
const problem = async (answered: Response): Promise<readonly [number, string, string | undefined]> => {
  const { code, faults } = (await answered.json()) as Problem
  return [answered.status, code, faults[0]?.field]
}
async function upload(bytes: Uint8Array, kind = 'model'): Promise<string> {
  const { id, pieceBytes } = (await (await post('/api/uploads', { kind, name: 'tệp.onnx', bytes: bytes.length })).json()) as UploadView
  for (let at = 0; at < bytes.length; at += pieceBytes) expect((await put(`/api/uploads/${id}/${at}`, bytes.subarray(at, at + pieceBytes))).status).toBe(200)
  return id
}
const form = (uploadId: string) => ({ uploadId, name: 'Của phường', licence: 'Apache-2.0', attribution: 'người làm' })
const list = async (): Promise<ModelsView> => (await (await house.ask('/api/models', { cookie: admin() })).json()) as ModelsView

test('an administrator brings a model; it stands in the list with its card, and goes again', async () => {
  const bytes = await renamedEyes('over HTTP')
  const answered = await post('/api/models', form(await upload(bytes)))
  expect(answered.status).toBe(201)
  const model = (await answered.json()) as ModelView
  expect(model).toMatchObject({ name: 'Của phường', builtIn: false, inUse: false, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length, licence: 'Apache-2.0', attribution: 'người làm', format: 'eyes', classes: ['person', 'two_wheeler', 'car', 'bus', 'truck'], input: { width: 640, height: 384 }, addedBy: 'Người admin', broken: null, lacks: [], evaluations: [] })
  expect((await list()).models.map(({ id }) => id)).toEqual([model.id])
  expect(await problem(await post('/api/models', form(await upload(bytes))))).toEqual([409, 'model_known', 'sha256'])
  // Nothing watches in this house (no ffmpeg), so nothing can be changed; the page is told why.
  expect(await problem(await post(`/api/models/${model.id}/use`, {}))).toEqual([409, 'nothing_watches', undefined])
  expect((await list()).notice?.said.vi).toContain('thiếu ffmpeg')
  expect((await house.ask(`/api/models/${model.id}`, { method: 'DELETE', cookie: admin() })).status).toBe(200)
  expect(await problem(await house.ask(`/api/models/${model.id}`, { method: 'DELETE', cookie: admin() }))).toEqual([404, 'not_found', undefined])
})

test('a file that is no model is refused with the field, the reason and the next step', async () => {
  const { bytes } = await loadModel('eyes')
  const answered = await post('/api/models', form(await upload(bytes.subarray(0, 2_000_000))))
  const { code, title, next, faults } = (await answered.json()) as Problem
  expect([answered.status, code, title.vi, next?.vi, faults[0]?.field]).toEqual([422, 'model_refused', 'Tệp không phải là mô hình ONNX nguyên vẹn', expect.stringMatching(/\.$/), 'model.bytes'])
  expect((await list()).models).toEqual([])
})

test('a file comes whole or not at all', async () => {
  const begin = async (bytes: number, kind = 'model') => post('/api/uploads', { kind, name: 'x', bytes })
  const { id } = (await (await begin(9)).json()) as UploadView
  expect((await put(`/api/uploads/${id}/0`, new Uint8Array(4))).status).toBe(200)
  expect([await problem(await put(`/api/uploads/${id}/0`, new Uint8Array(4))), await problem(await put(`/api/uploads/${id}/-1`, new Uint8Array(4))), await problem(await put(`/api/uploads/${id}/4`, new Uint8Array(2 ** 20 + 1)))]).toEqual([
    [409, 'upload_elsewhere', 'received'],
    [400, 'bad_form', 'at'],
    [413, 'too_large', undefined],
  ])
  expect(await problem(await post('/api/models', form(id)))).toEqual([409, 'upload_not_whole', 'uploadId'])
  expect(await problem(await post('/api/model-trials', { uploadId: id, modelIds: ['eyes'] }))).toEqual([503, 'tools_missing', undefined])
  expect((await house.ask(`/api/uploads/${id}`, { method: 'DELETE', cookie: admin() })).status).toBe(200)
  expect(await problem(await put(`/api/uploads/${id}/4`, new Uint8Array(4)))).toEqual([404, 'not_found', undefined])
  expect(await problem(await begin(2 ** 31))).toEqual([413, 'file_too_large', 'bytes'])
})

test('nobody but an administrator comes near; a piece is not even read from who may not', async () => {
  const { id } = (await (await post('/api/uploads', { kind: 'model', name: 'x', bytes: 9 })).json()) as UploadView
  expect((await put(`/api/uploads/${id}/0`, new Uint8Array(9), house.cookie('police'))).status).toBe(403)
  expect((await house.ask('/api/models', { cookie: house.cookie('ioc') })).status).toBe(403)
})
