import type { Scene } from '../scenes/scene.js'
import type { Show } from '../scenes/show.js'
import type { Seen } from '../scenes/studio.js'
import type { ToneName } from '../scenes/tones.js'
import type { Ground } from './ground.js'

/**
 * A rule tried on a short drawn street in which what it is about happens, and beside it what looks like it and is not.
 * Each is drawn anew for a seed and a light: other vehicles, people, gaps and places, the same act.
 */
export interface Trial {
  /** The kind of rule and, where one has several, what is special: `crowd`, `crowd-two-groups`. */
  readonly id: string
  readonly kind: string
  /** What happens, and what must stay silent. */
  readonly sentence: string
  /** So much of the scene's two minutes is drawn. */
  readonly lengthMs: number
  readonly scene: Scene
  /** The rule as the API takes it, without `id`, `name` and `kind`, drawn on this picture. */
  readonly rule: (ground: Ground) => Readonly<Record<string, unknown>>
  /** What really happens, measured on what was drawn. None: the rule must stay silent. */
  readonly happenings: (played: Played) => readonly Happening[]
  /** What is done to the camera's picture: cloth over the lens. Times of the clip. */
  readonly spoil?: (rgb: Uint8ClampedArray, at: { readonly atMs: number; readonly width: number; readonly height: number }) => void
}

/** What was drawn: frame by frame, as the camera sees it. */
export interface Played {
  readonly show: Show
  readonly ground: Ground
  readonly frames: readonly (readonly Seen[])[]
  readonly frameMs: number
}

export interface Happening {
  readonly fromMs: number
  readonly toMs: number
  /** Whoever does it; none: the place or the camera itself. */
  readonly objects: readonly number[]
  /** Where, when that is no object that goes about: what lies or is missing. */
  readonly place?: Seen['box']
  readonly note: string
  /** A claim may be dated so much earlier or later. */
  readonly toleranceMs?: number
  /** Cut by the clip's edge, or so near a threshold that nobody could say: a claim of it counts for neither side. */
  readonly unsure?: boolean
  /** What a claim that counts must tell of each side of its line, from least to most: another number is another claim. */
  readonly tells?: { readonly left: readonly [number, number]; readonly right: readonly [number, number] }
}

export const TRIAL_SEEDS = [1, 2, 3] as const
export const TRIAL_TONES = ['day', 'night'] as const satisfies readonly ToneName[]
export type TrialTone = (typeof TRIAL_TONES)[number]
