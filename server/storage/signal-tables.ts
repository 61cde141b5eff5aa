/** Rows of lamps that err, of what is held, and of controllers (migrations/0017-trusted-signals.ts). */
export interface SignalTables {
  heldIncidents: { incidentId: string; why: string; facts: string; heldAtMs: number; outcome: string | null; outcomeBy: string | null; outcomeAtMs: number | null; outcomeReason: string | null }
  repairs: { id: string; cameraId: string; kind: string; lamp: string; code: string; facts: string; openedAtMs: number; closedAtMs: number | null; closedBy: string | null; note: string | null }
  lampFaults: { id: string; cameraId: string; ruleId: string; lamp: string; code: string; sinceMs: number; facts: string; foundAtMs: number; endedAtMs: number | null; repairId: string }
  suspensions: { id: string; cameraId: string; ruleId: string | null; why: string; reason: string; by: string; fromMs: number; untilMs: number; endedAtMs: number | null; endedBy: string | null }
  signals: { id: string; name: string; areaId: string; keyHash: string; staleMs: number; madeAtMs: number }
}
