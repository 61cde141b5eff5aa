import { existsSync } from 'node:fs'
import { build } from 'esbuild'
import { chromium, type Page } from 'playwright-core'
import { systemClock, type Clock } from '../../server/system/clock.js'
import { ROOT } from '../house/sources.js'
import { STREAM, isLive, watchStream } from '../ingest/watch-session.js'
import { before, openMediaHouse, type MediaHouse, type Viewer } from '../support/media-house.js'
import { closeAfterTest, closeAllOpened, hasFfmpeg, hasRtspServer, makeClip, startRtspServer } from '../support/rtsp-server.js'
import { CHROMIUM } from './bare-wall.js'

/** The player and the door, each as it is, over one ticket: from a real camera into a real browser. */
const withBrowser = existsSync(CHROMIUM) && hasFfmpeg() && hasRtspServer() ? test : test.skip

afterEach(closeAllOpened)

interface Opened {
  readonly house: MediaHouse
  readonly viewer: Viewer
  readonly page: Page
  /** Tickets that the player has asked for so far. */
  readonly asked: () => number
  /** Every ticket that was given ends now, for the door; the player does not know. */
  endTickets(): void
  until(expression: string): Promise<void>
}

async function openTicketedTile(): Promise<Opened> {
  let aheadMs = 0
  const clock: Clock = { ...systemClock, monotonicMs: () => systemClock.monotonicMs() + aheadMs }
  const camera = await startRtspServer({ mounts: { '/main': { clip: makeClip() } } })
  const watched = await watchStream({ url: camera.url('/main'), transport: 'auto' })
  await watched.until(isLive)
  const house = await openMediaHouse({ hub: watched.hub, clock, streams: [STREAM] })
  const viewer = await house.signIn('lan')
  const cameraId = house.cameras[0]!.cameraId
  const script = await build({ stdin: { contents: `export { openLiveTile } from './player/live/live-driver.ts'; export { learnStreams } from './player/api/tickets.ts'`, resolveDir: ROOT, loader: 'ts' }, bundle: true, write: false, format: 'iife', globalName: 'vonglau', target: 'es2022', logLevel: 'silent' })
  const html = `<!doctype html><meta charset="utf-8"><video id="v" width="320" height="180"></video><script src="/driver.js"></script><script>
    vonglau.learnStreams([{ id: '${cameraId}', streams: [{ id: '${STREAM}' }] }])
    const video = document.getElementById('v')
    window.seen = { frames: 0, is: null }
    const count = () => video.requestVideoFrameCallback(() => { window.seen.frames += 1; count() })
    count()
    vonglau.openLiveTile(video, '/live/${STREAM}/index.m3u8', { onState: (state) => { window.seen.is = state.is } })
  </script>`
  let asked = 0
  before(house.server, ({ url, method }, response) => {
    if (method === 'POST' && url?.endsWith('/ticket')) asked += 1
    const page = url === '/' ? (['text/html', html] as const) : url === '/driver.js' ? (['text/javascript', script.outputFiles[0]!.text] as const) : null
    if (!page) return 'go on'
    response.writeHead(200, { 'content-type': page[0] }).end(page[1])
    return 'taken'
  })
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--disable-gpu'] })
  closeAfterTest(async () => {
    await browser.close()
    await house.close()
  })
  const page = await browser.newPage()
  await page.context().addCookies([{ name: 'vonglau', value: viewer.token, url: house.url, httpOnly: true, sameSite: 'Strict' }])
  await page.goto(house.url)
  return {
    house,
    viewer,
    page,
    asked: () => asked,
    endTickets: () => void (aheadMs += 60_000),
    until: async (expression) => void (await page.waitForFunction(expression, null, { timeout: 40_000, polling: 100 })),
  }
}

withBrowser('the player plays with one ticket, and goes on with a new one when the door says that it has ended', async () => {
  const { page, asked, endTickets, until } = await openTicketedTile()
  await until('window.seen.is === "playing" && window.seen.frames > 25')
  expect(asked()).toBe(1)
  endTickets()
  const frames = await page.evaluate<number>('window.seen.frames')
  await until(`window.seen.is === "playing" && window.seen.frames > ${frames + 100}`)
  expect(asked()).toBe(2)
}, 90_000)

withBrowser('who signs out sees no more: the tile says so and does not show the past as now', async () => {
  const { house, viewer, until } = await openTicketedTile()
  await until('window.seen.is === "playing"')
  await house.signIns.end(viewer.token)
  await until('window.seen.is === "lost"')
}, 90_000)
