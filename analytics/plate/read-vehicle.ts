import type { Detection } from '../detection.js'
import type { Detector } from '../detect/detector.js'
import type { Frame } from '../frame.js'
import type { Box } from '../geometry/box.js'
import { followVehicle, hiddenShare, type Anchor } from './follow.js'
import type { PlateReader, PlateSeen } from './plate.js'
import { vote, type Look, type PlateVerdict } from './vote.js'

export interface VehicleReading {
  readonly verdict: PlateVerdict
  /** One for each frame in which the vehicle was found, in order of time. */
  readonly looks: readonly (Look & { readonly frame: Frame; readonly vehicle: Box })[]
}

/** A plate's width as a share of the vehicle's box: car plates are 0.52 or 0.33 m of 1.8, motorbike plates 0.19 of 0.7 with rider and mirrors. */
const PLATE_SHARE: Readonly<Record<string, number>> = { two_wheeler: 0.2, car: 0.18, bus: 0.12, truck: 0.13 }
/** Below this a vehicle's plate is some noise of ten pixels: not worth a look. */
const EXPECTED_PX_MIN = 12
const HIDDEN_MAX = 0.35

/**
 * Reads the plate of one vehicle from several frames around the instant at which a rule saw it: finds the vehicle in each,
 * looks for a plate inside its box alone, and lets the looks vote. Frames in order of time, all of one size.
 */
export async function readVehicle(eyes: { readonly detector: Detector; readonly reader: PlateReader }, frames: readonly Frame[], anchor: Anchor): Promise<VehicleReading> {
  const seen: { readonly atMs: number; readonly detections: readonly Detection[] }[] = []
  for (const frame of frames) seen.push({ atMs: frame.atMs, detections: (await eyes.detector.detect([frame]))[0] ?? [] })
  const boxes = followVehicle(anchor, seen)
  const looks: VehicleReading['looks'][number][] = []
  for (const [at, box] of boxes.entries()) {
    const frame = frames[at]!
    const kind = seen[at]!.detections.find((one) => one.box === box)?.class ?? ''
    if (!box || hiddenShare(box, seen[at]!.detections.map((one) => one.box)) > HIDDEN_MAX) continue
    const expectedPx = (box.x2 - box.x1) * frame.width * (PLATE_SHARE[kind] ?? 0.15)
    const plate = expectedPx < EXPECTED_PX_MIN ? null : ownPlate(await eyes.reader.read(frame, [box]), box)
    looks.push({ plate, expectedPx, frame, vehicle: box })
  }
  return { verdict: vote(looks), looks }
}

/** The window around a vehicle may show its neighbour's plate too: a vehicle's own lies inside its box, and low. */
function ownPlate(plates: readonly PlateSeen[], box: Box): PlateSeen | null {
  const inside = plates.filter(({ corners }) => {
    const x = corners.reduce((sum, corner) => sum + corner.x, 0) / 4
    const y = corners.reduce((sum, corner) => sum + corner.y, 0) / 4
    return x > box.x1 && x < box.x2 && y > box.y1 + (box.y2 - box.y1) * 0.2 && y < box.y2
  })
  return inside.toSorted((a, b) => b.score - a.score)[0] ?? null
}
