import { writeFile } from 'node:fs/promises'
import sharp from 'sharp'
import type { Mask } from '../domain/privacy-mask.js'
import { coverSvg } from '../media/cover.js'
import type { FfmpegJob } from './ffmpeg-job.js'

/** A picture of a camera's masks, as large as the film that it is laid over. */
export interface Cover {
  readonly file: string
}

/** Null where there is nothing to cover. */
export async function writeCover(file: string, { width, height }: { readonly width: number; readonly height: number }, masks: readonly Mask[]): Promise<Cover | null> {
  if (masks.length === 0) return null
  await writeFile(file, await sharp(Buffer.from(coverSvg({ width, height }, masks))).png().toBuffer())
  return { file }
}

export function coverInput({ file }: Cover): FfmpegJob['inputs'][number] {
  return { file, options: [] }
}

/** Names of streams: the picture, the cover, and what comes of both. The cover stands for as long as the film goes on. */
export function layCover(picture: string, cover: string, to: string): string {
  return `[${picture}][${cover}]overlay=x=0:y=0:eof_action=repeat,format=yuv420p[${to}]`
}
