import { withdraw } from '../domain/alert.js'
import { wordLampFault } from '../domain/held-words.js'
import type { HeldFacts } from '../domain/held.js'
import type { AreaId, CameraId, LampFaultId, RepairId, RuleId } from '../domain/ids.js'
import { asHeld, type Incident } from '../domain/incident.js'
import { repairOf, weighReport, type KnownFault, type Repair } from '../domain/lamp-trust.js'
import type { LampFault, SignalReport } from '../domain/seen.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import { newId } from '../system/ids.js'

export interface LampParts {
  readonly store: Store
  readonly clock: Clock
}

/** What a report changed. */
export interface Taken {
  /** The last line in the log; null: it changed nothing. */
  readonly seq: number | null
  readonly opened: readonly RepairId[]
}

const NOTHING: Taken = { seq: null, opened: [] }

/** What one rule's report changes, stored as one. */
export async function takeReport({ store, clock }: LampParts, cameraId: CameraId, report: SignalReport): Promise<Taken> {
  const ruleId = report.ruleId as RuleId
  const { found, over } = weighReport(await store.lampFaults.standing({ cameraId, ruleId }), report)
  if (found.length === 0 && over.length === 0) return NOTHING
  const atMs = clock.wallMs()
  return store.transact(async (tx) => {
    const camera = await tx.cameras.get(cameraId)
    // A camera that was removed meanwhile needs no repair.
    if (!camera) return NOTHING
    let seq: number | null = null
    const opened: RepairId[] = []
    for (const fault of found) {
      const begun = await begin(tx, { cameraId, areaId: camera.areaId, ruleId, report, fault, atMs })
      seq = begun.seq
      if (begun.opened) opened.push(begun.opened)
    }
    for (const fault of over) seq = (await endFault(tx, fault, { areaId: camera.areaId, atMs })) ?? seq
    return { seq, opened }
  })
}

interface Finding {
  readonly cameraId: CameraId
  readonly areaId: AreaId
  readonly ruleId: RuleId
  readonly report: SignalReport
  readonly fault: LampFault
  readonly atMs: number
}

/** One repair for each lamp; and who was claimed by this lamp since the fault began is held after the fact. */
async function begin(tx: Store, { cameraId, areaId, ruleId, report, fault, atMs }: Finding): Promise<{ readonly seq: number; readonly opened: RepairId | null }> {
  const facts: HeldFacts = { ...fault, sinceMs: Math.round(fault.sinceMs) }
  const known = repairOf({ cameraId, lamp: report.lamp }, { faults: await tx.lampFaults.standing({ cameraId }), open: await tx.repairs.openOf(cameraId) })
  const repairId = known ?? newId<RepairId>()
  if (!known) await tx.repairs.add({ id: repairId, cameraId, kind: 'lamp_fault', lamp: report.lamp, code: fault.code, facts, openedAtMs: atMs, closed: null })
  const row: KnownFault = { id: newId<LampFaultId>(), cameraId, ruleId, lamp: report.lamp, code: fault.code, sinceMs: Math.round(fault.sinceMs), facts, foundAtMs: atMs, endedAtMs: null, repairId }
  await tx.lampFaults.add(row)
  const seq = await tx.changes.append({ topic: 'camera', entityId: cameraId, areaId, what: known ? 'lamp_fault_found' : 'repair_opened', by: null, atMs, facts: { rule: ruleId, repairId, ...facts } })
  const held = await tx.incidents.liveSince(cameraId, ruleId, row.sinceMs)
  let last = seq
  for (const incident of held) last = (await holdAfterwards(tx, incident, { areaId, facts, atMs })) ?? last
  return { seq: last, opened: known ? null : repairId }
}

/** Null: somebody has it in hand already, or has released it from the tray: a person's word outlives what is found later. */
async function holdAfterwards(tx: Store, incident: Incident, { areaId, facts, atMs }: { readonly areaId: AreaId; readonly facts: HeldFacts; readonly atMs: number }): Promise<number | null> {
  if (await tx.held.get(incident.id)) return null
  const alert = await tx.alerts.ofIncident(incident.id)
  const withdrawn = alert && withdraw(alert, { reason: 'lamp_fault', note: wordLampFault(facts).vi, atMs })
  if (alert && (!withdrawn || !(await tx.alerts.replace(withdrawn)))) return null
  const { mode, heldWhy } = asHeld(incident, 'lamp_fault')
  await tx.incidents.setMode(incident.id, { mode, heldWhy })
  await tx.held.add({ incidentId: incident.id, why: 'lamp_fault', facts, heldAtMs: atMs })
  const seq = await tx.changes.append({ topic: 'incident', entityId: incident.id, areaId, what: 'held', by: null, atMs, facts: { kind: incident.kind, held: 'lamp_fault' } })
  return alert ? tx.changes.append({ topic: 'alert', entityId: alert.id, areaId: alert.areaId, what: 'withdrawn', by: null, atMs, facts: { reason: 'lamp_fault' } }) : seq
}

/** The repair is closed with the last fault that it stands for; null: another still does, or a person closed it. */
async function endFault(tx: Store, fault: KnownFault, { areaId, atMs }: { readonly areaId: AreaId; readonly atMs: number }): Promise<number | null> {
  await tx.lampFaults.end(fault.id, atMs)
  if ((await tx.lampFaults.standing({ cameraId: fault.cameraId })).some(({ repairId }) => repairId === fault.repairId)) return null
  const closed: NonNullable<Repair['closed']> = { by: null, atMs, note: 'Đèn đã hoạt động bình thường trở lại' }
  if (!(await tx.repairs.close(fault.repairId, closed))) return null
  return tx.changes.append({ topic: 'camera', entityId: fault.cameraId, areaId, what: 'repair_closed', by: null, atMs, facts: { rule: fault.ruleId, repairId: fault.repairId, code: fault.code } })
}

/** Nobody watches this rule any more: what it said of its lamp says nothing of now. The repair stays, because nobody saw the lamp mended. */
export async function forgetRule({ store, clock }: LampParts, cameraId: CameraId, ruleId: RuleId): Promise<void> {
  const standing = await store.rules.standing(ruleId)
  if (standing?.cameraId === cameraId && standing.live !== null && !standing.resting) return
  for (const { id } of await store.lampFaults.standing({ cameraId, ruleId })) await store.lampFaults.end(id, clock.wallMs())
}
