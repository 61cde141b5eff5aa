import { asId, type CameraId, type StreamId } from '../../server/domain/ids.js'
import { makeLocalBus } from '../../server/flow/local-bus.js'
import { openMemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import { openRecording } from '../../server/recording/open-recording.js'
import { openStore } from '../../server/storage/open.js'
import { systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { arrivedAt, greySteps } from '../support/packets.js'

/** A server that records two cameras at 25 pictures a second until its parent kills it: `recording-program <folder>`. It tells each picture that came, before it is kept. */
const [folder = ''] = process.argv.slice(2)
const clock = systemClock
const store = await openStore({ url: `sqlite:${folder}/city.db`, log: silentLog, clock })
const hub = openMemoryPacketHub()
const bus = makeLocalBus(silentLog)
const { packets } = await greySteps({ width: 320, height: 180, count: 250, gop: 50, fps: 25 })
await openRecording({ store, hub, bus, clock, log: silentLog, folder: `${folder}/video`, ffmpeg: null, runId: 'test', policy: { mode: 'always', stream: 'main', days: 30, eventDays: 90 }, legalDays: 365, quotaBytes: null, reserveBytes: 0, ballastBytes: 0 })
const cameras = (await store.cameras.list()).map(({ id, streams }): { readonly id: CameraId; readonly stream: StreamId } => ({ id, stream: streams[0]?.id ?? asId<StreamId>('none') }))
process.on('disconnect', () => process.exit(0))
process.send?.({ ready: true })
const startMs = clock.monotonicMs()
for (const [n, packet] of packets.entries()) {
  const waitMs = startMs + n * 40 - clock.monotonicMs()
  if (waitMs > 0) await new Promise((resolve) => clock.after(waitMs, () => resolve(null)))
  const atMs = clock.wallMs()
  for (const { stream } of cameras) hub.publish(stream, arrivedAt(packet, atMs))
  process.send?.({ atMs })
}
