import type { Detection } from '../../analytics/detection.js'

/** Boxes in 0..1 of the padded frame, in 0..1 of the camera's own picture, which is its upper `share`; what lies in the grey is gone. */
export function unpad(detections: readonly Detection[], share: number): readonly Detection[] {
  if (share >= 1) return detections
  return detections.flatMap((found) => {
    const box = { ...found.box, y1: found.box.y1 / share, y2: Math.min(1, found.box.y2 / share) }
    return box.y1 < box.y2 ? [{ ...found, box }] : []
  })
}
