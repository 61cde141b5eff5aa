import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { Rule } from '../../analytics/rules/rule.js'
import type { Observation } from '../../analytics/rules/observation.js'
import { loadModel } from '../../models/catalogue.js'
import { asId, type CameraId, type StreamId } from '../../server/domain/ids.js'
import { openMemoryPacketHub, type MemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import type { Packet } from '../../server/media/packet.js'
import { systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { openWatching, type CameraStats, type Watching, type WatchingOptions } from '../../server/watching/watching.js'
import { MATERIAL, materialThere } from '../support/clip-frames.js'
import { arrivedAt, filePackets, greySteps } from '../support/packets.js'
import { until } from '../support/until.js'
import { PLAIN } from '../support/plain-rule.js'

// Starting ffmpeg and loading a model take seconds on a busy machine; every wait inside has its own deadline.
import.meta.jest.setTimeout(90_000)

const { bytes } = await loadModel('eyes')
const camera = (name: string): CameraId => asId<CameraId>(name)
const stream = (name: string): StreamId => asId<StreamId>(`${name}-sub`)
const monday = (): { weekday: number; minuteOfDay: number } => ({ weekday: 1, minuteOfDay: 600 })

const open = new Set<Watching>()
afterEach(async () => {
  for (const watching of open) await watching.close()
  open.clear()
})

interface Stand {
  readonly hub: MemoryPacketHub
  readonly watching: Watching
  readonly observations: Observation[]
  readonly seen: { readonly cameraId: CameraId; readonly atMs: number; readonly classes: readonly string[] }[]
  readonly of: (name: string) => CameraStats
}

function stand(options: Partial<WatchingOptions> = {}): Stand {
  const hub = openMemoryPacketHub()
  const observations: Observation[] = []
  const seen: Stand['seen'] = []
  const watching = openWatching({
    hub, model: { name: 'eyes', bytes }, clock: systemClock, log: silentLog, ffmpeg: 'ffmpeg', runId: 'test', workers: 1,
    onObservations: (_, news) => observations.push(...news),
    onTracks: (cameraId, atMs, tracks) => seen.push({ cameraId, atMs, classes: tracks.map((track) => track.class) }),
    ...options,
  })
  open.add(watching)
  return { hub, watching, observations, seen, of: (name) => watching.stats().cameras.find((entry) => entry.cameraId === camera(name))! }
}

let grey: readonly Packet[]
let wide: readonly Packet[]
beforeAll(async () => {
  grey = (await greySteps({ width: 320, height: 180, count: 20, gop: 10, fps: 10 })).packets
  wide = (await greySteps({ width: 256, height: 144, count: 20, gop: 10, fps: 10 })).packets
})

/** Publishes as fast as the camera's frames are taken, so that no frame has to be dropped; arrival times are made up. */
async function play(to: Stand, name: string, packets: readonly Packet[], { fromMs, fps }: { readonly fromMs: number; readonly fps: number }): Promise<void> {
  let slot = -1
  let frames = 0
  for (const packet of packets) {
    const seconds = packet.decodeTime / packet.init.timescale
    to.hub.publish(stream(name), arrivedAt(packet, fromMs + seconds * 1000))
    if (Math.floor(seconds * fps) === slot) continue
    slot = Math.floor(seconds * fps)
    frames += 1
    await until('its frame was seen', () => to.of(name).framesJudged + to.of(name).framesUnchanged === frames)
  }
}

test('a malformed model is refused with field and reason; cameras are then blind, and say so', async () => {
  const { watching, hub, of } = stand({ model: { name: 'theirs', bytes: bytes.subarray(0, 1000) } })
  watching.setCamera(camera('a'), { streamId: stream('a'), rules: [], masks: () => [], zoneTime: monday })
  for (const packet of grey) hub.publish(stream('a'), packet)
  await expect(watching.ready).rejects.toMatchObject({ field: 'model.bytes', message: expect.stringContaining('cut short'), next: expect.stringMatching(/\.$/) })
  await until('its frames were counted as lost', () => of('a').lost > 0)
  expect(of('a')).toMatchObject({ state: 'blind', framesJudged: 0 })
})

test('one camera’s ffmpeg hangs and another sends garbage; the third is watched to its last frame', async () => {
  const folder = mkdtempSync(`${tmpdir()}/ffmpeg-`)
  writeFileSync(`${folder}/ffmpeg`, '#!/bin/sh\ncase "$*" in *scale=256:*) exec sleep 1000;; esac\nexec ffmpeg "$@"\n')
  chmodSync(`${folder}/ffmpeg`, 0o755)
  const it = stand({ ffmpeg: `${folder}/ffmpeg`, fps: 10 })
  for (const name of ['hangs', 'garbage', 'good']) it.watching.setCamera(camera(name), { streamId: stream(name), rules: [], masks: () => [], zoneTime: monday })
  await it.watching.ready
  for (const packet of wide) it.hub.publish(stream('hangs'), packet)
  for (const packet of grey) it.hub.publish(stream('garbage'), { ...packet, bytes: packet.bytes.map((byte) => byte ^ 0x77) })
  await play(it, 'good', grey, { fromMs: 1_700_000_000_000, fps: 10 })
  expect(it.of('good')).toMatchObject({ framesIn: 20, dropped: 0, lost: 0 })
  expect([it.of('hangs').framesJudged, it.of('garbage').framesJudged]).toEqual([0, 0])
})

test('a flood of frames is dropped and counted, never queued: the newest is judged', async () => {
  const it = stand({ fps: 10 })
  it.watching.setCamera(camera('a'), { streamId: stream('a'), rules: [], masks: () => [], zoneTime: monday })
  await it.watching.ready
  for (const packet of grey) it.hub.publish(stream('a'), arrivedAt(packet, 5_000_000 + (packet.decodeTime / 90_000) * 1000))
  await until('the newest was judged', () => it.seen.at(-1)?.atMs === 5_001_900)
  const { framesIn, framesJudged, framesUnchanged, dropped, lost } = it.of('a')
  expect(framesIn).toBe(20)
  expect(framesJudged + framesUnchanged + dropped + lost).toBe(20)
})

test('a picture that stands is judged once and every two seconds, and every frame of it is told', async () => {
  const it = stand({ fps: 10 })
  it.watching.setCamera(camera('a'), { streamId: stream('a'), rules: [], masks: () => [], zoneTime: monday })
  const { packets } = await greySteps({ width: 320, height: 180, count: 30, gop: 30, fps: 10, standing: true })
  await play(it, 'a', packets, { fromMs: 0, fps: 10 })
  expect(it.of('a')).toMatchObject({ framesIn: 30, framesJudged: 2, framesUnchanged: 28, dropped: 0 })
  expect(it.seen.map(({ atMs }) => atMs)).toHaveLength(30)
})

test('a camera that is removed is forgotten, and may come back with another stream', async () => {
  const it = stand({ fps: 10 })
  it.watching.setCamera(camera('a'), { streamId: stream('a'), rules: [], masks: () => [], zoneTime: monday })
  await play(it, 'a', grey, { fromMs: 0, fps: 10 })
  await it.watching.removeCamera(camera('a'))
  expect([it.watching.stats().cameras, it.hub.counters().readers]).toEqual([[], 0])
  it.watching.setCamera(camera('a'), { streamId: stream('b'), rules: [], masks: () => [], zoneTime: monday })
  for (const packet of wide) it.hub.publish(stream('b'), packet)
  await until('frames of the other stream came', () => it.of('a').framesJudged > 0)
})

const withMaterial = materialThere ? test : test.skip

withMaterial('a Hanoi crossing: tracks are seen, and vehicles over a line become observations with their times', async () => {
  const line: Rule = { id: 'line', name: 'Vạch dừng', kind: 'line_crossing', ...PLAIN, line: [{ x: 0.05, y: 0.62 }, { x: 0.95, y: 0.62 }], direction: 'both' }
  const it = stand()
  it.watching.setCamera(camera('hanoi'), { streamId: stream('hanoi'), rules: [line], masks: () => [], zoneTime: monday })
  await it.watching.ready
  const start = 1_700_000_000_000
  const packets = (await filePackets(`${MATERIAL}videos/hanoi_ly_thuong_kiet_16h30.mp4`)).filter((packet) => packet.decodeTime < 12 * 90_000)
  await play(it, 'hanoi', packets, { fromMs: start, fps: 5 })
  const classes = new Set(it.seen.flatMap((sight) => sight.classes))
  expect([classes.has('two_wheeler'), classes.has('car')]).toEqual([true, true])
  expect(it.observations.length).toBeGreaterThanOrEqual(2)
  for (const observation of it.observations) {
    expect(observation).toMatchObject({ ruleId: 'line', kind: 'line_crossing' })
    expect(observation.atMs).toBeGreaterThanOrEqual(start)
    expect(observation.atMs).toBeLessThanOrEqual(start + 12_500)
  }
})
