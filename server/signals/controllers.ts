import type { AreaId, PersonId, SignalId } from '../domain/ids.js'
import type { FeedReading, LampFeed } from '../domain/seen.js'
import { hearSignal, readSignal, type Signal, type SignalMemory, type SignalMessage } from '../domain/signal.js'
import type { Bus } from '../flow/topics.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import { newId } from '../system/ids.js'
import { hashOfPushKey, makePushKey, ownerOfPushKey } from '../system/push-key.js'

export type Taken = { readonly is: 'taken'; readonly offsetMs: number } | { readonly is: 'old_sequence'; readonly sequence: number } | { readonly is: 'unknown' }

/** Controllers of junctions that tell what their lamps show. A key is given once and kept nowhere. */
export interface Controllers {
  make(form: { readonly name: string; readonly areaId: AreaId; readonly staleMs: number }, by: PersonId): Promise<{ readonly signal: Signal; readonly key: string }>
  /** The old key opens nothing any more; null: there is no such signal. */
  newKey(id: SignalId, by: PersonId): Promise<string | null>
  remove(id: SignalId, by: PersonId): Promise<boolean>
  /** One message of a controller. `unknown`: no such signal, or another's key; the two are told alike. */
  take(id: SignalId, key: string, message: SignalMessage): Promise<Taken>
  /** What is known of one; null: it has told nothing since the start. */
  memoryOf(id: SignalId): SignalMemory | null
  /** For the eyes, several times a second: what was told of an instant. */
  readonly read: (feed: LampFeed, atMs: number) => FeedReading | null
}

export async function openControllers({ store, bus, clock }: { readonly store: Store; readonly bus: Bus; readonly clock: Clock }): Promise<Controllers> {
  const known = new Map<SignalId, Signal>((await store.signals.list()).map((signal) => [signal.id, signal]))
  const heard = new Map<SignalId, SignalMemory>()
  const record = async (signal: Pick<Signal, 'id' | 'name' | 'areaId'>, what: string, by: PersonId, act: (tx: Store) => Promise<boolean>): Promise<boolean> => {
    const seq = await store.transact(async (tx) => {
      if (!(await act(tx))) return null
      // The log has no topic of its own for controllers: it is a deed of that person.
      return tx.changes.append({ topic: 'person', entityId: by, areaId: signal.areaId, what, by, atMs: clock.wallMs(), facts: { signalId: signal.id, name: signal.name } })
    })
    if (seq !== null) bus.publish('changes.appended', { seq })
    return seq !== null
  }
  return {
    async make({ name, areaId, staleMs }, by) {
      const key = makePushKey()
      const signal: Signal = { id: newId<SignalId>(), name, areaId, keyHash: hashOfPushKey(key), staleMs, madeAtMs: clock.wallMs() }
      await record(signal, 'signal_added', by, (tx) => tx.signals.add(signal).then(() => true))
      known.set(signal.id, signal)
      return { signal, key }
    },
    async newKey(id, by) {
      const signal = known.get(id)
      if (!signal) return null
      const key = makePushKey()
      const keyHash = hashOfPushKey(key)
      if (!(await record(signal, 'signal_key_made', by, (tx) => tx.signals.setKey(id, keyHash)))) return null
      known.set(id, { ...signal, keyHash })
      return key
    },
    async remove(id, by) {
      const signal = known.get(id)
      if (!signal || !(await record(signal, 'signal_removed', by, (tx) => tx.signals.remove(id)))) return false
      known.delete(id)
      heard.delete(id)
      return true
    },
    async take(id, key, message) {
      if (ownerOfPushKey(key, [...known.values()])?.id !== id) return { is: 'unknown' }
      const news = hearSignal(heard.get(id) ?? null, message, clock.wallMs())
      if (news.do === 'ignore') return { is: 'old_sequence', sequence: heard.get(id)?.sequence ?? 0 }
      heard.set(id, news.memory)
      return { is: 'taken', offsetMs: news.memory.offsetMs }
    },
    memoryOf: (id) => heard.get(id) ?? null,
    read({ signal, approach }, atMs) {
      const id = signal as SignalId
      const staleMs = known.get(id)?.staleMs
      return staleMs === undefined ? null : readSignal(heard.get(id) ?? null, approach, { atMs, nowMs: clock.wallMs(), staleMs })
    },
  }
}
