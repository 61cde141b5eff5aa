import type { Frame } from '../../analytics/frame.js'
import { openPpmCutter, PIXELS_MAX, type Picture } from '../media/ppm.js'
import { startChild } from '../system/child.js'
import type { Clock } from '../system/clock.js'

const DECODE_MS_MAX = 20_000
/** Looks that vote: more would see the same blur again. */
const FRAMES_MAX = 9
const SPACING_MS_MIN = 120

/** Which pictures around an instant are worth decoding: the nearest ones, some way apart, never more than FRAMES_MAX. Pure. */
export function pickFrames(timesMs: readonly number[], atMs: number): readonly number[] {
  const nearestFirst = timesMs.map((_, index) => index).toSorted((a, b) => Math.abs(timesMs[a]! - atMs) - Math.abs(timesMs[b]! - atMs))
  const picked: number[] = []
  for (const index of nearestFirst) {
    if (picked.length === FRAMES_MAX) break
    if (picked.every((other) => Math.abs(timesMs[other]! - timesMs[index]!) >= SPACING_MS_MIN)) picked.push(index)
  }
  return picked.toSorted((a, b) => a - b)
}

/** Decodes these pictures of a file, each as RGB of the camera's own size. Pictures that are damaged are left out. */
export async function decodeFrames(file: string, picked: readonly number[], timesMs: readonly number[], tools: { readonly ffmpeg: string; readonly runId: string; readonly clock: Clock }): Promise<readonly Frame[]> {
  const chosen = picked.map((index) => `eq(n,${index})`).join('+')
  const args = ['-nostdin', '-hide_banner', '-loglevel', 'error', '-protocol_whitelist', 'file,pipe', '-threads', '1', '-f', 'mp4', '-i', file, '-map', '0:v:0', '-vf', `select='${chosen}'`, '-vsync', 'passthrough', '-threads', '1', '-c:v', 'ppm', '-f', 'image2pipe', 'pipe:1']
  const child = startChild(tools.ffmpeg, args, { runId: tools.runId })
  child.stderr.resume()
  child.stdin.end()
  const pictures: Picture[] = []
  const cutter = openPpmCutter((picture) => pictures.push(picture))
  let bytes = 0
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    try {
      if (bytes > PIXELS_MAX * 3 * 2) throw new RangeError('more bytes than a question may take')
      cutter.push(chunk)
    } catch {
      child.kill('SIGKILL') // the pictures that came out whole are judged
    }
  })
  const onTime = tools.clock.after(DECODE_MS_MAX, () => void child.kill('SIGKILL'))
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('close', () => resolve())
      child.once('error', reject)
    })
  } finally {
    onTime()
  }
  return pictures.map((picture, at) => ({ ...picture, atMs: timesMs[picked[at] ?? 0] ?? 0 }))
}
