import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Settings } from '../../config/settings.js'
import { EYES, loadModel } from '../../models/catalogue.js'
import { openApp, type App } from '../../server/app.js'
import type { CameraId } from '../../server/domain/ids.js'
import type { BoundPreset } from '../../server/domain/seen.js'
import type { VirtualCamera } from '../../server/sandbox/devices/virtual-camera.js'
import { systemClock } from '../../server/system/clock.js'
import { newId } from '../../server/system/ids.js'
import { silentLog } from '../../server/system/log.js'
import { drawScenes } from '../support/drawn-scenes.js'
import { passageAt, STREET_S } from '../support/drawn-street.js'
import { putLive } from '../support/put-rule.js'
import { hasFfmpeg } from '../support/rtsp-server.js'
import { until } from '../support/until.js'
import { openCamera } from '../sandbox/devices/films.js'

/**
 * A camera that turns looks at a drawn street, and wherever it is turned there is such a street: what is told of a bound rule is told
 * because of where the camera looks, and not because there is nothing to see.
 */
const possible = hasFfmpeg()
let app: App
let folder: string
let camera: VirtualCamera
let cameraId: CameraId
const said: { readonly rule: string; readonly phase: string; readonly atMs: number }[] = []
const alerted: string[] = []

beforeAll(async () => {
  if (!possible) return
  folder = mkdtempSync(join(tmpdir(), 'vonglau-preset-'))
  const [street] = await drawScenes({ ids: ['nga-tu'], loopMs: STREET_S * 1000, size: { width: 640, height: 360, subWidth: 640, subHeight: 360 } })
  const film = { main: street!.main, sub: street!.sub }
  camera = await openCamera({ ...film, variants: {} }, { ...film, fps: street!.fps, ptz: true, variants: { turned: film } })
  camera.ptz!.moveTo({ pan: 0.5 })
  camera.ptz!.savePreset('Nhánh bên')
  camera.ptz!.goHome()
  const settings = Settings.parse({ dataFolder: join(folder, 'data'), http: { port: 0 }, cameras: { networks: ['127.0.0.0/8'], multicast: false }, recording: { enabled: false }, log: { level: 'silent' } })
  app = await openApp({ settings, clock: systemClock, log: silentLog, runId: `test-${newId()}:1`, version: '0', env: process.env, model: await loadModel(EYES.id), playerFolder: null, sandbox: null })
  const { store, registry, bus } = app.parts
  bus.subscribe('observation.seen', ({ observation: { ruleId, phase, atMs } }) => void said.push({ rule: ruleId, phase, atMs }))
  bus.subscribe('alert.raised', async ({ incidentId }) => void alerted.push((await store.incidents.get(incidentId))?.ruleId ?? ''))
  const added = await registry.add({ name: 'Trụ quay', areaId: await app.parts.firstArea('thử'), place: { latitude: 0, longitude: 0, street: '', order: 0, heading: 0, reachM: 1 }, origin: { kind: 'onvif', address: camera.onvifUrl }, mainUrl: camera.rtspUrl('main'), subUrl: camera.rtspUrl('sub'), ...camera.credentials() }, null)
  if (!added.ok) throw new Error(JSON.stringify(added.faults))
  cameraId = added.camera.id
  const home: BoundPreset = { token: '1', name: 'Home', at: { pan: 0, tilt: 0, zoom: 0 } }
  await putLive(store, cameraId, { ...passageAt(0.55, 'bound'), preset: home })
  await putLive(store, cameraId, passageAt(0.55, 'free'))
  bus.publish('rule.changed', { cameraId, ruleId: 'bound' as never })
}, 420_000)
afterAll(async () => {
  await app?.close()
  await camera?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
}, 120_000)

const journey = possible ? test : test.skip
const begun = (rule: string, sinceMs: number): number => said.filter((one) => one.rule === rule && one.phase === 'began' && one.atMs > sinceMs).length
const bothBegin = (): Promise<void> => {
  const sinceMs = systemClock.wallMs()
  return until('both rules claim who passes', () => begun('bound', sinceMs) > 0 && begun('free', sinceMs) > 0, 240_000)
}

journey('a bound rule claims what it sees at its preset, nothing while the camera is turned away, and again when it is back', async () => {
  await bothBegin()
  const alertsBefore = alerted.filter((rule) => rule === 'bound').length
  camera.ptz!.goToPreset('2')
  const turnedAtMs = systemClock.wallMs()
  // Two loops of the street: whoever passes there is claimed by the rule that is bound to nothing.
  await until('two loops of the street are claimed by the unbound rule', () => begun('free', turnedAtMs + 2 * STREET_S * 1000) > 0, 240_000)
  expect([begun('bound', turnedAtMs), app.parts.aims.waiting(cameraId, { token: '1', name: 'Home', at: { pan: 0, tilt: 0, zoom: 0 } })?.why]).toEqual([0, 'elsewhere'])
  camera.ptz!.goHome()
  await bothBegin()
  process.stdout.write(`  turning: ${begun('free', turnedAtMs)} claims of the unbound rule since it was turned, ${begun('bound', turnedAtMs)} of the bound one, all of them after it was back; alerts of the bound one ${alertsBefore}, then ${alerted.filter((rule) => rule === 'bound').length}\n`)
}, 800_000)
