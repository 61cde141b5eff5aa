import type { z } from 'zod'
import type { ObjectClass } from '../detection.js'
import type { Track } from '../track/track.js'
import type { Observation } from './observation.js'
import type { RuleCore } from './rule-core.js'
import type { RuleStep, Scene } from './scene.js'

/** Reckoned only where a rule asks: what changed and is still (still-changes.ts), whether the view is the usual one (view.ts). */
export type Needs = 'changes' | 'view'

/** One kind of rule, whole: what is drawn and set for it, whom it speaks of, and its step. */
interface KindShape<R extends KindedRule, State> {
  readonly kind: R['kind']
  /** What a rule of this kind has beyond the core (fields.ts), and what of the core it narrows: a counter is for statistics alone. */
  readonly fields: Readonly<Record<Exclude<keyof R, keyof RuleCore | 'kind'>, z.ZodType>> & Readonly<Partial<Record<keyof RuleCore, z.ZodType>>>
  /** The classes that it makes sense for, where the rule names none. */
  readonly classes: readonly ObjectClass[]
  /** What has to be reckoned from the pixels for it. */
  readonly needs?: Needs
  /** What it remembers before the first frame. */
  readonly nothing: State
  /** What outlasts a gap in the frames or a clock that jumped; nothing, unless said: what was learned over days does, a stay does not. */
  readonly outlasting?: (state: State) => State
  readonly step: RuleStep<R, State>
}

export type KindedRule = RuleCore & { readonly kind: string }

/** A rule with what it remembers, whatever its kind: asked with the next frame, it answers what it is then and says. */
export interface RuleMemory {
  step(tracks: readonly Track[], scene: Scene): readonly [RuleMemory, readonly Observation[]]
  /** What it still knows when nobody can say what happened meanwhile. */
  afterGap(): RuleMemory
}

/** A kind as the rest of the house sees it: what it remembers is its own matter. */
export interface Kind<R extends KindedRule = KindedRule> {
  readonly kind: R['kind']
  readonly fields: Readonly<Record<string, z.ZodType>>
  readonly classes: readonly ObjectClass[]
  readonly needs: Needs | null
  /** What a rule of this kind remembers before the first frame; the rule's kind must be this one. */
  begin(rule: KindedRule): RuleMemory
}

export function defineKind<R extends KindedRule, State>(shape: KindShape<R, State>): Kind<R> {
  // `parseRule` chose the kind by the rule's own word, so the rule is an R.
  return { kind: shape.kind, fields: shape.fields, classes: shape.classes, needs: shape.needs ?? null, begin: (rule) => remember(shape, rule as R, shape.nothing) }
}

function remember<R extends KindedRule, State>(shape: KindShape<R, State>, rule: R, state: State): RuleMemory {
  return {
    step(tracks, scene) {
      const [next, said] = shape.step(rule, state, tracks, scene)
      return [remember(shape, rule, next), said]
    },
    afterGap: () => remember(shape, rule, shape.outlasting?.(state) ?? shape.nothing),
  }
}

/** `motorcycle`, `motorbike`, `bicycle` and `van` are the words of other models for ours. */
export const TWO_WHEELERS = ['two_wheeler', 'motorcycle', 'motorbike', 'bicycle'] as const
export const VEHICLES = [...TWO_WHEELERS, 'car', 'bus', 'truck', 'van'] as const
