import type { Detection } from '../../analytics/detection.js'
import type { Frame } from '../../analytics/frame.js'
import { GATE_OPEN, glance, learn, LOOK_EVERY_MS, LOOK_EVERY_MS_MAX, planeOf, type GateState, type Glance } from '../../analytics/gate.js'

const WIDTH = 320
const HEIGHT = 180

interface Patch {
  readonly x: number
  readonly y: number
  readonly side: number
  readonly bright: number
}

interface Look {
  readonly patches?: readonly Patch[]
  /** Added to every pixel. */
  readonly light?: number
  /** Deviation of each pixel by itself, by the frame's number. */
  readonly noise?: number
  /** The whole picture moved to the right by so many pixels. */
  readonly shift?: number
}

/** A street of soft tones with edges in it, and what is laid over it. */
function paint(atMs: number, { patches = [], light = 0, noise = 0, shift = 0 }: Look): Frame {
  const grey = new Float32Array(WIDTH * HEIGHT)
  for (let y = 0; y < HEIGHT; y += 1) for (let x = 0; x < WIDTH; x += 1) grey[y * WIDTH + x] = 90 + ((Math.floor((x - shift + 1000) / 10) + Math.floor(y / 10)) % 4) * 20
  for (const { x, y, side, bright } of patches) for (let row = y; row < y + side; row += 1) grey.fill(bright, row * WIDTH + Math.ceil(x), row * WIDTH + Math.ceil(x + side))
  const random = randomFrom(atMs + 1)
  const rgb = new Uint8ClampedArray(WIDTH * HEIGHT * 3)
  for (let at = 0; at < grey.length; at += 1) rgb[at * 3 + 1] = grey[at]! + light + (noise > 0 ? (random() + random() + random() - 1.5) * 2 * noise : 0)
  return { atMs, width: WIDTH, height: HEIGHT, rgb: new Uint8Array(rgb.buffer) }
}

/** What the gate says of each picture after the first, which is looked at; frames come so fast that nothing is ever due. */
function ask(looks: readonly Look[], found: readonly Detection[] = []): Glance[] {
  let state: GateState = GATE_OPEN
  return looks.map((look, at) => {
    // A millisecond apart no look is due, and each picture is judged by what it shows alone.
    const atMs = at
    const plane = planeOf(paint(atMs, look))
    const said = glance({ ...state, openUntilMs: -Infinity }, plane, { atMs, restless: false })
    if (said.do === 'look') state = learn(state, plane, { atMs, glance: said, detections: found, restless: false })
    return said
  }).slice(1)
}

const word = (said: Glance): string => (said.do === 'skip' ? 'skip' : said.why)
const times = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))
const car = (x: number): Look => ({ patches: [{ x, y: 80, side: 24, bright: 200 }] })

test.each<[string, Look[], string[]]>([
  ['nothing changed', times(4, () => ({})), ['skip']],
  ['noise of a night camera', times(12, () => ({ noise: 6 })), ['skip']],
  ['something drives in', [{}, car(0)], ['moved']],
  ['something as small as the detector finds', [{}, { patches: [{ x: 160, y: 90, side: 8, bright: 160 }] }], ['moved']],
  ['something dark in noise', [{ noise: 4 }, { noise: 4, patches: [{ x: 100, y: 90, side: 16, bright: 40 }] }], ['moved']],
  ['somebody leaves', [car(100), {}], ['moved']],
  ['the sun comes out a little', [{}, { light: 12 }], ['skip']],
  ['the whole picture grows much brighter', [{}, { light: 60 }], ['light']],
  ['headlights sweep over the road', [{}, { patches: [{ x: 60, y: 100, side: 60, bright: 190 }] }], ['moved']],
  ['the camera shakes', [{}, { shift: 4 }], ['moved']],
])('%s', (_, looks, expected) => {
  expect([...new Set(ask(looks).map(word))]).toEqual(expected)
})

test('what creeps is compared with the picture last judged, so it adds up until it is seen', () => {
  // A quarter of a pixel a frame: no two frames in a row differ by anything the gate would open for.
  const said = ask(times(60, (at) => car(100 + at / 4)))
  expect(said[0]).toEqual({ do: 'skip' })
  expect(said.filter((one) => word(one) === 'moved').length).toBeGreaterThan(2)
})

test('slowly falling dusk opens the gate when it has added up, not before', () => {
  const said = ask(times(60, (at) => ({ light: -at })))
  expect(said.slice(0, 20).map(word)).toEqual(times(20, () => 'skip'))
  expect(said.map(word)).toContain('light')
})

const blink = times(60, (at): Look => (Math.floor(at / 2) % 2 === 0 ? {} : { patches: [{ x: 40, y: 20, side: 8, bright: 255 }] }))
const lamp: Detection = { class: 'car', score: 0.5, box: { x1: 40 / WIDTH, y1: 20 / HEIGHT, x2: 48 / WIDTH, y2: 28 / HEIGHT } }

test('a lamp that blinks opens the gate some times for nothing, then no more; where things are found it always opens', () => {
  const said = ask(blink).map(word)
  expect(said.slice(0, 4)).toContain('moved')
  expect(said.slice(-20)).not.toContain('moved')
  expect(ask(blink, [lamp]).slice(-20).map(word)).toContain('moved')
})

test('somebody who walks past the blinking lamp is seen beside it', () => {
  const passing = ask([...blink, ...times(4, (at): Look => ({ patches: [{ x: 30 + at * 6, y: 12, side: 24, bright: 20 }] }))])
  expect(word(passing.at(-1)!)).toBe('moved')
})

const still = planeOf(paint(0, {}))
const judged: GateState = { ...GATE_OPEN, judged: still, judgedAtMs: 10_000, openUntilMs: 10_600 }

test.each<[string, { atMs: number; restless: boolean }, string]>([
  ['a moment after a change the picture is looked at without asking', { atMs: 10_400, restless: false }, 'after_change'],
  ['later an unchanged one is not', { atMs: 10_800, restless: false }, 'skip'],
  ['unless somebody is new, or stood and is lost', { atMs: 10_800, restless: true }, 'restless'],
  ['every two seconds it is looked at whatever it shows', { atMs: 10_000 + LOOK_EVERY_MS, restless: false }, 'due'],
  ['a clock set back starts anew', { atMs: 5_000, restless: false }, 'first'],
])('%s', (_, now, expected) => {
  expect(word(glance(judged, still, now))).toBe(expected)
})

/** A standing picture, asked five times a second: when it was looked at because that was due. `news`: looks that found somebody new, by their number. */
function dueLooks(seconds: number, { news = [], moves = [] }: { readonly news?: readonly number[]; readonly moves?: readonly number[] }): number[] {
  let state: GateState = learn(GATE_OPEN, still, { atMs: 0, glance: { do: 'look', why: 'first' }, detections: [], restless: false })
  const due: number[] = []
  for (let atMs = 200; atMs <= seconds * 1000; atMs += 200) {
    const plane = moves.includes(atMs) ? planeOf(paint(0, car(100))) : still
    const said = glance(state, plane, { atMs, restless: false })
    if (said.do === 'skip') continue
    if (said.why === 'due') due.push(atMs)
    state = learn(state, plane, { atMs, glance: said, detections: [], restless: news.includes(due.length) && said.why === 'due' })
  }
  return due
}

test('where nothing moves, looks that find nobody new are due half as often; one that does, and whatever moves, undoes that', () => {
  expect(LOOK_EVERY_MS_MAX).toBe(2 * LOOK_EVERY_MS)
  expect(dueLooks(15, {})).toEqual([2_000, 6_000, 10_000, 14_000])
  expect(dueLooks(15, { news: [2] })).toEqual([2_000, 6_000, 8_000, 12_000])
  expect(dueLooks(15, { moves: [7_000] })).toEqual([2_000, 6_000, 9_800, 13_800])
})

test('the grid holds for any size of picture: the same scene, decoded smaller, has not changed', () => {
  const small: Frame = { atMs: 1, width: WIDTH / 2, height: HEIGHT / 2, rgb: new Uint8Array((WIDTH * HEIGHT * 3) / 4).fill(90) }
  const large: Frame = { atMs: 0, width: WIDTH, height: HEIGHT, rgb: new Uint8Array(WIDTH * HEIGHT * 3).fill(90) }
  expect(glance({ ...judged, judged: planeOf(large), openUntilMs: 0 }, planeOf(small), { atMs: 10_800, restless: false })).toEqual({ do: 'skip' })
})

function randomFrom(seed: number): () => number {
  let state = (seed * 2654435761) >>> 0 || 1
  return () => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state / 2 ** 32
  }
}
