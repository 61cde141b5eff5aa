/** A square of the frame that the finder looks at: its middle and side, in pixels. */
export interface Window {
  readonly x: number
  readonly y: number
  readonly side: number
}

interface Size {
  readonly width: number
  readonly height: number
}

interface Box {
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
}

/** A vehicle's box and a little around it: the detector's edges are good to some percent. */
const MARGIN = 1.15
const SIDE_MIN = 32
/** Plates of 9 to 75 parts of 160 are found (models/training/plates): a still is walked in windows of these sides, half overlapping. */
const TILE_SIDES = [240, 620] as const

export function vehicleWindows(boxes: readonly Box[], { width, height }: Size): readonly Window[] {
  return boxes.map(({ x1, y1, x2, y2 }) => ({ x: ((x1 + x2) / 2) * width, y: ((y1 + y2) / 2) * height, side: Math.max(SIDE_MIN, MARGIN * Math.max((x2 - x1) * width, (y2 - y1) * height)) }))
}

/** The whole frame, in windows of two sizes that overlap by a good third, so that no plate is cut by all of them. */
export function allWindows({ width, height }: Size): readonly Window[] {
  return TILE_SIDES.filter((side, at) => at === 0 || side < 1.6 * Math.max(width, height)).flatMap((side) => {
    const xs = middles(width, side)
    return middles(height, side).flatMap((y) => xs.map((x) => ({ x, y, side })))
  })
}

/** The whole frame at once, and where it is larger than `side` in windows of that side too: for a finder that looks at pictures and not at parts of them. */
export function pictureWindows({ width, height }: Size, side: number): readonly Window[] {
  const whole: Window = { x: width / 2, y: height / 2, side: Math.max(width, height) }
  if (whole.side <= side) return [whole]
  return [whole, ...middles(height, side).flatMap((y) => middles(width, side).map((x) => ({ x, y, side })))]
}

function middles(length: number, side: number): readonly number[] {
  if (length <= side) return [length / 2]
  const count = Math.ceil((length - side) / (side * 0.62)) + 1
  return Array.from({ length: count }, (_, at) => side / 2 + ((length - side) * at) / (count - 1))
}
