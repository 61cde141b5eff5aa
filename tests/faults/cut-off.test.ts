import { closeAllOpened, hasFfmpeg, hasRtspServer, makeClip } from '../support/rtsp-server.js'
import { cutOff, type Cut } from './cut-off.js'

afterEach(closeAllOpened)

const withCameras = hasFfmpeg() && hasRtspServer() ? test : test.skip
const CUTS: readonly (readonly [Cut, string, RegExp])[] = [
  ['reset', 'resets its connection', /^hung_up$/],
  ['fin', 'ends its connection', /^hung_up$/],
  ['half_open', 'falls silent and keeps its sockets open', /^timed_out$/],
  ['kill', 'dies', /^hung_up$/],
]
for (const [cut, words, fault] of CUTS) {
  withCameras(`T6: a peer that ${words} is named, tried again, and back when it is; the camera beside it is never started anew`, async () => {
    const found = await cutOff({ cut, clip: makeClip(), awayMs: 500, bounds: { stallMsMax: 800, connectMsMax: 800, backOffMsMin: 150, backOffMsMax: 400 } })
    expect(found.fault).toMatch(fault)
    expect(found.othersStarts).toBe(0)
  }, 60_000)
}
