import { existsSync } from 'node:fs'
import type { Frame } from '../../analytics/frame.js'
import { startChild } from '../../server/system/child.js'

/** Test material that is never copied into the repository; tests that want it are skipped, visibly, where it is absent. */
export const MATERIAL = new URL('../../../shared/data/', import.meta.url).pathname
export const materialThere = existsSync(MATERIAL)

export interface ClipCut {
  readonly file: string
  readonly width: number
  readonly height: number
  /** Which frames of the clip, counted from 0 in order of showing. */
  readonly indexes: readonly number[]
}

/** Exactly these frames of a video file, decoded by ffmpeg. */
export async function clipFrames(cut: ClipCut): Promise<readonly Frame[]> {
  const chosen = cut.indexes.map((index) => `eq(n,${index})`).join('+')
  const args = ['-nostdin', '-v', 'error', '-i', cut.file, '-vf', `select='${chosen}',scale=${cut.width}:${cut.height}`, '-vsync', 'passthrough', '-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1']
  const child = startChild('ffmpeg', args, { runId: 'test' })
  child.stderr.resume()
  const parts: Buffer[] = []
  for await (const part of child.stdout) parts.push(part as Buffer)
  const all = Buffer.concat(parts)
  const bytes = cut.width * cut.height * 3
  if (all.length !== bytes * cut.indexes.length) throw new Error(`${cut.file}: ${all.length / bytes} frames came, ${cut.indexes.length} were wanted`)
  return cut.indexes.map((index, at) => ({ atMs: index, width: cut.width, height: cut.height, rgb: all.subarray(at * bytes, (at + 1) * bytes) }))
}
