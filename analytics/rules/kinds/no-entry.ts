import type { Segment } from '../../geometry/line.js'
import { begin } from '../episode.js'
import { line, side } from '../fields.js'
import { defineKind, VEHICLES } from '../kind.js'
import { NO_PASSAGES, watchedPassages, type PassageState } from '../passage.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep } from '../scene.js'
import { witness } from '../subject.js'

/**
 * Who drives into a road that is closed to him: to trucks by day, to cars on market days. The sign says who and when, so
 * such a rule names classes and hours.
 *
 *           a ───────●─────── b     right of a → b: the closed road
 *                    │
 *                 ┌──▼──┐
 *                 │truck│ ← claimed when clear of the line
 *                 └─────┘
 */
export interface NoEntryRule extends RuleCore {
  readonly kind: 'no_entry'
  readonly line: Segment
  /** The forbidden way over it, as seen walking a → b; `both`: nobody may go in or out. */
  readonly direction: 'left' | 'right' | 'both'
}

/** A closed road is open to those on foot. */
const CLASSES = VEHICLES

/** Each passage the forbidden way is claimed once. Turning back behind the line does not undo it; turning back on it is none. */
const step: RuleStep<NoEntryRule, PassageState> = (rule, state, tracks, scene) => {
  const [next, watched] = watchedPassages(rule, CLASSES, state, tracks, scene)
  const said = watched.map(({ track, side, atMs }) => begin({ rule, atMs: scene.atMs, witnesses: [witness(track)], reason: { code: 'no_entry', class: track.class, side } }, { first: track.id, sinceMs: atMs }).said)
  return [next, said]
}

export const noEntry = defineKind<NoEntryRule, PassageState>({ kind: 'no_entry', fields: { line, direction: side }, classes: CLASSES, nothing: NO_PASSAGES, step })
