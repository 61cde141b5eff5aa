import sharp from 'sharp'
import type { CameraId, StreamId } from '../domain/ids.js'
import type { PacketHub } from '../flow/packet-hub.js'
import type { Clock } from '../system/clock.js'
import { Loss } from './loss.js'
import { cutStill } from './moment.js'
import { decodeLast } from './picture.js'

export interface LatestStillParts {
  readonly hub: PacketHub
  readonly clock: Clock
  readonly ffmpeg: string | null
  readonly runId: string
  readonly streamsOf: (cameraId: CameraId) => Promise<{ readonly main: StreamId; readonly sub: StreamId | null } | null>
}

/** Older is no picture of now: a wall that asks gets nothing rather than the past. */
const AGE_MS_MAX = 15_000
/** Many tiles that wait for their first frame ask in one instant; one picture serves them all. */
const KEEP_MS = 2_000

export interface LatestStill {
  readonly jpeg: Uint8Array
  /** When it was taken, wall time. */
  readonly atMs: number
}

/**
 * The newest picture of a camera as JPEG (the sub stream where there is one), or null. For tiles that are not playing yet,
 * and for walls on a thin link, which ask for it no wider than `widthMax`.
 */
export function makeLatestStill({ hub, clock, ffmpeg, runId, streamsOf }: LatestStillParts): (cameraId: CameraId, widthMax?: number) => Promise<LatestStill | null> {
  const kept = new Map<string, { readonly untilMs: number; readonly picture: Promise<LatestStill | null> }>()

  const make = async (cameraId: CameraId, widthMax: number | undefined): Promise<LatestStill | null> => {
    const streams = await streamsOf(cameraId)
    const nowMs = clock.wallMs()
    const stream = streams && (streams.sub ?? streams.main)
    const cut = stream && cutStill(hub.recall(stream, nowMs - AGE_MS_MAX, nowMs), nowMs)
    if (!ffmpeg || !cut || nowMs - cut.atMs > AGE_MS_MAX) return null
    try {
      const { rgb, width, height } = await decodeLast(cut.packets, { ffmpeg, runId, clock })
      const whole = sharp(rgb, { raw: { width, height, channels: 3 } })
      const picture = widthMax === undefined ? whole : whole.resize({ width: widthMax, withoutEnlargement: true })
      return { jpeg: await picture.jpeg({ quality: widthMax === undefined ? 75 : 60 }).toBuffer(), atMs: cut.atMs }
    } catch (fault) {
      if (fault instanceof Loss) return null
      throw fault
    }
  }

  return (cameraId, widthMax) => {
    const nowMs = clock.monotonicMs()
    for (const [key, { untilMs }] of kept) if (untilMs <= nowMs) kept.delete(key)
    const key = `${cameraId} ${widthMax ?? ''}`
    const held = kept.get(key)
    if (held) return held.picture
    const picture = make(cameraId, widthMax)
    kept.set(key, { untilMs: nowMs + KEEP_MS, picture })
    return picture
  }
}
