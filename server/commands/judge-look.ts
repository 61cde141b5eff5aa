import { cutOut, putBack, shareOf, takesCrops } from '../../analytics/crop.js'
import type { Detection } from '../../analytics/detection.js'
import type { Detector } from '../../analytics/detect/detector.js'
import { PAD_GREY } from '../../analytics/detect/letterbox.js'
import type { OnnxDetector } from '../../analytics/detect/onnx-detector.js'
import { joinFar } from '../../analytics/far.js'
import type { Frame } from '../../analytics/frame.js'
import { placeIn } from '../../analytics/geometry/box.js'
import type { Point } from '../../analytics/geometry/point.js'
import { makeWatch, type Found, type Watch } from '../../analytics/watch.js'
import { unpad } from '../watching/unpad.js'
import type { Clip, ClipFrame } from './judge-frames.js'

/**
 * `every` frame, whole; or as a camera's lane looks: at frames that show something `new`, and of these only at the `crops` that do.
 * `far`: every frame, and the part where small things moved when the clip was seen a first time once more, nearer.
 */
export const LOOKS = ['every', 'new', 'crops', 'far'] as const
export type Looks = (typeof LOOKS)[number]

export interface Looked {
  readonly found: Found
  /** Share of the frame's pixels that the detector was shown. */
  readonly share: number
}

export type Look = (frame: ClipFrame, watch: Watch) => Promise<Looked>

export function lookAtEvery(detector: Detector): Look {
  return async (frame) => ({ found: (await detector.detect([frame]))[0] ?? [], share: 1 })
}

/** A camera learns in minutes where small things move; a clip of seconds is played so often that it counts as one. */
const LEARN_MS = 120_000
const BETWEEN_PLAYS_MS = 2_000

/** The middle of the part of a clip in which small things move; null when hardly any do. */
export async function learnWhereFar(clip: Clip, detector: Detector): Promise<Point | null> {
  const seen: { readonly frame: Frame; readonly found: readonly Detection[] }[] = []
  for await (const frame of clip.frames()) seen.push({ frame: { ...frame, rgb: NO_PIXELS }, found: (await detector.detect([frame]))[0] ?? [] })
  const [first, last] = [seen[0], seen.at(-1)]
  if (!first || !last) return null
  const playMs = last.frame.atMs - first.frame.atMs + BETWEEN_PLAYS_MS
  const watch = makeWatch([], { localTime: () => ({ weekday: 1, minuteOfDay: 0 }) })
  for (let playedMs = 0; playedMs < LEARN_MS; playedMs += playMs) {
    for (const { frame, found } of seen) watch.see({ ...frame, atMs: frame.atMs + playedMs }, found)
  }
  return watch.far
}

/** Whole frames, and what each shows nearer. */
export function lookFar(detector: Detector): Look {
  return async ({ near, ...frame }) => {
    const padded = padBelow(frame)
    const [found = []] = await detector.detect([padded])
    const whole = unpad(found, frame.height / padded.height)
    if (!near) return { found: whole, share: 1 }
    const { part } = near.plan
    const [nearer = []] = await detector.detect([near.frame])
    const detections = nearer.map((one) => ({ ...one, box: placeIn(part, one.box) }))
    return { found: joinFar(whole, { part, detections }, null), share: 1 + near.frame.height / frame.height }
  }
}

/** What `server/watching/lane.ts` and its threads do, one frame after the other. */
export function lookAsLane(detector: OnnxDetector, looks: 'new' | 'crops'): Look {
  const every = lookAtEvery(detector)
  return async (frame, watch) => {
    const glance = watch.glance(frame)
    if (glance.do === 'skip') return { found: 'unchanged', share: 0 }
    const padded = padBelow(frame)
    const { crop } = glance
    if (looks === 'new' || !crop || !takesCrops(padded, detector.freePixelsMax)) return every(frame, watch)
    const [found = []] = await detector.detect([cutOut(padded, crop, (bytes) => new Uint8Array(bytes))])
    return { found: { crop, detections: putBack(found, crop, frame) }, share: shareOf(crop, frame) }
  }
}

const GRID = 32
const NO_PIXELS = new Uint8Array(0)

/** A camera's decoder pads its pictures to the network's grid; a clip's does not. */
function padBelow(frame: Frame): Frame {
  const height = Math.ceil(frame.height / GRID) * GRID
  if (height === frame.height) return frame
  const rgb = new Uint8Array(frame.width * height * 3).fill(PAD_GREY)
  rgb.set(frame.rgb)
  return { ...frame, height, rgb }
}
