import type { HeldView, RepairView, SignalView, SuspensionView } from '../contract/signals.js'
import type { Suspension } from '../domain/held.js'
import { suspensionTitle, wordHeld, wordLampFault } from '../domain/held-words.js'
import { asId, type PersonId } from '../domain/ids.js'
import type { Repair } from '../domain/lamp-trust.js'
import { wordReason } from '../domain/reason.js'
import { KIND_FACTS } from '../domain/rule-kinds.js'
import type { FeedColour, Signal, SignalMemory } from '../domain/signal.js'
import type { StoredHeld } from '../storage/signal-store.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import { evidenceView, plateView } from './views.js'

/** Turns the rows of signals into what the player sees. Reads names once per call; holds nothing. */
export interface SignalViews {
  held(rows: readonly StoredHeld[]): Promise<readonly HeldView[]>
  repairs(rows: readonly Repair[]): Promise<readonly RepairView[]>
  suspensions(rows: readonly Suspension[]): Promise<readonly SuspensionView[]>
  signal(signal: Signal, memory: SignalMemory | null): SignalView
}

type Named = (id: PersonId | null) => { readonly id: string; readonly displayName: string } | null

export function makeSignalViews({ store, clock }: { readonly store: Store; readonly clock: Clock }): SignalViews {
  const readNames = async (): Promise<Named> => {
    const names = new Map((await store.people.list()).map(({ id, displayName }) => [id, displayName]))
    return (id) => id && { id, displayName: names.get(id) ?? '—' }
  }
  const cameraNames = async (): Promise<(id: string) => string> => {
    const names = new Map<string, string>((await store.cameras.list()).map(({ id, name }) => [id, name]))
    return (id) => names.get(id) ?? '—'
  }
  return {
    async held(rows) {
      const [named, cameraName] = await Promise.all([readNames(), cameraNames()])
      const evidence = await Promise.all(rows.map(({ incident }) => store.evidence.ofIncident(incident.id)))
      const plates = await Promise.all(rows.map(({ incident }) => store.plates.of(incident.id)))
      return rows.map(({ incident, why, facts, heldAtMs, outcome, alertId }, at): HeldView => {
        const { id, cameraId, ruleId, kind, sinceMs, openedAtMs, witnesses } = incident
        return { incidentId: id, cameraId, cameraName: cameraName(cameraId), ruleId, kind, title: KIND_FACTS[kind].title, reason: wordReason(incident.reason), sinceMs, openedAtMs, witnesses, why, said: wordHeld({ why, facts }), facts, suspendedBy: typeof facts['by'] === 'string' ? named(asId<PersonId>(facts['by'])) : null, heldAtMs, evidence: evidence[at]!.map(evidenceView), plate: plates[at] ? plateView(plates[at], { incidentId: id }) : null, alertId, outcome: outcome && { ...outcome, by: named(outcome.by) } }
      })
    },
    async repairs(rows) {
      const [named, cameraName, signals] = await Promise.all([readNames(), cameraNames(), store.signals.list()])
      const controllerOf = (lamp: Repair['lamp']): string | null => ('signal' in lamp ? (signals.find(({ id }) => id === lamp.signal)?.name ?? null) : null)
      const stills = await Promise.all(rows.map(({ id }) => store.evidence.ofRepair(id)))
      return rows.map(({ closed, facts, cameraId, ...rest }, at): RepairView => ({ ...rest, still: stills[at]!.map(evidenceView)[0] ?? null, title: REPAIR_TITLE, controller: controllerOf(rest.lamp), cameraId, cameraName: cameraName(cameraId), facts, said: wordLampFault(facts), closed: closed && { ...closed, by: named(closed.by) } }))
    },
    async suspensions(rows) {
      const [named, cameraName] = await Promise.all([readNames(), cameraNames()])
      return rows.map(({ by, ended, ...rest }): SuspensionView => ({ ...rest, cameraName: cameraName(rest.cameraId), title: suspensionTitle(rest.why), by: named(by), stands: !ended && clock.wallMs() < rest.untilMs, ended: ended && { by: named(ended.by), atMs: ended.atMs } }))
    },
    signal({ id, name, areaId, staleMs, madeAtMs }, memory) {
      return { id, name, areaId, staleMs, madeAtMs, heard: memory && { atMs: memory.heardAtMs, sequence: memory.sequence, offsetMs: memory.offsetMs, stale: clock.wallMs() - memory.heardAtMs > staleMs, approaches: newestOf(memory) } }
    },
  }
}

const REPAIR_TITLE = { vi: 'Đèn lỗi', en: 'Lamp fault' } as const

function newestOf({ approaches }: SignalMemory): Readonly<Record<string, FeedColour>> {
  return Object.fromEntries(Object.entries(approaches).flatMap(([name, shown]) => shown.slice(-1).map(({ colour }) => [name, colour])))
}
