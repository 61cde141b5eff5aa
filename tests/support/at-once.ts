/**
 * Plays every case at once, before the tests that ask for them: cases that mostly wait for clocks, networks and ladders then
 * cost as long as the longest. What fails is told by the test that waits for it.
 */
export function atOnce<Name extends string, Found>(names: readonly Name[], play: (name: Name) => Promise<Found>): (name: Name) => Promise<Found> {
  const playing = new Map<Name, Promise<Found>>()
  for (const name of names) {
    const found = play(name)
    found.catch(() => undefined)
    playing.set(name, found)
  }
  return (name) => playing.get(name) ?? Promise.reject(new Error(`${name} is not one of the cases`))
}
