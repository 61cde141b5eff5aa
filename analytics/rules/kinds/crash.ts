import { centre, type Box } from '../../geometry/box.js'
import type { Point } from '../../geometry/point.js'
import { classDistance } from '../../track/class-vote.js'
import type { Step, Track } from '../../track/track.js'
import { begin, boxSize, distanceInSizes, end, repeat, type Claim, type Episode } from '../episode.js'
import { duration, zone } from '../fields.js'
import { defineKind, VEHICLES } from '../kind.js'
import { angleBetween, velocityInSizes } from '../motion.js'
import type { Observation } from '../observation.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep, Scene } from '../scene.js'
import { carryStands, LEFT_SIZES, remembering, type Stand } from '../stands.js'
import { edgesInSizes, stillSinceMs } from '../stillness.js'
import { squared, subjects } from '../subject.js'

/**
 * A suspicion, and no more: two vehicles touch, one of them came at speed and stopped as no driver stops, and both stay there.
 *
 *        ──────────▶▐█▌▐█▌   stops dead where it meets the other, towards it: claimed
 *        ── ─ ─ ─ · ▐█▌▐█▌   closes up gently: not
 *        ▐█▌──────▶          side by side at the light: not, it was
 *        ▐█▌──────▶          not driving towards the other
 */
export interface CrashRule extends RuleCore {
  readonly kind: 'crash'
  readonly zone: readonly Point[]
  /** For so long both must stay where they met: after a near miss people drive on. */
  readonly stillMsMin: number
}

const CLASSES = VEHICLES
/**
 * The speed of the last stretch before it stood, in own sizes a second. A stand begins a fifth of a size before the very end;
 * with 1.5 sizes a second over the 600 ms before that, it lost 2 sizes a second each second: 5 m/s² for a car seen from the side,
 * twice what a driver asks of his brakes at a light.
 */
const SPEED_MIN = 1.5
const SPEED_MS = 600
/** How a vehicle stopped is judged when where it stands has settled, and while its path still shows it. */
const SETTLED_MS = 1_000
const JUDGED_MS_MAX = 8_000
/**
 * A tracker looks for it where it would be by now, a size or more beyond; its boxes touch each other, so two vehicles would be in one place.
 * At night who lies there is not found for a second. Whoever stood there before kept his number for longer than that (track/tracker.ts).
 */
const LOST_MS_MAX = 1_500
const LOST_SIZES_MAX = 1.2
/** Machine and rider may be found apart for a moment: then one vehicle has both numbers. */
const TWICE_MS_MAX = 300
/** Who is seen again sooner was not found for a frame or two, and goes on. */
const TAKEN_MS_MIN = 600
/** The other lies where it was driving to. Side by side it would be at 90 degrees. */
const TOWARDS_DEG_MAX = 50
/** A gap between the boxes of this share of the smaller one's size is none: boxes tremble. */
const TOUCH_SIZES = 0.15
/** Feet farther apart up and down than this, in heights of the lower box: one is only seen behind the other. */
const FEET_APART_MAX = 1
/** Both were seen lately: whom a bus hides nobody sees stand. */
const UNSEEN_MS_MAX = 3_000

/** How a wreck came to stand. */
interface Stopped {
  /** The same for one stand under whatever numbers; another when it has moved and stands again. */
  readonly key: string
  /** How it came to stand, once known: which way it went, how fast and where to; null: gently, or nobody saw it. */
  readonly impact: { readonly velocity: Point; readonly atMs: number; readonly place: Box } | null
  readonly judged: boolean
}

type Wreck = Stand<Stopped>

interface Crash {
  readonly keys: readonly string[]
  readonly claim: Claim
  readonly episode: Episode
}

interface CrashState {
  readonly wrecks: readonly Wreck[]
  readonly crashes: readonly Crash[]
}

const NO_CRASH: CrashState = { wrecks: [], crashes: [] }

/** Of all that stand, two that touch, one of which stopped dead towards the other, both still for long enough. A third who touches them is the same crash. */
const step: RuleStep<CrashRule, CrashState> = (rule, state, tracks, scene) => {
  if (!scene.armed) return [NO_CRASH, state.crashes.map((crash) => end({ ...crash.claim, atMs: scene.atMs }, crash.episode))]
  const fresh = (track: Track): Stopped => ({ key: `${track.id}:${scene.atMs}`, impact: null, judged: false })
  const { here } = carryStands(state.wrecks, subjects(rule, CLASSES, tracks, scene.atMs), scene, { zone: rule.zone, tracks, pinned: ({ memory }) => state.crashes.some((crash) => crash.keys.includes(memory.key)), fresh })
  const wrecks = here.map(({ stand, track }) => (track ? judgeStop(stand, track, tracks, scene) : stand))
  const said: Observation[] = []
  const carried = state.crashes.flatMap((crash): readonly Crash[] => {
    // One that is led away ends it: then somebody is there.
    if (!crash.keys.every((key) => wrecks.some(({ memory }) => memory.key === key))) {
      said.push(end({ ...crash.claim, atMs: scene.atMs }, crash.episode))
      return []
    }
    const told = repeat({ ...crash.claim, atMs: scene.atMs }, crash.episode)
    said.push(...told.said)
    return [{ ...crash, episode: told.episode }]
  })
  const crashes = crashed(rule, wrecks, scene).reduce<readonly Crash[]>((all, [hitter, other]) => {
    if (all.some((crash) => crash.keys.includes(hitter.memory.key) || crash.keys.includes(other.memory.key))) return all
    const claim = claimOf(rule, hitter, other, scene)
    const told = begin(claim, { first: hitter.trackId, sinceMs: hitter.memory.impact?.atMs ?? hitter.sinceMs })
    said.push(told.said)
    return [...all, { keys: [hitter.memory.key, other.memory.key], claim, episode: told.episode }]
  }, carried)
  return [{ wrecks, crashes }, said]
}

export const crash = defineKind<CrashRule, CrashState>({ kind: 'crash', fields: { zone, stillMsMin: duration.min(2_000, 'must be at least 2 seconds') }, classes: CLASSES, nothing: NO_CRASH, step })

/**
 * How it came to stand is asked once, when its place has settled. That it stopped dead is known until it goes on: a stand that seems to begin anew where
 * the blow was, because half of it was found for two looks, is the same.
 */
function judgeStop(wreck: Wreck, found: Track, tracks: readonly Track[], scene: Scene): Wreck {
  const stoodMs = scene.atMs - wreck.sinceMs
  const { key, impact, judged } = wreck.memory
  if (impact && distanceInSizes(impact.place, wreck.place, scene.aspect) <= LEFT_SIZES) return wreck
  if (stoodMs < SETTLED_MS) return remembering(wreck, { key, impact: null, judged: false })
  if (judged || stoodMs > JUDGED_MS_MAX) return wreck
  const track = withWayBefore(found, tracks, scene.aspect)
  // A stand is dated late while the mean of its last second still moves; from where it ended up, it is dated right.
  const atMs = stillSinceMs(track, scene.aspect, { apart: edgesInSizes })
  const before = track.path.findLast((one) => atMs !== null && one.atMs <= atMs - SPEED_MS)
  const after = track.path.find((one) => atMs !== null && one.atMs >= atMs)
  const velocity = before && after && velocityInSizes([before, after], scene.aspect, 0)
  return remembering(wreck, { key, impact: velocity && atMs !== null && Math.hypot(velocity.x, velocity.y) >= SPEED_MIN ? { velocity, atMs, place: wreck.place } : null, judged: true })
}

/** A blow may cost it its number: where it was expected it is not. Who was lost right before, driving, where it begins to be seen standing, is it. */
function withWayBefore(track: Track, tracks: readonly Track[], aspect: number): Track {
  const [first] = track.path
  const ways = first ? tracks.flatMap((other) => (other.id !== track.id && classDistance(other.class, track.class) < 1 ? wayUntil(first, other, aspect) : [])) : []
  return ways[0] ? { ...track, path: [...ways[0], ...track.path] } : track
}

/** The way of one that was lost right before that step and near it; where its number went afterwards, to whoever passed there, is not its way. */
function wayUntil(step: Step, { path }: Track, aspect: number): readonly (readonly Step[])[] {
  const until = path.findIndex(({ atMs }) => atMs > step.atMs + TWICE_MS_MAX)
  const way = until < 0 ? path : path.slice(0, until)
  const last = way.at(-1)
  const next = path[way.length]
  if (!last || step.atMs - last.atMs > LOST_MS_MAX || (next && next.atMs - last.atMs < TAKEN_MS_MIN)) return []
  return distanceInSizes(last.box, step.box, aspect) <= LOST_SIZES_MAX ? [way.filter(({ atMs }) => atMs < step.atMs)] : []
}

/** Each pair that looks like a crash by now, who stopped dead first. */
function crashed(rule: CrashRule, wrecks: readonly Wreck[], scene: Scene): readonly (readonly [Wreck, Wreck])[] {
  const still = wrecks.filter((wreck) => scene.atMs - wreck.sinceMs >= rule.stillMsMin && scene.atMs - wreck.seenMs <= UNSEEN_MS_MAX)
  return still.flatMap((hitter) => still.flatMap((other) => (hitter !== other && hitsIt(hitter, other, scene.aspect) ? [[hitter, other] as const] : [])))
}

function hitsIt(hitter: Wreck, other: Wreck, aspect: number): boolean {
  if (!hitter.memory.impact || !touch(hitter.place, other.place, aspect)) return false
  const [a, b] = [squared(centre(hitter.place), aspect), squared(centre(other.place), aspect)]
  return angleBetween(hitter.memory.impact.velocity, { x: b.x - a.x, y: b.y - a.y }) <= TOWARDS_DEG_MAX
}

/** Boxes that meet, of vehicles that stand about as far from the camera. */
function touch(a: Box, b: Box, aspect: number): boolean {
  const slack = TOUCH_SIZES * Math.min(boxSize(a, aspect), boxSize(b, aspect))
  const across = Math.max(a.x1, b.x1) - Math.min(a.x2, b.x2)
  const along = Math.max(a.y1, b.y1) - Math.min(a.y2, b.y2)
  return across * aspect <= slack && along <= slack && Math.abs(a.y2 - b.y2) <= FEET_APART_MAX * Math.min(a.y2 - a.y1, b.y2 - b.y1)
}

function claimOf(rule: CrashRule, hitter: Wreck, other: Wreck, { atMs }: Scene): Claim {
  const speed = hitter.memory.impact ? Math.hypot(hitter.memory.impact.velocity.x, hitter.memory.impact.velocity.y) : 0
  return { rule, atMs, witnesses: [hitter.witness, other.witness], reason: { code: 'crash', class: hitter.class, other: other.class, speed: Math.round(speed * 10) / 10, stillMs: Math.round(atMs - Math.max(hitter.sinceMs, other.sinceMs)) } }
}
