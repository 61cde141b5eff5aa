/** Waits for something that real programs do in their own time; fails loudly at the deadline, never passes by luck. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, msMax = 25_000): Promise<void> {
  const endMs = performance.now() + msMax
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`in ${msMax} ms it did not happen that ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
