import { closeAllOpened, hasFfmpeg, hasRtspServer, makeClip } from '../support/rtsp-server.js'
import { stopServer } from './stopped-server.js'

afterEach(closeAllOpened)

const withCameras = hasFfmpeg() && hasRtspServer() ? test : test.skip

withCameras('T31: SIGTERM while cameras are read, one of them frozen, and a request is half sent: the server ends by itself, and every ffmpeg with it', async () => {
  expect(await stopServer({ clip: makeClip(), cameras: 3 })).toMatchObject({ code: 0, ffmpegsBefore: 3, left: [] })
}, 90_000)
