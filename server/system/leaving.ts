/**
 * As much of an AbortSignal as it takes to hear that a client is gone. A held playlist is asked for five times a second by each
 * viewer, and an AbortController with a listener costs 5 to 10 µs of the 70 that an answer takes (measured).
 */
export interface Leaving {
  readonly aborted: boolean
  addEventListener(type: 'abort', act: () => void): void
  removeEventListener(type: 'abort', act: () => void): void
}

export function makeLeaving(): Leaving & { leave(): void } {
  const acts: (() => void)[] = []
  let aborted = false
  return {
    get aborted() {
      return aborted
    },
    addEventListener: (_, act) => void acts.push(act),
    removeEventListener(_, act) {
      const at = acts.indexOf(act)
      if (at >= 0) acts.splice(at, 1)
    },
    leave() {
      if (aborted) return
      aborted = true
      for (const act of acts.splice(0)) act()
    },
  }
}
