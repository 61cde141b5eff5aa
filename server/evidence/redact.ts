import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cover, LookForPrivate, MaskFilm } from '../domain/redaction.js'
import type { Piece } from './export-pieces.js'
import { Loss } from './loss.js'

/**
 * Covers what is private in a copy: others say where it is (the wiring hands them in), here it is laid over. It fails closed:
 * whatever is missing of the masks ends the export, and no picture is written that no mask speaks of.
 */
export interface Masked {
  readonly cover: Cover
  readonly masks: MaskFilm
}

export interface MaskTask {
  readonly look: LookForPrivate | null
  readonly folder: string
  /** The list that ffmpeg reads, with the pieces of it. */
  readonly list: string
  readonly pieces: readonly Pick<Piece, 'seconds' | 'pictureSMax'>[]
  /** They are a single picture. */
  readonly still: boolean
  readonly picture: { readonly width: number; readonly height: number }
  readonly signal: AbortSignal
  readonly onProgress: (part: number) => void
}

/** Has the pieces looked at, and takes the masks only if they reach from the first picture to the last. Throws a Loss. */
export async function maskPieces({ look, folder, pieces, ...task }: MaskTask): Promise<Masked> {
  if (!look) throw new Loss('no_looker', 'the server has no detector to redact with')
  const seconds = pieces.reduce((sum, piece) => sum + piece.seconds, 0)
  const answer = await look({ ...task, seconds, pictureSMax: Math.max(...pieces.map(({ pictureSMax }) => pictureSMax)), maskFile: join(folder, 'masks.raw') })
  task.signal.throwIfAborted()
  if (answer.is === 'failed') throw new Loss('not_looked_at', answer.why)
  const { masks, cover } = answer
  const lack = await lackOf(masks, seconds)
  if (lack) throw new Loss('not_looked_at', lack)
  return { cover, masks }
}

/** The masks as ffmpeg reads them. */
export function maskInput({ file, width, height, rate }: MaskFilm): { readonly file: string; readonly options: readonly string[] } {
  return { file, options: ['-f', 'rawvideo', '-pixel_format', 'monob', '-video_size', `${width}x${height}`, '-framerate', rate] }
}

async function lackOf({ file, width, height, slots, slotS }: MaskFilm, seconds: number): Promise<string | null> {
  if (slots * slotS < seconds) return `masks were made for ${(slots * slotS).toFixed(1)} of ${seconds.toFixed(1)} s`
  const wanted = ((width * height) / 8) * slots
  const bytes = (await stat(file).catch(() => null))?.size ?? 0
  return bytes === wanted ? null : `the masks have ${bytes} bytes; ${wanted} are wanted`
}

/** Coarse blocks, this many across the picture: a face that fills a sixth of it is three or four of them. */
const BLOCKS_ACROSS = 20

/** How many blocks a picture of this size is laid in. */
export function blocksOf({ width, height }: { readonly width: number; readonly height: number }): { readonly across: number; readonly down: number } {
  return { across: BLOCKS_ACROSS, down: Math.max(2, 2 * Math.round((BLOCKS_ACROSS * height) / width / 2)) }
}

/**
 * A filter that covers `picture` wherever the mask of that instant is white; both are names of streams. `alphamerge` and not
 * `maskedmerge`, which makes a picture for each mask as well. If the masks ended early, so would the copy (`endall`). Where the
 * size of the recording changes, ffmpeg begins its filters anew: until the next mask comes (80 ms at most) all is covered.
 */
export function coverFilter({ picture, mask, to, size }: { readonly picture: string; readonly mask: string; readonly to: string; readonly size: { readonly width: number; readonly height: number } }): string {
  const { width, height } = size
  const { across, down } = blocksOf(size)
  return [
    `[${picture}]split[open][copied]`,
    `[copied]scale=${across}:${down}:flags=area,scale=${width}:${height}:flags=neighbor,setsar=1[coarse]`,
    // Every pixel wholly covered or not at all: a mask that shines through would tell what is behind it.
    `[${mask}]scale=${width}:${height}:flags=neighbor,format=gray,lut=y='if(gt(val,127),255,0)'[mask]`,
    '[coarse][mask]alphamerge=eof_action=endall[cover]',
    `[open][cover]overlay=format=yuv420:eof_action=endall,format=yuv420p[${to}]`,
  ].join(';')
}
