import { existsSync } from 'node:fs'
import { closeAllOpened, hasFfmpeg, hasRtspServer } from '../support/rtsp-server.js'
import { CHROMIUM, openBareWall } from './bare-wall.js'

const withBrowser = existsSync(CHROMIUM) && hasFfmpeg() && hasRtspServer() ? test : test.skip

afterEach(closeAllOpened)

withBrowser('a camera plays in the browser: pictures are decoded one after another and time runs', async () => {
  const { look, until } = await openBareWall()
  await until('window.seen.last?.is === "playing" && window.seen.frames > 10')
  const before = await look()
  await until(`window.seen.frames > ${before.frames + 25} && document.getElementById("v").currentTime > ${before.time + 0.5}`)
  const after = await look()
  expect(after.states[0]).toBe('joining')
  expect(after.last?.ageMs).toBeLessThanOrEqual(3_000)
}, 90_000)

withBrowser('a camera that freezes is never claimed to be live, and plays again by itself when it thaws', async () => {
  const { server, page, look, until } = await openBareWall()
  await until('window.seen.last?.is === "playing"')
  server.freeze()
  await until('window.seen.last?.is === "lost"')
  // The claim and the age belong together, in every state that was told.
  expect((await look()).last?.ageMs).toBeGreaterThan(3_000)
  await page.evaluate('window.seen.states.length = 0')
  server.thaw()
  await until('window.seen.last?.is === "playing"')
  await page.evaluate('window.tile.close()')
  expect((await look()).last?.is).toBe('off')
}, 120_000)
