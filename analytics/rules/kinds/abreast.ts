import { centre } from '../../geometry/box.js'
import type { Point } from '../../geometry/point.js'
import type { Track } from '../../track/track.js'
import { begin, boxSize, end, repeat, type Claim, type Episode } from '../episode.js'
import { arrow, count, duration, zone } from '../fields.js'
import { defineKind, TWO_WHEELERS } from '../kind.js'
import { angleBetween, unit, velocityInSizes } from '../motion.js'
import type { Observation, Witness } from '../observation.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep, Scene } from '../scene.js'
import { boxNow } from '../stillness.js'
import { squared, subjects, witness } from '../subject.js'
import { carryVisits, seenAgain, type Visit } from '../visits.js'

/**
 * Riders side by side, three or more, who stay so: they ride together. A dense stream passes each other all the time.
 *
 *       ▲ direction
 *       │   ▲  ▲  ▲    level with each other, less than
 *       │   o──o──o    three widths apart, for long enough: claimed
 *       │
 *       │   ▲     ▲    one ahead of the other,
 *       │   o  ▲  o    or for a moment: not
 *       │      o
 */
export interface AbreastRule extends RuleCore {
  readonly kind: 'abreast'
  readonly zone: readonly Point[]
  /** The way they go. */
  readonly direction: Point
  readonly countMin: number
  /**
   * For so long each of them must ride beside his neighbour. In a dense stream chance makes rows: in 40 drawn films of 20 s with 2
   * riders a second, 5 rows of three at 3 seconds and 1 at 4, 5 and 6 seconds. 5 seconds are proposed.
   */
  readonly holdMsMin: number
}

const CLASSES = TWO_WHEELERS
const AWAY_MS_MAX = 2_000
const HEIR_SIZES = 1.5
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
/** A row is over when it has been shorter than it must be for so long. */
const OVER_MS_MIN = 2_500

interface Rider extends Visit {
  /** The number under which he came: the same for him under every later one. */
  readonly key: number
  readonly witness: Witness
}

interface Pair {
  readonly keys: readonly [number, number]
  readonly sinceMs: number
  readonly seenMs: number
}

interface Row {
  readonly keys: readonly number[]
  readonly episode: Episode
  readonly seenMs: number
  readonly claim: Claim
}

interface AbreastState {
  readonly riders: readonly Rider[]
  readonly pairs: readonly Pair[]
  readonly rows: readonly Row[]
}

const NOBODY: AbreastState = { riders: [], pairs: [], rows: [] }

/** Neighbours are remembered two by two; enough of them in a chain, each for long enough, are a row. One claim a row, though riders join and leave. */
const step: RuleStep<AbreastRule, AbreastState> = (rule, state, tracks, scene) => {
  if (!scene.armed) return [NOBODY, state.rows.map((row) => end({ ...row.claim, atMs: scene.atMs }, row.episode))]
  const opening = (track: Track): Rider => ({ key: track.id, trackId: track.id, sinceMs: scene.atMs, seenMs: scene.atMs, box: track.box, witness: witness(track) })
  const limits = { atMs: scene.atMs, aspect: scene.aspect, awayMsMax: AWAY_MS_MAX, heirSizes: HEIR_SIZES }
  const { stays } = carryVisits(state.riders, subjects(rule, CLASSES, tracks, scene.atMs), rule.zone, limits, opening)
  const riders = stays.map(({ visit, track }) => (track && track.lastSeenAtMs === scene.atMs ? { ...seenAgain(visit, track, scene.atMs), witness: witness(track) } : visit))
  const places = alone(stays.flatMap(({ visit, track }) => (track && track.lastSeenAtMs === scene.atMs ? [placeOf(rule, visit.key, track, scene)] : [])))
  const level = pairsWith(state.pairs, places, scene.atMs)
  const claimed = state.rows.flatMap((row) => row.keys)
  // What is part of a stream, or no row from end to end, begins anew: a stream thins out at its end, and then its last look like a row.
  const strays = chains(level).filter((chain) => chain.keys.length >= rule.countMin && !isRow(chain, places) && !chain.keys.some((key) => claimed.includes(key)))
  const pairs = level.map((pair) => (strays.some((chain) => chain.keys.includes(pair.keys[0])) ? { ...pair, sinceMs: scene.atMs } : pair))
  const held = pairs.filter((pair) => pair.seenMs - pair.sinceMs >= rule.holdMsMin)
  const groups = chains(held).filter((group) => group.keys.length >= rule.countMin && isRow(group, places))
  const [rows, said] = rowsWith(rule, state.rows, groups, riders, scene)
  return [{ riders, pairs, rows }, said]
}

export const abreast = defineKind<AbreastRule, AbreastState>({ kind: 'abreast', fields: { zone, direction: arrow, countMin: count(2), holdMsMin: duration }, classes: CLASSES, nothing: NOBODY, step })

/** Where a rider is on the road: along the direction and across it, in frame heights. */
interface Place {
  readonly key: number
  /** The way that is watched, at more than a walk; null: seen again too lately to say. */
  readonly goes: boolean | null
  readonly along: number
  readonly across: number
  readonly size: number
  readonly width: number
}

function placeOf(rule: AbreastRule, key: number, track: Track, scene: Scene): Place {
  const direction = squared(rule.direction, scene.aspect)
  const way = unit(direction)
  // The mean of a second: all lag behind by as much, and none trembles.
  const box = boxNow(track)
  const at = squared(centre(box), scene.aspect)
  const velocity = velocityInSizes(track.path.filter((one) => one.atMs >= scene.atMs - WINDOW_MS), scene.aspect, WINDOW_MS_MIN)
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
function alone(places: readonly Place[]): readonly Place[] {
  return places.filter((place) => !places.some((other) => other.key < place.key && isLevel(place, other) && apartWidths(place, other) < APART_WIDTHS_MIN))
}

/** Who rides beside whom at this instant. */
function neighbours(places: readonly Place[]): readonly (readonly [number, number])[] {
  return places.flatMap((a, i) => places.slice(i + 1).flatMap((b) => (isLevel(a, b) && apartWidths(a, b) <= APART_WIDTHS_MAX ? [[Math.min(a.key, b.key), Math.max(a.key, b.key)] as const] : [])))
}

/** Level from end to end, and no part of a stream. */
function isRow({ keys }: Chain, places: readonly Place[]): boolean {
  const members = places.filter((place) => keys.includes(place.key))
  const alongs = members.map((member) => member.along)
  const size = members.reduce((sum, member) => sum + member.size, 0) / Math.max(members.length, 1)
  const near = (a: Place, b: Place): boolean => Math.hypot(a.along - b.along, a.across - b.across) <= STREAM_SIZES * size
  const strangers = places.filter((place) => !keys.includes(place.key) && members.some((member) => near(member, place)))
  return members.length > 0 && Math.max(...alongs) - Math.min(...alongs) <= ROW_SIZES_MAX * size && strangers.length <= keys.length
}

function pairsWith(before: readonly Pair[], places: readonly Place[], atMs: number): readonly Pair[] {
  const now = neighbours(places.filter((place) => place.goes))
  const isOf = (pair: Pair, [a, b]: readonly [number, number]): boolean => pair.keys[0] === a && pair.keys[1] === b
  // Of whom one is out of sight, or only just back, nobody knows that they are apart.
  const patienceMs = (pair: Pair): number => (pair.keys.every((key) => places.some((place) => place.key === key && place.goes !== null)) ? LOOSE_MS_MAX : AWAY_MS_MAX)
  const kept = before.flatMap((pair): readonly Pair[] => {
    if (now.some((keys) => isOf(pair, keys))) return [{ ...pair, seenMs: atMs }]
    return atMs - pair.seenMs <= patienceMs(pair) ? [pair] : []
  })
  return [...kept, ...now.filter((keys) => !kept.some((pair) => isOf(pair, keys))).map((keys) => ({ keys, sinceMs: atMs, seenMs: atMs }))]
}

interface Chain {
  readonly keys: readonly number[]
  /** Since when the last two of them have ridden side by side. */
  readonly sinceMs: number
}

function chains(pairs: readonly Pair[]): readonly Chain[] {
  return pairs.reduce<readonly Chain[]>((found, { keys, sinceMs }) => {
    const touching = found.filter((chain) => chain.keys.some((key) => keys.includes(key)))
    const joined = { keys: [...new Set([...touching.flatMap((chain) => chain.keys), ...keys])].toSorted((a, b) => a - b), sinceMs: Math.max(sinceMs, ...touching.map((chain) => chain.sinceMs)) }
    return [...found.filter((chain) => !touching.includes(chain)), joined]
  }, [])
}

function rowsWith(rule: AbreastRule, before: readonly Row[], groups: readonly Chain[], riders: readonly Rider[], scene: Scene): readonly [readonly Row[], readonly Observation[]] {
  const said: Observation[] = []
  const taken = new Set<Chain>()
  const carried = before.flatMap((row): readonly Row[] => {
    const group = groups.find((chain) => !taken.has(chain) && chain.keys.some((key) => row.keys.includes(key)))
    if (!group) {
      if (scene.atMs - row.seenMs < OVER_MS_MIN) return [row]
      said.push(end({ ...row.claim, atMs: scene.atMs }, row.episode))
      return []
    }
    taken.add(group)
    const claim = claimOf(rule, group, row.episode.sinceMs, riders, scene)
    const told = repeat(claim, row.episode)
    said.push(...told.said)
    return [{ keys: group.keys, episode: told.episode, seenMs: scene.atMs, claim }]
  })
  // A group that shares a rider with an open row is that row, grown apart and together again.
  const fresh = groups.filter((group) => !taken.has(group) && !carried.some((row) => row.keys.some((key) => group.keys.includes(key))))
  const opened = fresh.map((group): Row => {
    const claim = claimOf(rule, group, group.sinceMs, riders, scene)
    const told = begin(claim, { first: group.keys[0] ?? 'zone', sinceMs: group.sinceMs })
    said.push(told.said)
    return { keys: group.keys, episode: told.episode, seenMs: scene.atMs, claim }
  })
  return [[...carried, ...opened], said]
}

function claimOf(rule: AbreastRule, { keys }: Chain, sinceMs: number, riders: readonly Rider[], { atMs }: Scene): Claim {
  const witnesses = riders.filter((rider) => keys.includes(rider.key)).map((rider) => rider.witness)
  return { rule, atMs, witnesses, reason: { code: 'abreast', count: keys.length, countMin: rule.countMin, heldMs: Math.round(atMs - sinceMs) } }
}
