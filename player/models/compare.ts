import type { SeenView, TrialView } from '../../server/contract/models.js'

/** Steps of the comparison without React: which picture is shown, how many objects it has. */
export type Done = Extract<TrialView['state'], { is: 'done' }>
export type Looked = Done['frames'][number]

/** Half a picture at 25 a second: a video that stands on a picture may tell a time a little before it. */
const SLACK_MS = 20

/** The judged picture that is on the glass at this moment: the last one not after it. */
export function frameAt(frames: readonly Looked[], atMs: number): number {
  let low = 0
  for (let high = frames.length - 1; low < high; ) {
    const middle = Math.ceil((low + high) / 2)
    if (frames[middle]!.atMs <= atMs + SLACK_MS) low = middle
    else high = middle - 1
  }
  return low
}

/** Objects of one model in each picture. */
export function countsOf(frames: readonly Looked[], model: number): readonly number[] {
  return frames.map(({ found }) => found[model]?.length ?? 0)
}

export interface Row {
  readonly class: string
  /** Objects a picture, for each model. */
  readonly perFrame: readonly number[]
}

/** Every class that any model saw, the most frequent first. */
export function rowsOf({ summaries }: Pick<Done, 'summaries'>): readonly Row[] {
  const names = [...new Set(summaries.flatMap(({ objects }) => Object.keys(objects)))]
  const rows = names.map((name) => ({ class: name, perFrame: summaries.map(({ objects, frames }) => (objects[name] ?? 0) / frames) }))
  return rows.sort((a, b) => Math.max(...b.perFrame) - Math.max(...a.perFrame) || a.class.localeCompare(b.class))
}

/** Points of a line in a box of `width` x `height`, for the largest count `most`. */
export function linePoints(counts: readonly number[], { width, height, most }: { readonly width: number; readonly height: number; readonly most: number }): string {
  const step = counts.length > 1 ? width / (counts.length - 1) : 0
  return counts.map((count, at) => `${round(at * step)},${round(height - (count / Math.max(1, most)) * height)}`).join(' ')
}

const round = (value: number): number => Math.round(value * 10) / 10

/** How many of each class, the most first. */
export function tally(seen: readonly SeenView[]): readonly (readonly [name: string, count: number])[] {
  const counts = new Map<string, number>()
  for (const { class: name } of seen) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].sort(([a, most], [b, more]) => more - most || a.localeCompare(b))
}
