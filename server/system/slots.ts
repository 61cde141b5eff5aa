/** A few pieces of work at a time, in order; those beyond the queue's end are refused at once instead of made to wait for ever. */
export interface Slots {
  run<T>(work: () => Promise<T>): Promise<T>
  readonly busy: number
}

export interface SlotLimits {
  readonly atOnceMax: number
  readonly waitingMax: number
  /** What the refused is told. */
  readonly full: () => Error
}

export function makeSlots({ atOnceMax, waitingMax, full }: SlotLimits): Slots {
  const waiting: (() => void)[] = []
  let busy = 0
  return {
    get busy() {
      return busy + waiting.length
    },
    async run(work) {
      if (busy >= atOnceMax) {
        if (waiting.length >= waitingMax) throw full()
        // Whoever ends hands the slot over, so `busy` stays as it is.
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
