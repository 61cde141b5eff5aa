import type { z } from 'zod'
import type { ObjectClass } from '../detection.js'
import type { Track } from '../track/track.js'
import type { Observation } from './observation.js'
import type { RuleCore } from './rule-core.js'
import type { RuleStep, Scene } from './scene.js'

/** One kind of rule, whole: what is drawn and set for it, whom it speaks of, and its step. */
interface KindShape<R extends KindedRule, State> {
  readonly kind: R['kind']
  /** What a rule of this kind has beyond the core (fields.ts), and what of the core it narrows: a counter is for statistics alone. */
  readonly fields: Readonly<Record<Exclude<keyof R, keyof RuleCore | 'kind'>, z.ZodType>> & Readonly<Partial<Record<keyof RuleCore, z.ZodType>>>
  /** The classes that it makes sense for, where the rule names none. */
  readonly classes: readonly ObjectClass[]
  /** What it remembers before the first frame. */
  readonly nothing: State
  readonly step: RuleStep<R, State>
}

export type KindedRule = RuleCore & { readonly kind: string }

/** A rule with what it remembers, whatever its kind: asked with the next frame, it answers what it is then and says. */
export interface RuleMemory {
  step(tracks: readonly Track[], scene: Scene): readonly [RuleMemory, readonly Observation[]]
}

/** A kind as the rest of the house sees it: what it remembers is its own matter. */
export interface Kind<R extends KindedRule = KindedRule> {
  readonly kind: R['kind']
  readonly fields: Readonly<Record<string, z.ZodType>>
  readonly classes: readonly ObjectClass[]
  /** What a rule of this kind remembers before the first frame; the rule's kind must be this one. */
  begin(rule: KindedRule): RuleMemory
}

export function defineKind<R extends KindedRule, State>({ kind, fields, classes, nothing, step }: KindShape<R, State>): Kind<R> {
  // `parseRule` chose the kind by the rule's own word, so the rule is an R.
  return { kind, fields, classes, begin: (rule) => remember(step, rule as R, nothing) }
}

function remember<R extends KindedRule, State>(step: RuleStep<R, State>, rule: R, state: State): RuleMemory {
  return {
    step(tracks, scene) {
      const [next, said] = step(rule, state, tracks, scene)
      return [remember(step, rule, next), said]
    },
  }
}

/** `motorcycle`, `motorbike`, `bicycle` and `van` are the words of other models for ours. */
export const TWO_WHEELERS = ['two_wheeler', 'motorcycle', 'motorbike', 'bicycle'] as const
export const VEHICLES = [...TWO_WHEELERS, 'car', 'bus', 'truck', 'van'] as const
