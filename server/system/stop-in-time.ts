import type { Clock } from './clock.js'

/** How a stop ended: as it should, not within its time, or with a fault of its own. */
export type Stopped = { readonly how: 'clean' } | { readonly how: 'late' } | { readonly how: 'faulty'; readonly fault: unknown }

/** Stops what is running, and does not wait for ever: who asked for the stop (systemd, an operator) would kill us, and lose what we know. */
export function stopInTime(clock: Clock, msMax: number, close: () => Promise<unknown>): Promise<Stopped> {
  return new Promise((resolve) => {
    const cancel = clock.after(msMax, () => resolve({ how: 'late' }))
    const end = (stopped: Stopped): void => {
      cancel()
      resolve(stopped)
    }
    close().then(
      () => end({ how: 'clean' }),
      (fault: unknown) => end({ how: 'faulty', fault }),
    )
  })
}
