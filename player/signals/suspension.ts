import type { SuspensionForm, SuspensionView } from '../../server/contract/signals.js'

/** The server's own bound (server/contract/signals.ts); a test holds them to each other. */
export const MINUTES_MAX = 24 * 60
export const MINUTES_USUAL = [15, 30, 60, 120, 240] as const
export const SUSPENDING = ['officer_directing', 'roadworks', 'priority_vehicle', 'diversion'] as const satisfies readonly SuspensionForm['why'][]

/** What is being filled in; `cameraId` and `why` null: not chosen yet. */
export interface SuspensionDraft {
  readonly cameraId: string | null
  readonly ruleId: string | null
  readonly why: SuspensionForm['why'] | null
  readonly reason: string
  readonly minutes: string
}

export const freshDraft = (cameraId: string | null): SuspensionDraft => ({ cameraId, ruleId: null, why: null, reason: '', minutes: '30' })

export function readMinutes(text: string): number | null {
  const minutes = Number(text.trim() || Number.NaN)
  return Number.isInteger(minutes) && minutes >= 1 && minutes <= MINUTES_MAX ? minutes : null
}

/** What is sent; null: something is missing yet. */
export function readSuspension({ cameraId, ruleId, why, reason, minutes: typed }: SuspensionDraft): { readonly cameraId: string; readonly form: SuspensionForm } | null {
  const minutes = readMinutes(typed)
  return cameraId && why && reason.trim() && minutes !== null ? { cameraId, form: { ruleId, why, reason: reason.trim(), minutes } } : null
}

/** How much of it is left, 0..1, and for how long; null: its time is over. */
export function leftOf({ fromMs, untilMs }: Pick<SuspensionView, 'fromMs' | 'untilMs'>, nowMs: number): { readonly leftMs: number; readonly share: number } | null {
  const leftMs = untilMs - nowMs
  return leftMs > 0 ? { leftMs, share: Math.min(1, leftMs / Math.max(1, untilMs - fromMs)) } : null
}

/** What ends first stands first. */
export function bySoonestEnd(suspensions: readonly SuspensionView[]): readonly SuspensionView[] {
  return [...suspensions].sort((a, b) => a.untilMs - b.untilMs || a.id.localeCompare(b.id))
}
