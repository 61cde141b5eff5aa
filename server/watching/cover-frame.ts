import type { Mask } from '../domain/privacy-mask.js'
import { coverPixels } from '../media/cover.js'
import type { WatchedFrame } from './decoder-session.js'

/** What a camera's masks cover is covered before anybody looks: no detector, no lamp and no rule ever sees it, in the whole picture or nearer. */
export function coverFrame({ rgb, width, height, pictureHeight, far }: WatchedFrame, masks: readonly Mask[]): void {
  if (masks.length === 0) return
  coverPixels({ rgb, width, height: pictureHeight }, masks)
  if (far) coverPixels({ rgb: rgb.subarray(width * height * 3), width, height: far.height }, masks, far.part)
}
