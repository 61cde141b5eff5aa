/** The names of a model's classes as Ultralytics notes them under “names”: `{0: 'person', 1: …}`, or a list in older exports; empty where there are none. */
export function namesNoted(notes: ReadonlyMap<string, string>): readonly string[] {
  return [...(notes.get('names') ?? '').matchAll(/(?:\d+:\s*)?(?:'([^']{1,64})'|"([^"]{1,64})")/g)].map((match) => match[1] ?? match[2]!)
}
