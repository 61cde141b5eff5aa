import { asId, type StreamId } from '../../server/domain/ids.js'
import { openMemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import { silentLog } from '../../server/system/log.js'
import type { WatchedFrame } from '../../server/watching/decoder-session.js'
import { openDecoder } from '../../server/watching/decoder.js'
import { makeFragments, readAll } from '../media/pictures.js'
import { makeHandClock } from '../support/hand-clock.js'
import { closeAfterTest, closeAllOpened, hasFfmpeg } from '../support/rtsp-server.js'
import { until } from '../support/until.js'

import.meta.jest.setTimeout(60_000)
afterEach(closeAllOpened)

const STREAM = asId<StreamId>('sub')
const T0 = 1_700_000_000_000
const withFfmpeg = hasFfmpeg() ? test : test.skip

withFfmpeg('one stream that turns from H.264 to H.265, to MPEG-4, to Motion JPEG and to another size is looked at throughout', async () => {
  const hub = openMemoryPacketHub()
  const frames: WatchedFrame[] = []
  const decoder = openDecoder({ hub, clock: makeHandClock(T0), log: silentLog, ffmpeg: 'ffmpeg', runId: 'test', fps: 5, streamId: STREAM, onFrame: (frame) => frames.push(frame) })
  closeAfterTest(() => decoder.close())
  const kinds = [{ codec: 'libx264', size: '320x180' }, { codec: 'libx265', size: '320x192' }, { codec: 'mpeg4', size: '256x144' }, { codec: 'mjpeg', size: '256x192' }, { codec: 'mjpeg', size: '192x144' }] as const
  let ticks = 0
  let atMs = T0
  for (const kind of kinds) {
    for (const packet of readAll(makeFragments({ seconds: 1, ...kind })).packets) {
      hub.publish(STREAM, { ...packet, decodeTime: ticks, atMs })
      ticks += packet.durationTicks
      atMs += 40
    }
  }
  await until('the last picture was seen', () => frames.filter(({ width, pictureHeight }) => width === 192 && pictureHeight === 144).length >= 4)
  const seen = kinds.map(({ size }) => frames.filter(({ width, pictureHeight }) => `${width}x${pictureHeight}` === size).length)
  for (const count of seen) expect(count).toBeGreaterThanOrEqual(4)
  expect([decoder.counts.restarts, decoder.counts.skippedPackets]).toEqual([0, 0])
  // A grey or black picture is no picture: each has bright and dark in it.
  for (const { rgb, width, pictureHeight } of frames) {
    const picture = rgb.subarray(0, width * pictureHeight * 3)
    expect([picture.some((byte) => byte > 200), picture.some((byte) => byte < 50)]).toEqual([true, true])
  }
})
