import type { Detection } from '../../../analytics/detection.js'
import type { Track } from '../../../analytics/track/track.js'
import { expectBoxes, isRestless, NO_TRACKS, track, visibleTracks } from '../../../analytics/track/tracker.js'
import type { TrackerState } from '../../../analytics/track/follow.js'
import { shoot, type Film, type Walker } from '../rules/walks.js'

const ASPECT = 160 / 120
const bike = (way: Walker['way'], more: Partial<Walker> = {}): Walker => ({ class: 'two_wheeler', size: [0.05, 0.12], way, ...more })
const car = (way: Walker['way'], more: Partial<Walker> = {}): Walker => ({ class: 'car', size: [0.2, 0.16], way, ...more })

/** The confirmed tracks of each frame. */
function follow(walkers: readonly Walker[], film: Film): Track[][] {
  let state = NO_TRACKS
  return shoot(walkers, film).map(({ frame, detections }) => {
    state = track(state, detections, { atMs: frame.atMs, aspect: ASPECT })
    return visibleTracks(state).filter((t) => t.state === 'confirmed')
  })
}

const ids = (frames: readonly Track[][]): number[] => [...new Set(frames.flat().map((t) => t.id))]

test.each<[string, Walker[], Film, number]>([
  ['one at 5 frames a second', [car([[0, 0.1, 0.5], [8, 0.9, 0.6]])], { seconds: 8, tremble: 0.04 }, 1],
  ['one at 30 frames a second', [car([[0, 0.1, 0.5], [8, 0.9, 0.6]])], { seconds: 8, fps: 30, tremble: 0.04 }, 1],
  ['a motorbike that moves more than its own width between frames', [bike([[0, 0.05, 0.5], [2.2, 0.95, 0.55]])], { seconds: 2.2, tremble: 0.04 }, 1],
  ['two that pass each other in opposite directions', [car([[0, 0.1, 0.5], [6, 0.9, 0.5]]), car([[0, 0.9, 0.56], [6, 0.1, 0.56]])], { seconds: 6, tremble: 0.03 }, 2],
  ['a row of motorbikes behind each other', [0, 1, 2, 3].map((i) => bike([[i * 0.8, 0.5, 0.95], [i * 0.8 + 5, 0.5, 0.2]])), { seconds: 7.5, tremble: 0.03 }, 4],
  ['one hidden for a second', [car([[0, 0.1, 0.5], [8, 0.9, 0.5]], { hidden: [[3, 4]] })], { seconds: 8, tremble: 0.03 }, 1],
  ['one hidden for three seconds is met again as another', [car([[0, 0.5, 0.5], [9, 0.5, 0.5]], { hidden: [[3, 6]] })], { seconds: 9 }, 2],
  ['a van that flickers between car, truck and bus', [car([[0, 0.1, 0.5], [8, 0.9, 0.5]], { called: [[2, 2.6, 'truck'], [4, 4.3, 'bus'], [5, 5.5, 'truck']] })], { seconds: 8, tremble: 0.03 }, 1],
  ['a rider and his machine', [bike([[0, 0.1, 0.5], [8, 0.9, 0.5]]), { class: 'person', size: [0.035, 0.09], way: [[0, 0.1, 0.48], [8, 0.9, 0.48]] }], { seconds: 8 }, 1],
  ['somebody walking beside a car', [car([[0, 0.3, 0.5], [8, 0.6, 0.5]]), { class: 'person', size: [0.03, 0.12], way: [[0, 0.45, 0.5], [8, 0.75, 0.5]] }], { seconds: 8 }, 2],
])('%s', (_, walkers, film, expected) => {
  expect(ids(follow(walkers, film))).toHaveLength(expected)
})

const person = (way: Walker['way'], more: Partial<Walker> = {}): Walker => ({ class: 'person', size: [0.037, 0.142], way, ...more })
const melting = { hidden: [[4, 4.3]] } as const

/** At second 4 both are found as one box between them. */
test.each([
  { speed: 0.06, behind: 0.53, off: -0.005, low: 0.549, meetS: 4.15 },
  { speed: 0.07, behind: 0.54, off: -0.01, low: 0.549, meetS: 4.1 },
  { speed: 0.08, behind: 0.522, off: -0.01, low: 0.549, meetS: 4.05 },
  { speed: 0.09, behind: 0.53, off: -0.01, low: 0.54, meetS: 4.1 },
])('who passes behind somebody who stands leaves him his number: %j', ({ speed, behind, off, low, meetS }) => {
  const passer = person([[0, 0.5 + speed * meetS, behind], [8, 0.5 - speed * (8 - meetS), behind]], { size: [0.033, 0.13], ...melting })
  const frames = follow([person([[0, 0.5, 0.575], [8, 0.5, 0.575]], melting), passer, person([[4, 0.5 + off, low], [4.3, 0.5 + off, low]], { size: [0.048, 0.153] })], { seconds: 6 })
  const idAt = (tracks: readonly Track[] | undefined): number | undefined => tracks?.find(({ at }) => Math.abs(at.y - 0.575) < 0.01 && Math.abs(at.x - 0.5) < 0.02)?.id
  expect(idAt(frames[10])).toBeDefined()
  expect(idAt(frames.at(-1))).toBe(idAt(frames[10]))
})

/** A camera five metres above the road, looking down it at 5 frames a second: what comes nearer grows, and its strides more so. */
test.each([
  { kmh: 60, fromM: 30 },
  { kmh: 70, fromM: 30 },
  { kmh: 80, fromM: 34 },
])('who comes nearer in ever greater strides keeps his number until he leaves: %j', ({ kmh, fromM }) => {
  const looks = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => ({ atMs: 200 * n, awayM: fromM - (kmh / 3.6) * 0.2 * n })).filter(({ awayM }) => awayM > 5)
  const seen = looks.map(({ atMs, awayM }) => ({ atMs, feet: 5 / awayM - 0.05, high: 1.7 / awayM, wide: 0.8 / awayM / ASPECT })).filter(({ feet, high }) => feet - high / 2 < 1)
  let state = NO_TRACKS
  const known = seen.map(({ atMs, feet, high, wide }) => {
    state = track(state, [{ class: 'two_wheeler', score: 0.7, box: { x1: 0.5 - wide / 2, x2: 0.5 + wide / 2, y1: Math.max(0, feet - high), y2: Math.min(1, feet) } }], { atMs, aspect: ASPECT })
    return state.follows.map(({ track: { id } }) => id)
  })
  expect(known.flat().every((id) => id === 1)).toBe(true)
  expect(known).toHaveLength(seen.length)
})

const standing = bike([[0, 0.5, 0.5], [4, 0.5, 0.5]], { hidden: [[2.1, 4]] })

test.each<[string, readonly Walker[], boolean]>([
  ['stood, and nobody came before him', [standing], false],
  ['stood, and a car drove up before him', [standing, car([[0, 0.1, 0.54], [1.2, 0.1, 0.54], [2.2, 0.5, 0.54], [4, 0.5, 0.54]])], true],
  ['stood, and a car stands before him as it did before', [standing, car([[0, 0.52, 0.54], [4, 0.52, 0.54]])], false],
  ['stood, and a car drove past', [standing, car([[0, 0.1, 0.54], [1.2, 0.1, 0.54], [3, 0.9, 0.54], [4, 0.9, 0.54]])], false],
  ['drove', [bike([[0, 0.1, 0.5], [4, 0.9, 0.5]], { hidden: [[2.1, 4]] })], false],
])('lost who %s: are pictures that show nothing new to be looked at for him?', (_, walkers, wanted) => {
  let state = NO_TRACKS
  const film = shoot(walkers, { seconds: 3.5 })
  const restless = film.map(({ frame, detections }) => isRestless((state = track(state, detections, { atMs: frame.atMs, aspect: ASPECT })), ASPECT))
  expect(state.follows.filter(({ track: one }) => one.state === 'lost').map(({ track: one }) => one.class)).toEqual(['two_wheeler'])
  expect([restless[0], restless[9], restless.at(-1)]).toEqual([true, false, wanted])
})

/** Boxes of who stands tremble from look to look by more than who walks slowly gets on. */
test.each<[string, Walker, boolean]>([
  ['who walks a quarter of his size a second', person([[0, 0.5, 0.5], [4, 0.5, 0.588]]), false],
  ['who trembles', person([[0, 0.5, 0.5], [4, 0.5, 0.5]]), true],
])('%s: may the next look leave him out?', (_, walker, wanted) => {
  let state = NO_TRACKS
  for (const { frame, detections } of shoot([walker], { seconds: 3, tremble: 0.03 })) state = track(state, detections, { atMs: frame.atMs, aspect: ASPECT })
  expect(expectBoxes(state, { atMs: 3_000, aspect: ASPECT }).map(({ settled }) => settled)).toEqual([wanted])
})

/** A motorbike is seen whole for a second; then a car's roof hides ever more of it, as far as `roofTo`, and what is hidden is not in its box. */
function hiddenFromBelow({ rise = 0, roofTo = 0.6, aside = 0, carFeet = 0.95, carFrom = 0 }): { feet: number[]; whole: number[]; ends: number[] } {
  let state = NO_TRACKS
  const looks = Array.from({ length: 16 }, (_, i) => ({ atMs: 200 * i, top: 0.5 - rise * i, roof: i < 5 ? 1 : Math.max(roofTo, 0.74 - 0.02 * i) }))
  const feet = looks.map(({ atMs, top, roof }, i) => {
    const bike = { class: 'two_wheeler', score: 0.7, box: { x1: 0.48, x2: 0.52, y1: top, y2: Math.min(top + 0.16, roof) } } as const
    const nearer = { class: 'car', score: 0.8, box: { x1: 0.4 + aside, x2: 0.7 + aside, y1: roof, y2: carFeet } } as const
    state = track(state, roof < 1 && i >= carFrom ? [bike, nearer] : [bike], { atMs, aspect: ASPECT })
    return state.follows.find(({ track: one }) => one.id === 1)!.track.at.y
  })
  return { feet, whole: looks.map(({ top }) => top + 0.16), ends: looks.map(({ top, roof }) => Math.min(top + 0.16, roof)) }
}

test('who stands and is hidden from below by who drives up stands where he stood', () => {
  const { feet, whole } = hiddenFromBelow({})
  for (const [i, at] of feet.entries()) expect(at).toBeCloseTo(whole[i]!, 2)
})

test('who drives up in the dark is found late: from then on the feet are where they were', () => {
  const { feet, whole } = hiddenFromBelow({ carFrom: 7 })
  expect(feet[6]).toBeLessThan(whole[6]! - 0.02)
  expect(feet.at(-1)).toBeCloseTo(whole.at(-1)!, 2)
})

test.each<[string, Parameters<typeof hiddenFromBelow>[0]]>([
  ['he goes off meanwhile: how much is hidden cannot be told', { rise: 0.012, roofTo: 0.4 }],
  ['the other stands beside him', { aside: 0.1 }],
  ['the other is no nearer', { carFeet: 0.655, roofTo: 0.63 }],
])('the feet are where the box ends when %s', (_, how) => {
  const { feet, ends } = hiddenFromBelow(how)
  expect(feet).toEqual(ends)
})

test('the class worn is the one most voted for, not the newest', () => {
  const frames = follow([car([[0, 0.1, 0.5], [8, 0.9, 0.5]], { called: [[0, 0.3, 'truck'], [5, 5.5, 'truck']] })], { seconds: 8 })
  expect(new Set(frames.slice(12).flat().map((t) => t.class))).toEqual(new Set(['car']))
})

test('an unsure box carries a track on but never starts one', () => {
  const pale = car([[0, 0.3, 0.5], [8, 0.6, 0.5]], { score: 0.2 })
  expect(ids(follow([pale], { seconds: 8 }))).toHaveLength(0)
  let state: TrackerState = NO_TRACKS
  const seen = shoot([car([[0, 0.3, 0.5], [8, 0.6, 0.5]])], { seconds: 8 }).map(({ frame, detections }, i) => {
    const faded = detections.map((d): Detection => ({ ...d, score: i >= 10 ? 0.2 : 0.8 }))
    state = track(state, faded, { atMs: frame.atMs, aspect: ASPECT })
    return visibleTracks(state).map((t) => `${t.id} ${t.state}`)
  })
  expect(seen.at(-1)).toEqual(['1 confirmed'])
})

test('one frame’s phantom never becomes visible', () => {
  const phantom: Walker = { class: 'car', size: [0.2, 0.16], way: [[1, 0.5, 0.5], [1.3, 0.5, 0.5]] }
  expect(ids(follow([phantom], { seconds: 4 }))).toEqual([])
})

test('the path holds what was seen, oldest first, and forgets after half a minute', () => {
  const frames = follow([car([[0, 0.3, 0.5], [50, 0.6, 0.5]], { hidden: [[40, 41]] })], { seconds: 50 })
  const path = frames.at(-1)?.[0]?.path ?? []
  const times = path.map((s) => s.atMs)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  expect(times[0]).toBe(20_000)
  expect(times.some((t) => t >= 40_000 && t < 41_000)).toBe(false)
  expect(path.at(-1)?.at.y).toBeCloseTo(0.5)
})

test('a track lost from sight is shown where it should be by now, and says so', () => {
  let state = NO_TRACKS
  for (const { frame, detections } of shoot([car([[0, 0.1, 0.5], [8, 0.9, 0.5]], { hidden: [[4, 5]] })], { seconds: 4.6 })) state = track(state, detections, { atMs: frame.atMs, aspect: ASPECT })
  const [lost] = visibleTracks(state)
  expect(lost?.state).toBe('lost')
  expect(lost?.at.x).toBeGreaterThan(0.5)
  expect(lost?.lastSeenAtMs).toBe(3800)
})

test('the state given in is left as it was: the same step twice gives the same answer', () => {
  const shots = shoot([car([[0, 0.1, 0.5], [8, 0.9, 0.5]])], { seconds: 3 })
  let state = NO_TRACKS
  for (const { frame, detections } of shots.slice(0, 10)) state = track(state, detections, { atMs: frame.atMs, aspect: ASPECT })
  const kept = JSON.stringify(state)
  const next = shots[10]!
  const once = track(state, next.detections, { atMs: next.frame.atMs, aspect: ASPECT })
  expect(track(state, next.detections, { atMs: next.frame.atMs, aspect: ASPECT })).toEqual(once)
  expect(JSON.stringify(state)).toBe(kept)
})

test('uneven frames, as of a camera with a variable rate, are one track', () => {
  let state = NO_TRACKS
  const seen = new Set<number>()
  shoot([car([[0, 0.1, 0.5], [8, 0.9, 0.5]])], { seconds: 8, fps: 30 }).forEach(({ frame, detections }, i) => {
    if (![0, 5, 6, 14, 19, 20, 31].includes(i % 33)) return
    state = track(state, detections, { atMs: frame.atMs, aspect: ASPECT })
    for (const t of visibleTracks(state)) seen.add(t.id)
  })
  expect([...seen]).toEqual([1])
})

const parked = car([[0, 0.5, 0.5], [3, 0.5, 0.5]])

test.each<[string, Walker, Partial<Film> & { readonly paleFromMs?: number }, string[]]>([
  ['one that stands', parked, {}, ['sure', 'settled']],
  ['one that stands, its box trembling', parked, { tremble: 0.02 }, ['sure', 'settled']],
  ['one that drives', car([[0, 0.1, 0.5], [3, 0.7, 0.5]]), {}, ['sure']],
  ['one that stands and is hardly seen any more', parked, { paleFromMs: 1000 }, []],
  ['a newcomer', car([[2.9, 0.5, 0.5], [3, 0.5, 0.5]]), {}, []],
  ['one lost from sight', { ...parked, hidden: [[2.5, 4]] }, {}, []],
])('%s: is it surely there, and may it be left as last seen while nothing moves there?', (_, walker, { paleFromMs = Infinity, ...film }, wanted) => {
  let state = NO_TRACKS
  for (const { frame, detections } of shoot([walker], { seconds: 3, ...film })) {
    state = track(state, detections.map((found) => (frame.atMs > paleFromMs ? { ...found, score: 0.2 } : found)), { atMs: frame.atMs, aspect: ASPECT })
  }
  expect(expectBoxes(state, { atMs: 3200, aspect: ASPECT }).map(({ sure, settled }) => [...(sure ? ['sure'] : []), ...(settled ? ['settled'] : [])])).toEqual([wanted])
})

test('who drives is expected farther on', () => {
  let state = NO_TRACKS
  for (const { frame, detections } of shoot([car([[0, 0.1, 0.5], [3, 0.7, 0.5]])], { seconds: 3 })) state = track(state, detections, { atMs: frame.atMs, aspect: ASPECT })
  const [{ box } = { box: { x1: 0, x2: 0 } }] = expectBoxes(state, { atMs: 3200, aspect: ASPECT })
  expect((box.x1 + box.x2) / 2).toBeCloseTo(0.74, 1)
})
