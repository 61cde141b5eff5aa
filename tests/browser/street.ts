import type { App } from '../../server/app.js'
import type { Place } from '../../server/domain/camera.js'
import type { CameraId } from '../../server/domain/ids.js'
import type { Observation } from '../../server/domain/seen.js'
import { openCity, type City, type RenderedSceneLike } from '../../server/sandbox/city.js'
import { systemClock } from '../../server/system/clock.js'
import { newId } from '../../server/system/ids.js'
import { silentLog } from '../../server/system/log.js'
import { FFMPEG, LOOP_S, makeFilms } from '../sandbox/devices/films.js'

/** Half of what most cameras send: whatever carries, decodes and shows a picture shares two cores with the browser. */
const STREET_FPS = 12

/** Virtual cameras on the street, playing small films. */
export async function openCameras(names: readonly string[]): Promise<City> {
  const films = await makeFilms(STREET_FPS)
  const rendered = names.map((name, at): RenderedSceneLike => ({ id: `cam-${at}`, name: { vi: name, en: name }, folder: '', fps: STREET_FPS, loopMs: LOOP_S * 1000, main: films.main, sub: films.sub, variants: films.variants as RenderedSceneLike['variants'], truthFile: '', objectsFile: '' }))
  return openCity({ rendered, clock: systemClock, log: silentLog, ffmpeg: FFMPEG, runId: 'test:city', discoveryPort: 0 })
}

/** Where the camera of this number hangs: one after another along one street. */
export function placeOf(at: number): Place {
  return { latitude: 10.38 + at * 0.001, longitude: 105.43, street: 'Hùng Vương', order: at + 1, heading: 90, reachM: 60 }
}

/** Adds the virtual cameras by their RTSP addresses, named by their poles along the street: `Hùng Vương – trụ 1`, … */
export async function addCameras(app: App, city: City): Promise<readonly CameraId[]> {
  const [root] = await app.parts.store.areas.list()
  const added: CameraId[] = []
  for (const [at, camera] of city.cameras.entries()) {
    const put = await app.parts.registry.add({ name: `Hùng Vương – trụ ${at + 1}`, areaId: root!.id, place: placeOf(at), origin: { kind: 'rtsp' }, mainUrl: camera.rtspUrl('main'), subUrl: camera.rtspUrl('sub'), ...camera.sticker }, null)
    if (!put.ok) throw new Error(JSON.stringify(put.faults))
    added.push(put.camera.id)
  }
  return added
}

/** A claim of a rule, as the watching stage would send it: a truck against the arrow. Answers the id of its alert. */
export async function raise(app: App, cameraId: CameraId): Promise<string> {
  const nowMs = systemClock.wallMs()
  const raised = new Promise<string>((resolve) => {
    const stop = app.parts.bus.subscribe('alert.raised', (message) => {
      if (message.cameraId !== cameraId) return
      stop()
      resolve(message.alertId)
    })
  })
  const observation: Observation = { ruleId: 'r', kind: 'wrong_way', episode: `e-${newId()}`, phase: 'began', atMs: nowMs, sinceMs: nowMs - 2000, witnesses: [{ trackId: 7, class: 'truck', score: 0.91, box: { x1: 0.4, y1: 0.4, x2: 0.55, y2: 0.7 }, atMs: nowMs }], reason: { code: 'wrong_way', class: 'truck', heldMs: 2100, angleDeg: 172, travelled: 0.2 } }
  app.parts.bus.publish('observation.seen', { cameraId, seenBy: { ruleVersion: null, mode: 'live' }, observation })
  return raised
}
