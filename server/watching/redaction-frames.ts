import type { Frame } from '../../analytics/frame.js'
import { CLOSER, CLOSE_WIDTH_MAX, ENLARGED_MAX, LOOK_WIDTH_MAX } from '../../analytics/redact/tiles.js'
import type { LookTask } from '../domain/redaction.js'
import { lookArgs } from '../media/ffmpeg-args.js'
import { openLastWords, readShownPts } from '../media/ffmpeg-words.js'
import { startChild, type PipedChild } from '../system/child.js'
import { openFrameCutter } from './frame-cutter.js'

/** A picture that stood for less than this is looked at with the one before: seven to ten looks a second, and all of a slow camera's pictures. */
const EVERY_S = 0.1
/** So long after a look its covers still hold (analytics/redact): nothing longer may go by unseen. */
const UNSEEN_S_MAX = 0.7

interface Tools {
  readonly ffmpeg: string
  readonly runId: string
}

/** Decodes a whole copy, picture by picture as they are wanted, and hands each look on; answers when each was, in milliseconds from the beginning. */
export async function decodeLooks(task: Pick<LookTask, 'list' | 'picture'>, size: LookTask['picture'], tools: Tools, onFrame: (frame: Frame, seenToMs: number) => Promise<void>): Promise<readonly number[]> {
  const child = startChild(tools.ffmpeg, lookArgs({ list: task.list, picture: task.picture, look: size, everyS: EVERY_S }), { runId: tools.runId })
  child.stdin.end()
  const ended = endOf(child)
  const stamps = readStamps(child)
  let frames = 0
  const whole: Uint8Array<ArrayBuffer>[] = []
  const cutter = openFrameCutter(size.width * size.height * 3, (rgb) => whole.push(rgb))
  // Read only as fast as it is looked at: ffmpeg waits meanwhile, and no more than a picture or two lie in memory.
  for await (const chunk of child.stdout) {
    cutter.push(chunk as Buffer)
    for (const rgb of whole.splice(0)) {
      await onFrame({ atMs: frames, ...size, rgb }, stamps.timesMs.at(-1) ?? 0)
      frames += 1
      cutter.giveBack(rgb)
    }
  }
  const code = await ended
  if (code !== 0) throw new Error(`ffmpeg ended with ${code ?? 'a signal'} before all was looked at: ${stamps.words().at(-1) ?? 'no word'}`)
  if (stamps.timesMs.length !== frames) throw new Error(`${frames} pictures came with ${stamps.timesMs.length} times`)
  return stamps.timesMs
}

/** The one picture of a list in each of the sizes at which it is to be looked at closely. Throws where it holds none, or more. */
export async function decodeStill(task: Pick<LookTask, 'list' | 'picture'>, tools: Tools): Promise<readonly Frame[]> {
  const sizes: Frame[] = []
  for (const size of closeSizes(task.picture)) {
    const timesMs = await decodeLooks(task, size, tools, async (frame) => void sizes.push({ ...frame, rgb: frame.rgb.slice() }))
    if (timesMs.length !== 1) throw new Error(`${timesMs.length} pictures came where one was wanted`)
  }
  return sizes
}

/** What was shown longer than a cover holds without a look, in milliseconds from the beginning; null when all was looked at. Pure. */
export function unseenSpan(timesMs: readonly number[], seconds: number, pictureSMax: number): { readonly fromMs: number; readonly toMs: number } | null {
  const allowedMs = (pictureSMax + UNSEEN_S_MAX) * 1000
  const all = [0, ...timesMs, seconds * 1000]
  const at = all.findIndex((ms, i) => i > 0 && ms - all[i - 1]! > allowedMs)
  if (timesMs.length === 0) return { fromMs: 0, toMs: seconds * 1000 }
  return at < 0 ? null : { fromMs: all[at - 1]!, toMs: all[at]! }
}

/** As wide as two tiles, if that is not too much larger than the picture is. */
export function lookSize({ width, height }: LookTask['picture']): LookTask['picture'] {
  const wide = Math.min(width * ENLARGED_MAX, LOOK_WIDTH_MAX)
  return { width: even(wide), height: even((wide * height) / width) }
}

/** As any picture is looked at, and once more closer. */
export function closeSizes(picture: LookTask['picture']): readonly LookTask['picture'][] {
  const usual = lookSize(picture)
  const wide = Math.min(CLOSE_WIDTH_MAX, Math.max(picture.width, CLOSER * usual.width))
  return [usual, { width: even(wide), height: even((wide * picture.height) / picture.width) }]
}

const even = (length: number): number => Math.max(2, Math.round(length / 2) * 2)

function endOf(child: PipedChild): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('close', (code) => resolve(code))
    child.once('error', reject)
  })
}

/** Times come through stderr, in the order of the pictures. One without a time is worth nothing: its count will not agree. */
function readStamps(child: PipedChild): { readonly timesMs: readonly number[]; words(): readonly string[] } {
  const timesMs: number[] = []
  const words = openLastWords()
  let rest = ''
  child.stderr.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('latin1')).split(/[\r\n]+/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const pts = readShownPts(line)
      if (typeof pts === 'number') timesMs.push(pts)
      else words.push(Buffer.from(`${line}\n`))
    }
  })
  return { timesMs, words: words.lines }
}
