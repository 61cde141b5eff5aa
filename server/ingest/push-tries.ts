/** What one address has tried in vain. */
export interface Tries {
  readonly wrong: number
  readonly sinceMs: number
  readonly lockedUntilMs: number
}

export interface TryBounds {
  readonly wrongMax: number
  readonly windowMs: number
  readonly lockMs: number
}

/** Ten wrong keys in a minute, then a minute of silence: 128 random bits at 10 tries a minute last longer than the universe. */
export const TRY_BOUNDS: TryBounds = { wrongMax: 10, windowMs: 60_000, lockMs: 60_000 }

/** One more wrong try. A try while locked changes nothing: an encoder with an old key must not lock itself out for ever. */
export function wrongTry(past: Tries | null, atMs: number, bounds: TryBounds = TRY_BOUNDS): Tries {
  if (past && atMs < past.lockedUntilMs) return past
  const fresh = !past || atMs - past.sinceMs >= bounds.windowMs || past.lockedUntilMs > 0
  const wrong = fresh ? 1 : past.wrong + 1
  return { wrong, sinceMs: fresh ? atMs : past.sinceMs, lockedUntilMs: wrong >= bounds.wrongMax ? atMs + bounds.lockMs : 0 }
}

export interface TryBook {
  isLocked(ip: string, atMs: number): boolean
  noteWrong(ip: string, atMs: number): { readonly locked: boolean }
}

const ADDRESSES_MAX = 10_000

/**
 * Not rate-limiter-flexible: it answers by promise, and one packet can hold a thousand tries that must be judged before
 * the next line runs. Whoever owns an IPv6 address owns its /64, so that is what is counted.
 */
export function openTryBook(bounds: TryBounds = TRY_BOUNDS): TryBook {
  const book = new Map<string, Tries>()
  const keyOf = (ip: string): string => (ip.includes(':') ? networkOf(ip) : ip)
  return {
    isLocked: (ip, atMs) => (book.get(keyOf(ip))?.lockedUntilMs ?? 0) > atMs,
    noteWrong(ip, atMs) {
      const key = keyOf(ip)
      const tries = wrongTry(book.get(key) ?? null, atMs, bounds)
      book.delete(key)
      book.set(key, tries)
      const [oldest] = book.keys()
      if (book.size > ADDRESSES_MAX && oldest !== undefined) book.delete(oldest)
      return { locked: tries.lockedUntilMs > atMs }
    },
  }
}

/** The first four groups of an IPv6 address, written out. */
function networkOf(ip: string): string {
  const [head = '', tail] = ip.toLowerCase().split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups = tail === undefined ? front : [...front, ...Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back]
  return groups.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, '')).join(':')
}
