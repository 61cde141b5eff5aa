import type { Segment } from '../../geometry/line.js'
import { begin } from '../episode.js'
import { line, side } from '../fields.js'
import { defineKind, VEHICLES } from '../kind.js'
import { NO_PASSAGES, watchedPassages, type PassageState } from '../passage.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep } from '../scene.js'
import { witness } from '../subject.js'

/** A track's anchor passes the line from `a`'s left to its right side as seen walking a → b (`direction: 'right'`), or back. */
export interface LineCrossingRule extends RuleCore {
  readonly kind: 'line_crossing'
  readonly line: Segment
  readonly direction: 'left' | 'right' | 'both'
}

const CLASSES = [...VEHICLES, 'person']

const NO_CROSSINGS = NO_PASSAGES

/** Each passage in the watched direction is claimed once, at the frame that shows it clear of the line. */
const step: RuleStep<LineCrossingRule, PassageState> = (rule, state, tracks, scene) => {
  const [next, watched] = watchedPassages(rule, CLASSES, state, tracks, scene)
  const said = watched.map(({ track, side, atMs }) =>
    begin({ rule, atMs: scene.atMs, witnesses: [witness(track)], reason: { code: 'line_crossing', class: track.class, direction: side } }, { first: track.id, sinceMs: atMs }).said,
  )
  return [next, said]
}

export const lineCrossing = defineKind<LineCrossingRule, PassageState>({ kind: 'line_crossing', fields: { line, direction: side }, classes: CLASSES, nothing: NO_CROSSINGS, step })
