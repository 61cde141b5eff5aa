import type { HeldFacts } from './held.js'
import type { CameraId, LampFaultId, PersonId, RepairId, RuleId } from './ids.js'
import type { Box, LampFault, LampFaultCode, LampSource, SignalReport } from './seen.js'

/** One fault of the lamp that one rule judges by, from when it was found until the lamp was seen to be in order again. */
export interface KnownFault {
  readonly id: LampFaultId
  readonly cameraId: CameraId
  readonly ruleId: RuleId
  readonly lamp: LampSource
  readonly code: LampFaultCode
  /** When it began in the street, which may be minutes before it was found. */
  readonly sinceMs: number
  /** The fault with its numbers, as it was found. */
  readonly facts: HeldFacts
  readonly foundAtMs: number
  readonly endedAtMs: number | null
  readonly repairId: RepairId
}

/** Somebody must go and look at one lamp, whatever is wrong with it at that time and however many rules judge by it; `code` and `facts` are of what was found first. */
export interface Repair {
  readonly id: RepairId
  readonly cameraId: CameraId
  readonly kind: 'lamp_fault'
  readonly lamp: LampSource
  readonly code: LampFaultCode
  readonly facts: HeldFacts
  readonly openedAtMs: number
  /** `by` null: the lamp was seen to be in order again. */
  readonly closed: { readonly by: PersonId | null; readonly atMs: number; readonly note: string } | null
}

/** What a report makes of the faults that stand for its rule. */
export function weighReport(standing: readonly KnownFault[], { faults, sound }: Pick<SignalReport, 'faults' | 'sound'>): { readonly found: readonly LampFault[]; readonly over: readonly KnownFault[] } {
  return {
    found: faults.filter(({ code }) => !standing.some((one) => one.code === code)),
    over: standing.filter(({ code }) => sound.includes(code)),
  }
}

/**
 * The repair that was opened for this lamp already: by another rule that judges by it, or for what else is wrong with it (one that is
 * stuck on red is soon contradicted by everybody, too). Closed by a person it stays closed while a fault of its lamp stands.
 */
export function repairOf({ cameraId, lamp }: Pick<KnownFault, 'cameraId' | 'lamp'>, known: { readonly faults: readonly KnownFault[]; readonly open: readonly Repair[] }): RepairId | null {
  const isSame = (one: Pick<KnownFault, 'cameraId' | 'lamp'>): boolean => one.cameraId === cameraId && isSameLamp(one.lamp, lamp)
  return known.faults.find((one) => one.endedAtMs === null && isSame(one))?.repairId ?? known.open.find(isSame)?.id ?? null
}

/** Nobody draws the same box twice; two that lie on each other are one lamp. */
const SAME_OVERLAP_MIN = 0.3

export function isSameLamp(a: LampSource, b: LampSource): boolean {
  if ('signal' in a && 'signal' in b) return a.signal === b.signal && a.approach === b.approach
  return 'box' in a && 'box' in b && overlap(a.box, b.box) >= SAME_OVERLAP_MIN
}

function overlap(a: Box, b: Box): number {
  const [width, height] = [Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1), Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1)]
  const shared = width > 0 && height > 0 ? width * height : 0
  return shared / (areaOf(a) + areaOf(b) - shared)
}

const areaOf = ({ x1, y1, x2, y2 }: Box): number => (x2 - x1) * (y2 - y1)
