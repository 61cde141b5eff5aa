import { closeAllOpened, hasFfmpeg, hasRtspServer, makeClip } from '../support/rtsp-server.js'
import { STEPS, stepClock } from './stepped-clock.js'

afterEach(closeAllOpened)

const withCameras = hasFfmpeg() && hasRtspServer() ? test : test.skip

withCameras('T11: the clock steps by an hour back, two hours on, to 1970 and right again: nothing restarts, order is kept, the playlist tells the new time, and the hub does not grow', async () => {
  const found = await stepClock({ clip: makeClip(), eachMs: 3_000 })
  expect(found).toMatchObject({ starts: 1, faults: [], backwards: 0, rateKnown: true })
  expect(Math.min(...found.picturesAfter)).toBeGreaterThan(0)
  expect(found.playlistOffMs).toHaveLength(STEPS.length)
  // An hour off would be a wall that lies; some seconds are the age of the newest segment on a busy machine.
  expect(Math.max(...found.playlistOffMs.map(Math.abs))).toBeLessThan(60_000)
  expect(Math.max(...found.rememberedS)).toBeLessThan(30)
}, 60_000)
