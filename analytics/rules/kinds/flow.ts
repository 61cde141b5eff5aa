import type { ObjectClass } from '../../detection.js'
import type { Segment, Side } from '../../geometry/line.js'
import { begin, end, type Claim } from '../episode.js'
import { duration, line, statisticsAlone } from '../fields.js'
import { defineKind, VEHICLES } from '../kind.js'
import type { FlowCount, Observation } from '../observation.js'
import { NO_PASSAGES, watchedPassages, type Passage, type PassageState } from '../passage.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep } from '../scene.js'

/**
 * How many pass a line, of which class and to which side, in each full interval: numbers for planners, no alert.
 *
 *      07:00        07:15        07:30
 *        ├─ 212 ◄ 340 ┼─ 198 ◄ 355 ┤      one word at the end of each
 */
export interface FlowRule extends RuleCore {
  readonly kind: 'flow'
  readonly line: Segment
  /** Intervals begin at multiples of this since 1970, so that those of all cameras and days can be laid side by side. */
  readonly everyMs: number
}

const CLASSES = [...VEHICLES, 'person']
/** Shorter intervals are single vehicles, not a flow. */
const EVERY_MS_MIN = 10_000
/** A picture with no frames for this long was not watched meanwhile. */
const GAP_MS_MAX = 5_000

interface FlowState {
  readonly passages: PassageState
  /** The interval that is being counted; null before the first frame, and while the rule is not armed. */
  readonly fromMs: number | null
  /** Of it, for how long somebody watched: a camera that was down counts few. */
  readonly watchedMs: number
  readonly lastMs: number
  readonly counts: readonly FlowCount[]
}

const NO_FLOW: FlowState = { passages: NO_PASSAGES, fromMs: null, watchedMs: 0, lastMs: 0, counts: [] }

/** Passages are counted as they are seen; with the first frame of the next interval the last one is told, once: it begins and ends in one breath. */
const step: RuleStep<FlowRule, FlowState> = (rule, state, tracks, scene) => {
  const [passages, passed] = watchedPassages({ ...rule, direction: 'both' }, CLASSES, state.passages, tracks, scene)
  if (!scene.armed) return [{ ...NO_FLOW, passages }, []]
  const intervalMs = Math.floor(scene.atMs / rule.everyMs) * rule.everyMs
  // The first interval was joined in its middle: what was counted of it would read as a quiet street.
  const fromMs = state.fromMs ?? intervalMs + rule.everyMs
  const seenMs = scene.atMs - state.lastMs
  const isNext = intervalMs > fromMs
  const share = isNext ? Math.max(0, intervalMs - state.lastMs) : seenMs
  const watchedMs = state.watchedMs + (state.lastMs >= fromMs && seenMs <= GAP_MS_MAX ? share : 0)
  const begun = scene.atMs >= fromMs
  const late = passed.filter((passage) => isNext && passage.atMs < intervalMs && passage.atMs >= fromMs)
  const early = begun ? passed.filter((passage) => !late.includes(passage)) : []
  if (!isNext) return [{ passages, fromMs, watchedMs: begun ? watchedMs : 0, lastMs: scene.atMs, counts: countedWith(state.counts, early) }, []]
  const said = tell(rule, { fromMs, watchedMs, counts: countedWith(state.counts, late) }, scene.atMs)
  const onwards = seenMs <= GAP_MS_MAX ? scene.atMs - intervalMs : 0
  return [{ passages, fromMs: intervalMs, watchedMs: onwards, lastMs: scene.atMs, counts: countedWith([], early) }, said]
}

export const flow = defineKind<FlowRule, FlowState>({ kind: 'flow', fields: { line, everyMs: duration.min(EVERY_MS_MIN, `must be at least ${EVERY_MS_MIN / 1000} seconds`), use: statisticsAlone }, classes: CLASSES, nothing: NO_FLOW, step })

function countedWith(counts: readonly FlowCount[], passed: readonly Passage[]): readonly FlowCount[] {
  return passed.reduce<readonly FlowCount[]>((all, { track, side }) => countedOne(all, track.class, side), counts)
}

function countedOne(counts: readonly FlowCount[], of: ObjectClass, side: Side): readonly FlowCount[] {
  const known = counts.some((one) => one.class === of && one.side === side)
  const next = known ? counts.map((one) => (one.class === of && one.side === side ? { ...one, count: one.count + 1 } : one)) : [...counts, { class: of, side, count: 1 }]
  return next.toSorted((a, b) => (`${a.class} ${a.side}` < `${b.class} ${b.side}` ? -1 : 1))
}

function tell(rule: FlowRule, interval: Pick<FlowState, 'watchedMs' | 'counts'> & { readonly fromMs: number }, atMs: number): readonly Observation[] {
  const claim: Claim = { rule, atMs, witnesses: [], reason: { code: 'flow', spanMs: rule.everyMs, watchedMs: Math.round(interval.watchedMs), counts: interval.counts } }
  const { episode, said } = begin(claim, { first: 'zone', sinceMs: interval.fromMs })
  return [said, end(claim, episode)]
}
