import type { Point } from './point.js'

/**
 * Which way a polygon is long: a unit vector, and how many times longer it is that way than across. By the area's second
 * moments, so that many points on one edge weigh no more than one.
 *
 *      ┌──────────────┐
 *      │ ───────────▶ │  direction, ratio 4
 *      └──────────────┘
 */
export function longAxis(polygon: readonly Point[]): { readonly direction: Point; readonly ratio: number } {
  const origin = polygon[0] ?? { x: 0, y: 0 }
  let [area, x, y, xx, yy, xy] = [0, 0, 0, 0, 0, 0]
  polygon.forEach((point, i) => {
    const after = polygon[(i + 1) % polygon.length] ?? point
    // From the first point on, so that small areas far from the corner of the picture lose no digits.
    const [a, b] = [{ x: point.x - origin.x, y: point.y - origin.y }, { x: after.x - origin.x, y: after.y - origin.y }]
    const cross = a.x * b.y - b.x * a.y
    area += cross / 2
    x += (cross * (a.x + b.x)) / 6
    y += (cross * (a.y + b.y)) / 6
    xx += (cross * (a.x * a.x + a.x * b.x + b.x * b.x)) / 12
    yy += (cross * (a.y * a.y + a.y * b.y + b.y * b.y)) / 12
    xy += (cross * (2 * a.x * a.y + 2 * b.x * b.y + a.x * b.y + b.x * a.y)) / 24
  })
  const [mx, my] = [x / area, y / area]
  const [sx, sy, sxy] = [xx / area - mx * mx, yy / area - my * my, xy / area - mx * my]
  const spread = Math.hypot((sx - sy) / 2, sxy)
  const [most, least] = [(sx + sy) / 2 + spread, (sx + sy) / 2 - spread]
  const angle = Math.atan2(2 * sxy, sx - sy) / 2
  return { direction: { x: Math.cos(angle), y: Math.sin(angle) }, ratio: Math.sqrt(most / Math.max(least, 1e-12)) }
}
