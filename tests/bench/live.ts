import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closeAllOpened, hasFfmpeg, hasRtspServer, startRtspServer } from '../support/rtsp-server.js'
import type { Figure } from './figure.js'
import { measureCpu } from './live-cpu.js'
import { measureHeld } from './live-held.js'
import { hasChromium, measureLatency } from './live-latency.js'
import { measurePast } from './past-open.js'

/** Ours beside plain ffmpeg writing HLS, from the same independent RTSP server, in one run, in turns. */
export async function benchLive(options: { readonly quick: boolean; readonly root: string }, say: (line: string) => void): Promise<readonly Figure[]> {
  if (!hasFfmpeg() || !hasRtspServer()) throw new Error("bench live needs ffmpeg and GStreamer's RTSP server: apt-get install ffmpeg python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly")
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'vonglau-bench-'))
  try {
    say('drawing the camera picture: 1080p, 25 pictures a second, about 4 Mbit/s, a key picture every 2 s')
    const clip = join(folder, 'camera.mp4')
    execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=1920x1080:r=25', '-t', options.quick ? '4' : '10', '-c:v', 'libx264', '-preset', 'veryfast', '-g', '50', '-keyint_min', '50', '-sc_threshold', '0', '-bf', '0', '-b:v', '4M', '-maxrate', '4M', '-bufsize', '4M', '-pix_fmt', 'yuv420p', clip])
    const server = await startRtspServer({ mounts: { '/copy': { clip, fps: 25 }, '/barcode': { barcode: '640x360@25', gop: 50 } } })
    const cpu = await measureCpu(server.url('/copy'), { cameras: [1, 4, 8, 16], rounds: 1, roundsOfSixteen: options.quick ? 1 : 5, windowMs: options.quick ? 5_000 : 8_000, warmUpMs: options.quick ? 2_500 : 3_000, oursWarmUpMs: options.quick ? 8_000 : 60_000 }, say)
    const held = await measureHeld({ held: 5_000, rounds: options.quick ? 1 : 5 }, say)
    if (!hasChromium()) {
      say('latency is not measured: chromium is not installed (apt-get install chromium)')
      return [...cpu, ...held]
    }
    const latency = await measureLatency(server.url('/barcode'), { root: options.root, rounds: options.quick ? 1 : 5, windowMs: options.quick ? 6_000 : 10_000, warmUpMs: options.quick ? 6_000 : 8_000 }, say)
    const past = await measurePast(server.url('/copy'), { root: options.root, moments: options.quick ? 3 : 21, recordedMs: options.quick ? 45_000 : 90_000 }, say)
    return [...cpu, ...held, ...latency, ...past]
  } finally {
    await closeAllOpened()
    rmSync(folder, { recursive: true, force: true })
  }
}
