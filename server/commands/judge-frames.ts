import type { Frame } from '../../analytics/frame.js'
import type { Point } from '../../analytics/geometry/point.js'
import { runToEnd, startChild } from '../system/child.js'
import { planPicture, type FarPlan } from '../watching/picture-plan.js'
import { JudgeFault } from './judge-options.js'

export interface Clip {
  readonly width: number
  readonly height: number
  /** Presentation times of the frames that will be looked at, in ms. */
  readonly timesMs: readonly number[]
  frames(): AsyncIterable<ClipFrame>
}

/** A frame and, where one was asked for, a part of the same picture nearer. */
export interface ClipFrame extends Frame {
  readonly near?: { readonly frame: Frame; readonly plan: FarPlan }
}

export interface ClipWish {
  readonly file: string
  readonly fpsMax: number
  /** The picture is decoded no larger than this, its shape kept. */
  readonly width: number
  readonly height: number
  /** Frames a second of a bare stream (.h264), which holds no times. */
  readonly rawFps?: number | undefined
  /** The middle of the part that is wanted nearer; then the picture is as large as a camera's lane has it, whatever `width` and `height` say. */
  readonly far?: Point
}

const PROBE_MS_MAX = 60_000
/** Frames this share of the wished distance apart are taken: clocks of 29.97 a second must not lose every other frame. */
const DISTANCE_SHARE = 0.98

/** Reads the true time of every frame first (variable rate clips are common), then decodes the ones that are wanted. */
export async function openClip(wish: ClipWish): Promise<Clip> {
  const probed = await probe(wish.file, wish.rawFps ?? null)
  const { taken, select } = choose(probed, wish.fpsMax)
  const scale = Math.min(1, wish.width / probed.width, wish.height / probed.height)
  const width = Math.max(2, Math.round((probed.width * scale) / 2) * 2)
  const height = Math.max(2, Math.round((probed.height * scale) / 2) * 2)
  const timesMs = taken.map((t) => Math.round(t * 1000))
  const job = { file: wish.file, select, timesMs }
  if (!wish.far) return { width, height, timesMs, frames: () => decode({ ...job, width, height, near: null }) }
  const plan = planPicture(probed, { small: false, far: wish.far })
  if (!plan.far) throw new JudgeFault('--looks', `far shows nothing nearer in a clip ${probed.width} pixels wide`, `Give a clip of ${plan.width * 2} pixels or more, or another way of looking.`)
  return { width: plan.width, height: plan.height, timesMs, frames: () => decode({ ...job, width: plan.width, height: plan.height, near: plan.far }) }
}

interface Probed {
  readonly width: number
  readonly height: number
  readonly timesS: readonly number[]
  /** Set when the file is a bare stream, whose frames have no times of their own. */
  readonly rawFps: number | null
}

/** Which frames are looked at, and the same choice in ffmpeg's words. */
function choose({ timesS, rawFps }: Probed, fpsMax: number): { readonly taken: readonly number[]; readonly select: string } {
  if (rawFps !== null) {
    const step = Math.max(1, Math.ceil((rawFps * DISTANCE_SHARE) / fpsMax))
    return { taken: timesS.filter((_, i) => i % step === 0), select: `select='not(mod(n,${step}))'` }
  }
  const gapS = DISTANCE_SHARE / fpsMax
  const taken: number[] = []
  for (const t of timesS) if (t - (taken.at(-1) ?? -Infinity) >= gapS) taken.push(t)
  return { taken, select: `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${gapS})'` }
}

async function probe(file: string, rawFps: number | null): Promise<Probed> {
  const args = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'stream=width,height,r_frame_rate:packet=pts_time,flags', '-of', 'json', `file:${file}`]
  const { code, stdout, stderr } = await runToEnd('ffprobe', args, { timeoutMs: PROBE_MS_MAX, maxBytes: 256 << 20 }).catch(() => {
    throw new JudgeFault('ffprobe', 'is not installed', 'Install it: apt-get install ffmpeg')
  })
  if (code !== 0) throw new JudgeFault('--clip', `ffmpeg cannot read it: ${lastLine(stderr)}`, 'Give a video file that plays.')
  const answer = JSON.parse(stdout) as { streams?: { width?: number; height?: number; r_frame_rate?: string }[]; packets?: { pts_time?: string; flags?: string }[] }
  const stream = answer.streams?.[0]
  // Packets flagged D are outside the clip's edit list: decoded for reference, never shown.
  const packets = (answer.packets ?? []).filter((p) => !p.flags?.includes('D'))
  if (!stream?.width || !stream.height || packets.length === 0) throw new JudgeFault('--clip', 'holds no video', 'Give a video file that plays.')
  const size = { width: stream.width, height: stream.height }
  if (packets.every((p) => p.pts_time === undefined)) {
    const [over = 0, under = 1] = (stream.r_frame_rate ?? '').split('/').map(Number)
    const fps = rawFps ?? over / under
    if (!(fps > 0 && fps < 1000)) throw new JudgeFault('--truth fps', 'is missing, and the clip is a bare stream that does not tell its frames’ times', 'Add fps to the truth, or put the stream into a container.')
    return { ...size, timesS: packets.map((_, i) => i / fps), rawFps: fps }
  }
  const timesS = packets.flatMap((p) => (p.pts_time === undefined ? [] : [Number(p.pts_time)])).toSorted((a, b) => a - b)
  return { ...size, timesS, rawFps: null }
}

async function* decode(job: { file: string; width: number; height: number; select: string; timesMs: readonly number[]; near: FarPlan | null }): AsyncGenerator<ClipFrame> {
  const args = ['-v', 'error', '-nostdin', '-noautorotate', '-i', `file:${job.file}`, '-map', '0:v:0', '-vf', `${job.select},${fitFilter(job)}`, '-fps_mode', 'passthrough', '-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1']
  const child = startChild('ffmpeg', args, { runId: `judge:${process.pid}` })
  child.stdin.end()
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-2000)))
  const size = job.width * (job.height + (job.near?.height ?? 0)) * 3
  let seen = 0
  try {
    let picture = new Uint8Array(size)
    let filled = 0
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.length; ) {
        const part = Math.min(chunk.length - at, size - filled)
        picture.set(chunk.subarray(at, at + part), filled)
        filled += part
        at += part
        if (filled < size) continue
        const atMs = job.timesMs[seen]
        seen += 1
        if (atMs !== undefined) yield clipFrame(atMs, picture, job)
        picture = new Uint8Array(size)
        filled = 0
      }
    }
  } finally {
    child.kill('SIGKILL')
  }
  if (seen !== job.timesMs.length) {
    throw new JudgeFault('--clip', `${seen} frames were decoded where its index promises ${job.timesMs.length}${complaint ? `; ffmpeg says: ${lastLine(complaint)}` : ''}`, 'The file is damaged or still being written: its frames cannot be told their times.')
  }
}

/** The whole picture and, as wide as that, the nearer part below it. */
function fitFilter({ width, height, near }: { width: number; height: number; near: FarPlan | null }): string {
  const whole = `scale=${width}:${height}`
  if (!near) return whole
  const { part: { x1, y1, x2, y2 } } = near
  return `split[all][one];[all]${whole}[whole];[one]crop=${x2 - x1}*iw:${y2 - y1}*ih:${x1}*iw:${y1}*ih,scale=${width}:${near.height}[near];[whole][near]vstack`
}

function clipFrame(atMs: number, bytes: Uint8Array<ArrayBuffer>, { width, height, near }: { width: number; height: number; near: FarPlan | null }): ClipFrame {
  const whole = width * height * 3
  const frame = { atMs, width, height, rgb: bytes.subarray(0, whole) }
  return near ? { ...frame, near: { plan: near, frame: { atMs, width, height: near.height, rgb: bytes.subarray(whole) } } } : frame
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
