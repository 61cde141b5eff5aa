import { makeCovers, type Covers } from '../../server/devices/covers.js'
import type { Store } from '../../server/storage/store.js'
import { systemClock } from '../../server/system/clock.js'

/** The masks of a store's cameras, by what is written of where they stood; nobody is asked. */
export function coversOf(store: Store): Covers {
  return makeCovers({ store, clock: systemClock, aims: { standing: () => null, ask: () => Promise.reject(new Error('nobody is asked')) }, stands: store.stands })
}
