import { Settings } from '../../config/settings.js'
import { openApp } from '../../server/app.js'
import type { AlertId, AreaId, PersonId } from '../../server/domain/ids.js'
import { systemClock } from '../../server/system/clock.js'
import { newId } from '../../server/system/ids.js'
import { silentLog } from '../../server/system/log.js'

/** The whole server, alerted and acknowledged as fast as it can; each acknowledged deed is a line on standard output. */
const [folder = '', runId = '', url = ''] = process.argv.slice(2)
const settings = Settings.parse({ dataFolder: folder, http: { port: 0 }, cameras: { networks: ['127.0.0.0/8'], multicast: false }, log: { level: 'silent' } })
const app = await openApp({ settings, clock: systemClock, log: silentLog, runId, version: '0', env: process.env, model: { fault: 'none here', next: '' }, playerFolder: null, sandbox: null })
const { store, bus, alerts, registry } = app.parts
const areaId: AreaId = await app.parts.firstArea('thử')
const known = (await store.people.list())[0]
const by = known?.id ?? (await store.people.add({ id: newId<PersonId>(), name: 'truc', displayName: 'Trực', role: 'police', areas: [areaId], language: 'vi', passwordHash: 'x', createdAtMs: 0 })).id
const cameras = await store.cameras.list()
const added = cameras[0] ? null : await registry.add({ name: 'c', areaId, place: { latitude: 0, longitude: 0, street: '', order: 0, heading: 0, reachM: 1 }, origin: { kind: 'rtsp' }, mainUrl: url, user: '', password: '' }, null)
const cameraId = cameras[0]?.id ?? (added?.ok ? added.camera.id : null)
if (!cameraId) throw new Error('no camera')

bus.subscribe('alert.raised', async ({ alertId }) => {
  process.stdout.write(`raised ${alertId}\n`)
  const acted = await alerts.act(alertId as AlertId, { do: 'claim' }, by, 1)
  if (acted.ok) process.stdout.write(`claimed ${alertId}\n`)
})
const raiseOne = (): void => {
  const atMs = systemClock.wallMs()
  bus.publish('observation.seen', { cameraId, seenBy: { ruleVersion: null, mode: 'live' }, observation: { ruleId: 'r', kind: 'red_light', episode: newId(), phase: 'began', atMs, sinceMs: atMs, witnesses: [], reason: { code: 'red_light', class: 'car', redForMs: 1000, yellowMs: null } } })
}
systemClock.every(4, raiseOne)
process.stdout.write('ready\n')
