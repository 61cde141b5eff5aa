import type { Clock } from '../system/clock.js'
import type { Leaving } from '../system/leaving.js'

/** Requests that are held until something is there. Bounded, released at once when it comes, and never kept past their time. */
export interface Waiters {
  /** Settles 'ready' when `ready()` says so at a rouse, 'late' after `msMax`, 'left' when the client went, 'full' at once over the bounds. */
  hold(options: { readonly ready: () => boolean; readonly msMax: number; readonly asker: Asker }): Promise<HoldEnd>
  rouse(): void
  /** Ends all as 'late': the stream is gone. */
  close(): void
  readonly size: number
}

export type HoldEnd = 'ready' | 'late' | 'left' | 'full'

/** Whoever is held for. Its signal is asked for only when it is really held: making one costs more than an answer. */
export interface Asker {
  readonly signal?: Leaving | undefined
}

/** One count for all streams of the process beside each stream's own. */
export interface HoldBudget {
  held: number
  readonly heldMax: number
}

export function openWaiters(clock: Clock, options: { readonly waitingMax: number; readonly budget: HoldBudget }): Waiters {
  const { budget } = options
  const waiting = new Set<{ readonly ready: () => boolean; end(how: HoldEnd): void }>()
  return {
    get size() {
      return waiting.size
    },
    hold({ ready, msMax, asker }) {
      if (ready()) return Promise.resolve('ready')
      if (waiting.size >= options.waitingMax || budget.held >= budget.heldMax) return Promise.resolve('full')
      const { signal } = asker
      if (signal?.aborted) return Promise.resolve('left')
      return new Promise((resolve) => {
        const onLeft = (): void => one.end('left')
        const cancel = clock.after(msMax, () => one.end('late'))
        const one = {
          ready,
          end(how: HoldEnd): void {
            if (!waiting.delete(one)) return
            budget.held -= 1
            cancel()
            signal?.removeEventListener('abort', onLeft)
            resolve(how)
          },
        }
        waiting.add(one)
        budget.held += 1
        signal?.addEventListener('abort', onLeft)
      })
    },
    rouse() {
      for (const one of waiting) if (one.ready()) one.end('ready')
    },
    close() {
      for (const one of waiting) one.end('late')
    },
  }
}
