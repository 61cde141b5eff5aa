import { begin } from './episode.js'
import { NO_PASSAGES, passages, type PassageState } from './passage.js'
import type { LineCrossingRule } from './rule.js'
import type { RuleStep } from './scene.js'
import { subjects, witness } from './subject.js'

export const NO_CROSSINGS = NO_PASSAGES

/** Each passage in the watched direction is claimed once, at the frame that shows it clear of the line. */
export const lineCrossing: RuleStep<LineCrossingRule, PassageState> = (rule, state, tracks, scene) => {
  const [next, passed] = passages(rule.line, state, tracks, scene)
  const meant = subjects(rule, passed.map((p) => p.track))
  const watched = passed.filter((p) => scene.armed && meant.includes(p.track) && (rule.direction === 'both' || p.side === rule.direction))
  const said = watched.map(({ track, side, atMs }) =>
    begin({ rule, atMs: scene.atMs, witnesses: [witness(track)], reason: { code: 'line_crossing', class: track.class, direction: side } }, { first: track.id, sinceMs: atMs }).said,
  )
  return [next, said]
}
