import { atOnce } from '../support/at-once.js'
import { closeAllOpened, hasFfmpeg, hasRtspServer, makeClip, startRtspServer } from '../support/rtsp-server.js'
import { freezeSource, type Frozen } from './frozen-source.js'
import { killChildren } from './killed-child.js'

afterAll(closeAllOpened)

const withCameras = hasFfmpeg() && hasRtspServer() ? test : test.skip

withCameras('T4: every ffmpeg killed, by SIGKILL and by SIGSEGV: each camera comes back, with no zombie, no orphan and never a second ffmpeg', async () => {
  const server = await startRtspServer({ mounts: { '/main': { clip: makeClip() } } })
  const found = await killChildren({ url: server.url('/main'), cameras: 3, rounds: 3, calmMs: 100, bounds: { backOffMsMin: 100, recoveredMs: 50 } })
  expect(found).toMatchObject({ kills: 9, zombies: 0, orphans: 0, tooMany: 0, faults: ['hung_up'] })
  await server.close()
}, 60_000)

/** After the kills, so that those have the machine for themselves. */
describe('T5', () => {
  const transports = ['tcp', 'udp'] as const
  let frozenBy: (transport: (typeof transports)[number]) => Promise<Frozen>
  beforeAll(() => {
    if (withCameras === test) frozenBy = atOnce(transports, (transport) => freezeSource({ clip: makeClip(), transport, frozenMs: 4_000, bounds: { stallMsMax: 800, connectMsMax: 800, backOffMsMin: 200, backOffMsMax: 600 } }))
  })

  for (const transport of transports) {
    withCameras(`a source that freezes, over ${transport}: stalled, then waiting by the ladder, live again after the thaw; the camera beside it plays on`, async () => {
      const found = await frozenBy(transport)
      expect(found.states.slice(0, 3)).toEqual(['stalled', 'waiting', 'connecting'])
      expect(found.states.at(-1)).toBe('live')
      expect(found.hurried).toBe(0)
      expect(found.startsWhileFrozen).toBeGreaterThanOrEqual(1)
      expect(found.startsWhileFrozen).toBeLessThanOrEqual(5)
      expect(found.ffmpegsMax).toBeLessThanOrEqual(2)
      expect(found.othersFps).toBeGreaterThan(0)
    }, 60_000)
  }
})
