import type { Point } from '../../geometry/point.js'
import type { Track } from '../../track/track.js'
import { alone, AWAY_MS_MAX, chains, isRow, pairsWith, placeOf, type Chain, type Pair } from '../beside.js'
import { begin, end, repeat, type Claim, type Episode } from '../episode.js'
import { arrow, count, duration, zone } from '../fields.js'
import { defineKind, TWO_WHEELERS } from '../kind.js'
import type { Observation, Witness } from '../observation.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep, Scene } from '../scene.js'
import { subjects, witness } from '../subject.js'
import { carryVisits, type Visit } from '../visits.js'

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
const HEIR_SIZES = 1.5
/** A row is over when it has been shorter than it must be for so long. */
const OVER_MS_MIN = 2_500

interface Rider extends Visit {
  /** The number under which he came: the same for him under every later one. */
  readonly key: number
  readonly witness: Witness
}

interface Row {
  /** Everybody who ever was part of it: where it falls into two, both are this row. */
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
  const riders = stays.map(({ visit, track }) => (track && track.lastSeenAtMs === scene.atMs ? { key: visit.key, trackId: track.id, sinceMs: visit.sinceMs, seenMs: scene.atMs, box: track.box, witness: witness(track) } : visit))
  const places = alone(stays.flatMap(({ visit, track }) => (track && track.lastSeenAtMs === scene.atMs ? [placeOf(visit.key, track, rule.direction, scene)] : [])))
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
    return [{ keys: [...new Set([...row.keys, ...group.keys])], episode: told.episode, seenMs: scene.atMs, claim }]
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
