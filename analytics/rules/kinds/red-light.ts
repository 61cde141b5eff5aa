import type { Box } from '../../geometry/box.js'
import { sideTowards, type Segment } from '../../geometry/line.js'
import type { Point } from '../../geometry/point.js'
import { LAMP_SETTLES_MS, type LampState } from '../../lamp.js'
import { begin } from '../episode.js'
import { arrow, duration, lamp, line } from '../fields.js'
import { defineKind, VEHICLES } from '../kind.js'
import { NO_PASSAGES, passages, type Passage, type PassageState } from '../passage.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep } from '../scene.js'
import { squared, subjects, witness } from '../subject.js'

/** The lamp is read from the picture: a region holding the round lamps, and how they are ordered. */
export interface LampRegion {
  readonly box: Box
  readonly order: 'vertical' | 'horizontal' | 'single'
}

/**
 * Who passes the stop line although the lamp is red.
 *
 *      lamp   green │ yellow │ red ······················
 *                            ├ graceMs ┤
 *      passes   ok      ok       ok    │   claimed
 */
export interface RedLightRule extends RuleCore {
  readonly kind: 'red_light'
  readonly stopLine: Segment
  /** The way traffic goes that this lamp governs. */
  readonly direction: Point
  readonly lamp: LampRegion
  /** A vehicle over the line this soon after red began may have been unable to stop: not claimed. */
  readonly graceMs: number
  /**
   * A yellow that was seen and was shorter than this is the lamp's fault, not the driver's: nothing is claimed. 0: any yellow will
   * do. A yellow is measured to a frame at either end: ask for half a second less than the programme says.
   */
  readonly yellowMsMin: number
}

const CLASSES = VEHICLES

/** The lamp from `sinceMs` on, until the next phase. */
interface Phase {
  readonly lamp: LampState
  readonly sinceMs: number
}

interface RedLightState {
  readonly passages: PassageState
  readonly phases: readonly Phase[]
  /** Passages whose lamp is not yet certain: the lamp is believed only after it has shown a colour for some frames. */
  readonly waiting: readonly Passage[]
}

const NO_RED_LIGHTS: RedLightState = { passages: NO_PASSAGES, phases: [], waiting: [] }

const PHASES_KEPT_MS = 120_000

/**
 * A vehicle passes the stop line, in the direction that the lamp governs, while the lamp is red. The lamp that counts is
 * the one at the instant of passing. A change of lamp is known late but dated back to its first frame, so each passage
 * waits until the lamp at its instant can no longer be dated otherwise.
 */
const step: RuleStep<RedLightRule, RedLightState> = (rule, state, tracks, scene) => {
  const [next, passed] = passages(rule.stopLine, state.passages, tracks, scene)
  const meant = subjects(rule, CLASSES, passed.map((p) => p.track), scene.atMs)
  const [a, b] = rule.stopLine
  const governed = sideTowards([squared(a, scene.aspect), squared(b, scene.aspect)], squared(rule.direction, scene.aspect))
  const phases = phasesWith(state.phases, scene.lamp ? { lamp: scene.lamp.state, sinceMs: scene.lamp.sinceMs } : null, scene.atMs)
  const open = [...state.waiting, ...passed.filter((p) => scene.armed && meant.includes(p.track) && p.side === governed)]
  const ripe = open.filter((p) => scene.atMs - p.step.atMs >= LAMP_SETTLES_MS)
  const said = ripe.flatMap((passage) => {
    const redForMs = redAt(phases, passage.atMs)
    // Red on the line and red when clear of it: who stood a hand's breadth over the line and left with green is not claimed.
    if (redForMs < rule.graceMs || redAt(phases, passage.step.atMs) < 0) return []
    const yellowMs = yellowBefore(phases, passage.atMs)
    if (yellowMs !== null && yellowMs < rule.yellowMsMin) return []
    const seen = { ...passage.track, box: passage.step.box, lastSeenAtMs: passage.step.atMs }
    const claim = { rule, atMs: scene.atMs, witnesses: [witness(seen)], reason: { code: 'red_light' as const, class: passage.track.class, redForMs, yellowMs } }
    return [begin(claim, { first: passage.track.id, sinceMs: passage.atMs }).said]
  })
  return [{ passages: next, phases, waiting: open.filter((p) => !ripe.includes(p)) }, said]
}

export const redLight = defineKind<RedLightRule, RedLightState>({ kind: 'red_light', fields: { stopLine: line, direction: arrow, lamp, graceMs: duration.max(30_000, 'must be at most 30 seconds'), yellowMsMin: duration.max(30_000, 'must be at most 30 seconds').default(0) }, classes: CLASSES, nothing: NO_RED_LIGHTS, step })

/** For how long the lamp had been red at that instant; -1 when it was not. */
function redAt(phases: readonly Phase[], atMs: number): number {
  const phase = phases.findLast((p) => p.sinceMs <= atMs)
  return phase?.lamp === 'red' ? Math.round(atMs - phase.sinceMs) : -1
}

/** How long it was yellow before the red of that instant; null when no yellow was seen, or not from its beginning. */
function yellowBefore(phases: readonly Phase[], atMs: number): number | null {
  const red = phases.findLastIndex((p) => p.sinceMs <= atMs)
  const [earlier, yellow, now] = [phases[red - 2], phases[red - 1], phases[red]]
  return earlier && now && yellow?.lamp === 'yellow' ? Math.round(now.sinceMs - yellow.sinceMs) : null
}

/** The newest phase may be dated back before the one that was believed until now. */
function phasesWith(phases: readonly Phase[], now: Phase | null, atMs: number): readonly Phase[] {
  const kept = phases.filter((_, i) => (phases[i + 1]?.sinceMs ?? Infinity) > atMs - PHASES_KEPT_MS)
  const last = kept.at(-1)
  if (!now || (last?.lamp === now.lamp && last.sinceMs === now.sinceMs)) return kept
  return [...kept.filter((p) => p.sinceMs < now.sinceMs), now]
}
