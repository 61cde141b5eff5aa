import type { Clock } from '../../server/system/clock.js'

/** A clock that stands still until a test moves it; what was due by then happens in order. */
export interface StillClock extends Clock {
  move(ms: number): void
  /** How many waits are pending: a test can tell that the code under test has begun to wait. */
  pending(): number
  /** How many of them end at this instant: which wait it is, where other things wait as well. */
  pendingAt(atMs: number): number
}

export function makeStillClock(startMs = Date.UTC(2026, 10, 20, 9, 0, 0)): StillClock {
  let nowMs = startMs
  const waits = new Set<{ atMs: number; everyMs: number | null; act: () => void }>()
  const add = (ms: number, everyMs: number | null, act: () => void): (() => void) => {
    const wait = { atMs: nowMs + ms, everyMs, act }
    waits.add(wait)
    return () => waits.delete(wait)
  }
  return {
    wallMs: () => nowMs,
    monotonicMs: () => nowMs - startMs,
    after: (ms, act) => add(ms, null, act),
    every: (ms, act) => add(ms, ms, act),
    pending: () => waits.size,
    pendingAt: (atMs) => [...waits].filter((wait) => wait.atMs === atMs).length,
    move(ms) {
      const untilMs = nowMs + ms
      for (;;) {
        const next = [...waits].filter((wait) => wait.atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs)[0]
        if (!next) break
        nowMs = Math.max(nowMs, next.atMs)
        if (next.everyMs === null) waits.delete(next)
        else next.atMs += next.everyMs
        next.act()
      }
      nowMs = untilMs
    },
  }
}
