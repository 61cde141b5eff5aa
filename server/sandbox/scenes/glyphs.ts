// Names of the module's own: in a test's vm context every look at a global such as Math costs a call.
const { abs, ceil, cos, floor, hypot, max, min, round, sin } = Math

/**
 * Letters of our own, as pen strokes on a box 4 wide and 7 high (y down), so that a plate and a camera's name look the same
 * on a machine without fonts. A pen of any width can follow them.
 */
type Stroke = readonly (readonly [x: number, y: number])[]

function arc(cx: number, cy: number, rx: number, ry: number, fromDeg: number, toDeg: number): Stroke {
  const steps = max(4, round(abs(toDeg - fromDeg) / 22))
  return Array.from({ length: steps + 1 }, (_, i) => {
    const a = ((fromDeg + ((toDeg - fromDeg) * i) / steps) * Math.PI) / 180
    return [cx + rx * cos(a), cy + ry * sin(a)] as const
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
      const t = max(0, min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)))
      best = min(best, hypot(x - ax - dx * t, y - ay - dy * t))
    }
  }
  return best
}

const STAMP_WIDE = 40
const STAMP_HIGH = 56
/** A letter box with a margin of one unit around it, as ink or no ink, for walls that ask sample by sample. */
const stamps = new Map<string, Uint8Array>()

function stampOf(letter: string, pen: number): Uint8Array {
  const key = `${letter}${pen}`
  const known = stamps.get(key)
  if (known) return known
  const stamp = new Uint8Array(STAMP_WIDE * STAMP_HIGH)
  for (let y = 0; y < STAMP_HIGH; y += 1) for (let x = 0; x < STAMP_WIDE; x += 1) if (inkDistance(letter, ((x + 0.5) / STAMP_WIDE) * 6 - 1, ((y + 0.5) / STAMP_HIGH) * 9 - 1) < pen / 2) stamp[y * STAMP_WIDE + x] = 1
  stamps.set(key, stamp)
  return stamp
}

/** Whether a pen of this width inks the point of a letter's box; quick, a fortieth of a letter coarse. */
export function isInked(letter: string, pen: number, x: number, y: number): boolean {
  const column = floor(((x + 1) / 6) * STAMP_WIDE)
  const row = floor(((y + 1) / 9) * STAMP_HIGH)
  return column >= 0 && row >= 0 && column < STAMP_WIDE && row < STAMP_HIGH && stampOf(letter, pen)[row * STAMP_WIDE + column] === 1
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

interface Sprite {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  readonly cover: Float32Array
}

/** Letters of one size are drawn once: a loop of traffic shows some thousand of them on its plates. */
const sprites = new Map<string, Sprite>()

function spriteOf(letter: string, line: Lettering): Sprite {
  const key = `${letter}:${line.boxWidth.toFixed(2)}:${line.boxHeight.toFixed(2)}:${line.pen}`
  const known = sprites.get(key)
  if (known) return known
  const ux = line.boxWidth / 4
  const uy = line.boxHeight / 7
  const scale = min(ux, uy)
  const margin = ceil(line.pen * scale + ux) + 1
  const width = ceil(line.boxWidth) + 2 * margin
  const height = ceil(line.boxHeight) + 2 * margin
  const cover = new Float32Array(width * height)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const distance = inkDistance(letter, (x + 0.5 - margin) / ux, (y + 0.5 - margin) / uy) * scale
      cover[y * width + x] = max(0, min(1, (line.pen * scale) / 2 - distance + 0.5))
    }
  }
  const sprite = { left: -margin, top: -margin, width, height, cover }
  sprites.set(key, sprite)
  return sprite
}

/** Calls back each pixel with ink, with its cover 0..1. Letters stand on whole pixels. */
export function writeText(line: Lettering, ink: (x: number, y: number, cover: number) => void): void {
  Array.from(line.text).forEach((letter, index) => {
    if (!GLYPHS[letter]) return
    const sprite = spriteOf(letter, line)
    const left = round(line.x + index * line.advance) + sprite.left
    const top = round(line.y) + sprite.top
    sprite.cover.forEach((cover, i) => {
      if (cover > 0) ink(left + (i % sprite.width), top + floor(i / sprite.width), cover)
    })
  })
}
