import { loadModel } from '../../models/catalogue.js'
import { asId, type CameraId, type StreamId } from '../../server/domain/ids.js'
import { openMemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import { systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { openWatching, type Watching } from '../../server/watching/watching.js'
import { makeOnnx } from '../support/make-onnx.js'
import { arrivedAt, turningBars } from '../support/packets.js'
import { until } from '../support/until.js'

import.meta.jest.setTimeout(90_000)

const { bytes } = await loadModel('eyes')
/** A model of our own format that sees one bus in every picture. */
const busEverywhere = makeOnnx({
  inputs: [{ name: 'frames', type: 'uint8', dims: [null, null, null, 3] }],
  answers: [
    { name: 'boxes', dims: [1, 1, 4], values: Float32Array.of(32, 32, 160, 128) },
    { name: 'scores', dims: [1, 1, 1], values: Float32Array.of(0.9) },
  ],
  notes: { classes: 'bus' },
})

let watching: Watching
afterEach(() => watching.close())

/** Two cameras in which something always moves, each watched at 10 a second; what is seen is told by camera. */
async function stand(): Promise<{ readonly seen: { readonly cameraId: CameraId; readonly classes: readonly string[] }[]; play(half: 0 | 1): Promise<void> }> {
  const hub = openMemoryPacketHub()
  const packets = await turningBars({ fps: 10, gop: 10, stopS: 9, goS: 9, seconds: 4 })
  const seen: { cameraId: CameraId; classes: readonly string[] }[] = []
  watching = openWatching({ hub, model: { name: 'eyes', bytes }, clock: systemClock, log: silentLog, ffmpeg: 'ffmpeg', runId: 'test', workers: 1, fps: 10, onObservations: () => undefined, onTracks: (cameraId, _atMs, _tracks, found) => seen.push({ cameraId, classes: found.map((one) => one.class) }) })
  for (const name of ['a', 'b']) watching.setCamera(asId<CameraId>(name), { streamId: asId<StreamId>(`${name}-sub`), rules: [], masks: () => [], zoneTime: () => ({ weekday: 1, minuteOfDay: 600 }) })
  await watching.ready
  const judged = (): number => watching.stats().cameras.reduce((sum, { framesJudged }) => sum + framesJudged, 0)
  return {
    seen,
    async play(half) {
      for (const packet of packets.slice(half * 20, half * 20 + 20)) {
        const before = judged()
        const at = arrivedAt(packet, 1_700_000_000_000 + (packet.decodeTime / packet.init.timescale) * 1000)
        for (const name of ['a', 'b']) hub.publish(asId<StreamId>(`${name}-sub`), at)
        await until('both frames were judged', () => judged() === before + 2)
      }
    },
  }
}

test('another model takes over while two cameras are watched: no frame is lost, and from then on it is the one that sees', async () => {
  const { seen, play } = await stand()
  await play(0)
  const changing = watching.useModel({ name: 'bus', bytes: busEverywhere })
  await changing
  const from = seen.length
  await play(1)
  expect(seen.slice(0, from).flatMap(({ classes }) => classes)).not.toContain('bus')
  expect(seen.slice(from).map(({ classes }) => classes)).toEqual(Array.from({ length: 40 }, () => ['bus']))
  expect(watching.stats().cameras.map(({ lost, dropped, decoderRestarts }) => [lost, dropped, decoderRestarts])).toEqual([[0, 0, 0], [0, 0, 0]])
  expect(watching.stats().pool).toMatchObject({ judged: 80, lost: 0, deaths: 0, model: { kind: 'ready', runsOn: 'cpu' } })
})

test('a model that is refused changes nothing: the one before goes on', async () => {
  const { play } = await stand()
  await expect(watching.useModel({ name: 'theirs', bytes: bytes.subarray(0, 1000) })).rejects.toMatchObject({ field: 'model.bytes', next: expect.stringMatching(/\.$/) })
  await play(0)
  expect(watching.stats().pool).toMatchObject({ judged: 40, lost: 0, model: { kind: 'ready' } })
})

test('of two changes asked for at once the later one stands', async () => {
  const { seen, play } = await stand()
  await Promise.all([watching.useModel({ name: 'bus', bytes: busEverywhere }), watching.useModel({ name: 'eyes', bytes })])
  await play(0)
  expect(seen.flatMap(({ classes }) => classes)).not.toContain('bus')
})
