import type { Detection, ObjectClass } from '../../../analytics/detection.js'
import type { Frame } from '../../../analytics/frame.js'
import type { Observation } from '../../../analytics/rules/observation.js'
import type { Rule } from '../../../analytics/rules/rule.js'
import { makeWatch } from '../../../analytics/watch.js'

/** A walking box: where its feet are at which second, straight between; hidden in the gaps. */
export interface Walker {
  readonly class: ObjectClass
  readonly size: readonly [width: number, height: number]
  readonly way: readonly (readonly [second: number, x: number, y: number])[]
  readonly hidden?: readonly (readonly [from: number, to: number])[]
  readonly score?: number
  /** Its size is that of the first place of its way; towards this height of the picture it shrinks as what drives off does. */
  readonly horizon?: number
  /** The detector calls it something else for these seconds. */
  readonly called?: readonly (readonly [from: number, to: number, name: ObjectClass])[]
}

export interface Film {
  readonly seconds: number
  readonly fps?: number
  /** Share of its own size by which each edge of each box trembles. */
  readonly tremble?: number
  readonly seed?: number
  /** What the lamp at LAMP_BOX shows from which second on. */
  readonly lamp?: readonly (readonly [second: number, colour: LampColour])[]
  readonly startMs?: number
}

export type LampColour = 'red' | 'yellow' | 'green' | 'dark'

export const LAMP_BOX = { x1: 0.9, y1: 0.1, x2: 0.95, y2: 0.3 } as const
const WIDTH = 160
const HEIGHT = 120
export const ROUND_THE_CLOCK = { localTime: () => ({ weekday: 3, minuteOfDay: 720 }) }

export interface Shot {
  readonly frame: Frame
  readonly detections: readonly Detection[]
}

export function shoot(walkers: readonly Walker[], film: Film): Shot[] {
  const random = randomFrom(film.seed ?? 7)
  const fps = film.fps ?? 5
  return Array.from({ length: Math.floor(film.seconds * fps) + 1 }, (_, i) => {
    const second = i / fps
    const detections = walkers.flatMap((walker) => boxOf(walker, second, film.tremble ?? 0, random))
    return { frame: paint((film.startMs ?? 0) + Math.round(second * 1000), lampAt(film, second)), detections }
  })
}

/** Everything the rules say of the film, in order. */
export function watchFilm(rules: readonly Rule[], walkers: readonly Walker[], film: Film): Observation[] {
  const watch = makeWatch(rules, ROUND_THE_CLOCK)
  return shoot(walkers, film).flatMap(({ frame, detections }) => watch.see(frame, detections).observations)
}

/** "began 4.2" for each claim begun, with the second of the act itself; "ended" as it is. */
export function told(observations: readonly Observation[]): string[] {
  return observations.filter((o) => o.phase !== 'holds').map((o) => (o.phase === 'began' ? `began since ${(o.sinceMs / 1000).toFixed(1)}` : 'ended'))
}

function boxOf(walker: Walker, second: number, tremble: number, random: () => number): Detection[] {
  const after = walker.way.findIndex(([s]) => s >= second)
  const b = walker.way[after]
  const a = walker.way[Math.max(0, after - 1)]
  if (!a || !b || second < (walker.way[0]?.[0] ?? 0) || walker.hidden?.some(([from, to]) => second >= from && second < to)) return []
  const share = b[0] > a[0] ? (second - a[0]) / (b[0] - a[0]) : 1
  const [x, y] = [a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share]
  const nearness = walker.horizon === undefined ? 1 : (y - walker.horizon) / ((walker.way[0]?.[2] ?? y) - walker.horizon)
  const [w, h] = [walker.size[0] * nearness, walker.size[1] * nearness]
  const off = (length: number): number => (random() - 0.5) * 2 * tremble * length
  const called = walker.called?.find(([from, to]) => second >= from && second < to)?.[2]
  return inPicture({ class: called ?? walker.class, score: walker.score ?? 0.8, box: { x1: x - w / 2 + off(w), y1: y - h + off(h), x2: x + w / 2 + off(w), y2: y + off(h) } })
}

const SHOWN_MIN = 0.6

/** A detector sees what is in the picture, and little of little. */
function inPicture(whole: Detection): Detection[] {
  const [width, height] = [whole.box.x2 - whole.box.x1, whole.box.y2 - whole.box.y1]
  const box = { x1: Math.max(0, whole.box.x1), y1: Math.max(0, whole.box.y1), x2: Math.min(1, whole.box.x2), y2: Math.min(1, whole.box.y2) }
  return (box.x2 - box.x1) * (box.y2 - box.y1) >= SHOWN_MIN * width * height ? [{ ...whole, box }] : []
}

function lampAt(film: Film, second: number): LampColour {
  return film.lamp?.findLast(([from]) => second >= from)?.[1] ?? 'dark'
}

const PAINT: Record<LampColour, readonly [number, number, number]> = { red: [255, 40, 40], yellow: [255, 190, 30], green: [20, 240, 190], dark: [30, 30, 30] }
const PLACE: Record<LampColour, number> = { red: 0, yellow: 1, green: 2, dark: 0 }

function paint(atMs: number, colour: LampColour): Frame {
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3).fill(90)
  const third = (LAMP_BOX.y2 - LAMP_BOX.y1) / 3
  for (let y = Math.round(LAMP_BOX.y1 * HEIGHT); y < LAMP_BOX.y2 * HEIGHT; y++) {
    for (let x = Math.round(LAMP_BOX.x1 * WIDTH); x < LAMP_BOX.x2 * WIDTH; x++) {
      const lit = Math.floor((y / HEIGHT - LAMP_BOX.y1) / third) === PLACE[colour]
      rgb.set(lit ? PAINT[colour] : PAINT.dark, (y * WIDTH + x) * 3)
    }
  }
  return { atMs, width: WIDTH, height: HEIGHT, rgb }
}

/** Numbers that look random and are the same each time (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
