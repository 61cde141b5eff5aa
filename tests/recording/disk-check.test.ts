import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asId, type HoldId } from '../../server/domain/ids.js'
import type { RecordedSegment } from '../../server/domain/recording.js'
import type { Packet } from '../../server/media/packet.js'
import { checkDisk, mend, type Finding } from '../../server/recording/check.js'
import { takeDisk } from '../../server/recording/disk-identity.js'
import { segmentFile } from '../../server/recording/disk-names.js'
import { hasFfmpeg } from '../support/rtsp-server.js'
import { greySteps } from '../support/packets.js'
import { JUNCTION, LAN, T0 } from '../support/small-city.js'
import { FPS, MAIN, setScene, type Scene } from './scene.js'

const fileOf = (segment: RecordedSegment): string => segmentFile(segment)

/** What can happen to a file while the server stands still, and what the check must then say. */
const HARMS: Readonly<Record<string, { do(path: string): void; is: Finding['is']; after: 'gap' | 'whole' }>> = {
  deleted: { do: (path) => rmSync(path), is: 'missing', after: 'gap' },
  renamed: { do: (path) => renameSync(path, `${path}.old`), is: 'moved', after: 'whole' },
  truncated: { do: (path) => truncateSync(path, Math.floor(readFileSync(path).length / 2)), is: 'wrong_size', after: 'gap' },
  lengthened: { do: (path) => writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.alloc(10)])), is: 'wrong_size', after: 'gap' },
  flipped: {
    do(path) {
      const bytes = readFileSync(path)
      bytes[bytes.length >> 1]! ^= 1
      writeFileSync(path, bytes)
    },
    is: 'wrong_hash',
    after: 'gap',
  },
}

;(hasFfmpeg() ? describe : describe.skip)('the disk against the rows', () => {
  let scene: Scene
  let packets: readonly Packet[]
  let segments: readonly RecordedSegment[]
  const root = (): string => join(scene.folder, 'video')
  const pathOf = (segment: RecordedSegment): string => join(root(), segmentFile(segment))
  const check = () => checkDisk({ store: scene.store, root: root(), clock: scene.clock, hash: true, youngMs: 0 })
  const rows = () => scene.store.recordings.between(JUNCTION, 0, T0 * 2)

  beforeAll(async () => {
    packets = (await greySteps({ width: 64, height: 48, count: 600, gop: 5, fps: FPS })).packets
  })
  beforeEach(async () => {
    scene = await setScene()
    const recording = await scene.open()
    await scene.play(packets)
    await recording.close()
    segments = await rows()
  })
  afterEach(() => scene.close())

  test('an untouched disk agrees with its rows', async () => {
    expect(segments.length).toBeGreaterThan(12)
    expect(await check()).toMatchObject({ findings: [], cameras: [{ cameraId: JUNCTION, segments: segments.length, bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0), damaged: 0 }] })
  })

  test('files deleted, renamed, cut, lengthened and changed at random are told, each, and nothing else; mended, all agrees', async () => {
    const seed = Date.now() % 100_000
    let state = seed
    const random = (): number => (state = (state * 48_271 + 11) % 2_147_483_647) / 2_147_483_647
    const harmed = new Map<string, keyof typeof HARMS>()
    for (const segment of segments) {
      if (random() < 0.4) continue
      const how = Object.keys(HARMS)[Math.floor(random() * 5)]!
      HARMS[how]!.do(pathOf(segment))
      harmed.set(segmentFile(segment), how)
    }
    // A person's right to the span does not stop the check from telling the truth about it.
    await scene.store.holds.add({ id: asId<HoldId>('hold-1'), cameraId: JUNCTION, fromMs: 0, toMs: T0 * 2, untilMs: T0 * 2, reason: 'vụ 12', by: LAN, createdAtMs: T0 })
    const found = await check()
    expect({ seed, told: new Map(found.findings.map(({ file, is }) => [file, is])) }).toEqual({ seed, told: new Map([...harmed].map(([file, how]) => [file, HARMS[how]!.is])) })

    const kept = new Map(segments.map((segment) => [segmentFile(segment), existsSync(pathOf(segment)) || existsSync(`${pathOf(segment)}.old`)]))
    await mend({ store: scene.store, root: root(), clock: scene.clock, hash: true, youngMs: 0 }, found.findings)
    const after = await check()
    // What is damaged stays marked, and stays on the disk: it is held, and half a picture may still prove something.
    expect(after.findings.filter(({ is }) => is !== 'wrong_size' && is !== 'wrong_hash')).toEqual([])
    expect(segments.filter((segment) => existsSync(pathOf(segment)) !== kept.get(segmentFile(segment)))).toEqual([])
    const now = await rows()
    const shown = new Set(now.filter(({ damaged }) => !damaged).map(fileOf))
    const whole = segments.map(fileOf).filter((file) => !harmed.has(file) || HARMS[harmed.get(file)!]!.after === 'whole')
    expect([...shown].toSorted()).toEqual(whole.toSorted())
    const gaps = await scene.store.recordings.gaps(JUNCTION, 0, T0 * 2)
    expect(gaps.filter(({ cause }) => cause === 'damaged').length).toBe([...harmed.values()].filter((how) => how === 'deleted').length)
  })

  test('nothing is served with a wrong hash, and the row says so from then on; the right file put back is shown again', async () => {
    // A server that starts anew remembers no picture.
    scene.hub.interrupt(MAIN)
    const recording = await scene.open()
    const [first, second] = segments as [RecordedSegment, RecordedSegment]
    expect((await recording.files.bytesOf(first))?.length).toBe(first.bytes)
    copyFileSync(pathOf(second), join(scene.folder, 'aside'))
    HARMS['flipped']!.do(pathOf(second))
    expect(await recording.files.bytesOf(second)).toBeNull()
    expect((await rows()).filter(({ damaged }) => damaged).map(fileOf)).toEqual([segmentFile(second)])
    copyFileSync(join(scene.folder, 'aside'), pathOf(second))
    const found = await check()
    expect(found.findings.map(({ is }) => is)).toEqual(['healed'])
    await mend({ store: scene.store, root: root(), clock: scene.clock, hash: true, youngMs: 0 }, found.findings)
    expect((await rows()).filter(({ damaged }) => damaged)).toEqual([])
  })

  test('a database that lost its newest rows takes the files up again; one that lost all does, with their init segments', async () => {
    for (const segment of segments) await scene.store.recordings.forget(segment, { cameraId: JUNCTION, cause: 'damaged', fromMs: segment.fromMs, toMs: segment.fromMs })
    const found = await check()
    expect(found.findings.map(({ is }) => is)).toEqual(segments.map(() => 'no_row'))
    await mend({ store: scene.store, root: root(), clock: scene.clock, hash: true, youngMs: 0 }, found.findings)
    const same = ({ runId, number, fromMs, fromTicks, toTicks, bytes, sha256, startsWithKey, keys, motion }: RecordedSegment) => ({ runId, number, fromMs, fromTicks, toTicks, bytes, sha256, startsWithKey, keys, motion })
    expect((await rows()).map(same)).toEqual(segments.map(same))

    const another = await scene.anotherStore()
    await takeDisk(another, root())
    const all = await checkDisk({ store: another, root: root(), clock: scene.clock, hash: true, youngMs: 0 })
    await mend({ store: another, root: root(), clock: scene.clock, hash: true, youngMs: 0 }, all.findings)
    expect((await another.recordings.between(JUNCTION, 0, T0 * 2)).map(same)).toEqual(segments.map(same))
    expect((await another.recordings.runs([segments[0]!.runId])).map(({ init, ...run }) => ({ ...run, init: init.length }))).toEqual((await scene.store.recordings.runs([segments[0]!.runId])).map(({ init, ...run }) => ({ ...run, init: init.length })))
  })

  test('strange files are told and never touched', async () => {
    mkdirSync(join(root(), 'unknown-camera'))
    writeFileSync(join(root(), 'unknown-camera', 'x'), 'x')
    writeFileSync(join(root(), 'HOLIDAY.MP4'), 'x')
    const found = await check()
    expect(found.findings.map(({ is, file }) => `${is} ${file}`).toSorted()).toEqual(['strange HOLIDAY.MP4', 'strange unknown-camera'])
    await mend({ store: scene.store, root: root(), clock: scene.clock, hash: true, youngMs: 0 }, found.findings)
    expect([existsSync(join(root(), 'HOLIDAY.MP4')), existsSync(join(root(), 'unknown-camera', 'x'))]).toEqual([true, true])
  })
})
