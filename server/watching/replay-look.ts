import { cutOut, putBack, takesCrops } from '../../analytics/crop.js'
import type { OnnxDetector } from '../../analytics/detect/onnx-detector.js'
import type { Frame } from '../../analytics/frame.js'
import type { Sight, Watch } from '../../analytics/watch.js'
import type { WatchedFrame } from './decoder-session.js'
import { unpad } from './unpad.js'

/** Looks at one picture as a lane does (lane.ts), with nobody to hurry it: what shows nothing new is not looked at, of the rest only what does. */
export function makeReplayLook(detector: Pick<OnnxDetector, 'detect' | 'freePixelsMax'>, watch: Watch): (frame: WatchedFrame) => Promise<Sight> {
  let crops = new Uint8Array(0)
  const scratch = (bytes: number): Uint8Array => {
    if (crops.length < bytes) crops = new Uint8Array(bytes)
    return crops
  }
  return async (frame) => {
    const { atMs, width, height, pictureHeight, rgb } = frame
    const picture: Frame = { atMs, width, height: pictureHeight, rgb: rgb.subarray(0, width * pictureHeight * 3) }
    const glance = watch.glance(picture)
    if (glance.do === 'skip') return watch.see(picture, 'unchanged')
    const whole: Frame = { atMs, width, height, rgb }
    const crop = takesCrops(frame, detector.freePixelsMax) ? glance.crop : null
    const [found = []] = await detector.detect([crop ? cutOut(whole, crop, scratch) : whole])
    const detections = unpad(crop ? putBack(found, crop, frame) : found, pictureHeight / height)
    return watch.see(picture, crop ? { crop, detections } : detections)
  }
}
