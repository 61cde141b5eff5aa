import type { Observation, Reason, Witness } from '../../analytics/rules/observation.js'
import type { RuleKind } from '../../analytics/rules/rule.js'
import type { HeldWhy } from './held.js'
import type { CameraId, IncidentId, RuleId } from './ids.js'
import { KIND_FACTS } from './rule-kinds.js'

/** Whether somebody was called: `shadow`, a version on trial saw it; `held`, the rule is live, and something else explains what was seen. */
export type IncidentMode = 'live' | 'shadow' | 'held'

/** An episode in the world, folded from observations: opened, ongoing, ended. */
export interface Incident {
  readonly id: IncidentId
  readonly cameraId: CameraId
  readonly ruleId: RuleId
  readonly kind: RuleKind
  /** The lane's episode key: observations that carry it belong here. */
  readonly episode: string
  readonly state: 'ongoing' | 'ended'
  /** When the act began, when the rule's condition became true, when it was last seen to hold (wall time). */
  readonly sinceMs: number
  readonly openedAtMs: number
  readonly lastSeenAtMs: number
  readonly observations: number
  readonly reason: Reason
  readonly witnesses: readonly Witness[]
  /** The version of the rule that saw it; null: from before versions were kept. */
  readonly ruleVersion: number | null
  readonly mode: IncidentMode
  /** Set exactly while it is held. */
  readonly heldWhy: HeldWhy | null
}

/** Which version of the rule an observation comes from, and whether that version calls people. */
export interface SeenBy {
  readonly ruleVersion: number | null
  readonly mode: 'live' | 'shadow'
}

export type Fold = { readonly do: 'open'; readonly incident: Incident } | { readonly do: 'extend'; readonly incident: Incident } | { readonly do: 'end'; readonly incident: Incident } | { readonly do: 'ignore'; readonly why: 'already ended' | 'ended before it began' }

/**
 * Folds one observation into what is known of its episode. Pure: the caller finds `known` by (camera, episode), stores the
 * verdict, then speaks. An incident keeps the reason and the witnesses of its strongest moment: the first for acts, the
 * newest for states that grow (dwell, crowd), which is what their newest reason says.
 */
export function foldObservation(known: Incident | null, seen: Observation, where: { readonly cameraId: CameraId; readonly seenBy: SeenBy; readonly newId: () => IncidentId }): Fold {
  if (known?.state === 'ended') return { do: 'ignore', why: 'already ended' }
  if (!known) {
    if (seen.phase === 'ended') return { do: 'ignore', why: 'ended before it began' }
    return {
      do: 'open',
      incident: {
        id: where.newId(),
        cameraId: where.cameraId,
        ruleId: seen.ruleId as RuleId,
        kind: seen.kind,
        episode: seen.episode,
        state: 'ongoing',
        // Frames carry fractions of a millisecond; a row names whole ones.
        sinceMs: Math.round(seen.sinceMs),
        openedAtMs: Math.round(seen.atMs),
        lastSeenAtMs: Math.round(seen.atMs),
        observations: 1,
        reason: seen.reason,
        witnesses: seen.witnesses,
        ruleVersion: where.seenBy.ruleVersion,
        mode: where.seenBy.mode,
        heldWhy: null,
      },
    }
  }
  const grown: Incident = {
    ...known,
    lastSeenAtMs: Math.max(known.lastSeenAtMs, Math.round(seen.atMs)),
    observations: known.observations + 1,
    reason: KIND_FACTS[seen.kind].grows && seen.phase !== 'ended' ? seen.reason : known.reason,
  }
  return seen.phase === 'ended' ? { do: 'end', incident: { ...grown, state: 'ended' } } : { do: 'extend', incident: grown }
}

/** Kept apart, because something else explains it. A version on trial calls nobody as it is, and stays what it is. */
export function asHeld(incident: Incident, why: HeldWhy): Incident {
  return incident.mode === 'live' ? { ...incident, mode: 'held', heldWhy: why } : incident
}

/** After this long without a word the lane that spoke is gone (camera lost, rule changed): the incident is over. */
export const SILENT_MS_MAX = 30_000
