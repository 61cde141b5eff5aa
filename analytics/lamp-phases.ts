import type { LampState } from './lamp.js'

/** The lamp from `sinceMs` on, until the next phase. */
export interface Phase {
  readonly lamp: LampState
  readonly sinceMs: number
}

const PHASES_KEPT_MS = 120_000

/** The newest phase may be dated back before the one that was believed until now. */
export function phasesWith(phases: readonly Phase[], now: Phase | null, atMs: number): readonly Phase[] {
  const kept = phases.filter((_, i) => (phases[i + 1]?.sinceMs ?? Infinity) > atMs - PHASES_KEPT_MS)
  const last = kept.at(-1)
  if (!now || (last?.lamp === now.lamp && last.sinceMs === now.sinceMs)) return kept
  return [...kept.filter((p) => p.sinceMs < now.sinceMs), now]
}

export function phaseAt(phases: readonly Phase[], atMs: number): Phase | null {
  return phases.findLast((p) => p.sinceMs <= atMs) ?? null
}
