import { runFfmpegJob } from './ffmpeg-job.js'
import type { Clock } from '../system/clock.js'

export interface ClipJob {
  readonly ffmpeg: string
  readonly runId: string
  /** Fragmented MP4 of ours. */
  readonly from: string
  readonly to: string
  /** RFC 6381; Safari plays HEVC in MP4 only under the tag `hvc1`. */
  readonly codec: string
  readonly clock: Clock
}

const JOB_MS_MAX = 30_000

/** Turns fragments into a plain MP4 that starts at once and that any player opens, without re-encoding. */
export function runClipJob({ from, to, codec, ...rest }: ClipJob): Promise<void> {
  return runFfmpegJob({ ...rest, limitMs: JOB_MS_MAX, inputs: [{ file: from, options: ['-f', 'mp4'] }], output: ['-map', '0:v:0', '-c', 'copy', '-movflags', '+faststart', ...hevcTag(codec)], to })
}

export function hevcTag(codec: string): readonly string[] {
  return /^h(vc|ev)1/.test(codec) ? ['-tag:v', 'hvc1'] : []
}
