/**
 * Triangles to rows of samples. Every attribute is a plane over the picture, a(x, y) = base + dx*x + dy*y, so a row needs
 * one start value and one step. Sample centres are at +0.5.
 */
// Names of the module's own: in a test's vm context every look at a global such as Math costs a call.
const { ceil } = Math

export interface Slope {
  dx: number
  dy: number
  base: number
}

export interface Triangle {
  ax: number
  ay: number
  bx: number
  by: number
  cx: number
  cy: number
}

/** Twice the signed area in picture coordinates (y down). */
export function doubleArea(t: Triangle): number {
  return (t.bx - t.ax) * (t.cy - t.ay) - (t.cx - t.ax) * (t.by - t.ay)
}

export function setSlope(out: Slope, t: Triangle, area: number, a: number, b: number, c: number): void {
  const ab = b - a
  const ac = c - a
  out.dx = (ab * (t.cy - t.ay) - ac * (t.by - t.ay)) / area
  out.dy = (ac * (t.bx - t.ax) - ab * (t.cx - t.ax)) / area
  out.base = a - out.dx * t.ax - out.dy * t.ay
}

const row = { from: 0, to: 0 }

/** The samples of row y whose centres lie inside; `to` is outside. Shared object: read it before the next call. */
export function spanOf(t: Triangle, y: number, width: number): { readonly from: number; readonly to: number } {
  const cy = y + 0.5
  let low = Infinity
  let high = -Infinity
  if ((t.ay <= cy) !== (t.by <= cy)) {
    const x = t.ax + ((cy - t.ay) * (t.bx - t.ax)) / (t.by - t.ay)
    if (x < low) low = x
    if (x > high) high = x
  }
  if ((t.by <= cy) !== (t.cy <= cy)) {
    const x = t.bx + ((cy - t.by) * (t.cx - t.bx)) / (t.cy - t.by)
    if (x < low) low = x
    if (x > high) high = x
  }
  if ((t.cy <= cy) !== (t.ay <= cy)) {
    const x = t.cx + ((cy - t.cy) * (t.ax - t.cx)) / (t.ay - t.cy)
    if (x < low) low = x
    if (x > high) high = x
  }
  if (low > high) {
    row.from = 0
    row.to = 0
    return row
  }
  const from = ceil(low - 0.5)
  const to = ceil(high - 0.5)
  row.from = from < 0 ? 0 : from
  row.to = to > width ? width : to
  return row
}
