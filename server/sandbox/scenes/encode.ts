import { startChild } from '../../system/child.js'

/** One ffmpeg for one clip: raw pictures in, one or two streams out, as Annex B files that a camera could have sent. */
export interface Encoding {
  readonly ffmpeg: string
  readonly runId: string
  readonly width: number
  readonly height: number
  readonly frameMs: number
  readonly gopFrames: number
  readonly mainFile: string
  readonly sub: { readonly file: string; readonly width: number; readonly height: number } | null
  /** An ffmpeg filter for the picture, for the faults. */
  readonly filter?: string
}

export interface Encoder {
  /** Resolves when the picture has been handed over: only then may its memory be used again. */
  write(rgb: Uint8ClampedArray): Promise<void>
  end(): Promise<void>
}

/**
 * No B-frames and a closed GOP of fixed length, so that any key frame is a clean start; access unit delimiters and repeated
 * headers, so that a packet reader finds frame edges and may join anywhere.
 */
function codec(gopFrames: number, rate: { readonly quality: number; readonly kbpsMax: number }): readonly string[] {
  return [
    '-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'main', '-pix_fmt', 'yuv420p', '-crf', String(rate.quality), '-maxrate', `${rate.kbpsMax}k`, '-bufsize', `${rate.kbpsMax}k`, '-threads', '1',
    '-x264-params', `keyint=${gopFrames}:min-keyint=${gopFrames}:scenecut=0:open-gop=0:bframes=0:aud=1:repeat-headers=1:rc-lookahead=5:sync-lookahead=0:sliced-threads=0`, '-f', 'h264',
  ]
}

export function startEncoder(plan: Encoding): Encoder {
  const { sub } = plan
  const rate = `${1000}/${plan.frameMs}`
  const look = plan.filter ? `${plan.filter},` : ''
  const args = [
    '-hide_banner', '-loglevel', 'error', '-nostdin', '-y', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-video_size', `${plan.width}x${plan.height}`, '-framerate', rate, '-i', 'pipe:0',
    ...(sub ? ['-filter_complex', `[0:v]${look}format=yuv420p,split=2[a][b];[b]scale=${sub.width}:${sub.height}:flags=area[c]`, '-map', '[a]'] : ['-vf', `${look}format=yuv420p`]),
    ...codec(plan.gopFrames, { quality: 26, kbpsMax: 2200 }), plan.mainFile,
    ...(sub ? ['-map', '[c]', ...codec(plan.gopFrames, { quality: 25, kbpsMax: 700 }), sub.file] : []),
  ]
  const child = startChild(plan.ffmpeg, args, { runId: plan.runId })
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-800)))
  child.stdout.resume()
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${plan.ffmpeg} could not be started: ${error.message}`)))
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`ffmpeg ended with ${String(code)} while writing ${plan.mainFile}: ${words.trim() || 'no words'}`))))
  })
  // The caller hears of a failure at `write` or `end`; without this line Node would also call it unhandled.
  ended.catch(() => undefined)
  return {
    write: (rgb) => Promise.race([
      new Promise<void>((resolve) => child.stdin.write(Buffer.from(rgb.buffer, rgb.byteOffset, rgb.length), () => resolve())),
      ended.then(() => Promise.reject(new Error('ffmpeg ended before its last picture'))),
    ]),
    end() {
      child.stdin.end()
      return ended
    },
  }
}
