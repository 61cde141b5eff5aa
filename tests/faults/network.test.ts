import { closeAllOpened, hasFfmpeg, hasRtspServer, makeClip } from '../support/rtsp-server.js'
import { IPTABLES, networkLacks, playScene, TC } from './own-network.js'

afterEach(closeAllOpened)

const lacks = hasFfmpeg() && hasRtspServer() ? await networkLacks([IPTABLES, TC]) : 'ffmpeg or the RTSP server is not installed'
const withNetwork = lacks === null ? test : test.skip
if (lacks !== null) process.stdout.write(`  faults of the network are skipped: ${lacks}\n`)

const BOUNDS = { stallMsMax: 1_500, connectMsMax: 2_000, backOffMsMin: 300, backOffMsMax: 600 }

withNetwork('T6: a network that answers with resets: another try at once, the ladder after it, back when it ends, and nobody else notices', async () => {
  const found = await playScene({ scene: 'refuse', clip: makeClip(), transport: 'tcp', ms: 3_000, bounds: BOUNDS }, 60_000)
  expect(found.states[0]).toMatch(/stalled|waiting/)
  expect(found.faults.filter((name) => !['hung_up', 'refused', 'timed_out'].includes(name))).toEqual([])
  expect(found.startsDuring).toBeGreaterThanOrEqual(1)
  expect(found.startsDuring).toBeLessThanOrEqual(10)
  expect(found.othersFpsDuring).toBeGreaterThan(0)
}, 90_000)

withNetwork('T6: a network that swallows everything (half-open): stalled, then waiting, never two sessions, back when it ends', async () => {
  const found = await playScene({ scene: 'swallow', clip: makeClip(), transport: 'tcp', ms: 5_000, bounds: BOUNDS }, 60_000)
  expect(found.states.slice(0, 2)).toEqual(['stalled', 'waiting'])
  expect(found.faults).toContain('timed_out')
  expect(found.othersFpsDuring).toBeGreaterThan(0)
}, 90_000)

withNetwork('T7: a link of a quarter of what the camera sends: the session lives, and says that it is degraded', async () => {
  const found = await playScene({ scene: 'narrow', clip: makeClip({ size: '1280x720' }), transport: 'tcp', ms: 17_000, amount: 1 }, 90_000)
  expect(found.degradedMs).not.toBeNull()
  expect(found.othersFpsDuring).toBeGreaterThan(0)
}, 120_000)
