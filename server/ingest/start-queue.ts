import type { Clock } from '../system/clock.js'

/** Starting ffmpeg costs about 0.1 s of CPU; a hundred in one instant would starve those that run. */
const START_SPACING_MS = 120

export interface StartQueue {
  /** Starts now, or when those before have had their time. */
  add(start: () => void): void
  /** Takes a start out again; false when it has begun. */
  drop(start: () => void): boolean
  close(): void
}

export function openStartQueue(clock: Clock): StartQueue {
  const waiting = new Set<() => void>()
  let cancel: (() => void) | null = null
  function next(): void {
    cancel = null
    const [first] = waiting
    if (!first) return
    waiting.delete(first)
    cancel = clock.after(START_SPACING_MS, next)
    first()
  }
  return {
    add(start) {
      waiting.add(start)
      if (!cancel) next()
    },
    drop: (start) => waiting.delete(start),
    close() {
      cancel?.()
      waiting.clear()
    },
  }
}
