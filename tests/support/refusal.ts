/**
 * What a refused piece of work said. better-sqlite3 makes its errors with the classes of whichever test file loaded it first
 * in the process, and jest's `toThrow` does not take those for errors: whether it passed hung on the order of the files.
 */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (fault) {
    return String((fault as { readonly message?: unknown }).message)
  }
  return 'it was not refused'
}
