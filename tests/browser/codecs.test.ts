import { existsSync } from 'node:fs'
import { closeAllOpened, hasFfmpeg, hasRtspServer, makeClip, startRtspServer, type RtspWish } from '../support/rtsp-server.js'
import { CHROMIUM, openBareWall } from './bare-wall.js'

import.meta.jest.setTimeout(120_000)
afterEach(closeAllOpened)

const withBrowser = existsSync(CHROMIUM) && hasFfmpeg() && hasRtspServer() ? test : test.skip

const playingMore = (frames: number): string => `window.seen.last?.is === "playing" && window.seen.frames > ${frames}`
const size = 'document.getElementById("v").videoWidth'

withBrowser.each([
  { name: 'H.265', mount: { clip: makeClipSafe('libx265', '320x180'), codec: 'h265' } },
  { name: 'MPEG-4 part 2', mount: { clip: makeClipSafe('mpeg4', '320x180'), codec: 'mpeg4' } },
  { name: 'Motion JPEG', mount: { clip: makeClipSafe('mjpeg', '320x184'), codec: 'mjpeg' } },
] as readonly { readonly name: string; readonly mount: RtspWish['mounts'][string] }[])('$name, which this browser does not play, plays', async ({ mount }) => {
  const { look, until } = await openBareWall(mount)
  await until(playingMore(25))
  const before = await look()
  await until(`window.seen.frames > ${before.frames + 25} && document.getElementById("v").currentTime > ${before.time + 0.5}`)
})

withBrowser('a camera that changes its picture size inside one session (T9) plays on: the glass shows the new size, and the tile is never lost', async () => {
  const sizes = ['320x180', '480x272'] as const
  const { page, until } = await openBareWall({ clip: sizes.map((one) => makeClip({ size: one, seconds: 4 })) })
  await until(playingMore(25))
  await until(`${size} === 480`)
  await until(`${size} === 320`)
  await until(`${size} === 480`)
  expect(await page.evaluate('window.seen.states')).not.toContain('lost')
})

withBrowser('a camera that comes back with H.265 at the same address (T9) plays again by itself', async () => {
  const { server, watched, page, until } = await openBareWall()
  await until(playingMore(10))
  await server.close()
  await watched.until((news) => news.state === 'waiting')
  await startRtspServer({ mounts: { '/main': { clip: makeClip({ codec: 'libx265', size: '480x272' }), codec: 'h265' } }, port: server.port })
  await page.evaluate('window.seen.frames = 0')
  await until(`${playingMore(25)} && ${size} === 480`)
})

/** Tables are made before a test may be skipped for want of ffmpeg. */
function makeClipSafe(codec: 'libx265' | 'mpeg4' | 'mjpeg', clipSize: string): string {
  return hasFfmpeg() ? makeClip({ codec, size: clipSize }) : ''
}
