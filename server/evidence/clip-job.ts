import { runFfmpegJob } from './ffmpeg-job.js'
import { coverInput, layCover, type Cover } from './lay-cover.js'
import type { Clock } from '../system/clock.js'

export interface ClipJob {
  readonly ffmpeg: string
  readonly runId: string
  /** Fragmented MP4 of ours. */
  readonly from: string
  readonly to: string
  /** RFC 6381; Safari plays HEVC in MP4 only under the tag `hvc1`. */
  readonly codec: string
  /** Laid over every picture; null: nothing is covered, and nothing is encoded anew. */
  readonly cover: Cover | null
  readonly clock: Clock
}

const JOB_MS_MAX = 30_000
/** Ten seconds of the largest picture, encoded anew on a busy machine. */
const COVERED_MS_MAX = 120_000
/** As whoever looks at evidence wants to see it, and no larger than the camera's own by much. */
export const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21', '-pix_fmt', 'yuv420p', '-threads', '2', '-movflags', '+faststart'] as const

/** Turns fragments into a plain MP4 that starts at once and that any player opens, without re-encoding. */
export function runClipJob({ from, to, codec, cover, ...rest }: ClipJob): Promise<void> {
  const film = { file: from, options: ['-f', 'mp4'] }
  if (cover) return runFfmpegJob({ ...rest, limitMs: COVERED_MS_MAX, inputs: [film, coverInput(cover)], output: ['-filter_complex', layCover('0:v:0', '1:v', 'covered'), '-map', '[covered]', '-an', ...H264, '-vsync', 'passthrough'], to })
  return runFfmpegJob({ ...rest, limitMs: JOB_MS_MAX, inputs: [film], output: ['-map', '0:v:0', '-c', 'copy', '-movflags', '+faststart', ...hevcTag(codec)], to })
}

export function hevcTag(codec: string): readonly string[] {
  return /^h(vc|ev)1/.test(codec) ? ['-tag:v', 'hvc1'] : []
}
