import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Packet } from '../../server/media/packet.js'
import { segmentFile, segmentId } from '../../server/recording/disk-names.js'
import { readFragments, readInitBytes } from '../../server/recording/fragments.js'
import { writePlaylist } from '../../server/recording/playlist.js'
import { runToEnd } from '../../server/system/child.js'
import { greySteps } from '../support/packets.js'
import { hasFfmpeg } from '../support/rtsp-server.js'
import { JUNCTION, T0 } from '../support/small-city.js'
import { FPS, MAIN, setScene, type Scene } from './scene.js'

const describeMedia = hasFfmpeg() ? describe : describe.skip
const POLICY = { mode: 'always', stream: 'main', days: 30, eventDays: 90 } as const

describeMedia('a camera is recorded', () => {
  let scene: Scene
  /** 120 s in two sessions; the second goes on on the first's time line. */
  let packets: readonly Packet[]
  let more: readonly Packet[]
  beforeAll(async () => {
    const first = await greySteps({ width: 320, height: 180, count: 300, gop: 10, fps: FPS })
    packets = first.packets
    more = (await greySteps({ width: 160, height: 90, count: 300, gop: 10, fps: FPS }, first.fragmenter)).packets
  })
  beforeEach(async () => void (scene = await setScene()))
  afterEach(() => scene.close())
  const rows = () => scene.store.recordings.between(JUNCTION, 0, T0 * 2)
  const gaps = async () => (await scene.store.recordings.gaps(JUNCTION, 0, T0 * 2)).map(({ cause, fromMs, toMs }) => `${cause} ${Math.round((fromMs - T0) / 1000)}-${Math.round((toMs - T0) / 1000)}`)

  test('each row has its file with its hash, segments follow each other without a hole and begin with key pictures', async () => {
    const recording = await scene.open()
    await scene.play(packets)
    await recording.close()
    const segments = await rows()
    expect(segments.length).toBeGreaterThan(5)
    for (const segment of segments) {
      const bytes = readFileSync(join(scene.folder, 'video', segmentFile(segment)))
      expect({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }).toEqual({ bytes: segment.bytes, sha256: segment.sha256 })
    }
    expect(segments.every(({ startsWithKey }) => startsWithKey)).toBe(true)
    const [run] = await scene.store.recordings.runs([segments[0]!.runId])
    for (const segment of segments) {
      const { fragments } = readFragments(readFileSync(join(scene.folder, 'video', segmentFile(segment))), readInitBytes(run!.init).defaults)
      expect(segment.keys).toEqual(fragments.slice(1).flatMap(({ key, decodeTime, at }) => (key ? [[decodeTime - segment.fromTicks, at]] : [])))
    }
    expect(segments.every(({ keys }) => keys.length > 0)).toBe(true)
    expect(segments.slice(1).map(({ fromTicks, fromMs }, at) => [fromTicks - segments[at]!.toTicks, fromMs - segments[at]!.toMs])).toEqual(segments.slice(1).map(() => [0, 0]))
    expect(segments.at(-1)!.toTicks).toBe(packets.at(-1)!.decodeTime + packets.at(-1)!.durationTicks)
    expect(segments.slice(0, -1).filter(({ fromMs, toMs }) => toMs - fromMs < 4_000 || toMs - fromMs > 10_000)).toEqual([])
  })

  test('the list plays: every picture of two sessions, of two sizes, comes out of ffmpeg', async () => {
    const recording = await scene.open()
    await scene.play(packets)
    await scene.play(more)
    await recording.close()
    const segments = await rows()
    const runs = await scene.store.recordings.runs([...new Set(segments.map(({ runId }) => runId))])
    expect(runs.map(({ width, height, ordinal }) => [width, height, ordinal])).toEqual([[320, 180, 1], [160, 90, 2]])
    expect(await gaps()).toEqual([])
    const folder = join(scene.folder, 'list')
    mkdirSync(folder)
    writeFileSync(join(folder, 'index.m3u8'), writePlaylist(segments, new Map(runs.map((run) => [run.id, run]))))
    for (const run of runs) writeFileSync(join(folder, `init-${run.id}.mp4`), run.init)
    for (const segment of segments) writeFileSync(join(folder, `${segmentId(segment)}.m4s`), (await recording.files.bytesOf(segment))!)
    const probed = await runToEnd('ffprobe', ['-v', 'error', '-allowed_extensions', 'ALL', '-count_frames', '-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0', join(folder, 'index.m3u8')], { timeoutMs: 20_000 })
    expect(probed.stdout.trim().split('\n')[0]).toBe(String(packets.length + more.length))
  })

  test('a camera that is lost leaves a gap that grows while it lasts, and what was held back is on the disk', async () => {
    const recording = await scene.open()
    await scene.play(packets.slice(0, 50))
    scene.clock.move(40_000)
    await scene.rest()
    expect(recording.stateOf(JUNCTION)).toMatchObject({ is: 'waiting', gap: { cause: 'camera_lost' } })
    await recording.flush()
    expect(await gaps()).toEqual([expect.stringMatching(/^camera_lost 10-(4\d|50)$/)])
    expect((await rows()).at(-1)!.toTicks).toBe(packets[49]!.decodeTime + packets[49]!.durationTicks)
    await scene.play(more.slice(0, 50))
    expect(recording.stateOf(JUNCTION)).toMatchObject({ is: 'recording', gap: null })
    await recording.flush()
    expect(await gaps()).toEqual(['camera_lost 10-50'])
  })

  test('a server that was away tells its own gap, and one that never recorded this camera tells none', async () => {
    const first = await scene.open()
    await scene.play(packets.slice(0, 50))
    await first.close()
    scene.hub.interrupt(MAIN)
    scene.clock.move(60_000)
    const second = await scene.open()
    await scene.play(more.slice(0, 50))
    await second.close()
    expect(await gaps()).toEqual(['server_down 10-70'])
    expect((await scene.store.recordings.runs([...new Set((await rows()).map(({ runId }) => runId))])).map(({ ordinal }) => ordinal)).toEqual([1, 2])
  })

  test('recording that is switched off, and a camera that is, stop at once and say so; switched on again it goes on', async () => {
    const recording = await scene.open()
    await scene.play(packets.slice(0, 50))
    await recording.setPolicy(JUNCTION, { ...POLICY, mode: 'off' })
    expect(recording.stateOf(JUNCTION)).toMatchObject({ is: 'off', gap: { cause: 'switched_off' } })
    await scene.play(packets.slice(50, 100))
    await recording.setPolicy(JUNCTION, POLICY)
    await scene.play(packets.slice(100, 150))
    await recording.flush()
    expect(await gaps()).toEqual(['switched_off 10-20'])
    await scene.store.cameras.change(JUNCTION, { enabled: false })
    scene.bus.publish('camera.changed', { cameraId: JUNCTION })
    await scene.rest()
    expect(recording.stateOf(JUNCTION)?.is).toBe('off')
  })

  test('a clock that is set splits the run: both clocks are kept, and playing goes in the order of recording', async () => {
    const recording = await scene.open()
    await scene.play(packets.slice(0, 60))
    scene.clock.step(-3_600_000)
    await scene.play(packets.slice(60, 120))
    await recording.close()
    const segments = await rows()
    const runs = await scene.store.recordings.runs([...new Set(segments.map(({ runId }) => runId))])
    expect(runs.map(({ startedAtMs, startedMonoMs }) => [startedAtMs - T0, startedMonoMs])).toEqual([[200, 200], [12_200 - 3_600_000, 12_200]])
    expect(segments.map(({ fromTicks }) => fromTicks)).toEqual(segments.map(({ fromTicks }) => fromTicks).toSorted((a, b) => a - b))
    expect(await gaps()).toEqual(['clock_step -3588-12'])
  })

  test('a disk that holds its breath disturbs nobody: live goes on, what was lost is a gap, and then it is recorded again', async () => {
    const recording = await scene.open({ bounds: { mailboxPackets: 40, backlogBytes: 10_000 } })
    const viewer = scene.hub.subscribe(MAIN, { from: 'next_key', capacity: 1_000, whenFull: 'skip_to_key' })
    await scene.play(packets.slice(0, 50))
    const breathing = await holdBreath(scene.folder)
    try {
      await scene.play(packets.slice(50, 200))
      expect(recording.stateOf(JUNCTION)).toMatchObject({ is: 'stopped', gap: { cause: 'disk_slow' } })
      expect(viewer.lost).toBe(0)
    } finally {
      breathing()
    }
    await scene.rest()
    await scene.play(packets.slice(200, 300))
    await recording.close()
    expect(recording.stateOf(JUNCTION)?.gap?.cause).not.toBe('disk_slow')
    const told = await gaps()
    expect(told).toEqual([expect.stringMatching(/^disk_slow [12]\d-4\d$/)])
    const [gap] = await scene.store.recordings.gaps(JUNCTION, 0, T0 * 2)
    expect((await rows()).at(-1)!.fromMs).toBeGreaterThanOrEqual(gap!.toMs)
  })

  test('recorded packets are the packets that came: a moment recalled from the disk equals the hub’s', async () => {
    const recording = await scene.open()
    await scene.play(packets.slice(0, 100))
    await recording.close()
    const plain = (list: readonly Packet[]) => list.map(({ key, atMs, decodeTime, durationTicks, bytes }) => ({ key, atMs, decodeTime, durationTicks, sha: createHash('sha256').update(bytes).digest('hex') }))
    const [fromMs, toMs] = [T0 + 6_500, T0 + 11_000]
    expect(plain(await recording.recall(MAIN, fromMs, toMs))).toEqual(plain(scene.hub.recall(MAIN, fromMs, toMs)))
    expect(new Set((await recording.recall(MAIN, fromMs, toMs)).map(({ init }) => init)).size).toBe(1)
    expect(await recording.recall(MAIN, 0, 1_000)).toEqual([])
  })

  test('the still of a moment is the recorded key picture nearest to it', async () => {
    const recording = await scene.open()
    await scene.play(packets.slice(0, 100))
    await recording.flush()
    const still = await recording.still(JUNCTION, T0 + 6_100)
    expect([still?.jpeg[0], still?.jpeg[1], (still?.atMs ?? 0) - T0]).toEqual([0xff, 0xd8, 6_200])
    expect(await recording.still(JUNCTION, T0 - 60_000)).toBeNull()
  })
})

/** Occupies each thread that Node writes files with, as a disk that does not answer does; the returned function lets go. */
async function holdBreath(folder: string): Promise<() => void> {
  const pipes = Array.from({ length: 4 }, (_, n) => join(folder, `pipe-${n}`))
  await runToEnd('mkfifo', pipes, { timeoutMs: 5_000 })
  const held = pipes.map((pipe) => open(pipe, 'r').then((handle) => handle.close()))
  return () => {
    for (const pipe of pipes) closeSync(openSync(pipe, 'w'))
    void Promise.all(held)
  }
}
