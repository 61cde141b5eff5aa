import type { Detection } from '../detection.js'
import { area, centre, feet, intersection, overlap, type Box } from '../geometry/box.js'
import { absorb } from './absorb.js'
import { associate } from './associate.js'
import { elected, vote } from './class-vote.js'
import { feetOf } from './covered.js'
import type { Follow, Instant, TrackerState } from './follow.js'
import { boxOf, calm, correct, predict, spanOf, startMotion, startMoving } from './kalman.js'
import { firstSince, stepsSince, withStep } from './path.js'
import type { Step, Track } from './track.js'

export const NO_TRACKS: TrackerState = { nextId: 1, atMs: null, follows: [] }

/** ByteTrack's idea: sure boxes are matched first and may start tracks; unsure ones may only continue a track. */
export const SURE_MIN = 0.4
const START_MIN = 0.45
/** A detector that feeds this tracker should keep boxes from this score on: unsure ones still carry a track through a crowd. */
export const TRACK_SCORE_MIN = 0.1
const CONFIRM_HITS = 3
const CONFIRM_MS_MIN = 150
/** Two sightings as sure as this need no third: at 5 frames a second it would cost another 200 ms of every newcomer. */
const VERY_SURE_MIN = 0.85
const VERY_SURE_MS_MIN = 80
const LOST_MS_MAX = 2_000
const TENTATIVE_MS_MAX = 350
const PATH_MS_MAX = 30_000
/** Who drove out of the picture is gone at once: kept, he would be met again in the next who comes in. */
const PICTURE: Box = { x1: 0, y1: 0, x2: 1, y2: 1 }
const VISIBLE_SHARE_MIN = 0.3
/** Per second without a sighting, the share of its speed a lost track keeps. */
const LOST_SPEED_KEPT = 0.3
/**
 * Where one is lost in this very frame under the box of another, that box may be both of theirs. It tells little of where the other goes: drawn away by it,
 * who stands would be met again in who passes.
 */
const MELTED_OVERLAP_MIN = 0.3
const MELTED_DOUBT = 10
/** A stride between two looks that is great: of the own size, and of looks that follow each other. */
const STRIDE_SIZES_MIN = 0.5
const STRIDE_MS_MAX = 450
/** Boxes of what stands tremble by a few hundredths of their size from one look to the next. */
const SETTLED_SIZES_MAX = 0.1
/** Over a second, so much is a way. */
const DRIFT_MS = 1_000
const DRIFT_SIZES_MIN = 0.15
/** Who hides another covers this share of him, and came so far, in his own sizes, since a moment before the other was lost. */
const HIDDEN_SHARE_MIN = 0.2
const CAME_SIZES_MIN = 0.3
const CAME_MS = 1_000

/** One frame's boxes in, the tracks after it out. Pure: no clock, ids count up from the state and are never used again. */
export function track(state: TrackerState, detections: readonly Detection[], now: Instant): TrackerState {
  const seconds = state.atMs === null ? 0 : (now.atMs - state.atMs) / 1000
  const expected = foreseen(state, now.atMs)
  const boxes = absorb(detections.filter((d) => d.score >= TRACK_SCORE_MIN))
  const sure = boxes.filter((d) => d.score >= SURE_MIN)
  const unsure = boxes.filter((d) => d.score < SURE_MIN)

  const known = expected.filter((f) => f.track.state !== 'tentative')
  const first = associate(known, sure, { ...now, seconds, stage: 'sure' })
  const seenLastTime = first.alone.filter((f) => f.track.state === 'confirmed')
  const second = associate(seenLastTime, unsure, { ...now, seconds, stage: 'unsure' })
  const leaping = second.alone.flatMap((follow) => leap(follow, seconds, now))
  const leapt = associate(leaping, first.free, { ...now, seconds, stage: 'sure' })
  const alone = second.alone.filter(({ track: { id } }) => !leapt.pairs.some(([follow]) => follow.track.id === id))
  const tentative = expected.filter((f) => f.track.state === 'tentative')
  const third = associate(tentative, leapt.free, { ...now, seconds, stage: 'sure' })

  const justLost = alone.map((follow) => boxOf(follow.motion, now.aspect))
  const others = boxes.map(({ box }) => box)
  const seen = [...first.pairs, ...second.pairs, ...leapt.pairs, ...third.pairs].map(([follow, detection]) => sight(follow, detection, now, { others, isMelted: justLost.some((box) => overlap(box, detection.box) >= MELTED_OVERLAP_MIN) }))
  const unseen = [...first.alone.filter((f) => f.track.state === 'lost'), ...alone, ...third.alone].flatMap((f) => miss(f, now))
  const newcomers = third.free.filter((d) => d.score >= START_MIN).map((d, i) => meet(state.nextId + i, d, now))
  const follows = [...seen, ...unseen, ...newcomers].toSorted((a, b) => a.track.id - b.track.id)
  return { nextId: state.nextId + newcomers.length, atMs: now.atMs, follows }
}

/**
 * The picture is as it was when these boxes were found: who is known is seen again where he was, so that the stopped stay
 * alive. Nothing is believed that was not looked at anew: no track begins and no newcomer ripens on the same picture twice.
 */
export function hold(state: TrackerState, detections: readonly Detection[], now: Instant): TrackerState {
  const waiting = foreseen(state, now.atMs).filter((f) => f.track.state === 'tentative').flatMap((f) => miss(f, now))
  const next = track({ ...state, follows: state.follows.filter((f) => f.track.state !== 'tentative') }, detections, now)
  return { ...next, nextId: state.nextId, follows: [...next.follows.filter((f) => f.track.id < state.nextId), ...waiting].toSorted((a, b) => a.track.id - b.track.id) }
}

/**
 * Newcomers are not yet believed, or somebody who stood is hidden: the next picture is needed, whatever it shows. Who was lost while he moved
 * shows again only where something moves, and then the picture is looked at anyway. In the dark who stands may come out from behind another
 * and change no cell enough (drawn quay at night): for him every picture is looked at until he is given up. Who stood and is lost with
 * nobody before him is there still, only not found: the same picture would not show more of him.
 */
export function isRestless({ follows }: TrackerState, aspect: number): boolean {
  return follows.some(({ track }) => track.state === 'tentative' || (track.state === 'lost' && strideOf(track, aspect) <= SETTLED_SIZES_MAX && follows.some((other) => hides(other.track, track, aspect))))
}

/** Whether this one came while the other was lost, or a moment before, and may cover him: what stood before him then hides no more of him now. */
function hides(nearer: Track, track: Track, aspect: number): boolean {
  if (nearer.id === track.id || intersection(nearer.box, track.box) < HIDDEN_SHARE_MIN * area(track.box)) return false
  return stepsSince(nearer.path, track.lastSeenAtMs - CAME_MS).some(({ box }) => sizesBetween(box, nearer.box, aspect) > CAME_SIZES_MIN)
}

/** How far somebody came between his two newest sightings, in his own sizes; of one alone nothing is known: 0. */
function strideOf({ path }: Track, aspect: number): number {
  const [before, last] = path.slice(-2)
  if (!before || !last) return 0
  return sizesBetween(before.box, last.box, aspect)
}

/** How far apart the middles are, in sizes of the second. */
function sizesBetween(before: Box, after: Box, aspect: number): number {
  const [from, to] = [centre(before), centre(after)]
  return Math.hypot((to.x - from.x) * aspect, to.y - from.y) / Math.sqrt(Math.max(area(after) * aspect, 1e-9))
}

/** What rules and screens may see: confirmed tracks and those just lost. */
export function visibleTracks(state: TrackerState): readonly Track[] {
  return state.follows.map((f) => f.track).filter((t) => t.state !== 'tentative')
}

/** Where an object should be at an instant. `sure`: believed, and surely seen in the newest look. `settled`: and standing: it need not be looked at again while nothing moves there. */
export interface Expected {
  readonly box: Box
  readonly sure: boolean
  readonly settled: boolean
}

/** Everybody who is followed, the newcomers and the lately lost as well. */
export function expectBoxes(state: TrackerState, now: Instant): readonly Expected[] {
  return foreseen(state, now.atMs).map((follow) => {
    const box = boxOf(follow.motion, now.aspect)
    const { state: known, box: last } = follow.track
    const shift = Math.hypot(box.x1 + box.x2 - last.x1 - last.x2, box.y1 + box.y2 - last.y1 - last.y2) / 2
    const sure = known === 'confirmed' && follow.track.score >= SURE_MIN
    return { box, sure, settled: sure && shift <= SETTLED_SIZES_MAX * Math.sqrt(area(last)) && !drifts(follow.track, now.aspect) }
  })
}

/** Who walks slowly moves less from look to look than boxes tremble, but goes on in one direction. */
function drifts({ path, lastSeenAtMs }: Track, aspect: number): boolean {
  const [from, to] = [path[firstSince(path, lastSeenAtMs - DRIFT_MS)], path.at(-1)]
  return from !== undefined && to !== undefined && sizesBetween(from.box, to.box, aspect) > DRIFT_SIZES_MIN
}

/** Asked before a frame is looked at, for where to look, and after. */
const foresights = new WeakMap<TrackerState, { readonly atMs: number; readonly follows: readonly Follow[] }>()

/** Everybody where he should be at that instant. */
function foreseen(state: TrackerState, atMs: number): readonly Follow[] {
  const known = foresights.get(state)
  if (known?.atMs === atMs) return known.follows
  const span = spanOf(state.atMs === null ? 0 : (atMs - state.atMs) / 1000)
  const speedKept = LOST_SPEED_KEPT ** span.seconds
  const follows = state.follows.map(({ track, motion, votes, hits }): Follow => {
    const moved = predict(motion, span)
    return { track, motion: track.state === 'lost' ? calm(moved, speedKept) : moved, votes, hits }
  })
  foresights.set(state, { atMs, follows })
  return follows
}

/**
 * Who came nearer in great strides went further still: in the picture they grow from look to look, faster than the filter believes. Nobody met him where
 * he was expected, so he is looked for where the newest stride alone would have brought him (observation-centric recovery: Cao et al., OC-SORT, 2023).
 */
function leap(follow: Follow, seconds: number, now: Instant): Follow[] {
  const [before, last] = follow.track.path.slice(-2)
  if (!before || !last) return []
  if (strideOf(follow.track, now.aspect) < STRIDE_SIZES_MIN || last.atMs - before.atMs > STRIDE_MS_MAX) return []
  return [{ ...follow, motion: predict(startMoving(before.box, last.box, (last.atMs - before.atMs) / 1000, now.aspect), spanOf(seconds)) }]
}

function meet(id: number, detection: Detection, now: Instant): Follow {
  const step: Step = { atMs: now.atMs, at: feet(detection.box), box: detection.box }
  return {
    track: { id, class: detection.class, score: detection.score, state: 'tentative', box: detection.box, at: step.at, firstAtMs: now.atMs, lastSeenAtMs: now.atMs, path: [step] },
    motion: startMotion(detection.box, now.aspect),
    votes: { [detection.class]: detection.score },
    hits: 1,
  }
}

function sight(follow: Follow, detection: Detection, now: Instant, { others, isMelted }: { readonly others: readonly Box[]; readonly isMelted: boolean }): Follow {
  const before = follow.track
  const hits = follow.hits + 1
  const votes = vote(follow.votes, detection.class, detection.score)
  const step: Step = { atMs: now.atMs, at: feetOf(detection.box, before.path, others, now.atMs), box: detection.box }
  const ageMs = now.atMs - before.firstAtMs
  const verySure = Math.min(before.score, detection.score) >= VERY_SURE_MIN && ageMs >= VERY_SURE_MS_MIN
  const sureEnough = verySure || (hits >= CONFIRM_HITS && ageMs >= CONFIRM_MS_MIN)
  return {
    track: {
      id: before.id,
      class: elected(votes, before.class),
      score: detection.score,
      state: before.state === 'tentative' && !sureEnough ? 'tentative' : 'confirmed',
      box: detection.box,
      at: step.at,
      firstAtMs: before.firstAtMs,
      lastSeenAtMs: now.atMs,
      path: withStep(before.path, now.atMs - PATH_MS_MAX, step),
    },
    motion: correct(follow.motion, detection.box, now.aspect, isMelted ? MELTED_DOUBT : 1),
    votes,
    hits,
  }
}

/** Not seen in this frame: shown where it should be by now, and given up after a while. */
function miss(follow: Follow, now: Instant): Follow[] {
  const goneMs = now.atMs - follow.track.lastSeenAtMs
  if (goneMs > (follow.track.state === 'tentative' ? TENTATIVE_MS_MAX : LOST_MS_MAX)) return []
  if (follow.track.state === 'tentative') return [follow]
  const box: Box = boxOf(follow.motion, now.aspect)
  if (intersection(box, PICTURE) < VISIBLE_SHARE_MIN * area(box)) return []
  const { id, class: name, score, firstAtMs, lastSeenAtMs, path } = follow.track
  return [{ track: { id, class: name, score, state: 'lost', box, at: feet(box), firstAtMs, lastSeenAtMs, path }, motion: follow.motion, votes: follow.votes, hits: follow.hits }]
}
