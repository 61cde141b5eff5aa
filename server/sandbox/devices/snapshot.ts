import type { Clock } from '../../system/clock.js'
import { startChild } from '../../system/child.js'
import type { AccessUnit } from './media-file.js'

/** The picture that is on screen now, as JPEG. A key picture is decoded once, whoever asks how often. */
export type Snapshot = { readonly kind: 'picture'; readonly jpeg: Buffer } | { readonly kind: 'unavailable'; readonly reason: string }

const DECODE_MS_MAX = 8000
const JPEG_BYTES_MAX = 8 << 20
const START_CODE = Buffer.from([0, 0, 0, 1])

export function makeSnapshooter(options: { readonly ffmpeg: string | null; readonly runId: string; readonly clock: Clock; readonly keyUnitNow: () => Promise<AccessUnit> }): () => Promise<Snapshot> {
  let last: { readonly unit: AccessUnit; readonly picture: Promise<Snapshot> } | null = null
  return async () => {
    const { ffmpeg } = options
    if (ffmpeg === null) return { kind: 'unavailable', reason: 'ffmpeg is not installed, so no picture can be decoded: install the Debian package ffmpeg' }
    const unit = await options.keyUnitNow()
    if (last?.unit === unit) return last.picture
    const picture = decode(unit, ffmpeg, options)
    last = { unit, picture }
    const result = await picture
    if (result.kind === 'unavailable' && last.unit === unit) last = null // the next asker may have more luck
    return result
  }
}

function decode(unit: AccessUnit, ffmpeg: string, { runId, clock }: { readonly runId: string; readonly clock: Clock }): Promise<Snapshot> {
  return new Promise((resolve) => {
    const child = startChild(ffmpeg, ['-hide_banner', '-loglevel', 'error', '-f', 'h264', '-i', 'pipe:0', '-frames:v', '1', '-q:v', '3', '-f', 'mjpeg', 'pipe:1'], { runId })
    const pieces: Buffer[] = []
    let bytes = 0
    let words = ''
    let finished = false
    const finish = (result: Snapshot): void => {
      if (finished) return
      finished = true
      cancel()
      resolve(result)
    }
    const cancel = clock.after(DECODE_MS_MAX, () => {
      child.kill('SIGKILL')
      finish({ kind: 'unavailable', reason: `decoding took longer than ${DECODE_MS_MAX} ms` })
    })
    child.stdout.on('data', (piece: Buffer) => {
      bytes += piece.length
      if (bytes <= JPEG_BYTES_MAX) pieces.push(piece)
    })
    child.stderr.on('data', (piece: Buffer) => { words = (words + piece.toString('utf8')).slice(-500) })
    child.on('error', (error) => finish({ kind: 'unavailable', reason: `ffmpeg did not start: ${error.message}` }))
    child.on('close', (code) => {
      if (code === 0 && bytes > 0 && bytes <= JPEG_BYTES_MAX) finish({ kind: 'picture', jpeg: Buffer.concat(pieces) })
      else finish({ kind: 'unavailable', reason: `ffmpeg ended with ${String(code)} and ${bytes} bytes: ${words.trim()}` })
    })
    child.stdin.end(Buffer.concat(unit.nals.flatMap((nal) => [START_CODE, nal])))
  })
}
