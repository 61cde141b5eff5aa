import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChild } from '../../server/system/child.js'
import { pause, systemClock } from '../../server/system/clock.js'
import { closeAllOpened, hasFfmpeg, hasRtspServer, startRtspServer } from '../support/rtsp-server.js'
import { makeFigure, median, type Figure } from './figure.js'
import { measure, type Used } from './live-cpu.js'
import { withOurs } from './with-ours.js'

/** Pictures a second that a camera is looked at. */
const FPS = 5

/**
 * Watching whole cameras (reading, decoding, detecting, tracking) beside plain ffmpeg that only decodes the same streams to
 * as many pictures of RGB. The ratio is therefore the price of seeing; how many of the due pictures were really looked at
 * stands beside it, since a machine that is full looks at fewer.
 */
export async function benchWatch(options: { readonly quick: boolean }, say: (line: string) => void): Promise<readonly Figure[]> {
  if (!hasFfmpeg() || !hasRtspServer()) throw new Error("bench watch needs ffmpeg and GStreamer's RTSP server: apt-get install ffmpeg python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-good gstreamer1.0-plugins-bad")
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'vonglau-bench-'))
  const plan = { windowMs: options.quick ? 6_000 : 12_000, warmUpMs: options.quick ? 3_000 : 5_000 }
  const rounds = options.quick ? 1 : 3
  const figures: Figure[] = []
  try {
    say('drawing the sub stream: 640x360, 25 pictures a second, a key picture every 2 s')
    const clip = join(folder, 'sub.mp4')
    execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=25', '-t', '8', '-c:v', 'libx264', '-preset', 'veryfast', '-g', '50', '-bf', '0', '-b:v', '600k', '-pix_fmt', 'yuv420p', clip])
    const server = await startRtspServer({ mounts: { '/sub': { clip, fps: 25 } } })
    for (const cameras of [1, 4, 8, 16]) {
      const urls = Array.from({ length: cameras }, () => server.url('/sub'))
      const plain: Used[] = []
      const ours: (Used & { readonly looked: number; readonly ageMs: number })[] = []
      for (let round = 0; round < rounds; round += 1) {
        say(`${cameras} cameras, round ${round + 1} of ${rounds}: plain ffmpeg, decoding alone`)
        plain.push(await withDecoders(urls, (pids) => measure(pids, cameras, plan)))
        say(`${cameras} cameras, round ${round + 1} of ${rounds}: ours, watching`)
        ours.push(await watch(urls, plan))
      }
      const against = median(plain.map(({ cpu }) => cpu))
      figures.push(makeFigure(`watch.cpu.${cameras}`, 'CPU s per camera-minute, watching against decoding alone', median(ours.map(({ cpu }) => cpu)), { against }))
      figures.push(makeFigure(`watch.looked.${cameras}`, `pictures looked at per camera-second, of ${FPS}`, median(ours.map(({ looked }) => looked)), { against: FPS }))
      figures.push(makeFigure(`watch.age.${cameras}`, 'ms, p95 age of a picture when its verdict is ready', median(ours.map(({ ageMs }) => ageMs))))
      figures.push(makeFigure(`watch.memory.${cameras}`, 'MB PSS per camera', median(ours.map(({ memory }) => memory)), { against: median(plain.map(({ memory }) => memory)) }))
    }
    return figures
  } finally {
    await closeAllOpened()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function watch(urls: readonly string[], plan: { readonly windowMs: number; readonly warmUpMs: number }): Promise<Used & { readonly looked: number; readonly ageMs: number }> {
  return withOurs({ urls, watch: true }, async ({ pid, counts }) => {
    await pause(systemClock, plan.warmUpMs)
    const before = await counts()
    const fromMs = systemClock.monotonicMs()
    const used = await measure(pid, urls.length, { windowMs: plan.windowMs, warmUpMs: 0 })
    const after = await counts()
    const seconds = (systemClock.monotonicMs() - fromMs) / 1000
    return { ...used, looked: (after.framesJudged - before.framesJudged) / seconds / urls.length, ageMs: after.ageMsP95 }
  })
}

async function withDecoders(urls: readonly string[], act: (pids: readonly number[]) => Promise<Used>): Promise<Used> {
  const children = urls.map((url) => {
    const args = ['-nostdin', '-v', 'error', '-rtsp_transport', 'tcp', '-threads', '1', '-i', url, '-an', '-vf', `fps=${FPS}`, '-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1']
    const child = startChild('ffmpeg', args, { runId: `bench:${process.pid}` })
    child.stderr.resume()
    // Read and thrown away: an unread pipe would stop it.
    child.stdout.resume()
    return child
  })
  try {
    // Starting costs more than running: the window begins when each has given its first picture.
    await Promise.all(children.map((child) => new Promise((resolve) => child.stdout.once('data', resolve))))
    return await act(children.map(({ pid }) => pid ?? 0))
  } finally {
    for (const child of children) child.kill('SIGKILL')
  }
}
