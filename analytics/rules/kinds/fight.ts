import type { Box } from '../../geometry/box.js'
import type { Point } from '../../geometry/point.js'
import { inside } from '../../geometry/polygon.js'
import type { Track } from '../../track/track.js'
import { clustersOf } from '../clusters.js'
import { begin, distanceInSizes, end, repeat, type Claim, type Episode } from '../episode.js'
import { duration, zone } from '../fields.js'
import { defineKind } from '../kind.js'
import type { Observation, Witness } from '../observation.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep, Scene } from '../scene.js'
import { subjects, witness } from '../subject.js'
import { unrest } from '../unrest.js'

/*
 *     o┐┌o     o \o/     nearer than a width, and both boxes change shape and place fast, for holdMsMin: claimed
 *     /┘└\     /> <\
 *
 *     o  o      oo       walk together, talk, hug for a moment: no
 */

/**
 * Two or more people struggle with each other. EXPERIMENTAL: it judges by boxes alone, no recorded fight was at hand, and its
 * figures are from drawn ones. Run it as a shadow first, and let a person look at every claim.
 */
export interface FightRule extends RuleCore {
  readonly kind: 'fight'
  readonly zone: readonly Point[]
  readonly holdMsMin: number
}

const CLASSES = ['person']

interface Struggle {
  readonly trackId: number
  readonly place: Box
  readonly sinceMs: number
  readonly lastMs: number
  /** The mean of all looks at which they were restless. */
  readonly unrest: number
  readonly looks: number
  readonly witnesses: readonly Witness[]
  readonly episode: Episode | null
}

type FightState = readonly Struggle[]
const PEACE: FightState = []

/**
 * Sum of the edge speeds in own sizes a second (unrest.ts): between what walking and what struggling has. In 12 drawn trials, through gate and crops, 24 of 24
 * struggles had this much, 23 had 1.8; nobody else there, nor in seven clips of real streets, came to 1.3 for as long.
 */
const UNREST_MIN = 1.65
/** It begins with that much, and must have it on average; in between it may calm down to this. */
const STILL_UNREST_MIN = 1.4
/** Nearer than this many widths between the boxes; and on about the same ground, or one is only behind the other. */
const GAP_WIDTHS_MAX = 1
const GROUND_HEIGHTS_MAX = 0.4
/** Boxes of people who struggle melt into one now and then: so long without two is not over yet, before and after a claim. */
const PAUSE_MS_MAX = 1_500
const OVER_MS = 5_000
/** Who struggles hides the other now and then; so long he is where he was seen last. No longer than unrest needs to be told (unrest.ts), or one with two numbers would be two. */
const UNSEEN_MS_MAX = 1_000
/** The same struggle sways to and fro this far, in sizes of a person. */
const SAME_PLACE_SIZES = 2.5

const step: RuleStep<FightRule, FightState> = (rule, state, tracks, scene) => {
  if (!scene.armed) return [PEACE, state.flatMap((one) => closing(rule, one, scene))]
  const people = subjects(rule, CLASSES, tracks.flatMap((track) => lastSeen(track, scene.atMs)), scene.atMs).filter((track) => inside(rule.zone, track.at))
  const calm = new Set<Struggle>(state)
  const said: Observation[] = []
  const next: Struggle[] = []
  for (const group of groupsOf(people, scene.aspect)) {
    const known = [...calm].find((one) => group.some((track) => track.id === one.trackId || distanceInSizes(track.box, one.place, scene.aspect) <= SAME_PLACE_SIZES))
    if (known) calm.delete(known)
    const level = unrestOf(group, scene.aspect)
    if (level < (known ? STILL_UNREST_MIN : UNREST_MIN)) {
      if (known) calm.add(known)
      continue
    }
    const first = group[0]!
    const seen: Struggle = { trackId: first.id, place: first.box, sinceMs: known?.sinceMs ?? scene.atMs, lastMs: scene.atMs, ...meanWith(known, level), witnesses: group.map(witness), episode: known?.episode ?? null }
    if (!seen.episode && (scene.atMs - seen.sinceMs < rule.holdMsMin || seen.unrest < UNREST_MIN)) {
      next.push(seen)
      continue
    }
    const claim = claimOf(rule, seen, scene)
    const told = seen.episode ? repeat(claim, seen.episode) : begin(claim, { first: seen.trackId, sinceMs: seen.sinceMs })
    said.push(...[told.said].flat())
    next.push({ ...seen, episode: told.episode })
  }
  const paused = [...calm].filter((one) => scene.atMs - one.lastMs < (one.episode ? OVER_MS : PAUSE_MS_MAX))
  said.push(...[...calm].filter((one) => !paused.includes(one)).flatMap((one) => closing(rule, one, scene)))
  return [[...next, ...paused], said]
}

export const fight = defineKind<FightRule, FightState>({ kind: 'fight', fields: { zone, holdMsMin: duration }, classes: CLASSES, nothing: PEACE, step })

/** Where it is, or, of one hidden for a moment, where it was seen last; whom nobody believes or has seen for long is left out. */
function lastSeen(track: Track, atMs: number): readonly Track[] {
  const last = track.path.at(-1)
  if (track.state === 'confirmed') return [track]
  return track.state === 'lost' && last && atMs - track.lastSeenAtMs <= UNSEEN_MS_MAX ? [{ ...track, box: last.box, at: last.at }] : []
}

/** People within reach of each other, of whom somebody is seen now; who stands alone is in none. */
function groupsOf(people: readonly Track[], aspect: number): Track[][] {
  return clustersOf(people, (a, b) => areWithinReach(a.box, b.box, aspect)).filter((group) => group.length > 1 && group.some((track) => track.state === 'confirmed'))
}

function areWithinReach(a: Box, b: Box, aspect: number): boolean {
  const gap = (Math.max(a.x1, b.x1) - Math.min(a.x2, b.x2)) * aspect
  const width = ((a.x2 - a.x1 + b.x2 - b.x1) / 2) * aspect
  return gap <= GAP_WIDTHS_MAX * width && Math.abs(a.y2 - b.y2) <= (GROUND_HEIGHTS_MAX * (a.y2 - a.y1 + b.y2 - b.y1)) / 2
}

function meanWith(known: Struggle | undefined, level: number): Pick<Struggle, 'unrest' | 'looks'> {
  const looks = (known?.looks ?? 0) + 1
  return { looks, unrest: ((known?.unrest ?? 0) * (looks - 1) + level) / looks }
}

/** Of the second most restless: a struggle has two. A dancer among those who watch him is alone. */
function unrestOf(group: readonly Track[], aspect: number): number {
  return group.map((track) => unrest(track, aspect) ?? 0).toSorted((a, b) => b - a)[1] ?? 0
}

function claimOf(rule: FightRule, seen: Struggle, { atMs }: Scene): Claim {
  return { rule, atMs, witnesses: seen.witnesses, reason: { code: 'fight', people: seen.witnesses.length, heldMs: Math.round(seen.lastMs - seen.sinceMs), unrest: Math.round(seen.unrest * 10) / 10 } }
}

function closing(rule: FightRule, seen: Struggle, scene: Scene): Observation[] {
  return seen.episode ? [end(claimOf(rule, seen, scene), seen.episode)] : []
}
