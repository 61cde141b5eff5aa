/**
 * The only file that touches the real clock. Everything else is given a Clock, so a test moves time instead of sleeping.
 * Name things with wall time; measure durations with monotonic time, which no administrator or NTP can step.
 */
export interface Clock {
  /** Milliseconds since 1970 UTC; may jump. */
  wallMs(): number
  /** Milliseconds since some fixed instant; never jumps. */
  monotonicMs(): number
  /** Calls once after `ms` of monotonic time; the returned function cancels it. */
  after(ms: number, act: () => void): () => void
  /** Calls again and again, `ms` apart, until the returned function is called. */
  every(ms: number, act: () => void): () => void
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(ms, act) {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
  every(ms, act) {
    const timer = setInterval(act, ms)
    return () => clearInterval(timer)
  },
}

/** Waits on the given clock; a stopped wait never settles early. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => clock.after(ms, resolve))
}
