import { openEvidence } from '../../server/evidence/evidence.js'
import { openMemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import { makeLocalBus } from '../../server/flow/local-bus.js'
import { openStore } from '../../server/storage/open.js'
import { systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { coversOf } from '../support/covers.js'
import { arrivedAt, greySteps } from '../support/packets.js'
import { JUNCTION, raise } from '../support/small-city.js'
import { MAIN } from './scene.js'

/** A server that makes evidence of one alert after another until its parent kills it: `capture-program <folder> <first alert's number>`. */
const [folder = '', first = '0'] = process.argv.slice(2)
const clock = systemClock
const store = await openStore({ url: `sqlite:${folder}/city.db`, log: silentLog, clock })
const hub = openMemoryPacketHub({ rememberMs: 60_000 })
const bus = makeLocalBus(silentLog)
const { packets } = await greySteps({ width: 320, height: 180, count: 72, gop: 5, fps: 5 })
const startMs = clock.wallMs() - 15_000
for (const [n, packet] of packets.entries()) hub.publish(MAIN, arrivedAt(packet, startMs + n * 200))
const evidence = await openEvidence({ store, hub, bus, clock, log: silentLog, folder: `${folder}/evidence`, ffmpeg: 'ffmpeg', runId: 'test', streamsOf: async () => ({ main: MAIN, sub: null }), masksDuring: coversOf(store).during })
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
for (let n = Number(first); ; n += 1) {
  // The moment lies 8 s back, so its clip is due at once.
  const atMs = startMs + 7_000
  const alert = await raise(store, `alert-${n}`, { raisedAtMs: atMs, changedAtMs: atMs, cameraId: JUNCTION }, { openedAtMs: atMs, sinceMs: atMs })
  bus.publish('alert.raised', { alertId: alert.id, incidentId: alert.incidentId, cameraId: alert.cameraId })
  process.send?.('raised')
  await new Promise((resolve) => clock.after(20, () => resolve(null)))
  await evidence.idle()
}
