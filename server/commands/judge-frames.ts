import type { Frame } from '../../analytics/frame.js'
import { runToEnd, startChild } from '../system/child.js'
import { JudgeFault } from './judge-options.js'

export interface Clip {
  readonly width: number
  readonly height: number
  /** Presentation times of the frames that will be looked at, in ms. */
  readonly timesMs: readonly number[]
  frames(): AsyncIterable<Frame>
}

export interface ClipWish {
  readonly file: string
  readonly fpsMax: number
  /** The picture is decoded no larger than this, its shape kept. */
  readonly width: number
  readonly height: number
}

const PROBE_MS_MAX = 60_000
/** Frames this share of the wished distance apart are taken: clocks of 29.97 a second must not lose every other frame. */
const DISTANCE_SHARE = 0.98

/** Reads the true time of every frame first (variable rate clips are common), then decodes the ones that are wanted. */
export async function openClip(wish: ClipWish): Promise<Clip> {
  const probed = await probe(wish.file)
  const gapS = DISTANCE_SHARE / wish.fpsMax
  const taken: number[] = []
  for (const t of probed.timesS) if (t - (taken.at(-1) ?? -Infinity) >= gapS) taken.push(t)
  const scale = Math.min(1, wish.width / probed.width, wish.height / probed.height)
  const width = Math.max(2, Math.round((probed.width * scale) / 2) * 2)
  const height = Math.max(2, Math.round((probed.height * scale) / 2) * 2)
  const timesMs = taken.map((t) => Math.round(t * 1000))
  return { width, height, timesMs, frames: () => decode({ file: wish.file, width, height, gapS, timesMs }) }
}

async function probe(file: string): Promise<{ width: number; height: number; timesS: readonly number[] }> {
  const args = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'stream=width,height:packet=pts_time,flags', '-of', 'json', `file:${file}`]
  const { code, stdout, stderr } = await runToEnd('ffprobe', args, { timeoutMs: PROBE_MS_MAX, maxBytes: 256 << 20 }).catch(() => {
    throw new JudgeFault('ffprobe', 'is not installed', 'Install it: apt-get install ffmpeg')
  })
  if (code !== 0) throw new JudgeFault('--clip', `ffmpeg cannot read it: ${lastLine(stderr)}`, 'Give a video file that plays.')
  const answer = JSON.parse(stdout) as { streams?: { width?: number; height?: number }[]; packets?: { pts_time?: string; flags?: string }[] }
  const stream = answer.streams?.[0]
  // Packets flagged D are outside the clip's edit list: decoded for reference, never shown.
  const timesS = (answer.packets ?? []).filter((p) => p.pts_time !== undefined && !p.flags?.includes('D')).map((p) => Number(p.pts_time)).toSorted((a, b) => a - b)
  if (!stream?.width || !stream.height || timesS.length === 0) throw new JudgeFault('--clip', 'holds no video', 'Give a video file that plays.')
  return { width: stream.width, height: stream.height, timesS }
}

async function* decode(job: { file: string; width: number; height: number; gapS: number; timesMs: readonly number[] }): AsyncGenerator<Frame> {
  const select = `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${job.gapS})'`
  const args = ['-v', 'error', '-nostdin', '-noautorotate', '-i', `file:${job.file}`, '-map', '0:v:0', '-vf', `${select},scale=${job.width}:${job.height}`, '-fps_mode', 'passthrough', '-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1']
  const child = startChild('ffmpeg', args, { runId: `judge:${process.pid}` })
  child.stdin.end()
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-2000)))
  const size = job.width * job.height * 3
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
        if (atMs !== undefined) yield { atMs, width: job.width, height: job.height, rgb: picture }
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

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
