import { atOnce } from '../support/at-once.js'
import { hasFfmpeg, hasRtspServer, makeClip } from '../support/rtsp-server.js'
import type { SceneFound, SceneWish } from './network-scene.js'
import { IPTABLES, networkLacks, playScene, TC } from './own-network.js'

const lacks = hasFfmpeg() && hasRtspServer() ? await networkLacks([IPTABLES, TC]) : 'ffmpeg or the RTSP server is not installed'
const withNetwork = lacks === null ? test : test.skip
if (lacks !== null) process.stdout.write(`  faults of the network are skipped: ${lacks}\n`)

const BOUNDS = { stallMsMax: 1_500, connectMsMax: 2_000, backOffMsMin: 300, backOffMsMax: 600 }
type Scene = 'refuse' | 'swallow' | 'narrow'
const WISHES: Readonly<Record<Scene, Omit<SceneWish, 'clip' | 'transport' | 'scene'> & { readonly size?: string }>> = {
  refuse: { ms: 3_000, bounds: BOUNDS },
  swallow: { ms: 5_000, bounds: BOUNDS },
  narrow: { ms: 17_000, amount: 1, size: '1280x720' },
}

/** Each has networks of its own. */
let played: (scene: Scene) => Promise<SceneFound>
beforeAll(() => {
  if (lacks !== null) return
  played = atOnce(Object.keys(WISHES) as Scene[], (scene) => {
    const { size, ...wish } = WISHES[scene]
    return playScene({ ...wish, scene, clip: makeClip(size === undefined ? {} : { size }), transport: 'tcp' }, 90_000)
  })
})

withNetwork('T6: a network that answers with resets: another try at once, the ladder after it, back when it ends, and nobody else notices', async () => {
  const found = await played('refuse')
  expect(found.states[0]).toMatch(/stalled|waiting/)
  expect(found.faults.filter((name) => !['hung_up', 'refused', 'timed_out'].includes(name))).toEqual([])
  expect(found.startsDuring).toBeGreaterThanOrEqual(1)
  expect(found.startsDuring).toBeLessThanOrEqual(10)
  expect(found.othersFpsDuring).toBeGreaterThan(0)
}, 90_000)

withNetwork('T6: a network that swallows everything (half-open): stalled, then waiting, never two sessions, back when it ends', async () => {
  const found = await played('swallow')
  expect(found.states.slice(0, 2)).toEqual(['stalled', 'waiting'])
  expect(found.faults).toContain('timed_out')
  expect(found.othersFpsDuring).toBeGreaterThan(0)
}, 90_000)

withNetwork('T7: a link of a quarter of what the camera sends: the session lives, and says that it is degraded', async () => {
  const found = await played('narrow')
  expect(found.degradedMs).not.toBeNull()
  expect(found.othersFpsDuring).toBeGreaterThan(0)
}, 120_000)
