/**
 * A bounded queue between one who gives and one who takes. The giver never waits; what does not fit is counted and gone.
 * One taker only: two loops over one mailbox would each see half.
 */
export interface Mailbox<T> extends AsyncIterable<T> {
  /** `newest_wins` drops the oldest to make room; `keep_queued` drops what comes. False when something was lost. */
  put(item: T): boolean
  /** Throws away all that waits, uncounted, and says how many that were. */
  clear(): number
  readonly size: number
  readonly lost: number
  readonly closed: boolean
  /** Ends the taker's loop at once; what still waits is dropped. */
  close(): void
}

export function openMailbox<T>(options: { readonly capacity: number; readonly whenFull: 'newest_wins' | 'keep_queued' }): Mailbox<T> {
  if (!Number.isInteger(options.capacity) || options.capacity < 1) throw new RangeError(`capacity must be a whole number of at least 1, got ${options.capacity}`)
  const queue: T[] = []
  let lost = 0
  let closed = false
  /** A taker that waits; it gets the next item into its hand, so that of two that come in one turn the second pushes out none. */
  let taker: ((item: T | null) => void) | null = null

  const hand = (item: T | null): boolean => {
    const waiting = taker
    taker = null
    waiting?.(item)
    return waiting !== null
  }

  return {
    get size() {
      return queue.length
    },
    get lost() {
      return lost
    },
    get closed() {
      return closed
    },
    put(item) {
      if (closed) return false
      if (hand(item)) return true
      const full = queue.length >= options.capacity
      if (full) lost += 1
      if (full && options.whenFull === 'keep_queued') return false
      if (full) queue.shift()
      queue.push(item)
      return !full
    },
    clear: () => queue.splice(0).length,
    close() {
      closed = true
      queue.length = 0
      hand(null)
    },
    [Symbol.asyncIterator]: () => ({
      async next(): Promise<IteratorResult<T>> {
        const item = closed ? null : queue.length > 0 ? queue.shift() as T : await new Promise<T | null>((resolve) => (taker = resolve))
        // It may have been closed between the handing and the taking.
        return closed || item === null ? { done: true, value: undefined } : { done: false, value: item }
      },
      async return(): Promise<IteratorResult<T>> {
        closed = true
        queue.length = 0
        return { done: true, value: undefined }
      },
    }),
  }
}
