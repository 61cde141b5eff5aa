import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../system/clock.js'
import { hevcTag } from './clip-job.js'
import { concatList, joinable, writePieces, type Piece, type Recorded } from './export-pieces.js'
import { runFfmpegJob } from './ffmpeg-job.js'
import { Loss } from './loss.js'
import { hasFont } from './still.js'
import { clockWidth, lineHeight, standingLine, writeClock, type WatermarkWords } from './watermark.js'

export interface ExportJob {
  readonly ffmpeg: string
  readonly runId: string
  readonly clock: Clock
  /** Empty, and this job's own; whoever made it removes it. */
  readonly folder: string
  readonly recorded: Recorded
  readonly span: { readonly fromMs: number; readonly toMs: number }
  /** Null: copied as it was recorded. */
  readonly watermark: WatermarkWords | null
  readonly signal: AbortSignal
  readonly onProgress: (part: number) => void
}

export const RESULT = 'result.mp4'
/** Encoding may be as slow as a quarter of real time on a busy machine; what takes longer is stuck. */
const SLOWEST = 4
const LIMIT_MS_MIN = 120_000
/** Live pictures and recording go first. */
const NICE = 10
/** Gathering and drawing the clock are the first tenth of the way. */
const BEFORE_ENCODING = 0.1

/** Recorded pieces of a span → one MP4 that any player opens. */
export async function runExportJob(job: ExportJob): Promise<void> {
  const { folder, span, signal } = job
  if (job.watermark && !(await hasFont())) throw new Loss('no_font', 'no font on this machine')
  const pieces = await writePieces(job.recorded, span, folder, signal)
  const [first] = pieces
  if (!first) throw new Loss('no_packets', 'nothing was recorded in this span')
  const seconds = pieces.reduce((sum, piece) => sum + piece.seconds, 0)
  await writeFile(join(folder, 'pieces.ffconcat'), concatList(pieces))
  const leadS = Math.max(0, (span.fromMs - first.fromMs) / 1000)
  const common = { ffmpeg: job.ffmpeg, runId: job.runId, clock: job.clock, signal, nice: NICE, limitMs: Math.max(LIMIT_MS_MIN, seconds * SLOWEST * 1000), to: join(folder, RESULT) }
  const input = { file: join(folder, 'pieces.ffconcat'), options: ['-f', 'concat'] }
  const onProgress = (done: number): void => job.onProgress(Math.min(1, BEFORE_ENCODING + (1 - BEFORE_ENCODING) * (done / seconds)))
  // Copied, it begins at the key picture, up to one GOP early: a decoder could start nowhere else.
  if (!job.watermark && joinable(pieces)) {
    await runFfmpegJob({ ...common, onProgress, inputs: [input], output: ['-map', '0:v:0', '-c', 'copy', '-movflags', '+faststart', ...hevcTag(first.init.codec)] })
    return
  }
  await runFfmpegJob({ ...common, onProgress, ...(await encoding(job, pieces, input, leadS)) })
}

/** Pieces of several sizes are brought to that of the first, with its shape kept. */
async function encoding(job: ExportJob, pieces: readonly Piece[], input: { readonly file: string; readonly options: readonly string[] }, leadS: number) {
  const [first] = pieces
  const size = { width: even(first?.init.width ?? 0), height: even(first?.init.height ?? 0) }
  const scaled = `[0:v:0]scale=${size.width}:${size.height}:force_original_aspect_ratio=decrease,pad=${size.width}:${size.height}:(ow-iw)/2:(oh-ih)/2,setsar=1,format=yuv420p[picture]`
  const output = (last: string): string[] => ['-map', `[${last}]`, '-an', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '21', '-pix_fmt', 'yuv420p', '-threads', '2', '-movflags', '+faststart', ...(leadS > 0 ? ['-ss', leadS.toFixed(3)] : []), '-t', (pieces.reduce((sum, piece) => sum + piece.seconds, 0) - leadS).toFixed(3)]
  if (!job.watermark) return { inputs: [input], output: ['-filter_complex', scaled, ...output('picture')] }
  await writeFile(join(job.folder, 'line.png'), await standingLine(size, job.watermark))
  const frames = await writeClock(pieces, size, job.watermark, job.folder, job.signal)
  // The reader forgets how long the last one lasts; named twice, it stays.
  const last = frames.at(-1)
  await writeFile(join(job.folder, 'clock.ffconcat'), concatList(last ? [...frames, { ...last, seconds: 1 }] : frames))
  const line = lineHeight(size)
  const laid = `${scaled};[picture][1:v]overlay=x=${size.width - clockWidth(size)}:y=0:eof_action=repeat[timed];[timed][2:v]overlay=x=0:y=${size.height - line}:eof_action=repeat,format=yuv420p[marked]`
  return {
    inputs: [input, { file: join(job.folder, 'clock.ffconcat'), options: ['-f', 'concat'] }, { file: join(job.folder, 'line.png'), options: [] }],
    output: ['-filter_complex', laid, ...output('marked')],
  }
}

const even = (value: number): number => Math.max(2, Math.floor(value / 2) * 2)
