import type { CameraId } from '../domain/ids.js'
import type { Packet } from '../media/packet.js'
import type { Store } from '../storage/store.js'
import { startChild } from '../system/child.js'
import type { Clock } from '../system/clock.js'
import { makeSlots } from '../system/slots.js'
import type { RecordedFiles } from './read-files.js'

export interface StillParts {
  readonly store: Store
  readonly files: RecordedFiles
  readonly clock: Clock
  readonly ffmpeg: string | null
  readonly runId: string
}

export interface RecordedStill {
  readonly jpeg: Uint8Array
  readonly atMs: number
}

/** A hand that moves over the timeline asks some twenty times a second; what it passed is not waited for. */
const DECODES_AT_ONCE = 2
const WAITING_MAX = 8
const KEPT = 200
const NEAR_MS = 10_000
const WIDTH = 320
const DECODE_MS_MAX = 10_000
const JPEG_BYTES_MAX = 4 << 20

/** The recorded key picture nearest a moment as a small JPEG, or null where nothing was recorded near it. */
export function makeRecordedStill(parts: StillParts): (cameraId: CameraId, atMs: number) => Promise<RecordedStill | null> {
  const slots = makeSlots({ atOnceMax: DECODES_AT_ONCE, waitingMax: WAITING_MAX, full: () => new Error('busy') })
  const kept = new Map<string, Promise<RecordedStill | null>>()

  const decodeOnce = (key: string, packet: Packet): Promise<RecordedStill | null> => {
    const known = kept.get(key)
    if (known) return known
    const made = slots.run(() => decodeKey(packet, parts)).then(
      (jpeg) => (jpeg ? { jpeg, atMs: packet.atMs } : null),
      () => {
        kept.delete(key)
        return null
      },
    )
    kept.set(key, made)
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT) break
      kept.delete(oldest)
    }
    return made
  }

  return async (cameraId, atMs) => {
    const near = (await parts.store.recordings.between(cameraId, atMs - NEAR_MS, atMs + NEAR_MS)).filter(({ damaged }) => !damaged)
    // The segment that holds the moment, and the one whose beginning is nearest: between them lies the nearest key picture.
    const holding = near.toSorted((a, b) => farFrom(a, atMs) - farFrom(b, atMs) || b.fromMs - a.fromMs)[0]
    const beginning = near.filter(({ startsWithKey }) => startsWithKey).toSorted((a, b) => Math.abs(a.fromMs - atMs) - Math.abs(b.fromMs - atMs))[0]
    const keys: Packet[] = []
    for (const segment of new Set([holding, beginning])) if (segment) keys.push(...(await parts.files.packetsOf(segment)).filter(({ key }) => key))
    const nearest = keys.toSorted((a, b) => Math.abs(a.atMs - atMs) - Math.abs(b.atMs - atMs))[0]
    return nearest ? decodeOnce(`${cameraId} ${nearest.atMs} ${nearest.decodeTime}`, nearest) : null
  }
}

function farFrom({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }, atMs: number): number {
  return Math.max(0, fromMs - atMs, atMs - toMs)
}

/** One key picture in, one small JPEG out; H.264 and H.265 alike. */
async function decodeKey(packet: Packet, { ffmpeg, runId, clock }: StillParts): Promise<Uint8Array | null> {
  if (ffmpeg === null) return null
  const args = ['-nostdin', '-hide_banner', '-loglevel', 'error', '-protocol_whitelist', 'pipe', '-threads', '1', '-f', 'mp4', '-i', 'pipe:0', '-map', '0:v:0', '-frames:v', '1', '-vf', `scale=${WIDTH}:-2`, '-c:v', 'mjpeg', '-q:v', '5', '-f', 'image2pipe', 'pipe:1']
  const child = startChild(ffmpeg, args, { runId })
  const chunks: Buffer[] = []
  let bytes = 0
  const onTime = clock.after(DECODE_MS_MAX, () => void child.kill('SIGKILL'))
  child.stderr.resume()
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= JPEG_BYTES_MAX) chunks.push(chunk)
    else child.kill('SIGKILL')
  })
  const ended = new Promise<void>((settle) => {
    child.once('close', () => settle())
    child.once('error', () => settle())
  })
  child.stdin.end(Buffer.concat([packet.init.bytes, packet.bytes]))
  await ended
  onTime()
  return chunks.length > 0 ? Buffer.concat(chunks) : null
}
