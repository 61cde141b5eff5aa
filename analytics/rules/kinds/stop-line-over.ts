import type { Segment } from '../../geometry/line.js'
import { feet } from '../../geometry/box.js'
import type { Point } from '../../geometry/point.js'
import { LAMP_SETTLES_MS } from '../../lamp.js'
import type { Track } from '../../track/track.js'
import { followActs, type Actor, type Judged } from '../acts.js'
import { boxSize } from '../episode.js'
import { arrow, duration, lamp, line, phaseMsMax } from '../fields.js'
import { defineKind, VEHICLES } from '../kind.js'
import type { LampSource } from '../lamp-source.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep, Scene } from '../scene.js'
import { boxNow, stillSinceMs } from '../stillness.js'
import { offSizes } from '../stop-line.js'

/**
 * Who stops for red, but beyond the line: on the crossing of those who walk.
 *
 *      ▲ direction      ┌──┐
 *      │                │██│ ← claimed: feet clear over, stands, still near
 *    ──┼────────────────┴──┴───┌──┐── stop line (red)
 *      │                       │██│ ← on the line: not
 */
export interface StopLineOverRule extends RuleCore {
  readonly kind: 'stop_line_over'
  readonly stopLine: Segment
  /** The way traffic goes that this lamp governs. */
  readonly direction: Point
  readonly lamp: LampSource
  /** For so long it must stand there on red. */
  readonly holdMsMin: number
  /** No phase of this lamp lasts longer (red-light.ts). */
  readonly phaseMsMax: number
}

const CLASSES = VEHICLES
/** The rule knows a line, not an area: everybody is followed, because who is over the line was before it first. */
const PICTURE: readonly Point[] = [{ x: 0, y: 0 }, { x: 1.01, y: 0 }, { x: 1.01, y: 1.01 }, { x: 0, y: 1.01 }]

/** Two-wheelers that pass before it hide a waiting vehicle for some seconds; nobody new stands on its place meanwhile. */
const AWAY_MS_MAX = 6_000
const HEIR_SIZES = 0.4
/** Feet off the line in own sizes. The mean of a second's boxes trembles by 0.04, so from before to over is many times that. */
const BEFORE_MAX = 0.1
const OVER_MIN = 0.25
/** Farther on it has driven into the junction: that is red_light's matter. It is gone only when well beyond. */
const NEAR_MAX = 1.5
const GONE_MIN = 2

interface Approach {
  /** The red that this is about, by the instant it began. */
  readonly redSinceMs: number | null
  /** It was seen before the line while that red was on: so it was no jam that left it over the line. */
  readonly wasBefore: boolean
  /** A path forgets what was half a minute ago; where it has stood for longer, this remembers. */
  readonly stoodSinceMs: number | null
  /** One claim for one red, though it creeps on or rolls back and forth. */
  readonly told: 'not' | 'open' | 'over'
}

const NO_APPROACH: Approach = { redSinceMs: null, wasBefore: false, stoodSinceMs: null, told: 'not' }

/** A vehicle that was before the line when red was on comes to stand over it, still near, for long enough. Green or driving on ends it. */
const step: RuleStep<StopLineOverRule, readonly Actor<Approach>[]> = (rule, state, tracks, scene) =>
  followActs(rule, state, tracks, scene, { zone: PICTURE, classes: CLASSES, awayMsMax: AWAY_MS_MAX, heirSizes: HEIR_SIZES, fresh: NO_APPROACH, judge: (approach, track) => judge(rule, approach, track, scene) })

export const stopLineOver = defineKind<StopLineOverRule, readonly Actor<Approach>[]>({ kind: 'stop_line_over', fields: { stopLine: line, direction: arrow, lamp, holdMsMin: duration, phaseMsMax }, classes: CLASSES, nothing: [], step })

function judge(rule: StopLineOverRule, before: Approach, track: Track, scene: Scene): Judged<Approach> {
  if (scene.lamp?.state !== 'red') return { memory: NO_APPROACH, act: null, over: true }
  const redSinceMs = scene.lamp.sinceMs
  const known = before.redSinceMs === redSinceMs ? before : { ...NO_APPROACH, redSinceMs }
  const box = boxNow(track)
  const overSizes = offSizes(rule, feet(box), boxSize(box, scene.aspect), scene.aspect)
  // The mean of a second lags behind who moves: both it and the newest box must be before the line.
  const newest = offSizes(rule, track.at, boxSize(track.box, scene.aspect), scene.aspect)
  const wasBefore = known.wasBefore || (overSizes !== null && newest !== null && Math.max(overSizes, newest) <= BEFORE_MAX)
  const stoodSinceMs = stillSinceMs(track, scene.aspect) ?? known.stoodSinceMs ?? track.path[0]?.atMs ?? scene.atMs
  const memory: Approach = { redSinceMs, wasBefore, stoodSinceMs, told: known.told }
  if (overSizes === null || overSizes >= GONE_MIN || overSizes <= BEFORE_MAX) return { memory: { ...memory, told: known.told === 'open' ? 'over' : known.told }, act: null, over: true }
  // Green is believed late: only what stood long enough before the doubt began stood so on red.
  const stands = overSizes >= OVER_MIN && overSizes <= NEAR_MAX && stoodSinceMs >= redSinceMs && scene.atMs - LAMP_SETTLES_MS - stoodSinceMs >= rule.holdMsMin
  if (!stands || !wasBefore || known.told === 'over') return { memory, act: null }
  const reason = { code: 'stop_line_over' as const, class: track.class, stoodMs: Math.round(scene.atMs - stoodSinceMs), redForMs: Math.round(stoodSinceMs - redSinceMs), overSizes: Math.round(overSizes * 10) / 10 }
  return { memory: { ...memory, told: 'open' }, act: { sinceMs: stoodSinceMs, reason } }
}
