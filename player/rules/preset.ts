import type { PoseView, PresetsView, PresetView } from '../../server/contract/rules.js'
import type { BoundPreset } from './rule-draft.js'

/** `none`: nobody asks, because nobody edits, or the camera was not added by ONVIF. */
export type PresetsSeen = PresetsView | { readonly is: 'none' | 'asking' | 'failed' }
export type PresetsTold = Extract<PresetsView, { readonly is: 'told' }>

/** How a rule's preset stands beside what the camera tells now. `unknown`: it does not tell where it looks. */
export type BoundState = 'here' | 'away' | 'moving' | 'gone' | 'moved' | 'unknown'

export function boundState(bound: BoundPreset, { presets, at, moving, near }: PresetsTold): BoundState {
  const preset = presets.find(({ token }) => token === bound.token)
  if (!preset) return 'gone'
  if (preset.at && !isNear(preset.at, bound.at, near)) return 'moved'
  if (!at) return 'unknown'
  if (moving) return 'moving'
  return isNear(at, bound.at, near) ? 'here' : 'away'
}

/** What is drawn on is not what the rule will see. */
export function isOtherView(bound: BoundPreset | null, seen: PresetsSeen): boolean {
  return bound !== null && seen.is === 'told' && seen.at !== null && (seen.moving || !isNear(seen.at, bound.at, seen.near))
}

/** What choosing this preset binds the rule to; one that tells no place is taken to be where the camera stands. Null: it cannot be chosen now. */
export function bindTo({ token, name, at }: PresetView, told: Pick<PresetsTold, 'at' | 'moving'>): BoundPreset | null {
  const place = at ?? (told.moving ? null : told.at)
  return place && { token, name, at: place }
}

function isNear(a: PoseView, b: PoseView, near: PresetsTold['near']): boolean {
  return Math.abs(a.pan - b.pan) <= near.turn && Math.abs(a.tilt - b.tilt) <= near.turn && Math.abs(a.zoom - b.zoom) <= near.zoom
}
