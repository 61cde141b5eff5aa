import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Mask } from '../domain/privacy-mask.js'
import type { Cover, LookForPrivate } from '../domain/redaction.js'
import { fitFilter } from '../media/ffmpeg-args.js'
import type { Clock } from '../system/clock.js'
import { H264, hevcTag } from './clip-job.js'
import { concatList, joinable, writePieces, type Piece, type Recorded } from './export-pieces.js'
import { runFfmpegJob, type FfmpegJob } from './ffmpeg-job.js'
import { coverInput, layCover, writeCover } from './lay-cover.js'
import { Loss } from './loss.js'
import { coverFilter, maskInput, maskPieces } from './redact.js'
import { hasFont } from './still.js'
import { clockWidth, lineHeight, standingLine, writeClock, type WatermarkSize, type WatermarkWords } from './watermark.js'

/** What is made of pieces that lie in its folder. */
export interface PiecesJob {
  readonly ffmpeg: string
  readonly runId: string
  readonly clock: Clock
  /** This job's own; whoever made it removes it. */
  readonly folder: string
  readonly span: { readonly fromMs: number; readonly toMs: number }
  /** Null: nothing is burned in. */
  readonly watermark: WatermarkWords | null
  /** Covered in every picture, whatever else is asked for. */
  readonly masks: readonly Mask[]
  /** Who looks for what is private, and null where nobody can; left out: nothing is covered. */
  readonly redact?: { readonly look: LookForPrivate | null }
  readonly signal: AbortSignal
  readonly onProgress: (part: number) => void
}

export interface ExportJob extends PiecesJob {
  readonly recorded: Recorded
}

export interface ExportMade {
  /** Null: nothing was to be covered. */
  readonly covered: Cover | null
}

export const RESULT = 'result.mp4'
/** Encoding may be as slow as a quarter of real time on a busy machine; what takes longer is stuck. */
const SLOWEST = 4
const LIMIT_MS_MIN = 120_000
/** Live pictures and recording go first. */
const NICE = 10
/** Gathering and drawing the clock are the first tenth of the way; looking for what is private goes on to here. */
const BEFORE_LOOKING = 0.1
const BEFORE_COVERING = 0.6

/** Recorded pieces of a span → one MP4 that any player opens. Throws a Loss; then there may be half a file, which nobody takes. */
export async function runExportJob(job: ExportJob): Promise<ExportMade> {
  if (job.watermark && !(await hasFont())) throw new Loss('no_font', 'no font on this machine')
  if (job.redact && !job.redact.look) throw new Loss('no_looker', 'the server has no detector to redact with')
  return joinPieces(job, await writePieces(job.recorded, job.span, job.folder, job.signal))
}

/** The same of pieces that lie in the folder already. */
export async function joinPieces(job: PiecesJob, pieces: readonly Piece[]): Promise<ExportMade> {
  const { folder, span, signal } = job
  const [first] = pieces
  if (!first) throw new Loss('no_packets', 'nothing was recorded in this span')
  const seconds = pieces.reduce((sum, piece) => sum + piece.seconds, 0)
  const list = join(folder, 'pieces.ffconcat')
  await writeFile(list, concatList(pieces))
  const input = { file: list, options: ['-f', 'concat'] }
  const startAt = job.redact ? BEFORE_COVERING : BEFORE_LOOKING
  const common = { ffmpeg: job.ffmpeg, runId: job.runId, clock: job.clock, signal, nice: NICE, limitMs: Math.max(LIMIT_MS_MIN, seconds * SLOWEST * 1000), to: join(folder, RESULT), onProgress: (done: number) => job.onProgress(Math.min(1, startAt + (1 - startAt) * (done / seconds))) }
  // Copied, it begins at the key picture, up to one GOP early: a decoder could start nowhere else.
  if (!job.watermark && !job.redact && job.masks.length === 0 && joinable(pieces)) {
    await runFfmpegJob({ ...common, inputs: [input], output: ['-map', '0:v:0', '-c', 'copy', '-movflags', '+faststart', ...hevcTag(first.init.codec)] })
    return { covered: null }
  }
  const size = { width: even(first.init.width), height: even(first.init.height) }
  const covered = job.redact ? await coverLayer(job, job.redact, pieces, size, list) : null
  const masked = await writeCover(join(folder, 'masks.png'), size, job.masks)
  const layers = [...(masked ? [{ input: coverInput(masked), filter: layCover }] : []), ...(covered ? [covered.layer] : []), ...(job.watermark ? await markLayers(job, job.watermark, pieces, size) : [])]
  const leadS = Math.max(0, (span.fromMs - first.fromMs) / 1000)
  await runFfmpegJob({ ...common, ...encoding(size, input, layers, { leadS, seconds: seconds - leadS }) })
  return { covered: covered?.cover ?? null }
}

/** Something laid over the picture: its input, and the filter that takes the stream of both and names what comes out. */
interface Layer {
  readonly input: FfmpegJob['inputs'][number]
  readonly filter: (from: string, input: string, to: string) => string
}

/** Pieces of several sizes are brought to that of the first, with its shape kept. */
function encoding(size: WatermarkSize, input: FfmpegJob['inputs'][number], layers: readonly Layer[], { leadS, seconds }: { readonly leadS: number; readonly seconds: number }): Pick<FfmpegJob, 'inputs' | 'output'> {
  const graph = [`[0:v:0]${fitFilter(size)}[laid0]`, ...layers.map(({ filter }, at) => filter(`laid${at}`, `${at + 1}:v`, `laid${at + 1}`))].join(';')
  return {
    inputs: [input, ...layers.map((layer) => layer.input)],
    output: ['-filter_complex', graph, '-map', `[laid${layers.length}]`, '-an', ...H264, ...(leadS > 0 ? ['-ss', leadS.toFixed(3)] : []), '-t', seconds.toFixed(3)],
  }
}

/** Under the mark, which tells nothing private and must stay readable. */
async function coverLayer({ folder, signal, onProgress }: PiecesJob, { look }: NonNullable<PiecesJob['redact']>, pieces: readonly Piece[], size: WatermarkSize, list: string): Promise<{ readonly cover: Cover; readonly layer: Layer }> {
  const { cover, masks } = await maskPieces({ look, folder, list, pieces, still: false, picture: size, signal, onProgress: (part) => onProgress(BEFORE_LOOKING + (BEFORE_COVERING - BEFORE_LOOKING) * part) })
  return { cover, layer: { input: maskInput(masks), filter: (picture, mask, to) => coverFilter({ picture, mask, to, size }) } }
}

async function markLayers(job: PiecesJob, words: WatermarkWords, pieces: readonly Piece[], size: WatermarkSize): Promise<readonly Layer[]> {
  await writeFile(join(job.folder, 'line.png'), await standingLine(size, words))
  const frames = await writeClock(pieces, size, words, job.folder, job.signal)
  // The reader forgets how long the last one lasts; named twice, it stays.
  const last = frames.at(-1)
  await writeFile(join(job.folder, 'clock.ffconcat'), concatList(last ? [...frames, { ...last, seconds: 1 }] : frames))
  const over = (x: number, y: number) => (from: string, input: string, to: string): string => `[${from}][${input}]overlay=x=${x}:y=${y}:eof_action=repeat,format=yuv420p[${to}]`
  return [
    { input: { file: join(job.folder, 'clock.ffconcat'), options: ['-f', 'concat'] }, filter: over(size.width - clockWidth(size), 0) },
    { input: { file: join(job.folder, 'line.png'), options: [] }, filter: over(0, size.height - lineHeight(size)) },
  ]
}

const even = (value: number): number => Math.max(2, Math.floor(value / 2) * 2)
