import { openFleet, waitFor } from './fleet.js'
import { openBadProxy } from './bad-proxy.js'
import { garbageInFragments, garbageThroughGate, realFragments } from './garbage.js'
import { closeAllOpened, hasFfmpeg, hasRtspServer, makeClip, startRtspServer } from '../support/rtsp-server.js'

afterEach(closeAllOpened)

const withFfmpeg = hasFfmpeg() ? test : test.skip
const withCameras = hasFfmpeg() && hasRtspServer() ? test : test.skip
/** Another one each day would find more; the long run takes 10,000. */
const FIRST_SEED = 1

withFfmpeg('T8: 500 cases of garbage in fMP4 end in packets or in a named fault, and the time line never goes back', async () => {
  const found = garbageInFragments(await realFragments(makeClip()), { cases: 500, firstSeed: FIRST_SEED })
  expect(found.broken).toEqual([])
  expect(found.named).toBeGreaterThan(50)
})

test('T8: 200 cases of garbage in RTSP, SDP and RTP through the gate end their own session, and the gate takes the next', async () => {
  const found = await garbageThroughGate({ cases: 200, firstSeed: FIRST_SEED, atOnce: 8 })
  expect(found.broken).toEqual([])
  expect(found.named).toBeGreaterThan(0)
}, 60_000)

withCameras('T8: a camera behind a link that spoils its bytes is tried by the ladder; the one beside it is never started anew', async () => {
  const server = await startRtspServer({ mounts: { '/main': { clip: makeClip() } } })
  const proxy = await openBadProxy(server.port, { spoil: { seed: FIRST_SEED, oneIn: 3_000 } })
  const fleet = await openFleet({ cameras: { spoilt: { url: proxy.url('/main') }, well: { url: server.url('/main') } }, bounds: { backOffMsMin: 200, backOffMsMax: 400, connectMsMax: 1_500, initMsMax: 700, firstKeyMsMax: 1_000, stallMsMax: 1_000 } })
  const [spoilt, well] = [fleet.camera('spoilt'), fleet.camera('well')]
  await waitFor('the well camera is live', () => well.pictures > 10)
  const before = well.pictures
  await waitFor('the link has spoilt some', () => proxy.spoilt > 60 && spoilt.told.some(({ news }) => news.fault !== undefined))
  await waitFor('the well camera goes on', () => well.pictures > before + 25)
  expect(well.starts).toBe(1)
  expect(fleet.children().length).toBeLessThanOrEqual(2)
  await fleet.close()
}, 60_000)
