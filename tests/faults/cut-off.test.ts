import { atOnce } from '../support/at-once.js'
import { closeAllOpened, hasFfmpeg, hasRtspServer, makeClip } from '../support/rtsp-server.js'
import { cutOff, type Cut, type CutOff } from './cut-off.js'

afterAll(closeAllOpened)

const withCameras = hasFfmpeg() && hasRtspServer() ? test : test.skip
const CUTS: readonly (readonly [Cut, string, RegExp])[] = [
  ['reset', 'resets its connection', /^hung_up$/],
  ['fin', 'ends its connection', /^hung_up$/],
  ['half_open', 'falls silent and keeps its sockets open', /^timed_out$/],
  ['kill', 'dies', /^hung_up$/],
]
let cutBy: (cut: Cut) => Promise<CutOff>
beforeAll(() => {
  if (withCameras === test) cutBy = atOnce(CUTS.map(([cut]) => cut), (cut) => cutOff({ cut, clip: makeClip(), awayMs: 500, bounds: { stallMsMax: 800, connectMsMax: 800, backOffMsMin: 150, backOffMsMax: 400 } }))
})

for (const [cut, words, fault] of CUTS) {
  withCameras(`T6: a peer that ${words} is named, tried again, and back when it is; the camera beside it is never started anew`, async () => {
    const found = await cutBy(cut)
    expect(found.fault).toMatch(fault)
    expect(found.othersStarts).toBe(0)
  }, 60_000)
}
