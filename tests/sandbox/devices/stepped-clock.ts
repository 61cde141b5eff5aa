import { systemClock, type Clock } from '../../../server/system/clock.js'

export interface SteppedClock extends Clock {
  /** Moves both clocks ahead and fires what has become due, in order. */
  leap(ms: number): void
}

/** The real clock, with leaps: an hour passes without anybody waiting for it, while sockets go on as usual. */
export function makeSteppedClock(): SteppedClock {
  let ahead = 0
  const timers = new Map<object, { dueMs: number; act: () => void; cancel: () => void }>()
  const monotonicMs = (): number => systemClock.monotonicMs() + ahead
  const after = (ms: number, act: () => void): (() => void) => {
    const key = {}
    const fire = (): void => {
      const timer = timers.get(key)
      if (!timer) return
      timer.cancel()
      timers.delete(key)
      act()
    }
    timers.set(key, { dueMs: monotonicMs() + ms, act: fire, cancel: systemClock.after(ms, fire) })
    return () => {
      timers.get(key)?.cancel()
      timers.delete(key)
    }
  }
  return {
    monotonicMs,
    wallMs: () => systemClock.wallMs() + ahead,
    after,
    every(ms, act) {
      let cancel = (): void => undefined
      const again = (): void => {
        cancel = after(ms, () => {
          again()
          act()
        })
      }
      again()
      return () => cancel()
    },
    leap(ms) {
      ahead += ms
      const due = [...timers.values()].filter((timer) => timer.dueMs <= monotonicMs()).sort((a, b) => a.dueMs - b.dueMs)
      for (const timer of due) timer.act()
    },
  }
}
