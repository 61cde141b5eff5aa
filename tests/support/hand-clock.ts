import type { Clock } from '../../server/system/clock.js'

/** A clock that stands still until a test moves it by hand; what falls due on the way is done in order. */
export interface HandClock extends Clock {
  move(ms: number): void
}

export function makeHandClock(startWallMs = 1_700_000_000_000): HandClock {
  let nowMs = 0
  let due: { readonly atMs: number; readonly act: () => void }[] = []
  const after = (ms: number, act: () => void): (() => void) => {
    const entry = { atMs: nowMs + ms, act }
    due.push(entry)
    return () => void (due = due.filter((other) => other !== entry))
  }
  return {
    wallMs: () => startWallMs + nowMs,
    monotonicMs: () => nowMs,
    after,
    every(ms, act) {
      let cancel: () => void
      const again = (): void => {
        cancel = after(ms, again)
        act()
      }
      cancel = after(ms, again)
      return () => cancel()
    },
    move(ms) {
      const endMs = nowMs + ms
      for (;;) {
        const next = due.filter((entry) => entry.atMs <= endMs).toSorted((a, b) => a.atMs - b.atMs)[0]
        if (!next) break
        due = due.filter((other) => other !== next)
        nowMs = Math.max(nowMs, next.atMs)
        next.act()
      }
      nowMs = endMs
    },
  }
}

/** Lets time pass a second at a time, and after each lets what was asked of others be answered. */
export async function passSeconds(clock: HandClock, seconds: number): Promise<void> {
  for (let left = seconds; left > 0; left -= 1) {
    clock.move(Math.min(left, 1) * 1_000)
    for (let turns = 0; turns < 8; turns += 1) await Promise.resolve()
  }
}
