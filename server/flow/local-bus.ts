import type { Log } from '../system/log.js'
import type { Bus, Topics } from './topics.js'

type Listener = (message: never) => void | Promise<void>

/** The bus inside one process: each listener is called in its own turn, so that no publisher waits and none hears another's fault. */
export function makeLocalBus(log: Log): Bus {
  const listeners = new Map<keyof Topics, Set<Listener>>()
  return {
    publish(topic, message) {
      for (const listen of listeners.get(topic) ?? []) {
        queueMicrotask(() => {
          try {
            Promise.resolve(listen(message as never)).catch((fault: unknown) => log.error({ topic, fault }, 'a listener failed'))
          } catch (fault) {
            log.error({ topic, fault }, 'a listener failed')
          }
        })
      }
    },
    subscribe(topic, listen) {
      const of = listeners.get(topic) ?? new Set<Listener>()
      listeners.set(topic, of)
      of.add(listen as Listener)
      return () => of.delete(listen as Listener)
    },
  }
}
