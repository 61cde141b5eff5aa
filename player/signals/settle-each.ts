/** `late`: somebody else decided first, or it is there no more. `fault`: the rest was not sent. */
export interface Sent {
  readonly done: readonly string[]
  readonly late: readonly string[]
  readonly fault: unknown
}

/** One after the other, because the server settles one at a time; the first refusal that concerns them all ends it. */
export async function settleEach(incidentIds: readonly string[], { send, isLate }: { readonly send: (incidentId: string) => Promise<unknown>; readonly isLate: (fault: unknown) => boolean }): Promise<Sent> {
  const done: string[] = []
  const late: string[] = []
  for (const id of incidentIds) {
    try {
      await send(id)
      done.push(id)
    } catch (fault) {
      if (!isLate(fault)) return { done, late, fault }
      late.push(id)
    }
  }
  return { done, late, fault: null }
}
