import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { openLive } from '../../server/live/open-live.js'
import { systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { STREAM, isLive, watchStream, type Watched } from '../ingest/watch-session.js'
import { bundleDriver, serveLive } from '../support/live-server.js'
import { closeAfterTest, makeClip, startRtspServer, type RtspServer, type RtspWish } from '../support/rtsp-server.js'

export const CHROMIUM = '/usr/bin/chromium'

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

export interface BareWall {
  readonly server: RtspServer
  readonly watched: Watched
  readonly page: Page
  readonly look: () => Promise<Seen>
  /** Asks the page until the expression is true. */
  readonly until: (expression: string) => Promise<void>
}

type Mount = RtspWish['mounts'][string]

/** One tile on a bare page, from a real RTSP camera through ingest and live: the player's own driver, and no sign-in. */
export async function openBareWall(mount: Mount = { clip: makeClip() }): Promise<BareWall> {
  const server = await startRtspServer({ mounts: { '/main': mount } })
  const watched = await watchStream({ url: server.url('/main'), transport: 'auto' }, { bounds: { stallMsMax: 1_000, connectMsMax: 1_500, backOffMsMin: 200, backOffMsMax: 500 } })
  await watched.until(isLive)
  const live = openLive({ hub: watched.hub, clock: systemClock, log: silentLog, transcode: { ffmpeg: 'ffmpeg', runId: `test:${process.pid}`, atOnceMax: 1 } })
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
