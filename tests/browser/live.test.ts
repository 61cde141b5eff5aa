import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { openLive } from '../../server/live/open-live.js'
import { systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { STREAM, isLive, watchStream, type Watched } from '../ingest/watch-session.js'
import { bundleDriver, serveLive } from '../support/live-server.js'
import { closeAfterTest, closeAllOpened, hasFfmpeg, hasRtspServer, makeClip, startRtspServer, type RtspServer } from '../support/rtsp-server.js'

const CHROMIUM = '/usr/bin/chromium'
const withBrowser = existsSync(CHROMIUM) && hasFfmpeg() && hasRtspServer() ? test : test.skip

afterEach(closeAllOpened)

const PAGE = `<!doctype html><meta charset="utf-8"><video id="v" width="320" height="180"></video><script src="/driver.js"></script><script>
  const video = document.getElementById('v')
  window.seen = { frames: 0, states: [], last: null }
  const count = () => video.requestVideoFrameCallback(() => { window.seen.frames += 1; count() })
  count()
  window.tile = vonglau.openLiveTile(video, '/live/${STREAM}/media.m3u8', { onState: (state) => {
    window.seen.last = state
    if (window.seen.states.at(-1) !== state.is) window.seen.states.push(state.is)
  } })
</script>`

interface Seen {
  readonly frames: number
  readonly states: readonly string[]
  readonly time: number
  readonly last: { readonly is: string; readonly ageMs?: number | null } | null
}

async function openWall(): Promise<{ readonly server: RtspServer; readonly watched: Watched; readonly page: Page; readonly look: () => Promise<Seen>; readonly until: (expression: string) => Promise<void> }> {
  const server = await startRtspServer({ mounts: { '/main': { clip: makeClip() } } })
  const watched = await watchStream({ url: server.url('/main'), transport: 'auto' }, { bounds: { stallMsMax: 1_000, connectMsMax: 1_500, backOffMsMin: 200, backOffMsMax: 500 } })
  await watched.until(isLive)
  const live = openLive({ hub: watched.hub, clock: systemClock, log: silentLog })
  const web = await serveLive(live, { '/': { type: 'text/html', body: PAGE }, '/driver.js': { type: 'text/javascript', body: await bundleDriver(join(import.meta.dirname, '../..')) } })
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--disable-gpu'] })
  closeAfterTest(async () => {
    await browser.close()
    await web.close()
    live.close()
  })
  const page = await browser.newPage()
  await page.goto(web.url)
  return {
    server,
    watched,
    page,
    look: () => page.evaluate('({ ...window.seen, time: document.getElementById("v").currentTime })'),
    until: async (expression) => void (await page.waitForFunction(expression, null, { timeout: 40_000, polling: 100 })),
  }
}

withBrowser('a camera plays in the browser: pictures are decoded one after another and time runs', async () => {
  const { look, until } = await openWall()
  await until('window.seen.last?.is === "playing" && window.seen.frames > 10')
  const before = await look()
  await until(`window.seen.frames > ${before.frames + 25} && document.getElementById("v").currentTime > ${before.time + 0.5}`)
  const after = await look()
  expect(after.states[0]).toBe('joining')
  expect(after.last?.ageMs).toBeLessThanOrEqual(3_000)
}, 90_000)

withBrowser('a camera that freezes is never claimed to be live, and plays again by itself when it thaws', async () => {
  const { server, page, look, until } = await openWall()
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
