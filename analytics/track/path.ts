import type { Step } from './track.js'

/** The steps of a path, which are in order of time, from this instant on. A path holds half a minute, and most questions are about its last second. */
export function stepsSince(path: readonly Step[], fromMs: number): readonly Step[] {
  let [low, high] = [0, path.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (path[middle]!.atMs < fromMs) low = middle + 1
    else high = middle
  }
  return path.slice(low)
}
