import sharp, { type Sharp } from 'sharp'
import type { Source } from '../domain/camera.js'
import type { CameraId } from '../domain/ids.js'
import type { PacketHub } from '../flow/packet-hub.js'
import type { Clock } from '../system/clock.js'
import { coverPixels } from '../media/cover.js'
import type { MasksDuring } from './capture.js'
import { Loss } from './loss.js'
import { cutStill } from './moment.js'
import { decodeLast } from './picture.js'

export interface LatestPicturesParts {
  readonly hub: PacketHub
  readonly clock: Clock
  readonly ffmpeg: string | null
  readonly runId: string
  readonly streamsOf: (cameraId: CameraId) => Promise<Source | null>
  readonly masksDuring: MasksDuring
}

/** Older is no picture of now: a wall that asks gets nothing rather than the past. */
const AGE_MS_MAX = 15_000
/** Many tiles that wait for their first frame ask in one instant; one picture serves them all, whatever they want of it. */
const KEEP_MS = 2_000

export interface LatestStill {
  readonly jpeg: Uint8Array
  /** When it was taken, wall time. */
  readonly atMs: number
}

/** Rows of red, green and blue, as they are looked at. */
export interface LatestPixels {
  readonly rgb: Uint8Array
  readonly width: number
  readonly height: number
  readonly atMs: number
}

export interface LatestPictures {
  /** As JPEG, for tiles that are not playing yet, and for walls on a thin link, which ask for it no wider than `widthMax`. */
  still(cameraId: CameraId, widthMax?: number): Promise<LatestStill | null>
  /** No wider than `widthMax`: for who wants to know what the eyes would find in it. */
  pixels(cameraId: CameraId, widthMax: number): Promise<LatestPixels | null>
}

/** The newest picture of a camera (of the sub stream where there is one), or null. */
export function openLatestPictures({ hub, clock, ffmpeg, runId, streamsOf, masksDuring }: LatestPicturesParts): LatestPictures {
  const decode = async (cameraId: CameraId): Promise<LatestPixels | null> => {
    const streams = await streamsOf(cameraId)
    const nowMs = clock.wallMs()
    const stream = streams && (streams.sub ?? streams.main)
    const cut = stream && cutStill(hub.recall(stream, nowMs - AGE_MS_MAX, nowMs), nowMs)
    if (!ffmpeg || !cut || nowMs - cut.atMs > AGE_MS_MAX) return null
    try {
      const picture = await decodeLast(cut.packets, { ffmpeg, runId, clock })
      coverPixels(picture, await masksDuring(cameraId, { fromMs: cut.atMs, toMs: cut.atMs }))
      return { ...picture, atMs: cut.atMs }
    } catch (fault) {
      if (fault instanceof Loss) return null
      throw fault
    }
  }
  const newest = keepFor(clock, decode)
  const still = keepFor(clock, async (cameraId, widthMax): Promise<LatestStill | null> => {
    const picture = await newest(cameraId)
    return picture && { jpeg: await narrowed(picture, widthMax).jpeg({ quality: widthMax === undefined ? 75 : 60 }).toBuffer(), atMs: picture.atMs }
  })
  return {
    still,
    async pixels(cameraId, widthMax) {
      const picture = await newest(cameraId)
      if (!picture) return null
      const { data, info } = await narrowed(picture, widthMax).raw().toBuffer({ resolveWithObject: true })
      return { rgb: data, width: info.width, height: info.height, atMs: picture.atMs }
    },
  }
}

function narrowed({ rgb, width, height }: LatestPixels, widthMax: number | undefined): Sharp {
  const whole = sharp(rgb, { raw: { width, height, channels: 3 } })
  return widthMax === undefined ? whole : whole.resize({ width: widthMax, withoutEnlargement: true })
}

/** Asked again meanwhile, the same picture is answered. */
function keepFor<T>(clock: Clock, make: (cameraId: CameraId, widthMax?: number) => Promise<T>): (cameraId: CameraId, widthMax?: number) => Promise<T> {
  const kept = new Map<string, { readonly untilMs: number; readonly made: Promise<T> }>()
  return (cameraId, widthMax) => {
    const nowMs = clock.monotonicMs()
    for (const [key, { untilMs }] of kept) if (untilMs <= nowMs) kept.delete(key)
    const key = `${cameraId} ${widthMax ?? ''}`
    const held = kept.get(key)
    if (held) return held.made
    const made = make(cameraId, widthMax)
    kept.set(key, { untilMs: nowMs + KEEP_MS, made })
    return made
  }
}
