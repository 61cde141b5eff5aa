import { closeAllOpened, hasFfmpeg, hasRtspServer, makeClip } from '../support/rtsp-server.js'
import { oneBadCamera } from './one-bad-camera.js'

afterEach(closeAllOpened)

const withCameras = hasFfmpeg() && hasRtspServer() ? test : test.skip

withCameras('T32: a camera that floods with 200 Mbit/s is cut, named, and not tried again for half a minute; the others are never started anew', async () => {
  const found = await oneBadCamera({ badness: { megabits: 200 }, clip: makeClip(), others: 3, ms: 5_000, fault: 'flooding', flood: { overMs: 1_500, bytesPerSecondMax: 5_000_000 } })
  expect(found).toMatchObject({ fault: 'flooding', words: expect.stringMatching(/^the camera sent more than [\d.]+ (MB|pictures) within 1500 ms$/), starts: 1, othersStarts: 0 })
  expect(found.othersFpsDuring).toBeGreaterThan(0)
}, 60_000)

withCameras('T32: a camera that hangs up 100 ms after each connection is tried by the ladder alone; the others are never started anew', async () => {
  const found = await oneBadCamera({ badness: { closeMs: 100 }, clip: makeClip(), others: 3, ms: 6_000, fault: 'hung_up' })
  expect(found.othersStarts).toBe(0)
  expect(found.starts).toBeGreaterThanOrEqual(2)
  expect(found.hurried).toBe(0)
  expect(found.othersFpsDuring).toBeGreaterThan(0)
}, 60_000)
