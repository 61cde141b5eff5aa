import type { Suspension, SuspensionWhy } from '../domain/held.js'
import type { CameraId, PersonId, RuleId, SuspensionId } from '../domain/ids.js'
import type { Bus } from '../flow/topics.js'
import type { NewChange, Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import { newId } from '../system/ids.js'

export interface SuspensionWish {
  readonly ruleId: RuleId | null
  readonly why: SuspensionWhy
  readonly reason: string
  readonly minutes: number
}

/** A person's word that something lawful explains what a camera's rules will see for a while. */
export interface Suspensions {
  /** Null: the camera has no such rule. */
  set(cameraId: CameraId, wish: SuspensionWish, by: PersonId): Promise<Suspension | null>
  /** Before its time; false when there is none, or it has ended. */
  end(cameraId: CameraId, id: SuspensionId, by: PersonId): Promise<boolean>
  /** Says in the log which ones are over. Done every half minute; public for tests. */
  sweep(): Promise<void>
}

const MINUTE_MS = 60_000

export function makeSuspensions({ store, bus, clock }: { readonly store: Store; readonly bus: Bus; readonly clock: Clock }): Suspensions {
  const tell = (seq: number): void => bus.publish('changes.appended', { seq })
  const lineOf = async (tx: Store, { cameraId, id, ruleId, why, reason, untilMs }: Suspension, what: string, by: PersonId | null): Promise<NewChange> => {
    const camera = await tx.cameras.get(cameraId)
    return { topic: 'camera', entityId: cameraId, areaId: camera?.areaId ?? null, what, by, atMs: clock.wallMs(), facts: { suspensionId: id, rule: ruleId, why, reason, untilMs } }
  }
  const finish = async (one: Suspension, by: PersonId | null, atMs: number): Promise<boolean> => {
    const seq = await store.transact(async (tx) => ((await tx.suspensions.end(one.id, by, atMs)) ? tx.changes.append(await lineOf(tx, one, by === null ? 'suspension_over' : 'suspension_ended', by)) : null))
    if (seq !== null) tell(seq)
    return seq !== null
  }
  return {
    async set(cameraId, { ruleId, why, reason, minutes }, by) {
      const fromMs = clock.wallMs()
      const suspension: Suspension = { id: newId<SuspensionId>(), cameraId, ruleId, why, reason, by, fromMs, untilMs: fromMs + minutes * MINUTE_MS, ended: null }
      const seq = await store.transact(async (tx) => {
        if (ruleId !== null && (await tx.rules.standing(ruleId))?.cameraId !== cameraId) return null
        await tx.suspensions.add(suspension)
        return tx.changes.append(await lineOf(tx, suspension, 'suspension_set', by))
      })
      if (seq === null) return null
      tell(seq)
      return suspension
    },
    async end(cameraId, id, by) {
      const one = await store.suspensions.get(id)
      const atMs = clock.wallMs()
      return one?.cameraId === cameraId && one.untilMs > atMs ? finish(one, by, atMs) : false
    },
    async sweep() {
      for (const one of await store.suspensions.over(clock.wallMs())) await finish(one, null, one.untilMs)
    },
  }
}
