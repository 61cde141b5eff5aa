import type { HeldIncident, HeldOutcome, Suspension } from '../domain/held.js'
import type { AlertId, AreaId, CameraId, IncidentId, LampFaultId, PersonId, RepairId, RuleId, SignalId, SuspensionId } from '../domain/ids.js'
import type { Incident } from '../domain/incident.js'
import type { KnownFault, Repair } from '../domain/lamp-trust.js'
import type { Signal } from '../domain/signal.js'

export interface StoredHeld extends HeldIncident {
  readonly incident: Incident
  /** Null: the camera is in no area any more. */
  readonly areaId: AreaId | null
  /** Of what was on the desk before it was held, or is again since it was released. */
  readonly alertId: AlertId | null
}

/** What was kept apart, and what people made of it. */
export interface HeldStore {
  get(incidentId: IncidentId): Promise<StoredHeld | null>
  /** Newest first. `settled` false: only those that nobody has looked at. */
  list(filter: { readonly areas: readonly AreaId[]; readonly kinds: readonly string[]; readonly cameraId?: CameraId | undefined; readonly ruleId?: RuleId | undefined; readonly settled: boolean; readonly limit: number }): Promise<readonly StoredHeld[]>
  /** Held once: one that is held already stays as it is. */
  add(held: Omit<HeldIncident, 'outcome'>): Promise<void>
  /** False when somebody was first, or it is not held. */
  settle(incidentId: IncidentId, outcome: HeldOutcome): Promise<boolean>
}

export interface LampFaultStore {
  /** That stand; of one rule, of one camera, or all. */
  standing(of?: { readonly cameraId: CameraId; readonly ruleId?: RuleId }): Promise<readonly KnownFault[]>
  add(fault: KnownFault): Promise<void>
  end(id: LampFaultId, atMs: number): Promise<void>
}

export interface RepairStore {
  get(id: RepairId): Promise<Repair | null>
  /** Newest first. */
  list(filter: { readonly areas: readonly AreaId[]; readonly open: boolean; readonly limit: number }): Promise<readonly Repair[]>
  openOf(cameraId: CameraId): Promise<readonly Repair[]>
  add(repair: Repair): Promise<void>
  /** False when it is closed already. */
  close(id: RepairId, closed: NonNullable<Repair['closed']>): Promise<boolean>
}

export interface SuspensionStore {
  get(id: SuspensionId): Promise<Suspension | null>
  /** Newest first. */
  of(cameraId: CameraId, limit: number): Promise<readonly Suspension[]>
  /** Of the cameras of these areas, newest first: those that stand, or those that stand no more. */
  list(filter: { readonly areas: readonly AreaId[]; readonly standing: boolean; readonly nowMs: number; readonly limit: number }): Promise<readonly Suspension[]>
  /** Whose time reaches into the span; ended early or not. */
  within(cameraId: CameraId, fromMs: number, toMs: number): Promise<readonly Suspension[]>
  /** Whose time is over, and of which that has not been said. */
  over(nowMs: number): Promise<readonly Suspension[]>
  add(suspension: Suspension): Promise<void>
  /** False when it has ended already. */
  end(id: SuspensionId, by: PersonId | null, atMs: number): Promise<boolean>
}

export interface SignalStore {
  list(): Promise<readonly Signal[]>
  get(id: SignalId): Promise<Signal | null>
  add(signal: Signal): Promise<void>
  /** A key that it had opens nothing any more. */
  setKey(id: SignalId, keyHash: string): Promise<boolean>
  remove(id: SignalId): Promise<boolean>
}
