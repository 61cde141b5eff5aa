import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pause, systemClock } from '../../server/system/clock.js'
import { bundleDriver } from '../support/live-server.js'
import { closeAllOpened, hasFfmpeg, hasRtspServer, startRtspServer } from '../support/rtsp-server.js'
import { makeFigure, median, type Figure } from './figure.js'
import { hasChromium } from './live-latency.js'
import type { Pages } from './ours.js'
import { openQuietPage, TELL, type PageTold, type QuietPage } from './quiet-page.js'
import { withOurs } from './with-ours.js'

const TILES = 9
/** The first minute is joining: caches fill and code is compiled, once. */
const WARM_UP_MS = 60_000
const LOOK_MS = 15_000
/** Growth that a wall may show, MB; the aim is a third of it. */
const GROWTH_MB_MAX = 30
const AIM_MB = 10

interface Look {
  readonly atMs: number
  readonly heapMb: number
  readonly pssMb: number
}

/**
 * How much a wall grows while it stands: nine tiles of sub streams, in the player's own tile driver with its exchange of
 * players, from our server in a process of its own. Garbage is collected before each look, so that what is read is what is
 * held. The heap is the page's JavaScript; the rest (media buffers, decoders, canvases) is in the renderer's PSS.
 */
export async function benchWall(options: { readonly quick: boolean; readonly root: string}, say: (line: string) => void): Promise<readonly Figure[]> {
  if (!hasFfmpeg() || !hasRtspServer() || !hasChromium()) throw new Error("bench wall needs ffmpeg, chromium and GStreamer's RTSP server: apt-get install ffmpeg chromium python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly")
  const minutes = options.quick ? 3 : 20
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'vonglau-bench-'))
  let page: QuietPage | null = null
  try {
    say('drawing the sub stream: 640x360, 12 pictures a second, about 500 kbit/s')
    const clip = join(folder, 'sub.mp4')
    execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=12', '-t', '10', '-c:v', 'libx264', '-preset', 'veryfast', '-g', '24', '-keyint_min', '24', '-sc_threshold', '0', '-bf', '0', '-b:v', '500k', '-maxrate', '500k', '-bufsize', '500k', '-pix_fmt', 'yuv420p', clip])
    const server = await startRtspServer({ mounts: { '/sub': { clip, fps: 12 } } })
    return await withOurs({ urls: Array.from({ length: TILES }, () => server.url('/sub')), watch: false, pages: await wallPages(options.root) }, async ({ url }) => {
      const opened = await openQuietPage(join(folder, 'browser'), (tellTo) => `${url}/wall.html?tell=${encodeURIComponent(tellTo)}`)
      page = opened
      await untilPlaying(opened)
      say(`${TILES} tiles play; ${WARM_UP_MS / 1000} s to warm up, then ${minutes} minutes`)
      await pause(systemClock, WARM_UP_MS)
      const looks = await watchMemory(opened, minutes * 60_000, say)
      return figuresOf(looks, toldBy(opened), minutes)
    })
  } finally {
    await (page as QuietPage | null)?.close()
    await closeAllOpened()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function wallPages(root: string): Promise<Pages> {
  const body = `<!doctype html><meta charset="utf-8"><style>.videos{position:relative;display:inline-block;width:320px;height:180px}.videos>video{position:absolute;inset:0;width:100%;height:100%}</style><body><script src="/driver.js"></script><script src="/swap.js"></script><script>
    const tiles = Array.from({ length: ${TILES} }, (_, at) => {
      const place = document.createElement('div')
      place.className = 'videos'
      document.body.append(place)
      const tile = { is: 'joining', swapped: 0 }
      vonglauSwap.openLiveSwap({ place, label: 'tile ' + at, openTile: vonglau.openLiveTile, serverNowMs: () => Date.now(), onState: (state) => { tile.is = state.is }, onSwapped: () => { tile.swapped += 1 } }).show('/live/cam-' + at + '/media.m3u8')
      return tile
    })
    window.playing = () => tiles.filter((tile) => tile.is === 'playing').length
    ;(${TELL})(new URLSearchParams(location.search).get('tell'))
    window.counts = () => ({ playing: window.playing(), swapped: tiles.reduce((sum, tile) => sum + tile.swapped, 0), videos: document.querySelectorAll('video').length })
  </script>`
  return {
    '/wall.html': { type: 'text/html', body },
    '/driver.js': { type: 'text/javascript', body: await bundleDriver(root) },
    '/swap.js': { type: 'text/javascript', body: await bundleDriver(root, { entry: 'player/live/live-swap.ts', name: 'vonglauSwap' }) },
  }
}

const JOIN_MS_MAX = 180_000

async function untilPlaying(page: QuietPage): Promise<void> {
  const fromMs = systemClock.monotonicMs()
  while ((page.told()?.playing ?? 0) < TILES) {
    if (systemClock.monotonicMs() - fromMs > JOIN_MS_MAX) throw new Error(`${page.told()?.playing ?? 0} of ${TILES} tiles play after ${JOIN_MS_MAX / 1000} s: is the machine busy with other work?`)
    await pause(systemClock, 500)
  }
}

async function watchMemory(page: QuietPage, forMs: number, say: (line: string) => void): Promise<readonly Look[]> {
  const looks: Look[] = []
  const fromMs = systemClock.monotonicMs()
  for (let atMs = 0; atMs < forMs; atMs = systemClock.monotonicMs() - fromMs) {
    const look: Look = { atMs, heapMb: toldBy(page).heapBytes / 1e6, pssMb: page.pssMb() }
    looks.push(look)
    if (looks.length % 4 === 1) say(`minute ${(atMs / 60_000).toFixed(1)}: heap ${look.heapMb.toFixed(1)} MB, renderer ${look.pssMb.toFixed(1)} MB`)
    await pause(systemClock, LOOK_MS)
  }
  return looks
}

function toldBy(page: QuietPage): PageTold {
  const told = page.told()
  if (!told) throw new Error('the page has told nothing of itself')
  return told
}

/** Growth: the median of the last fifth less that of the first, so that one odd look decides nothing. */
function figuresOf(looks: readonly Look[], counts: PageTold, minutes: number): readonly Figure[] {
  const fifth = Math.max(1, Math.floor(looks.length / 5))
  const grown = (of: (look: Look) => number): number => median(looks.slice(-fifth).map(of)) - median(looks.slice(0, fifth).map(of))
  return [
    makeFigure('wall.heap.growth', `MB in ${minutes} min, ${TILES} tiles (aim ${AIM_MB})`, grown((look) => look.heapMb), { bar: GROWTH_MB_MAX }),
    makeFigure('wall.renderer.growth', `MB PSS in ${minutes} min, ${TILES} tiles (aim ${AIM_MB})`, grown((look) => look.pssMb), { bar: GROWTH_MB_MAX }),
    makeFigure('wall.renderer.size', 'MB PSS at the end', looks.at(-1)?.pssMb ?? NaN),
    makeFigure('wall.tiles.not_playing', 'tiles at the end', TILES - counts.playing, { bar: 0 }),
    makeFigure('wall.players.exchanged', 'in all', counts.swapped),
    makeFigure('wall.videos', 'elements at the end, two while a tile is exchanged', counts.videos, { bar: 2 * TILES }),
  ]
}
