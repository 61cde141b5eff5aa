import { centre } from '../geometry/box.js'
import type { Point } from '../geometry/point.js'
import { stepsSince } from '../track/path.js'
import type { Track } from '../track/track.js'
import { boxSize } from './episode.js'
import { angleBetween, unit, velocityInSizes } from './motion.js'
import type { Scene } from './scene.js'
import { boxNow } from './stillness.js'
import { squared } from './subject.js'

/** Who rides beside whom, and who of them are a row. */

/** Out of sight for longer a rider is somebody else. */
export const AWAY_MS_MAX = 2_000
const WINDOW_MS = 1_000
const WINDOW_MS_MIN = 400
/** In own sizes a second: walking pace; slower is a stream before a light. */
const MOVING_MIN = 0.5
const SAME_WAY_DEG_MAX = 35
/** Level: the one's middle is beside the other, not beside the gap behind him. */
const LEVEL_SIZES_MAX = 0.5
/** From middle to middle, in widths of the wider: three is an arm's length between handlebars and some more. */
const APART_WIDTHS_MAX = 3
/** Nearer than this it is one rider under two numbers. */
const APART_WIDTHS_MIN = 0.6
/** From the first to the last of a row, along the way: a chain of neighbours each a little behind is no row. */
const ROW_SIZES_MAX = 0.8
/** They fall back and catch up: not level for so long they no longer ride beside each other. */
const LOOSE_MS_MAX = 800
/** In a dense stream chance puts riders side by side: where more strangers ride within so many sizes than the row has riders, it is the stream. */
const STREAM_SIZES = 2.5

/** Where a rider is on the road: along the direction and across it, in frame heights. */
export interface Place {
  readonly key: number
  /** The way that is watched, at more than a walk; null: seen again too lately to say. */
  readonly goes: boolean | null
  readonly along: number
  readonly across: number
  readonly size: number
  readonly width: number
}

export function placeOf(key: number, track: Track, towards: Point, scene: Scene): Place {
  const direction = squared(towards, scene.aspect)
  const way = unit(direction)
  // The mean of a second: all lag behind by as much, and none trembles.
  const box = boxNow(track)
  const at = squared(centre(box), scene.aspect)
  const velocity = velocityInSizes(stepsSince(track.path, scene.atMs - WINDOW_MS), scene.aspect, WINDOW_MS_MIN)
  const goes = velocity && Math.hypot(velocity.x, velocity.y) >= MOVING_MIN && angleBetween(velocity, direction) <= SAME_WAY_DEG_MAX
  return { key, goes, along: at.x * way.x + at.y * way.y, across: at.y * way.x - at.x * way.y, size: boxSize(box, scene.aspect), width: (box.x2 - box.x1) * scene.aspect }
}

function isLevel(a: Place, b: Place): boolean {
  return Math.abs(a.along - b.along) <= (LEVEL_SIZES_MAX * (a.size + b.size)) / 2
}

function apartWidths(a: Place, b: Place): number {
  return Math.abs(a.across - b.across) / Math.max(a.width, b.width)
}

/** Without those who are another under a second number; the older number stays. */
export function alone(places: readonly Place[]): readonly Place[] {
  return places.filter((place) => !places.some((other) => other.key < place.key && isLevel(place, other) && apartWidths(place, other) < APART_WIDTHS_MIN))
}

/** Who rides beside whom at this instant. */
function neighbours(places: readonly Place[]): readonly (readonly [number, number])[] {
  return places.flatMap((a, i) => places.slice(i + 1).flatMap((b) => (isLevel(a, b) && apartWidths(a, b) <= APART_WIDTHS_MAX ? [[Math.min(a.key, b.key), Math.max(a.key, b.key)] as const] : [])))
}

/** Level from end to end, and no part of a stream. */
export function isRow({ keys }: Chain, places: readonly Place[]): boolean {
  const members = places.filter((place) => keys.includes(place.key))
  const alongs = members.map((member) => member.along)
  const size = members.reduce((sum, member) => sum + member.size, 0) / Math.max(members.length, 1)
  const near = (a: Place, b: Place): boolean => Math.hypot(a.along - b.along, a.across - b.across) <= STREAM_SIZES * size
  const strangers = places.filter((place) => place.goes && !keys.includes(place.key) && members.some((member) => near(member, place)))
  return members.length > 0 && Math.max(...alongs) - Math.min(...alongs) <= ROW_SIZES_MAX * size && strangers.length <= keys.length
}

/** The pairs with this frame's neighbours: seen again, kept for a while, or new. */
export function pairsWith(before: readonly Pair[], places: readonly Place[], atMs: number): readonly Pair[] {
  const now = neighbours(places.filter((place) => place.goes))
  const isOf = (pair: Pair, [a, b]: readonly [number, number]): boolean => pair.keys[0] === a && pair.keys[1] === b
  // Of whom one is out of sight, or only just back, nobody knows that they are apart.
  const patienceMs = (pair: Pair): number => (pair.keys.every((key) => places.some((place) => place.key === key && place.goes !== null)) ? LOOSE_MS_MAX : AWAY_MS_MAX)
  const kept = before.flatMap((pair): readonly Pair[] => {
    if (now.some((keys) => isOf(pair, keys))) return [{ keys: pair.keys, sinceMs: pair.sinceMs, seenMs: atMs }]
    return atMs - pair.seenMs <= patienceMs(pair) ? [pair] : []
  })
  return [...kept, ...now.filter((keys) => !kept.some((pair) => isOf(pair, keys))).map((keys) => ({ keys, sinceMs: atMs, seenMs: atMs }))]
}

/** Two neighbours, by their keys, the smaller first. */
export interface Pair {
  readonly keys: readonly [number, number]
  readonly sinceMs: number
  readonly seenMs: number
}

export interface Chain {
  readonly keys: readonly number[]
  /** Since when the last two of them have ridden side by side. */
  readonly sinceMs: number
}

/** Pairs that share a rider, joined: who rides beside somebody who rides beside somebody. */
export function chains(pairs: readonly Pair[]): readonly Chain[] {
  return pairs.reduce<readonly Chain[]>((found, { keys, sinceMs }) => {
    const touching = found.filter((chain) => chain.keys.some((key) => keys.includes(key)))
    const joined = { keys: [...new Set([...touching.flatMap((chain) => chain.keys), ...keys])].toSorted((a, b) => a - b), sinceMs: Math.max(sinceMs, ...touching.map((chain) => chain.sinceMs)) }
    return [...found.filter((chain) => !touching.includes(chain)), joined]
  }, [])
}
