import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Settings } from '../../config/settings.js'
import { loadModel } from '../../models/catalogue.js'
import { loadPlatePair } from '../../models/plate-pair.js'
import { openApp, type App, type AppOptions } from '../../server/app.js'
import { asId, type AlertId } from '../../server/domain/ids.js'
import type { City } from '../../server/sandbox/city.js'
import { systemClock } from '../../server/system/clock.js'
import { newId } from '../../server/system/ids.js'
import { silentLog, type Log } from '../../server/system/log.js'
import { addCameras, openCameras, raise } from '../browser/street.js'
import { childrenOfRun } from '../faults/processes.js'
import { FFMPEG } from '../sandbox/devices/films.js'
import { until } from '../support/until.js'
import { LETTER_NOTES, makeYolov5, makeYolov8 } from '../support/yolo-plates.js'

import.meta.jest.setTimeout(180_000)

/** From a moment in the street to the row of a plate, through the whole server. What the models can read is measured elsewhere. */
const pair = await loadPlatePair(undefined)
const withFfmpeg = FFMPEG ? test : test.skip
const withPlates = FFMPEG && !('said' in pair) ? test : test.skip
const lacking = 'said' in pair ? ` (SKIPPED: ${pair.said.en})` : ''

let said: string[] = []
const log: Log = { ...silentLog, warn: (facts, message) => void said.push(`${message} ${JSON.stringify(facts)}`) }
let city: City | null = null
let app: App | null = null
let folder: string
let runId: string

beforeEach(() => {
  said = []
  folder = mkdtempSync(join(tmpdir(), 'vonglau-plate-'))
  runId = `test-${newId()}:1`
})
afterEach(async () => {
  await app?.close()
  await city?.close()
  app = city = null
  await rm(folder, { recursive: true, force: true })
})

async function open(plates: NonNullable<AppOptions['plates']>, eyes: object = {}): Promise<App> {
  const settings = Settings.parse({ dataFolder: folder, http: { port: 0 }, cameras: { networks: ['127.0.0.0/8'], multicast: false }, log: { level: 'silent' }, eyes })
  app = await openApp({ settings, clock: systemClock, log, runId, version: '0', env: process.env, model: await loadModel('eyes'), plates, playerFolder: null, sandbox: null })
  return app
}

const part = async (opened: App): Promise<object | undefined> => (await opened.parts.system()).parts.find(({ name }) => name === 'plates')

withFfmpeg.each<[sentence: string, eyes: object, lines: number]>([
  ['without the models, one line at the start and the screen say that no plate is read, and why', {}, 1],
  ['where a city does not want it, nothing is said', { plates: false }, 0],
  ['where nothing is watched, nothing is said', { enabled: false }, 0],
])('%s', async (_sentence, eyes, lines) => {
  const opened = await open({ field: 'model.file', said: { vi: 'không có plate-finder.onnx', en: 'models/plate-finder.onnx cannot be read' }, next: 'Restore the file.' }, eyes)
  expect(await part(opened)).toEqual(lines === 0 ? undefined : { name: 'plates', ok: false, said: { vi: 'Không đọc biển số: không có plate-finder.onnx', en: 'No plate is read: models/plate-finder.onnx cannot be read' }, next: 'Restore the file.' })
  expect(said.filter((line) => line.includes('no plate is read')).length).toBe(lines)
  expect(said.every((line) => !line.includes('no plate is read') || line.includes('plate-finder.onnx'))).toBe(true)
})

withFfmpeg('a pair that a person brought is named on the screen; one that the runtime refuses is told there before any alert, and ours does not stand in', async () => {
  const brought = { name: 'a.onnx + b.onnx', brought: true, finder: makeYolov8({ classes: 1, said: [] }), reader: makeYolov5({ classes: 33, said: [], notes: LETTER_NOTES }), letters: null }
  const opened = await open(brought)
  expect(await part(opened)).toMatchObject({ ok: true, said: { vi: 'Biển số: bộ đọc riêng: a.onnx + b.onnx' } })
  await opened.close()
  const refused = await open({ ...brought, reader: new Uint8Array(9) })
  await until('its fault shows', async () => ((await part(refused)) as { ok: boolean }).ok === false, 60_000)
  expect(await part(refused)).toMatchObject({ said: { vi: expect.stringMatching(/^Không đọc biển số: không dùng được phần đọc chữ \(reader\) của bộ đọc riêng a.onnx/), en: expect.stringContaining('plate-reader') }, next: expect.stringContaining('Copy the file again') })
})

withPlates(`an alert about a vehicle gets a reading some seconds later, and a stop leaves no process${lacking}`, async () => {
  city = await openCameras(['ngã tư'])
  const opened = await open(pair)
  expect(await part(opened)).toMatchObject({ ok: true, said: { vi: 'Biển số: bộ đọc của hệ thống' } })
  const { store, hub } = opened.parts
  await store.areas.add({ id: asId('root'), name: 'Thành phố', parent: null })
  const [cameraId] = await addCameras(opened, city)
  const main = (await store.cameras.get(cameraId!))!.streams.find(({ role }) => role === 'main')!.id
  await until('the camera sends pictures', () => hub.newestAtMs(main) !== null, 60_000)
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  const alertId = asId<AlertId>(await raise(opened, cameraId!))
  const { incidentId } = (await store.alerts.get(alertId))!
  await until('its plate was looked for', async () => (await store.plates.of(incidentId)) !== null, 90_000)
  // The film shows no vehicle where the claim says that one was.
  expect(await store.plates.of(incidentId)).toMatchObject({ kind: 'too_few', raw: null, enhanced: null })
  expect((await store.changes.of('alert', alertId)).map(({ what }) => what)).toContain('plate_read')
  const sinceMs = performance.now()
  await opened.close()
  app = null
  expect(performance.now() - sinceMs).toBeLessThan(9_000)
  expect(childrenOfRun(runId)).toEqual([])
})
