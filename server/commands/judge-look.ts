import { cutOut, putBack, shareOf, takesCrops } from '../../analytics/crop.js'
import type { Detector } from '../../analytics/detect/detector.js'
import { PAD_GREY } from '../../analytics/detect/letterbox.js'
import type { OnnxDetector } from '../../analytics/detect/onnx-detector.js'
import type { Frame } from '../../analytics/frame.js'
import type { Found, Watch } from '../../analytics/watch.js'

/** `every` frame, whole; or as a camera's lane looks: at frames that show something `new`, and of these only at the `crops` that do. */
export const LOOKS = ['every', 'new', 'crops'] as const
export type Looks = (typeof LOOKS)[number]

export interface Looked {
  readonly found: Found
  /** Share of the frame's pixels that the detector was shown. */
  readonly share: number
}

export type Look = (frame: Frame, watch: Watch) => Promise<Looked>

export function lookAtEvery(detector: Detector): Look {
  return async (frame) => ({ found: (await detector.detect([frame]))[0] ?? [], share: 1 })
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

/** A camera's decoder pads its pictures to the network's grid; a clip's does not. */
function padBelow(frame: Frame): Frame {
  const height = Math.ceil(frame.height / GRID) * GRID
  if (height === frame.height) return frame
  const rgb = new Uint8Array(frame.width * height * 3).fill(PAD_GREY)
  rgb.set(frame.rgb)
  return { ...frame, height, rgb }
}
