import type { Detection } from '../../analytics/detection.js'
import type { Frame } from '../../analytics/frame.js'
import { LEARN_MS } from '../../analytics/standing.js'
import { makeWatch, type Watch } from '../../analytics/watch.js'

const HOUR = 60 * 60_000
const box = (x: number, y: number, name = 'bus', score = 0.8): Detection => ({ class: name, score, box: { x1: x - 0.08, y1: y - 0.1, x2: x + 0.08, y2: y } })
const frameAt = (atMs: number): Frame => ({ atMs, width: 64, height: 36, rgb: new Uint8Array(0) })

interface Stretch {
  readonly untilMs: number
  /** One look in two seconds, as at a quiet street, unless told. */
  readonly everyMs?: number
  readonly found: (atMs: number) => readonly Detection[]
}

/** Looks through the stretches, one after another; answers the watch as it is then, and who was tracked in the last look. */
function look(stretches: readonly Stretch[]): { watch: Watch; seen: string[] } {
  const watch = makeWatch([], { localTime: () => ({ weekday: 1, minuteOfDay: 600 }) })
  let atMs = 0
  let seen: string[] = []
  for (const { untilMs, everyMs = 2_000, found } of stretches) {
    for (; atMs < untilMs; atMs += everyMs) seen = watch.see(frameAt(atMs), found(atMs)).tracks.filter((track) => track.state === 'confirmed').map((track) => track.class)
  }
  return { watch, seen }
}

/** Tracks are believed at five looks a second; then the quiet begins. */
const from = (found: Stretch['found']): Stretch => ({ untilMs: 20_000, everyMs: 200, found })
const billboard = (): readonly Detection[] => [box(0.5, 0.3)]
const driveIn = (atMs: number): readonly Detection[] => [box(0.1 + 0.4 * Math.min(1, atMs / 4_000), 0.6, 'car')]

test.each<[string, Stretch[], string[], number | null]>([
  ['a billboard called a bus is tracked at first', [from(billboard), { untilMs: HOUR / 2, found: billboard }], ['bus'], null],
  ['after an hour it is left out', [from(billboard), { untilMs: 1.1 * HOUR, found: billboard }], [], 1],
  ['also when it is called a truck now and then', [from(billboard), { untilMs: 1.1 * HOUR, found: (atMs) => [box(0.5, 0.3, atMs % 10_000 === 0 ? 'truck' : 'bus')] }], [], 1],
  ['a car that drove in and parks for five hours stays', [from(driveIn), { untilMs: 5 * HOUR, found: driveIn }], ['car'], null],
])('%s', (_, stretches, seen, leftOutMin) => {
  const it = look(stretches)
  expect(it.seen).toEqual(seen)
  const counts = it.watch.standing.flatMap(({ leftOut }) => (leftOut === null ? [] : [leftOut]))
  if (leftOutMin === null) expect(counts).toEqual([])
  else expect(counts[0]).toBeGreaterThanOrEqual(leftOutMin)
})

test('where its kind drives past, nothing is learned: a car that waits at the lights since the server began stays', () => {
  const past = (atMs: number): readonly Detection[] => [box(0.5, 0.6, 'car'), ...(atMs > 10_000 ? [] : [box(0.1 + atMs / 12_500, 0.62, 'car')])]
  // Somebody drives through the place before it has calmed down long enough to be suspected.
  expect(look([from(past), { untilMs: 1.2 * HOUR, found: past }]).seen).toEqual(['car'])
})

test('one that was parked before the server began and drives off was real: its place is never learned again', () => {
  const leave = (atMs: number): readonly Detection[] => [box(0.5 + Math.max(0, (atMs - 1.2 * HOUR) / 10_000), 0.6, 'car')]
  const parked = [box(0.5, 0.6, 'car')]
  const gone = 1.2 * HOUR + 4_000
  const { watch, seen } = look([
    from(leave), { untilMs: 1.2 * HOUR, found: leave }, { untilMs: gone, everyMs: 200, found: leave },
    { untilMs: gone + 10_000, found: () => [] }, { untilMs: gone + 30_000, everyMs: 200, found: () => parked }, { untilMs: 3 * HOUR, found: () => parked },
  ])
  expect([seen, watch.standing]).toEqual([['car'], []])
})

test('a person who says that it is real sees it again at once, and for good', () => {
  const { watch } = look([from(billboard), { untilMs: LEARN_MS + 60_000, found: billboard }])
  expect(watch.standing.map((place) => place.leftOut !== null)).toEqual([true])
  watch.forgetStanding({ x: 0.5, y: 0.25 })
  expect(watch.standing).toEqual([])
  let tracks = 0
  for (let atMs = 1.1 * HOUR; atMs < 1.1 * HOUR + 20_000; atMs += 200) tracks = watch.see(frameAt(atMs), billboard()).tracks.length
  for (let atMs = 1.2 * HOUR; atMs < 2.5 * HOUR; atMs += 2_000) tracks = watch.see(frameAt(atMs), billboard()).tracks.length
  expect([tracks, watch.standing]).toEqual([1, []])
})
