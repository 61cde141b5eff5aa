import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'
import { pause, systemClock } from '../../server/system/clock.js'
import { bundleDriver } from '../support/live-server.js'
import { makeFigure, median, quantile, type Figure } from './figure.js'
import { startPlainHls } from './live-cpu.js'
import { floorPage, serveFloor } from './live-floor.js'
import type { Pages } from './ours.js'
import { withOurs } from './with-ours.js'

const CHROMIUM = '/usr/bin/chromium'

export interface LatencyPlan {
  readonly root: string
  readonly rounds: number
  readonly windowMs: number
  readonly warmUpMs: number
}

interface Seen {
  readonly p50: number
  readonly p95: number
  readonly firstMs: number
  readonly pictures: number
}

export function hasChromium(): boolean {
  return existsSync(CHROMIUM)
}

/**
 * From the drawing of a picture to the moment when the browser shows it: the camera draws its wall time as bars, the page
 * reads them back from what was really decoded. Both clocks are this machine's.
 */
export async function measureLatency(url: string, plan: LatencyPlan, say: (line: string) => void): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'vonglau-bench-'))
  const plainHls = startPlainHls(url, join(folder, 'plain.m3u8'))
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required', '--disable-gpu'] })
  const ours: Seen[] = []
  const plain: Seen[] = []
  const floor: Seen[] = []
  try {
    const pages = await servePlain(plan.root, folder, url)
    await withOurs({ urls: [url], watch: false, pages: await ourPages(plan.root) }, async ({ url: base }) => {
      say('waiting until the plain list is full: hls.js stays where it began')
      while (segmentsIn(join(folder, 'plain.m3u8')) < 6) await pause(systemClock, 200)
      for (let round = 0; round < plan.rounds; round += 1) {
        say(`latency, round ${round + 1} of ${plan.rounds}: plain HLS in hls.js as it comes`)
        plain.push(await look(browser, `${pages.url}/plain.html`, plan))
        say(`latency, round ${round + 1} of ${plan.rounds}: the floor, raw fMP4 over one answer into MSE`)
        floor.push(await look(browser, `${pages.url}/floor.html`, plan))
        say(`latency, round ${round + 1} of ${plan.rounds}: ours`)
        ours.push(await look(browser, `${base}/ours.html`, plan))
      }
      pages.server.closeAllConnections()
      pages.server.close()
    })
  } finally {
    await browser.close()
    plainHls.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  const of = (seen: readonly Seen[], what: keyof Seen): number => median(seen.map((one) => one[what]))
  return [
    makeFigure('live.latency.floor', 'ms glass to glass p50, raw fMP4 into MSE', of(ours, 'p50'), { against: of(floor, 'p50'), bar: 5 }),
    makeFigure('live.latency.p50', 'ms glass to glass, HLS of 2 s in hls.js', of(ours, 'p50'), { against: of(plain, 'p50'), bar: 0.12 }),
    makeFigure('live.latency.p95', 'ms glass to glass, HLS of 2 s in hls.js', of(ours, 'p95'), { against: of(plain, 'p95') }),
    makeFigure('live.latency.spread', 'ms, p95 less p50', of(ours, 'p95') - of(ours, 'p50'), { bar: 150 }),
    makeFigure('live.first_picture', 'ms, page open to first picture, warm stream', of(ours, 'firstMs'), { bar: 800 }),
    makeFigure('live.first_picture.plain', 'ms, page open to first picture, HLS of 2 s', of(ours, 'firstMs'), { against: of(plain, 'firstMs') }),
  ]
}

async function look(browser: Browser, url: string, plan: LatencyPlan): Promise<Seen> {
  const page = await browser.newPage()
  try {
    await page.goto(url)
    await page.waitForFunction('window.seen.firstMs !== null', null, { timeout: 60_000, polling: 50 })
    await pause(systemClock, plan.warmUpMs)
    await page.evaluate('void (window.seen.latencies = [])')
    await pause(systemClock, plan.windowMs)
    const seen: { readonly latencies: readonly number[]; readonly firstMs: number } = await page.evaluate('window.seen')
    if (seen.latencies.length < 10) throw new Error(`only ${seen.latencies.length} pictures could be read at ${url}`)
    return { p50: quantile(seen.latencies, 0.5), p95: quantile(seen.latencies, 0.95), firstMs: seen.firstMs, pictures: seen.latencies.length }
  } finally {
    await page.close()
  }
}

/** Reads the bars of each shown picture: 24 bits of milliseconds and 4 that check them, so that a blurred bar is no measurement. */
const READER = `
  window.seen = { latencies: [], firstMs: null }
  const opened = performance.now(), video = document.getElementById('v')
  const canvas = new OffscreenCanvas(640, 40).getContext('2d', { willReadFrequently: true })
  const read = () => {
    canvas.drawImage(video, 0, 0, 640, 40, 0, 0, 640, 40)
    const row = canvas.getImageData(0, 20, 640, 1).data
    let bits = 0n
    for (let bar = 0; bar < 28; bar += 1) bits = (bits << 1n) | (row[(bar * 20 + 10) * 4] > 128 ? 1n : 0n)
    const ms = Number(bits >> 4n)
    let check = 10
    for (let nibble = 0; nibble < 6; nibble += 1) check ^= (ms >> (4 * nibble)) & 15
    return check === Number(bits & 15n) ? ms : null
  }
  const watch = () => video.requestVideoFrameCallback(() => {
    window.seen.firstMs ??= performance.now() - opened
    const drawn = read()
    if (drawn !== null) window.seen.latencies.push(((Date.now() & 0xffffff) - drawn + 0x1000000) & 0xffffff)
    watch()
  })
  watch()
`

const page = (script: string): string => `<!doctype html><meta charset="utf-8"><video id="v" width="640" height="360" muted></video>${script}`

async function ourPages(root: string): Promise<Pages> {
  return {
    '/ours.html': { type: 'text/html', body: page(`<script src="/driver.js"></script><script>${READER};vonglau.openLiveTile(video, '/live/cam-0/media.m3u8', { onState() {} })</script>`) },
    '/driver.js': { type: 'text/javascript', body: await bundleDriver(root) },
  }
}

function segmentsIn(playlist: string): number {
  return existsSync(playlist) ? readFileSync(playlist, 'utf8').split('#EXTINF').length - 1 : 0
}

async function servePlain(root: string, folder: string, camera: string): Promise<{ readonly url: string; readonly server: Server }> {
  const pages: Pages = {
    '/floor.html': { type: 'text/html', body: page(floorPage(READER)) },
    '/plain.html': { type: 'text/html', body: page(`<script src="/hls.js"></script><script>${READER};const hls = new Hls(); hls.loadSource('/plain.m3u8'); hls.attachMedia(video); video.play()</script>`) },
    '/hls.js': { type: 'text/javascript', body: readFileSync(join(root, 'node_modules/hls.js/dist/hls.min.js'), 'utf8') },
  }
  const server = createServer((request, response) => {
    const known = pages[request.url ?? '/']
    if (known) return void response.writeHead(200, { 'content-type': known.type }).end(known.body)
    if (request.url === '/floor.mp4') return serveFloor(camera, response)
    const file = join(folder, basename(request.url ?? ''))
    if (!existsSync(file)) return void response.writeHead(404).end()
    return void response.writeHead(200, { 'content-type': file.endsWith('m3u8') ? 'application/vnd.apple.mpegurl' : 'video/mp2t', 'cache-control': 'no-store' }).end(readFileSync(file))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}
