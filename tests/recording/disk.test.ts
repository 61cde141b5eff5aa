import { asId, type CameraId, type RunId, type StreamId } from '../../server/domain/ids.js'
import { judgeIdentity } from '../../server/recording/disk-identity.js'
import { dayOf, initFile, readInitName, readSegmentId, readSegmentName, segmentFile, segmentId } from '../../server/recording/disk-names.js'
import { judgeDisk, type DiskFacts, type DiskLimits } from '../../server/recording/disk-space.js'
import { readFragments, readInitBytes } from '../../server/recording/fragments.js'
import { hasFfmpeg } from '../support/rtsp-server.js'
import { greySteps } from '../support/packets.js'

const CAMERA = asId<CameraId>('cam-1')
const GB = 1e9
const disk = (freeGb: number, recordedGb = 0): DiskFacts => ({ totalBytes: 100 * GB, freeBytes: freeGb * GB, recordedBytes: recordedGb * GB })
const limits = (quotaGb: number | null = null): DiskLimits => ({ quotaBytes: quotaGb === null ? null : quotaGb * GB, reserveBytes: 0 })

test.each<[sentence: string, facts: DiskFacts, limit: DiskLimits, level: string, releaseGb: number, stop: boolean]>([
  ['half full is well', disk(50), limits(), 'ok', 0, false],
  ['at 85 % it is told', disk(15), limits(), 'watch', 0, false],
  ['at 90 % the oldest goes, down to 88 %', disk(9), limits(), 'tight', 3, false],
  ['at 95 % it is urgent', disk(4), limits(), 'full', 8, false],
  ['with nothing free recording stops', disk(0), limits(), 'full', 12, true],
  ['a quota is a disk of its own', disk(50, 9.2), limits(10), 'tight', 0.4, false],
  ['beyond the quota recording stops', disk(50, 10.1), limits(10), 'full', 1.3, true],
  ['the reserve is not ours', disk(12), { quotaBytes: null, reserveBytes: 10 * GB }, 'full', 8.8, false],
  ['and we stop before it', disk(10), { quotaBytes: null, reserveBytes: 10 * GB }, 'full', 10.8, true],
])('%s', (_sentence, facts, limit, level, releaseGb, stop) => {
  const verdict = judgeDisk(facts, limit)
  expect({ level: verdict.level, releaseGb: Math.round(verdict.releaseBytes / 1e7) / 100, stop: verdict.stop, resumesToo: verdict.stop && verdict.mayResume }).toEqual({ level, releaseGb, stop, resumesToo: false })
})

test.each<[sentence: string, onDisk: string | null, inDatabase: string | null, hasRows: boolean, verdict: string]>([
  ['a new disk and a new database find each other', null, null, false, 'new'],
  ['two that know each other go on', 'a', 'a', true, 'ours'],
  ['a disk of another installation is refused', 'b', 'a', true, 'foreign'],
  ['a disk with recordings is not taken by a new database', 'b', null, false, 'foreign'],
  ['an empty folder where the disk should be is refused', null, 'a', true, 'not_mounted'],
  ['unless nothing was ever recorded', null, 'a', false, 'new'],
])('%s', (_sentence, onDisk, inDatabase, hasRows, verdict) => expect(judgeIdentity({ onDisk, inDatabase, hasRows })).toBe(verdict))

test('names tell what their rows need, and nothing else is read as one', () => {
  const name = { cameraId: CAMERA, runId: asId<RunId>('0f-1a'), number: 12, fromMs: Date.UTC(2026, 10, 20, 23, 59, 59) }
  expect(segmentFile(name)).toBe(`cam-1/2026-11-20/${name.fromMs}_12_0f-1a.m4s`)
  expect(readSegmentName(CAMERA, segmentFile(name, '.part').split('/')[2]!)).toEqual({ ...name, whole: false })
  const run = { cameraId: CAMERA, id: asId<RunId>('0f-1a'), streamId: asId<StreamId>('s-1'), ordinal: 3, startedAtMs: 5, startedMonoMs: 6 }
  expect(readInitName(CAMERA, initFile(run).split('/')[1]!)).toEqual(run)
  expect(['x.m4s', '1_2_../../etc.m4s', '1_2_a.mp4', '1_2_A.m4s', '_1_a.m4s', '1_2_a.m4s.bak'].map((text) => readSegmentName(CAMERA, text))).toEqual([null, null, null, null, null, null])
  expect(['', '-1', 'a', 'a-', '../a-1', 'a-1234567890', '__proto__'].map(readSegmentId)).toEqual([null, null, null, null, null, null, null])
  expect(readSegmentId(segmentId(name))).toEqual({ runId: '0f-1a', number: 12 })
  expect(() => segmentFile({ ...name, cameraId: asId<CameraId>('../x') })).toThrow('cannot name a folder')
  expect(dayOf(0)).toBe('1970-01-01')
})

;(hasFfmpeg() ? test : test.skip)('whatever a crash or a bad disk does to a file, its whole pictures are read and nothing is thrown', async () => {
  const { packets } = await greySteps({ width: 64, height: 48, count: 20, gop: 5, fps: 5 })
  const init = readInitBytes(packets[0]!.init.bytes)
  expect({ codec: init.codec, width: init.width, timescale: init.timescale }).toEqual({ codec: packets[0]!.init.codec, width: 64, timescale: 90_000 })
  const bytes = Buffer.concat(packets.map((packet) => packet.bytes))
  const ends = packets.map((_, n) => packets.slice(0, n + 1).reduce((sum, packet) => sum + packet.bytes.length, 0))
  for (let length = 0; length <= bytes.length; length += 7) {
    const read = readFragments(bytes.subarray(0, length), init.defaults)
    const whole = ends.filter((end) => end <= length)
    expect([read.fragments.length, read.wholeBytes]).toEqual([whole.length, whole.at(-1) ?? 0])
  }
  expect(readFragments(bytes, init.defaults).fragments.map(({ key, decodeTime, durationTicks }) => ({ key, decodeTime, durationTicks }))).toEqual(packets.map(({ key, decodeTime, durationTicks }) => ({ key, decodeTime, durationTicks })))

  const seed = Date.now() % 100_000
  let state = seed
  const random = (): number => (state = (state * 48_271 + 11) % 2_147_483_647) / 2_147_483_647
  for (let turn = 0; turn < 2_000; turn += 1) {
    const harmed = Buffer.from(bytes)
    for (let hit = 0; hit < 1 + random() * 6; hit += 1) harmed[Math.floor(random() * harmed.length)] = Math.floor(random() * 256)
    const read = readFragments(harmed, init.defaults)
    expect({ seed, turn, sane: read.wholeBytes <= harmed.length && read.fragments.length <= 20 }).toEqual({ seed, turn, sane: true })
  }
})
