import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Packet } from '../../server/media/packet.js'
import type { Recording } from '../../server/recording/open-recording.js'
import { holesIn } from '../../server/recording/timeline.js'
import { runToEnd } from '../../server/system/child.js'
import { hasFfmpeg } from '../support/rtsp-server.js'
import { greySteps } from '../support/packets.js'
import { JUNCTION, T0 } from '../support/small-city.js'
import { FPS, setScene, type Scene } from './scene.js'

/** A disk of 8 MB of its own, which only root can make: the limits are real, and nothing else on the machine is filled. */
const DISK_MB = 8
const asRoot = process.getuid?.() === 0 && hasFfmpeg()

;(asRoot ? describe : describe.skip)(`a full disk${asRoot ? '' : ': needs root and ffmpeg'}`, () => {
  let scene: Scene
  let recording: Recording
  let packets: readonly Packet[]
  let at = 0
  const root = (): string => join(scene.folder, 'video')
  /** Another program takes space until so much is left. */
  const leave = (bytes: number): void => {
    rmSync(join(root(), 'lost+found'), { force: true })
    const { bavail, bsize } = statfsSync(root())
    if (bavail * bsize > bytes) writeFileSync(join(root(), 'lost+found'), Buffer.alloc(bavail * bsize - bytes, 1))
  }
  const play = (seconds: number): Promise<void> => scene.play(packets.slice(at, (at += seconds * FPS)))
  const said = async (): Promise<readonly string[]> => (await scene.store.changes.of('camera', 'recording')).map(({ what, facts }) => [what, facts['level'] ?? facts['why']].join(' '))
  const gaps = async () => (await scene.store.recordings.gaps(JUNCTION, 0, T0 * 2)).map(({ cause, fromMs, toMs }) => ({ cause, ms: toMs - fromMs }))

  beforeAll(async () => {
    packets = (await greySteps({ width: 64, height: 48, count: 900, gop: 5, fps: FPS })).packets
  })
  beforeEach(async () => {
    at = 0
    scene = await setScene()
    mkdirSync(root(), { mode: 0o700 })
    expect(await runToEnd('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m`, 'vonglau-test', root()], { timeoutMs: 5_000 })).toMatchObject({ code: 0 })
    recording = await scene.open()
  })
  afterEach(async () => {
    await recording.close()
    await runToEnd('umount', [root()], { timeoutMs: 5_000 })
    await scene.close()
  })

  test('recording stops cleanly, says so, tells the gap and begins again by itself within 30 s of space being back', async () => {
    await play(12)
    leave(0)
    // As long as older recordings can go, it records on; then it stops, and misses what comes.
    for (let turn = 0; turn < 5 && recording.stateOf(JUNCTION)?.is !== 'stopped'; turn += 1) await play(6)
    await play(12)
    expect(recording.stateOf(JUNCTION)).toMatchObject({ is: 'stopped', gap: { cause: 'disk_full' } })
    expect(recording.trouble()?.said.vi).toContain('Ổ đĩa đầy')
    expect(await said()).toContain('recording_stopped disk_full')
    // The picture goes on to whoever watches: nothing of this is felt in the hub.
    expect(scene.hub.counters().lost).toBe(0)

    rmSync(join(root(), 'lost+found'))
    await play(30)
    expect(recording.stateOf(JUNCTION)).toMatchObject({ is: 'recording', gap: null })
    expect(recording.trouble()).toBeNull()
    expect((await said()).at(-1)).toBe('recording_resumed disk_full')
    await recording.close()
    const rows = await scene.store.recordings.between(JUNCTION, 0, T0 * 2)
    const told = await gaps()
    expect(told.map(({ cause }) => cause)).toContain('disk_full')
    // Nothing in the span is neither recorded nor told.
    const known = [...rows, ...(await scene.store.recordings.gaps(JUNCTION, 0, T0 * 2))]
    expect(holesIn({ fromMs: T0 + 1_000, toMs: rows.at(-1)!.toMs }, known)).toEqual([])
  })

  test('what is told at 85 %, and freed at 90 %, oldest first, before anything stops', async () => {
    await play(60)
    await recording.flush()
    const before = await scene.store.recordings.between(JUNCTION, 0, T0 * 2)
    const bytes = DISK_MB << 20
    leave(bytes * 0.13)
    await play(6)
    expect((await said()).at(-1)).toBe('recording_disk watch')
    leave(bytes * 0.095)
    await play(6)
    expect(recording.room().stopped).toBe(false)
    const after = await scene.store.recordings.between(JUNCTION, 0, T0 * 2)
    const gone = before.filter((one) => !after.some(({ runId, number }) => runId === one.runId && number === one.number))
    expect(gone.length).toBeGreaterThan(0)
    expect(gone).toEqual(before.slice(0, gone.length))
    expect((await gaps()).some(({ cause }) => cause === 'freed_early')).toBe(true)
    expect(await scene.store.recordings.garbage(10)).toEqual([])
  })
})
