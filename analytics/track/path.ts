import type { Step } from './track.js'

/** The steps of a path, which are in order of time, from this instant on. A path holds half a minute, and most questions are about its last second. */
export function stepsSince(path: readonly Step[], fromMs: number): readonly Step[] {
  return path.slice(firstSince(path, fromMs))
}

/** The same with one step more. Most paths are younger than what is kept of them: they are copied once, not twice. */
export function withStep(path: readonly Step[], fromMs: number, step: Step): readonly Step[] {
  const first = firstSince(path, fromMs)
  return (first === 0 ? path : path.slice(first)).concat(step)
}

/** Where in the path those steps begin; behind its end where there are none. */
export function firstSince(path: readonly Step[], fromMs: number): number {
  let [low, high] = [0, path.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (path[middle]!.atMs < fromMs) low = middle + 1
    else high = middle
  }
  return low
}
