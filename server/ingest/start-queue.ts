import type { Clock } from '../system/clock.js'

/** Starting ffmpeg costs about 0.1 s of CPU; a hundred in one instant would starve those that run. */
const START_SPACING_MS = 120
/** How many may be on their way at once: more start no sooner, and on a busy machine run into their own time limits together. */
const ON_THE_WAY_MAX = 6
/** A camera that does not answer holds nobody up for longer than this. */
const ON_THE_WAY_MS_MAX = 2_000

export interface StartQueue {
  /** Starts now, or when those before have had their time. */
  add(start: () => void): void
  /** Takes a start out again; false when it has begun. */
  drop(start: () => void): boolean
  /** What was started shows pictures, or has ended: the next may begin. */
  arrived(start: () => void): void
  close(): void
}

export function openStartQueue(clock: Clock): StartQueue {
  const waiting = new Set<() => void>()
  const onTheWay = new Map<() => void, () => void>()
  let cancelSpacing: (() => void) | null = null

  function next(): void {
    if (cancelSpacing || onTheWay.size >= ON_THE_WAY_MAX) return
    const [first] = waiting
    if (!first) return
    waiting.delete(first)
    onTheWay.set(first, clock.after(ON_THE_WAY_MS_MAX, () => arrived(first)))
    cancelSpacing = clock.after(START_SPACING_MS, () => {
      cancelSpacing = null
      next()
    })
    first()
  }
  function arrived(start: () => void): void {
    const cancelWait = onTheWay.get(start)
    if (!cancelWait) return
    cancelWait()
    onTheWay.delete(start)
    next()
  }
  return {
    add(start) {
      waiting.add(start)
      next()
    },
    drop: (start) => waiting.delete(start),
    arrived,
    close() {
      cancelSpacing?.()
      for (const cancelWait of onTheWay.values()) cancelWait()
      onTheWay.clear()
      waiting.clear()
    },
  }
}
