import type { ObjectClass } from '../detection.js'
import { area, feetBeyond, intersection, overlap, type Box } from '../geometry/box.js'
import { crossing, distancesFrom, type Segment, type Side } from '../geometry/line.js'
import type { Point } from '../geometry/point.js'
import type { Step, Track } from '../track/track.js'
import { classDistance } from '../track/class-vote.js'
import { boxSize } from './episode.js'
import type { RuleCore } from './rule-core.js'
import type { Scene } from './scene.js'
import { squared, subjects } from './subject.js'

/** Where a track was last clearly on one side of the line: steps alone, because this is written for every track in every frame. */
interface Standing {
  readonly side: Side
  /** Its newest step clear of the line. */
  readonly clear: Step
  /** Its newest step on that side of the line, clear of it or not. */
  readonly last: Step
  /** The step after that one: over the line by less than a breath. */
  readonly over: Step | null
  readonly read: Step
}

/** A track passed the line. `atMs` is the instant its anchor was on it, between two frames; `step` the first clear of it. */
export interface Passage {
  readonly track: Track
  readonly side: Side
  readonly atMs: number
  readonly step: Step
}

export interface PassageState {
  /** When the watching began: what a track did before is not claimed afterwards. */
  readonly fromMs: number | null
  readonly standings: ReadonlyMap<number, Standing>
  /** Passages of the last seconds, so that one object under two numbers passes once. */
  readonly recent: readonly Passage[]
}

export const NO_PASSAGES: PassageState = { fromMs: null, standings: new Map(), recent: [] }

/** Share of the object's size its anchor must be off the line before a side is believed: boxes breathe by about this much. */
const CLEAR_SHARE = 0.12
/** Cars follow each other over the same place within a second, so one object under two numbers is told by its boxes alone. */
const SAME_INSTANT_MS = 300
const SAME_OVERLAP_MIN = 0.5
const SAME_COVERED_MIN = 0.8
/** The same track may pass the same way again only after this long: a box that swings over the line is one passage. */
const SAME_TRACK_MS = 10_000

/**
 * Follows every track from one side of a line to the other. A side counts only when the anchor stands clear of the line,
 * so a vehicle that stops on it passes once, when it goes on. A passage needs the way from the last clear place to this
 * one to meet the line between its ends; driving round an end is none. Steps seen before the track was confirmed count. Who leaves the
 * picture soon after the line is where he would be, were he as large as when he last stood clear before it.
 */
export function passages(line: Segment, state: PassageState, tracks: readonly Track[], now: { readonly atMs: number; readonly aspect: number }): readonly [PassageState, readonly Passage[]] {
  const square: Segment = [squared(line[0], now.aspect), squared(line[1], now.aspect)]
  const placeOf = (step: Step, like: Box): Point => squared(feetBeyond(step.at, step.box, like), now.aspect)
  const fromLine = distancesFrom(square)
  const offOf = (step: Step, like: Box): number => fromLine(placeOf(step, like))
  const standings = new Map<number, Standing>()
  const fromMs = state.fromMs ?? now.atMs
  const recent = state.recent.filter((p) => p.atMs > now.atMs - SAME_TRACK_MS)
  const passed: Passage[] = []
  for (const track of tracks) {
    let standing = state.standings.get(track.id)
    for (let i = firstUnread(track.path, standing?.read, fromMs); i < track.path.length; i += 1) {
      const step = track.path[i]!
      const like = (standing?.clear ?? step).box
      const off = offOf(step, like)
      const clear = Math.abs(off) > CLEAR_SHARE * boxSize(step.box, now.aspect)
      const side: Side = off > 0 ? 'right' : 'left'
      if (standing && (!clear || side === standing.side)) {
        standing = carryOn(standing, { side, clear, step })
        continue
      }
      if (!clear) continue
      const met = standing && crossing(square, placeOf(standing.clear, like), placeOf(step, like))
      if (standing && met) {
        const passage = { track, side: met.side, atMs: onTheLine(standing.last, standing.over ?? step, (one) => offOf(one, like)), step }
        if (!recent.some((old) => isSame(old, passage, tracks))) {
          passed.push(passage)
          recent.push(passage)
        }
      }
      standing = { side, clear: step, last: step, over: null, read: step }
    }
    if (standing) standings.set(track.id, standing)
  }
  return [{ fromMs, standings, recent }, passed]
}

/** From the path's end backwards: in most frames one step is new. */
function firstUnread(path: readonly Step[], read: Step | undefined, fromMs: number): number {
  let first = path.length
  while (first > 0 && (read ? path[first - 1]!.atMs > read.atMs : path[first - 1]!.atMs >= fromMs)) first -= 1
  return first
}

/** What a rule about a line and a side of it watches: the passages that way, in its hours, by those it speaks of. */
export function watchedPassages(rule: RuleCore & { readonly line: Segment; readonly direction: Side | 'both' }, usual: readonly ObjectClass[], state: PassageState, tracks: readonly Track[], scene: Scene): readonly [PassageState, readonly Passage[]] {
  const [next, passed] = passages(rule.line, state, tracks, scene)
  const meant = subjects(rule, usual, passed.map((p) => p.track), scene.atMs)
  return [next, passed.filter((p) => scene.armed && meant.includes(p.track) && (rule.direction === 'both' || p.side === rule.direction))]
}

/** A step that decides nothing: still on its side, or too near the line to say. */
function carryOn({ side, clear, last, over }: Standing, now: { readonly side: Side; readonly clear: boolean; readonly step: Step }): Standing {
  const { step } = now
  if (now.side !== side) return { side, clear, last, over: over ?? step, read: step }
  return { side, clear: now.clear ? step : clear, last: step, over: null, read: step }
}

/** The instant between two steps, one on each side, at which a straight and even way meets the line. */
function onTheLine(before: Step, after: Step, offOf: (step: Step) => number): number {
  const [from, to] = [offOf(before), offOf(after)]
  return before.atMs + (after.atMs - before.atMs) * (from / (from - to))
}

/** The same number, or another number on the same object: their boxes agree, or at one instant one lies in the other. */
function isSame(old: Passage, passage: Passage, tracks: readonly Track[]): boolean {
  if (old.side !== passage.side) return false
  if (old.track.id === passage.track.id) return true
  const now = tracks.find((track) => track.id === old.track.id)
  if (now && overlap(now.box, passage.track.box) >= SAME_OVERLAP_MIN) return true
  if (Math.abs(old.step.atMs - passage.step.atMs) > SAME_INSTANT_MS) return false
  if (overlap(old.step.box, passage.step.box) >= SAME_OVERLAP_MIN) return true
  if (classDistance(old.track.class, passage.track.class) >= 1) return false
  // Two steps may lie some frames apart; where both are now, or are believed to be, is one instant.
  return coveredShare(old.step.box, passage.step.box) >= SAME_COVERED_MIN || (now !== undefined && coveredShare(now.box, passage.track.box) >= SAME_COVERED_MIN)
}

/** Share of the smaller box that lies in the other: a rider found twice, once without his machine, is one in the other. */
function coveredShare(a: Box, b: Box): number {
  return intersection(a, b) / Math.max(Math.min(area(a), area(b)), 1e-9)
}
