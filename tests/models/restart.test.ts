import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Settings } from '../../config/settings.js'
import { loadEightBits, loadModel } from '../../models/catalogue.js'
import { openApp, type App } from '../../server/app.js'
import { settlePeople } from '../../server/commands/settle-city.js'
import type { ModelId, PersonId } from '../../server/domain/ids.js'
import { systemClock } from '../../server/system/clock.js'
import { newId } from '../../server/system/ids.js'
import { silentLog } from '../../server/system/log.js'
import { renamedEyes } from '../support/renamed-eyes.js'
import { until } from '../support/until.js'

// The whole server, three times; each model is opened in a process from source.
import.meta.jest.setTimeout(180_000)

const [model, eightBits] = [await loadModel('eyes'), await loadEightBits()]
const folder = mkdtempSync(join(tmpdir(), 'vonglau-restart-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const start = (): Promise<App> => openApp({ settings: Settings.parse({ dataFolder: folder, http: { port: 0 }, cameras: { networks: ['127.0.0.0/8'], multicast: false }, recording: { enabled: false }, log: { level: 'silent' } }), clock: systemClock, log: silentLog, runId: `test:${newId()}`, version: '0', env: process.env, model, eightBits, playerFolder: null, sandbox: null })
const eyes = async (app: App) => (await app.parts.system()).parts.find(({ name }) => name === 'eyes')

const withFfmpeg = existsSync('/usr/bin/ffmpeg') ? test : test.skip

withFfmpeg('the model that was chosen watches after a restart; when its file is gone ours does, and the state of the server says so', async () => {
  const bytes = await renamedEyes('of the restart')
  let app = await start()
  await settlePeople({ ...app.parts, clock: systemClock, log: silentLog }, 'một-mật-khẩu-dài-2026', 'IOC thử')
  const by: PersonId = (await app.parts.store.people.list()).find(({ role }) => role === 'admin')!.id
  const { models } = app.parts
  const begun = await models.uploads.begin({ kind: 'model', name: 'x', bytes: bytes.length, by })
  if (typeof begun === 'string') throw new Error(begun)
  await models.uploads.put(begun.id, by, 0, bytes)
  const added = await models.add({ uploadId: begun.id, name: 'Của phường', licence: 'MIT', attribution: '', by })
  if (added.is !== 'added') throw new Error(JSON.stringify(added))
  const id: ModelId = added.model.id
  expect(await models.use(id, by)).toEqual({ is: 'used' })
  await app.close()

  app = await start()
  await until('the chosen one watches', async () => (await app.parts.models.state()).inUse === id, 60_000)
  expect([await eyes(app), app.parts.watching?.stats().pool.model.kind]).toEqual([expect.objectContaining({ ok: true }), 'ready'])
  await app.close()

  writeFileSync(join(folder, 'models', `${added.model.sha256}.onnx`), 'spoilt')
  app = await start()
  await until('the server says so', async () => (await eyes(app))?.ok === false, 60_000)
  expect((await eyes(app))?.said.vi).toBe('Mô hình đã chọn “Của phường” không dùng được (tệp mô hình đã bị thay đổi); mô hình mặc định đang thay')
  await app.parts.watching?.ready
  // Ours stands in, so its two files are compared; whichever of them is better here, somebody watches.
  await until('both files of ours were compared', () => 'gain' in app.parts.models.width(), 60_000)
  expect([app.parts.watching?.stats().pool.model.kind, (await app.parts.models.state()).inUse]).toEqual(['ready', 'eyes'])
  await app.close()
})
