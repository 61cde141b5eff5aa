import type { ObjectClass } from '../../detection.js'
import type { Point } from '../../geometry/point.js'
import type { Track } from '../../track/track.js'
import { begin, end, repeat, type Claim, type Episode } from '../episode.js'
import { amount, classNames, duration, zone } from '../fields.js'
import { defineKind } from '../kind.js'
import type { Observation, Witness } from '../observation.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep, Scene } from '../scene.js'
import { subjects, witness } from '../subject.js'
import { carryVisits, type Visit } from '../visits.js'

/*
 *   score
 *     │      ╭──╮  ╭─────╮
 *   scoreMin ─ ╯╰──╯ ─ ─ ╲─ ─ ─ ─      counts from here on; a dip for a second does not begin it anew
 *     │ ╭─╯               ╲───── 0.6 × scoreMin: a claim holds down to here
 *     └─────holdMsMin────► time
 */

/** A registered model finds something that it has a word for: a helmet, fire, smoke, a weapon, a flood. */
export interface ModelClassRule extends RuleCore {
  readonly kind: 'model_class'
  readonly zone: readonly Point[]
  /** Classes of a registered model; the core's `classes` stay empty. */
  readonly words: readonly ObjectClass[]
  readonly scoreMin: number
  readonly holdMsMin: number
}

interface Sighting extends Visit {
  readonly class: ObjectClass
  readonly score: number
  readonly witness: Witness
  /** When the score was last enough; `sinceMs` of the visit is since when it has been, but for dips. */
  readonly sureMs: number
  readonly episode: Episode | null
}

type ModelClassState = readonly Sighting[]
const NOTHING: ModelClassState = []

/** Smoke and flames are lost for a second or two and found again a little beside. */
const AWAY_MS_MAX = 4_000
const HEIR_SIZES = 1
/** Scores flicker from one frame to the next. */
const DIP_MS_MAX = 1_000
const HOLDS_SHARE = 0.6

const step: RuleStep<ModelClassRule, ModelClassState> = (rule, state, tracks, scene) => {
  if (!scene.armed) return [NOTHING, state.flatMap((one) => closing(rule, one, scene))]
  const meant = subjects({ ...rule, classes: rule.words }, rule.words, tracks, scene.atMs)
  const found = meant.filter((track) => track.score >= rule.scoreMin || (track.score >= rule.scoreMin * HOLDS_SHARE && state.some((one) => one.trackId === track.id)))
  const opening = (track: Track): Sighting => ({ trackId: track.id, sinceMs: scene.atMs, seenMs: scene.atMs, box: track.box, class: track.class, score: track.score, witness: witness(track), sureMs: scene.atMs, episode: null })
  const limits = { atMs: scene.atMs, aspect: scene.aspect, awayMsMax: AWAY_MS_MAX, heirSizes: HEIR_SIZES }
  const { stays, over } = carryVisits(state, found, rule.zone, limits, opening)
  const said: Observation[] = over.flatMap((one) => closing(rule, one, scene))
  const next = stays.map(({ visit, track }): Sighting => {
    if (!track) return visit
    const sure = track.score >= rule.scoreMin
    const anew = !visit.episode && sure && scene.atMs - visit.sureMs > DIP_MS_MAX
    const seen: Sighting = { trackId: track.id, sinceMs: anew ? scene.atMs : visit.sinceMs, seenMs: scene.atMs, box: track.box, class: track.class, score: track.score, witness: witness(track), sureMs: sure ? scene.atMs : visit.sureMs, episode: visit.episode }
    if (!seen.episode && (!sure || scene.atMs - seen.sinceMs < rule.holdMsMin)) return seen
    const claim = claimOf(rule, seen, scene)
    const told = seen.episode ? repeat(claim, seen.episode) : begin(claim, { first: seen.trackId, sinceMs: seen.sinceMs })
    said.push(...[told.said].flat())
    return { ...seen, episode: told.episode }
  })
  return [next, said]
}

const words = classNames.min(1, 'names no class')
const noClasses = classNames.max(0, 'must be empty: the words name the classes').default([])

export const modelClass = defineKind<ModelClassRule, ModelClassState>({ kind: 'model_class', fields: { zone, words, scoreMin: amount(0.1, 1), holdMsMin: duration, classes: noClasses }, classes: [], nothing: NOTHING, step })

/** The words that this model does not know: a rule with any of them waits for something that is never found, and screens should say so. */
export function missingWords(rule: Pick<ModelClassRule, 'words'>, modelClasses: readonly ObjectClass[]): readonly ObjectClass[] {
  return rule.words.filter((word) => !modelClasses.includes(word))
}

function claimOf(rule: ModelClassRule, one: Sighting, { atMs }: Scene): Claim {
  return { rule, atMs, witnesses: [one.witness], reason: { code: 'model_class', class: one.class, score: Math.round(one.score * 100) / 100, scoreMin: rule.scoreMin, heldMs: Math.round(one.seenMs - one.sinceMs) } }
}

function closing(rule: ModelClassRule, one: Sighting, scene: Scene): Observation[] {
  return one.episode ? [end(claimOf(rule, one, scene), one.episode)] : []
}
