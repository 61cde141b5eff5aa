import type { Segment } from '../../geometry/line.js'
import type { Point } from '../../geometry/point.js'
import { LAMP_SETTLES_MS } from '../../lamp.js'
import { phaseAt, phasesWith, type Phase } from '../../lamp-phases.js'
import { begin } from '../episode.js'
import { arrow, duration, lamp, line, phaseMsMax } from '../fields.js'
import { defineKind, VEHICLES } from '../kind.js'
import type { LampSource } from '../lamp-source.js'
import { NO_PASSAGES, passages, type Passage, type PassageState } from '../passage.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep } from '../scene.js'
import { governedSide } from '../stop-line.js'
import { subjects, witness } from '../subject.js'

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
  readonly lamp: LampSource
  /** A vehicle over the line this soon after red began may have been unable to stop: not claimed. */
  readonly graceMs: number
  /**
   * A yellow that was seen and was shorter than this is the lamp's fault, not the driver's: nothing is claimed. 0: any yellow will
   * do. A yellow is measured to a frame at either end: ask for half a second less than the programme says.
   */
  readonly yellowMsMin: number
  /** No phase of this lamp lasts longer: one that does is stuck, and what is seen by it calls nobody. */
  readonly phaseMsMax: number
}

const CLASSES = VEHICLES

interface RedLightState {
  readonly passages: PassageState
  readonly phases: readonly Phase[]
  /** Passages whose lamp is not yet certain: the lamp is believed only after it has shown a colour for some frames. */
  readonly waiting: readonly Passage[]
}

const NO_RED_LIGHTS: RedLightState = { passages: NO_PASSAGES, phases: [], waiting: [] }

/**
 * A vehicle passes the stop line, in the direction that the lamp governs, while the lamp is red. The lamp that counts is
 * the one at the instant of passing. A change of lamp is known late but dated back to its first frame, so each passage
 * waits until the lamp at its instant can no longer be dated otherwise.
 */
const step: RuleStep<RedLightRule, RedLightState> = (rule, state, tracks, scene) => {
  const [next, passed] = passages(rule.stopLine, state.passages, tracks, scene)
  const meant = subjects(rule, CLASSES, passed.map((p) => p.track), scene.atMs)
  const governed = governedSide(rule, scene.aspect)
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

export const redLight = defineKind<RedLightRule, RedLightState>({ kind: 'red_light', fields: { stopLine: line, direction: arrow, lamp, graceMs: duration.max(30_000, 'must be at most 30 seconds'), yellowMsMin: duration.max(30_000, 'must be at most 30 seconds').default(0), phaseMsMax }, classes: CLASSES, nothing: NO_RED_LIGHTS, step })

/** For how long the lamp had been red at that instant; -1 when it was not. */
function redAt(phases: readonly Phase[], atMs: number): number {
  const phase = phaseAt(phases, atMs)
  return phase?.lamp === 'red' ? Math.round(atMs - phase.sinceMs) : -1
}

/** How long it was yellow before the red of that instant; null when no yellow was seen, or not from its beginning. */
function yellowBefore(phases: readonly Phase[], atMs: number): number | null {
  const red = phases.findLastIndex((p) => p.sinceMs <= atMs)
  const [earlier, yellow, now] = [phases[red - 2], phases[red - 1], phases[red]]
  return earlier && now && yellow?.lamp === 'yellow' ? Math.round(now.sinceMs - yellow.sinceMs) : null
}
