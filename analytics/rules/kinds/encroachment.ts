import type { Point } from '../../geometry/point.js'
import { count, duration, zone } from '../fields.js'
import { gather, NO_GATHERING, type GatheringState } from '../gathering.js'
import { defineKind, TWO_WHEELERS } from '../kind.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep } from '../scene.js'
import { subjects } from '../subject.js'

/*
 *   ┌──────────── pavement ────────────┐
 *   │  8 8 8      o ┬─┬              ► │──►  who walks along it takes none of it
 *   └──────────────────────────────────┘
 *     parked      sold from
 *     one claim   another one, each from dwellMsMin on
 */

/** Things or people take a place on the pavement: parked, or sold from (Decree 168, articles 12(2)(e) and 12(7)). */
export interface EncroachmentRule extends RuleCore {
  readonly kind: 'encroachment'
  readonly zone: readonly Point[]
  /** So many near each other; one is enough for a stall. */
  readonly countMin: number
  readonly dwellMsMin: number
}

/** A city whose model knows stalls, tables or goods names them in the rule's `classes`. */
const CLASSES = [...TWO_WHEELERS, 'person']

/** A row of parked motorbikes, or a seller and his cart: nearer than two people who do not know each other would stand. */
const NEAR_SIZES = 2
/** A seller walks round his cart; who walks along the pavement has come farther within two seconds. */
const LEFT_SIZES = 1.5
/** A detector misses what does not move: it is believed to be there while its place is seen empty for half a minute. */
const AWAY_MS_MAX = 30_000
/** Customers stand before what is sold, people pass by, and a lorry unloads: while somebody is seen before it, for so long. */
const HIDDEN_MS_MAX = 300_000

const step: RuleStep<EncroachmentRule, GatheringState> = (rule, state, tracks, scene) => {
  const terms = { countMin: rule.countMin, holdMsMin: rule.dwellMsMin, nearSizes: NEAR_SIZES, leftSizes: LEFT_SIZES, awayMsMax: AWAY_MS_MAX, before: tracks, hiddenMsMax: HIDDEN_MS_MAX }
  return gather(rule, { ...terms, reason: (found) => ({ code: 'encroachment', classes: found.classes, count: found.count, dwellMs: found.heldMs }) }, state, subjects(rule, CLASSES, tracks, scene.atMs), scene)
}

export const encroachment = defineKind<EncroachmentRule, GatheringState>({ kind: 'encroachment', fields: { zone, countMin: count(1), dwellMsMin: duration }, classes: CLASSES, nothing: NO_GATHERING, step })
