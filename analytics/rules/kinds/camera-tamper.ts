import type { View } from '../../view.js'
import { begin, end, repeat, type Claim, type Episode } from '../episode.js'
import { duration } from '../fields.js'
import { defineKind } from '../kind.js'
import type { RuleCore } from '../rule-core.js'
import type { RuleStep, Scene } from '../scene.js'

/*
 *   usual       covered     defocused    turned
 *   ┌──────┐    ┌──────┐    ┌──────┐    ┌──────┐
 *   │▟▙ ║ ▤│    │██████│    │░░ ░ ░│    │ ▤ ▟▙ │     for holdMsMin: claimed until the usual view is back
 *   └──────┘    └──────┘    └──────┘    └──────┘
 */

/** Somebody covered the camera, put it out of focus or turned it (Decree 168, article 12(11)(c): damage to traffic devices). */
export interface CameraTamperRule extends RuleCore {
  readonly kind: 'camera_tamper'
  /** Longer than a lorry stops before the lens. */
  readonly holdMsMin: number
}

interface Unclear extends View {
  readonly state: Exclude<View['state'], 'clear'>
}

interface TamperState {
  /** Since when the view has not been the usual one, and what was wrong with it last. */
  readonly unclear: { readonly sinceMs: number; readonly view: Unclear } | null
  readonly clearMs: number | null
  readonly episode: Episode | null
}

const CLEAR: TamperState = { unclear: null, clearMs: null, episode: null }

/** A view that is clear for a moment, between two fingers, is not yet clear. */
const CLEAR_MS_MIN = 3_000
/** view.ts takes what has been so for half an hour for a new usual view. */
const HOLD_MS_MAX = 25 * 60_000

const step: RuleStep<CameraTamperRule, TamperState> = (rule, state, _tracks, scene) => {
  if (!scene.armed) return [CLEAR, state.episode && state.unclear ? [end(claimOf(rule, state.unclear.view, state.episode.sinceMs, scene), state.episode)] : []]
  const { view, atMs } = scene
  if (!view || view.state === 'clear') {
    const clearMs = state.clearMs ?? atMs
    if (!state.unclear || atMs - clearMs < CLEAR_MS_MIN) return [{ ...state, clearMs }, []]
    return [CLEAR, state.episode ? [end(claimOf(rule, state.unclear.view, state.episode.sinceMs, scene), state.episode)] : []]
  }
  const unclear = { sinceMs: state.unclear?.sinceMs ?? atMs, view: { ...view, state: view.state } }
  if (!state.episode && atMs - unclear.sinceMs < rule.holdMsMin) return [{ unclear, clearMs: null, episode: null }, []]
  const claim = claimOf(rule, unclear.view, unclear.sinceMs, scene)
  const told = state.episode ? repeat(claim, state.episode) : begin(claim, { first: 'zone', sinceMs: unclear.sinceMs })
  return [{ unclear, clearMs: null, episode: told.episode }, [told.said].flat()]
}

export const cameraTamper = defineKind<CameraTamperRule, TamperState>({ kind: 'camera_tamper', fields: { holdMsMin: duration.max(HOLD_MS_MAX, 'must be at most 25 minutes') }, classes: [], needs: 'view', nothing: CLEAR, step })

function claimOf(rule: CameraTamperRule, view: Unclear, sinceMs: number, { atMs }: Scene): Claim {
  return { rule, atMs, witnesses: [], reason: { code: 'camera_tamper', how: view.state, share: view.share, heldMs: Math.round(atMs - sinceMs) } }
}
