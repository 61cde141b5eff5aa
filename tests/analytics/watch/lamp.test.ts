import type { Frame } from '../../../analytics/frame.js'
import { believe, readLamp, type LampMemory, type LampState } from '../../../analytics/lamp.js'

type Rgb = readonly [number, number, number]
const SIZE = 40
const housing: Rgb = [35, 35, 35]

/** A head of three lamps filling the picture's middle column, each lamp a disc; `lit` gives each its colour. */
function head(lit: readonly [Rgb, Rgb, Rgb], options: { readonly horizontal?: boolean; readonly around?: Rgb; readonly core?: Rgb } = {}): Frame {
  const rgb = new Uint8Array(SIZE * SIZE * 3)
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const [along, across] = options.horizontal ? [x, y] : [y, x]
      const third = Math.min(2, Math.floor((along * 3) / SIZE)) as 0 | 1 | 2
      const off = Math.hypot(along - (third + 0.5) * (SIZE / 3), across - SIZE / 2)
      const colour = off < 3 && options.core && lit[third] !== housing ? options.core : off < 6 ? lit[third] : off < 9 ? housing : (options.around ?? housing)
      rgb.set(colour, (y * SIZE + x) * 3)
    }
  }
  return { atMs: 0, width: SIZE, height: SIZE, rgb }
}

const whole = { x1: 0, y1: 0, x2: 1, y2: 1 }
const red: Rgb = [240, 40, 45]
const amber: Rgb = [250, 170, 40]
const orange: Rgb = [255, 95, 40]
const green: Rgb = [30, 230, 170]
const bluish: Rgb = [90, 245, 235]
const off = housing

test.each<[string, Frame, 'vertical' | 'horizontal' | 'single', LampState]>([
  ['red on top', head([red, off, off]), 'vertical', 'red'],
  ['yellow in the middle', head([off, amber, off]), 'vertical', 'yellow'],
  ['green at the bottom', head([off, off, green]), 'vertical', 'green'],
  ['a red that looks orange on a warm sensor is red by its place', head([orange, off, off]), 'vertical', 'red'],
  ['a yellow that looks orange is yellow by its place', head([off, orange, off]), 'vertical', 'yellow'],
  ['a green that looks nearly blue', head([off, off, bluish]), 'vertical', 'green'],
  ['a red burnt to white in the middle, as at night', head([red, off, off], { core: [255, 250, 250] }), 'vertical', 'red'],
  ['a green before sunlit leaves', head([off, off, green], { around: [95, 140, 60] }), 'vertical', 'green'],
  ['leaves alone are no green', head([off, off, off], { around: [95, 140, 60] }), 'vertical', 'dark'],
  ['before a blue sky', head([red, off, off], { around: [150, 185, 235] }), 'vertical', 'red'],
  ['nothing lit', head([off, off, off]), 'vertical', 'dark'],
  ['red and green together, as no lamp shows them', head([red, off, green]), 'vertical', 'unknown'],
  ['red on the left of a lying head', head([red, off, off], { horizontal: true }), 'horizontal', 'red'],
  ['green on its right', head([off, off, green], { horizontal: true }), 'horizontal', 'green'],
  ['one lamp that changes colour, red', head([off, red, off]), 'single', 'red'],
  ['one lamp that changes colour, green', head([off, green, off]), 'single', 'green'],
  ['one lamp that changes colour, yellow', head([off, amber, off]), 'single', 'yellow'],
])('%s', (_, frame, order, expected) => {
  expect(readLamp(frame, { box: whole, order })).toBe(expected)
})

test('a region of a few pixels tells nothing, and says so', () => {
  expect(readLamp(head([red, off, off]), { box: { x1: 0.4, y1: 0.1, x2: 0.5, y2: 0.2 }, order: 'vertical' })).toBe('unknown')
})

test('the same lamp is read in pictures of any size', () => {
  const small: Frame = { atMs: 0, width: 8, height: 24, rgb: new Uint8Array(8 * 24 * 3).map((_, i) => (Math.floor(i / 3 / 8) < 8 ? (red[i % 3] ?? 0) : 30)) }
  expect(readLamp(small, { box: whole, order: 'vertical' })).toBe('red')
})

/** Frames 200 ms apart, one letter each; answers the belief after each frame. */
function beliefs(frames: string): string {
  const names: Record<string, LampState> = { r: 'red', y: 'yellow', g: 'green', d: 'dark', u: 'unknown' }
  let memory: LampMemory | null = null
  return frames.split('').map((letter, i) => {
    memory = believe(memory, names[letter] ?? 'unknown', i * 200)
    return memory.believed.state[0]
  }).join('')
}

test.each([
  ['a change is believed at its second frame', 'rrrgggg', 'rrrrggg'],
  ['one frame of another colour is not', 'rrrgrrr', 'rrrrrrr'],
  ['nor are two that are not in a row', 'rrgrgrr', 'rrrrrrr'],
  ['a lamp that beats with the shutter stays red', 'rrdrddrrdr', 'rrrrrrrrrr'],
  ['a flashing yellow is yellow', 'yyddyyddyydd', 'yyyyyyyyyyyy'],
  ['a lamp that is dark for long is dark', 'rrddddddddd', 'rrrrrrrrddd'],
  ['a truck before the lamp for a moment changes nothing', 'rruuuurr', 'rrrrrrrr'],
])('%s: %s', (_, frames, expected) => {
  expect(beliefs(frames)).toBe(expected)
})

test('a new belief is dated back to the first frame that showed it', () => {
  let memory = believe(null, 'red', 0)
  memory = believe(memory, 'green', 1000)
  memory = believe(memory, 'green', 1200)
  expect(memory.believed).toEqual({ state: 'green', sinceMs: 1000 })
})
