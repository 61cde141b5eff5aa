/**
 * Letters of our own, as pen strokes on a box 4 wide and 7 high (y down), so that a plate and a camera's name look the same
 * on a machine without fonts. A pen of any width can follow them.
 */
type Stroke = readonly (readonly [x: number, y: number])[]

function arc(cx: number, cy: number, rx: number, ry: number, fromDeg: number, toDeg: number): Stroke {
  const steps = Math.max(4, Math.round(Math.abs(toDeg - fromDeg) / 22))
  return Array.from({ length: steps + 1 }, (_, i) => {
    const a = ((fromDeg + ((toDeg - fromDeg) * i) / steps) * Math.PI) / 180
    return [cx + rx * Math.cos(a), cy + ry * Math.sin(a)] as const
  })
}

const bowl = (x: number, top: number, bottom: number): Stroke => {
  const r = (bottom - top) / 2
  return [[0, top], ...arc(x, top + r, 4 - x, r, -90, 90), [0, bottom]]
}

const GLYPHS: Readonly<Record<string, readonly Stroke[]>> = {
  '0': [[...arc(2, 2, 2, 2, 180, 360), ...arc(2, 5, 2, 2, 0, 180), [0, 2]]],
  '1': [[[0.7, 1.5], [2.2, 0], [2.2, 7]]],
  '2': [[...arc(2, 2, 2, 2, 190, 385), [0, 7], [4, 7]]],
  '3': [[[0.1, 0], [3.8, 0], [1.7, 2.7], ...arc(1.9, 4.8, 2.1, 2.2, -75, 160)]],
  '4': [[[3, 7], [3, 0], [0, 5], [4, 5]]],
  '5': [[[3.7, 0], [0.5, 0], [0.2, 3.1], ...arc(1.9, 4.8, 2.1, 2.2, -130, 160)]],
  '6': [[[3.2, 0], [0.5, 3.6]], arc(2, 4.9, 2, 2.1, 0, 360)],
  '7': [[[0, 0], [4, 0], [1.4, 7]]],
  '8': [arc(2, 1.75, 1.75, 1.75, 0, 360), arc(2, 5.2, 2, 1.8, 0, 360)],
  '9': [[[0.8, 7], [3.5, 3.4]], arc(2, 2.1, 2, 2.1, 0, 360)],
  A: [[[0, 7], [2, 0], [4, 7]], [[0.8, 4.8], [3.2, 4.8]]],
  B: [bowl(2.2, 0, 3.3), bowl(2, 3.3, 7), [[0, 0], [0, 7]]],
  C: [arc(2.1, 2.1, 2.1, 2.1, -25, -180).concat([[0, 4.9]], arc(2.1, 4.9, 2.1, 2.1, 180, 25))],
  D: [bowl(1, 0, 7), [[0, 0], [0, 7]]],
  Đ: [bowl(1, 0, 7), [[0, 0], [0, 7]], [[-0.9, 3.5], [1.8, 3.5]]],
  E: [[[3.8, 0], [0, 0], [0, 7], [3.8, 7]], [[0, 3.4], [3.2, 3.4]]],
  F: [[[3.8, 0], [0, 0], [0, 7]], [[0, 3.4], [3.2, 3.4]]],
  G: [[...arc(2.1, 2.1, 2.1, 2.1, -30, -180), ...arc(2.1, 4.9, 2.1, 2.1, 180, 0), [4.2, 3.9], [2.4, 3.9]]],
  H: [[[0, 0], [0, 7]], [[4, 0], [4, 7]], [[0, 3.5], [4, 3.5]]],
  I: [[[2, 0], [2, 7]]],
  J: [[[3.4, 0], [3.4, 5], ...arc(1.8, 5.2, 1.6, 1.8, 0, 170)]],
  K: [[[0, 0], [0, 7]], [[4, 0], [0, 4.2]], [[1.4, 3], [4, 7]]],
  L: [[[0, 0], [0, 7], [3.7, 7]]],
  M: [[[0, 7], [0, 0], [2, 4], [4, 0], [4, 7]]],
  N: [[[0, 7], [0, 0], [4, 7], [4, 0]]],
  O: [arc(2, 3.5, 2.1, 3.5, 0, 360)],
  P: [bowl(2, 0, 3.8), [[0, 0], [0, 7]]],
  Q: [arc(2, 3.5, 2.1, 3.5, 0, 360), [[2.4, 5.2], [4.2, 7.2]]],
  R: [bowl(2, 0, 3.6), [[0, 0], [0, 7]], [[1.8, 3.6], [4, 7]]],
  S: [[...arc(2, 1.8, 1.9, 1.8, -30, -250), ...arc(2, 5.25, 2, 1.75, -70, 150)]],
  T: [[[0, 0], [4, 0]], [[2, 0], [2, 7]]],
  U: [[[0, 0], [0, 5], ...arc(2, 5, 2, 2, 180, 0), [4, 0]]],
  V: [[[0, 0], [2, 7], [4, 0]]],
  W: [[[0, 0], [1, 7], [2, 2.5], [3, 7], [4, 0]]],
  X: [[[0, 0], [4, 7]], [[4, 0], [0, 7]]],
  Y: [[[0, 0], [2, 3.4], [4, 0]], [[2, 3.4], [2, 7]]],
  Z: [[[0, 0], [4, 0], [0, 7], [4, 7]]],
  '-': [[[0.9, 3.7], [3.1, 3.7]]],
  '.': [[[2, 6.7], [2, 6.9]]],
  ':': [[[2, 2], [2, 2.1]], [[2, 5.5], [2, 5.6]]],
  '/': [[[0, 7], [4, 0]]],
}

/** Distance from a point of the box to the nearest stroke of a letter; Infinity for a space. */
export function inkDistance(letter: string, x: number, y: number): number {
  let best = Infinity
  for (const stroke of GLYPHS[letter] ?? []) {
    for (let i = 1; i < stroke.length; i += 1) {
      const [ax, ay] = stroke[i - 1]!
      const [bx, by] = stroke[i]!
      const [dx, dy] = [bx - ax, by - ay]
      const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)))
      best = Math.min(best, Math.hypot(x - ax - dx * t, y - ay - dy * t))
    }
  }
  return best
}

export interface Lettering {
  readonly text: string
  /** Top left of the first box and its size, in pixels of the picture. */
  readonly x: number
  readonly y: number
  readonly boxWidth: number
  readonly boxHeight: number
  /** From one box's left edge to the next. */
  readonly advance: number
  /** Pen width in units of the 4 x 7 box. */
  readonly pen: number
}

/** Calls back each pixel near ink with its cover 0..1. */
export function writeText(line: Lettering, ink: (x: number, y: number, cover: number) => void): void {
  const ux = line.boxWidth / 4
  const uy = line.boxHeight / 7
  const scale = Math.min(ux, uy)
  ;[...line.text].forEach((letter, index) => {
    const left = line.x + index * line.advance
    const margin = line.pen * scale + 1
    for (let y = Math.floor(line.y - margin); y < line.y + line.boxHeight + margin; y += 1) {
      for (let x = Math.floor(left - margin - ux); x < left + line.boxWidth + margin; x += 1) {
        const distance = inkDistance(letter, (x + 0.5 - left) / ux, (y + 0.5 - line.y) / uy) * scale
        const cover = Math.max(0, Math.min(1, (line.pen * scale) / 2 - distance + 0.5))
        if (cover > 0) ink(x, y, cover)
      }
    }
  })
}
