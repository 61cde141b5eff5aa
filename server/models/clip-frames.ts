import type { Frame } from '../domain/seen.js'
import { clipFramesArgs } from '../media/ffmpeg-args.js'
import { openLastWords, readLengthMs, readShownPts } from '../media/ffmpeg-words.js'
import { startChild } from '../system/child.js'
import { openPpmCutter, type Picture } from '../media/ppm.js'

/** ffmpeg made nothing of the clip; its last words say why. */
export class ClipFault extends Error {
  constructor(readonly words: readonly string[]) {
    super(words.at(-1) ?? 'the clip holds no picture')
  }
}

export interface ClipFrames {
  readonly frames: AsyncIterable<Frame>
  /** As the clip's head tells it; null before the first picture, or when it does not. */
  lengthMs(): number | null
}

/**
 * Pictures of a clip with their own times, at most `fps` a second, as large as a lane looks at its camera. Pictures come through
 * one pipe and their times through another, each in order.
 */
export function openClipFrames({ clip, fps, ffmpeg, runId }: { readonly clip: string; readonly fps: number; readonly ffmpeg: string; readonly runId: string }): ClipFrames {
  const child = startChild(ffmpeg, clipFramesArgs({ file: clip, fps }), { runId })
  const words = openLastWords()
  const times: number[] = []
  let lengthMs: number | null = null
  let wake: () => void = () => undefined
  let over = false
  child.stdin.end()
  let rest = ''
  child.stderr.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('latin1')).split(/[\r\n]+/)
    rest = (lines.pop() ?? '').slice(-4_000)
    for (const line of lines) {
      const pts = readShownPts(line)
      lengthMs ??= readLengthMs(line)
      if (typeof pts === 'number') times.push(pts)
      else if (pts === null) words.push(Buffer.from(`${line}\n`))
    }
    wake()
  })
  const ended = new Promise<number | null>((resolve) => {
    child.on('error', (fault) => {
      words.push(Buffer.from(`${fault.message}\n`))
      resolve(null)
    })
    child.on('close', resolve)
  }).then((code) => {
    over = true
    wake()
    return code
  })

  async function* frames(): AsyncGenerator<Frame> {
    const pictures: Picture[] = []
    const cutter = openPpmCutter((picture) => void pictures.push(picture))
    let given = 0
    try {
      for await (const chunk of child.stdout) {
        cutter.push(chunk as Uint8Array)
        for (let picture = pictures.shift(); picture; picture = pictures.shift()) {
          while (times.length <= given && !over) await new Promise<void>((resolve) => (wake = resolve))
          const atMs = times[given++]
          if (atMs !== undefined) yield { atMs, ...picture }
        }
      }
      if ((await ended) !== 0 || given === 0) throw new ClipFault(words.lines())
    } finally {
      child.kill('SIGKILL')
    }
  }
  return { frames: frames(), lengthMs: () => lengthMs }
}
