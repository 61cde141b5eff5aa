import type { CameraId, PersonId, RepairId } from '../domain/ids.js'
import type { Bus } from '../flow/topics.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { openControllers, type Controllers } from './controllers.js'
import { forgetRule, takeReport } from './hear-lamps.js'
import { makeSuspensions, type Suspensions } from './suspensions.js'
import { makeTray, type Tray } from './tray.js'

export interface Signals {
  readonly tray: Tray
  readonly suspensions: Suspensions
  readonly controllers: Controllers
  /** Somebody has been there; what is held stays held until the eyes see the lamp in order. False: there is none, or it is closed. */
  closeRepair(id: RepairId, by: PersonId, note: string): Promise<boolean>
  /** Settles when everything heard so far is stored. */
  settled(): Promise<void>
  close(): Promise<void>
}

const SWEEP_MS = 30_000

/** Decides which lamps can be trusted, and keeps apart what was seen by those that cannot. Reports of one camera are taken in their order. */
export async function openSignals({ store, bus, clock, log }: { readonly store: Store; readonly bus: Bus; readonly clock: Clock; readonly log: Log }): Promise<Signals> {
  const parts = { store, bus, clock }
  const queues = new Map<CameraId, Promise<void>>()
  const queue = (cameraId: CameraId, work: () => Promise<void>): void => {
    const next = (queues.get(cameraId) ?? Promise.resolve()).then(work).catch((fault: unknown) => log.error({ cameraId, fault }, 'what a lamp is worth could not be stored; the next report tries again'))
    queues.set(cameraId, next)
  }
  const suspensions = makeSuspensions(parts)
  let sweeping = Promise.resolve()
  const sweep = (): void => void (sweeping = sweeping.then(() => suspensions.sweep()).catch((fault: unknown) => log.error({ fault }, 'suspensions that are over could not be told; tried again soon')))
  const stops = [
    bus.subscribe('lamp.reported', ({ cameraId, report, seenBy }) => {
      // A version on trial calls nobody, so its drawing of the lamp sends nobody out either.
      if (seenBy.mode !== 'live') return
      queue(cameraId, async () => {
        const { seq, opened } = await takeReport(parts, cameraId, report)
        for (const repairId of opened) bus.publish('repair.opened', { repairId, cameraId })
        if (seq !== null) bus.publish('changes.appended', { seq })
      })
    }),
    bus.subscribe('rule.changed', ({ cameraId, ruleId }) => queue(cameraId, () => forgetRule(parts, cameraId, ruleId))),
    clock.every(SWEEP_MS, sweep),
  ]
  sweep()

  return {
    tray: makeTray(parts),
    suspensions,
    controllers: await openControllers(parts),
    async closeRepair(id, by, note) {
      const seq = await store.transact(async (tx) => {
        const repair = await tx.repairs.get(id)
        if (!repair || !(await tx.repairs.close(id, { by, atMs: clock.wallMs(), note }))) return null
        const camera = await tx.cameras.get(repair.cameraId)
        return tx.changes.append({ topic: 'camera', entityId: repair.cameraId, areaId: camera?.areaId ?? null, what: 'repair_closed', by, atMs: clock.wallMs(), facts: { repairId: id, code: repair.code, note } })
      })
      if (seq !== null) bus.publish('changes.appended', { seq })
      return seq !== null
    },
    async settled() {
      await sweeping
      await Promise.all(queues.values())
    },
    async close() {
      for (const stop of stops) stop()
      await sweeping
      await Promise.all(queues.values())
    },
  }
}
