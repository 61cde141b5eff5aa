import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChild } from '../../server/system/child.js'
import { pause, systemClock } from '../../server/system/clock.js'
import { makeFigure, median, type Figure } from './figure.js'
import { cpuSecondsOf, cpuSecondsOfTree, pssMbOf, treeOf } from './process-tree.js'
import { withOurs } from './with-ours.js'

export interface Used {
  /** CPU seconds per camera-minute. */
  readonly cpu: number
  /** MB per camera. */
  readonly memory: number
}

export interface CpuPlan {
  readonly cameras: readonly number[]
  readonly rounds: number
  /** With sixteen cameras, whose figures have bars. */
  readonly roundsOfSixteen: number
  readonly windowMs: number
  readonly warmUpMs: number
  /** Node compiles what runs often, and the hub fills its memory: neither is what a day costs. Measured: four cameras cost 1.1 at first and 0.65 from the second minute on. */
  readonly oursWarmUpMs: number
}

/** The same cameras read by plain ffmpeg into HLS on disk, by us with nobody watching, and by us with one viewer each; in turns, medians. */
export async function measureCpu(url: string, plan: CpuPlan, say: (line: string) => void): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const cameras of plan.cameras) {
    const urls = Array.from({ length: cameras }, () => url)
    const sixteen = cameras === 16
    const plain: Used[] = []
    const gstreamer: Used[] = []
    const alone: Used[] = []
    const watched: Used[] = []
    const serverMb: number[] = []
    const recordingCosts: number[] = []
    const rounds = sixteen ? plan.roundsOfSixteen : plan.rounds
    for (let round = 0; round < rounds; round += 1) {
      say(`${cameras} cameras, round ${round + 1} of ${rounds}: plain ffmpeg`)
      plain.push(await withPlain(urls, startPlainHls, (pids) => measure(pids, cameras, plan)))
      if (sixteen && hasGstLaunch()) {
        say(`${cameras} cameras, round ${round + 1} of ${rounds}: GStreamer hlssink2`)
        gstreamer.push(await withPlain(urls, startGstHls, (pids) => measure(pids, cameras, plan)))
      }
      say(`${cameras} cameras, round ${round + 1} of ${rounds}: ours, then ours with a viewer each`)
      await withOurs({ urls, watch: false }, async ({ pid, url: base }) => {
        alone.push(await measure(pid, cameras, { ...plan, warmUpMs: plan.oursWarmUpMs }))
        serverMb.push(pssMbOf([pid]) / cameras)
        const stop = watchAll(base, cameras)
        watched.push(await measure(pid, cameras, { ...plan, warmUpMs: plan.oursWarmUpMs }))
        stop()
      })
      if (!sixteen) continue
      say(`${cameras} cameras, round ${round + 1} of ${rounds}: ours, recording`)
      // In one process, without and with: two processes differ by more than recording costs.
      await withOurs({ urls, watch: false }, async ({ pid, record }) => {
        const without = await measure(pid, cameras, { ...plan, warmUpMs: plan.oursWarmUpMs })
        await record()
        const recorded = await measure(pid, cameras, { ...plan, warmUpMs: plan.oursWarmUpMs })
        recordingCosts.push(recorded.cpu - without.cpu)
      })
    }
    const against = median(plain.map(({ cpu }) => cpu))
    const memory = median(plain.map((used) => used.memory))
    const ours = median(alone.map(({ cpu }) => cpu))
    figures.push(makeFigure(`live.cpu.${cameras}`, 'CPU s per camera-minute, no viewer, ffmpeg HLS', ours, { against, ...(sixteen ? { bar: 1.4 } : {}) }))
    figures.push(makeFigure(`live.cpu_watched.${cameras}`, 'CPU s per camera-minute, one viewer each, ffmpeg HLS', median(watched.map(({ cpu }) => cpu)), { against, ...(sixteen ? { bar: 2 } : {}) }))
    if (gstreamer.length > 0) figures.push(makeFigure(`live.cpu_gst.${cameras}`, 'CPU s per camera-minute, no viewer, GStreamer hlssink2', ours, { against: median(gstreamer.map(({ cpu }) => cpu)), bar: 1 }))
    figures.push(makeFigure(`live.memory.${cameras}`, 'MB PSS per camera, all processes, one viewer each', median(watched.map((used) => used.memory)), { against: memory }))
    if (recordingCosts.length > 0) figures.push(makeFigure(`live.recording.${cameras}`, 'CPU s per camera-minute more, all recorded', median(recordingCosts), { bar: 0.15 }))
    figures.push(makeFigure(`live.server_memory.${cameras}`, 'MB PSS per camera, the server beside its ffmpeg children', median(serverMb), sixteen ? { bar: 12 } : {}))
  }
  return figures
}

export async function measure(root: number | readonly number[], cameras: number, plan: Pick<CpuPlan, 'windowMs' | 'warmUpMs'>): Promise<Used> {
  await pause(systemClock, plan.warmUpMs)
  const used = (): number => (typeof root === 'number' ? cpuSecondsOfTree(root) : cpuSecondsOf(root))
  const fromMs = systemClock.monotonicMs()
  const from = used()
  await pause(systemClock, plan.windowMs)
  const minutes = (systemClock.monotonicMs() - fromMs) / 60_000
  return { cpu: (used() - from) / minutes / cameras, memory: pssMbOf(typeof root === 'number' ? treeOf(root) : root) / cameras }
}

async function withPlain(urls: readonly string[], start: (url: string, playlist: string) => ChildProcess, act: (pids: readonly number[]) => Promise<Used>): Promise<Used> {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'vonglau-bench-'))
  const children: ChildProcess[] = []
  for (const [index, url] of urls.entries()) children.push(start(url, join(folder, `${index}.m3u8`)))
  try {
    // Starting costs more than running: the window begins when each has written its first list.
    for (const index of urls.keys()) while (!existsSync(join(folder, `${index}.m3u8`))) await pause(systemClock, 100)
    return await act(children.map(({ pid }) => pid ?? 0))
  } finally {
    for (const child of children) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What one would write without us. */
export function startPlainHls(url: string, playlist: string): ChildProcess {
  const args = ['-nostdin', '-v', 'error', '-rtsp_transport', 'tcp', '-i', url, '-map', '0:v:0', '-c', 'copy', '-f', 'hls', '-hls_time', '2', '-hls_list_size', '6', '-hls_flags', 'delete_segments+independent_segments+program_date_time', playlist]
  const child = startChild('ffmpeg', args, { runId: `bench:${process.pid}` })
  child.stdout.resume()
  child.stderr.resume()
  return child
}

const GST_LAUNCH = '/usr/bin/gst-launch-1.0'

export function hasGstLaunch(): boolean {
  return existsSync(GST_LAUNCH)
}

/** The same by another house: no re-encoding, MPEG-TS segments of two seconds. */
function startGstHls(url: string, playlist: string): ChildProcess {
  const args = ['-q', 'rtspsrc', `location=${url}`, 'protocols=tcp', 'latency=0', '!', 'rtph264depay', '!', 'h264parse', '!', 'hlssink2', `location=${playlist}.%05d.ts`, `playlist-location=${playlist}`, 'target-duration=2', 'playlist-length=6', 'max-files=8']
  const child = startChild(GST_LAUNCH, args, { runId: `bench:${process.pid}` })
  child.stdout.resume()
  child.stderr.resume()
  return child
}

/** A viewer as hls.js is one: a blocking reload for the next part, then that part, for ever. */
function watchAll(base: string, cameras: number): () => void {
  let watching = true
  const watch = async (camera: string): Promise<void> => {
    let next: { readonly msn: number; readonly part: number } | null = null
    while (watching) {
      const wish: string = next ? `?_HLS_msn=${next.msn}&_HLS_part=${next.part}` : ''
      const list = await fetchText(`${base}/live/${camera}/media.m3u8${wish}`)
      const [, file, msn, part] = /#EXT-X-PRELOAD-HINT:TYPE=PART,URI="(part-(\d+)-(\d+)\.m4s)"/.exec(list) ?? []
      if (file === undefined) {
        await pause(systemClock, 200)
        continue
      }
      next = { msn: Number(msn), part: Number(part) }
      const parts = [...list.matchAll(/#EXT-X-PART:.*URI="([^"]+)"/g)]
      const newest = parts.at(-1)?.[1]
      if (newest !== undefined) await fetchText(`${base}/live/${camera}/${newest}`)
    }
  }
  for (let index = 0; index < cameras; index += 1) watch(`cam-${index}`).catch((error: unknown) => watching && process.stderr.write(`a viewer ended: ${String(error)}\n`))
  return () => {
    watching = false
  }
}

function fetchText(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, (response) => {
      let text = ''
      response.setEncoding('latin1')
      response.on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve(text))
    }).on('error', reject)
  })
}
