import { Loss } from './loss.js'

/** A few pieces of work at a time, in order; those beyond the queue's end are refused at once instead of made to wait for ever. */
export interface Slots {
  run<T>(work: () => Promise<T>): Promise<T>
  readonly busy: number
}

export function makeSlots(limits: { readonly atOnceMax: number; readonly waitingMax: number }): Slots {
  const waiting: (() => void)[] = []
  let busy = 0
  return {
    get busy() {
      return busy + waiting.length
    },
    async run(work) {
      if (busy >= limits.atOnceMax) {
        if (waiting.length >= limits.waitingMax) throw new Loss('too_many', `more than ${limits.waitingMax} pieces of evidence wait to be made`)
        // The slot is handed over, so `busy` stays as it is.
        await new Promise<void>((go) => waiting.push(go))
      } else busy += 1
      try {
        return await work()
      } finally {
        const next = waiting.shift()
        if (next) next()
        else busy -= 1
      }
    },
  }
}
