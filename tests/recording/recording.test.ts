import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { segmentFile } from '../../server/recording/disk-names.js'
import type { Packet } from '../../server/media/packet.js'
import { greySteps } from '../support/packets.js'
import { hasFfmpeg } from '../support/rtsp-server.js'
import { JUNCTION, T0 } from '../support/small-city.js'
import { FPS, MAIN, setScene, type Scene } from './scene.js'

const describeMedia = hasFfmpeg() ? describe : describe.skip

describeMedia('a camera is recorded', () => {
  let scene: Scene
  let packets: readonly Packet[]
  beforeAll(async () => {
    packets = (await greySteps({ width: 320, height: 180, count: 150, gop: 10, fps: FPS })).packets
  })
  beforeEach(async () => void (scene = await setScene()))
  afterEach(() => scene.close())
  const rows = () => scene.store.recordings.between(JUNCTION, 0, T0 * 2)

  test('each row has its file with its hash, segments follow each other without a hole and begin with key pictures', async () => {
    const recording = await scene.open()
    await scene.play(packets)
    await recording.close()
    const segments = await rows()
    expect(segments.length).toBeGreaterThan(3)
    for (const segment of segments) {
      const bytes = readFileSync(join(scene.folder, 'video', segmentFile(segment)))
      expect({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }).toEqual({ bytes: segment.bytes, sha256: segment.sha256 })
    }
    expect(segments.every(({ startsWithKey }) => startsWithKey)).toBe(true)
    expect(segments.slice(1).map(({ fromTicks, fromMs }, at) => [fromTicks - segments[at]!.toTicks, fromMs - segments[at]!.toMs])).toEqual(segments.slice(1).map(() => [0, 0]))
    expect(segments.at(-1)!.toTicks).toBe(packets.at(-1)!.decodeTime + packets.at(-1)!.durationTicks)
    expect(segments.slice(0, -1).filter(({ fromMs, toMs }) => toMs - fromMs < 4_000 || toMs - fromMs > 10_000)).toEqual([])
    expect(MAIN).toBe('junction-main')
  })
})
