import type { Detection } from '../../analytics/detection.js'
import { FAR_WIDTH, farBox, joinFar, learnFar, NOTHING_FAR } from '../../analytics/far.js'
import type { Point } from '../../analytics/geometry/point.js'
import type { Track } from '../../analytics/track/track.js'
import { makeWatch, type Watch } from '../../analytics/watch.js'

const ASPECT = 16 / 9
const tall = (x: number, y: number, height: number): Track => {
  const box = { x1: x - height / 4, y1: y - height / 2, x2: x + height / 4, y2: y + height / 2 }
  return { id: 1, class: 'two_wheeler', score: 0.8, state: 'confirmed', box, at: { x, y: box.y2 }, firstAtMs: 0, lastSeenAtMs: 0, path: [] }
}

interface Stretch {
  readonly seconds: number
  readonly movers: readonly Track[]
}

/** Five looks a second while something moves, one in two seconds while nothing does; one stretch after another. */
function learned(stretches: readonly Stretch[], aspect = ASPECT): Point | null {
  let state = NOTHING_FAR
  let atMs = 0
  for (const { seconds, movers } of stretches) {
    for (const endMs = atMs + seconds * 1000; atMs < endMs; atMs += movers.length > 0 ? 200 : 2_000) state = learnFar(state, movers, { atMs, aspect })
  }
  return state.place
}

const FAR_LEFT = [tall(0.25, 0.3, 0.04), tall(0.3, 0.32, 0.05), tall(0.35, 0.3, 0.03)]
const FAR_RIGHT = FAR_LEFT.map(({ box }) => tall((box.x1 + box.x2) / 2 + 0.5, (box.y1 + box.y2) / 2 + 0.3, box.y2 - box.y1))

test.each<[string, Stretch[], Point | null]>([
  ['nothing moves: nothing is known', [{ seconds: 600, movers: [] }], null],
  ['one bike for two seconds is not enough', [{ seconds: 2, movers: [FAR_LEFT[0]!] }, { seconds: 60, movers: [] }], null],
  ['where small things move, in the middle of the part', [{ seconds: 40, movers: FAR_LEFT }], { x: 0.3, y: 0.3 }],
  ['near ones do not count', [{ seconds: 40, movers: [...FAR_LEFT, tall(0.8, 0.8, 0.3), tall(0.7, 0.9, 0.2)] }], { x: 0.3, y: 0.3 }],
  ['a little more elsewhere does not move it', [{ seconds: 40, movers: FAR_LEFT }, { seconds: 50, movers: FAR_RIGHT }], { x: 0.3, y: 0.3 }],
  ['much more does', [{ seconds: 40, movers: FAR_LEFT }, { seconds: 120, movers: FAR_RIGHT }], { x: 0.8, y: 0.6 }],
  ['and old traffic is forgotten', [{ seconds: 600, movers: FAR_LEFT }, { seconds: 4 * 3600, movers: [] }, { seconds: 120, movers: FAR_RIGHT }], { x: 0.8, y: 0.6 }],
  ['a night without anybody keeps the place', [{ seconds: 60, movers: FAR_LEFT }, { seconds: 8 * 3600, movers: [] }], { x: 0.3, y: 0.3 }],
])('%s', (_, stretches, place) => {
  const at = learned(stretches)
  if (place === null) return expect(at).toBeNull()
  // The part is put on a grid of 32 x 18, and stays inside the picture.
  const [told, wanted] = [farBox(at!, { aspect: ASPECT }), farBox(place, { aspect: ASPECT })]
  expect(Math.abs(told.x1 - wanted.x1)).toBeLessThan(1 / 32)
  expect(Math.abs(told.y1 - wanted.y1)).toBeLessThan(1.5 / 18)
})

test('the part lies inside the picture, half as wide, and has its shape in pixels', () => {
  for (const aspect of [16 / 9, 4 / 3, 9 / 16, 32 / 9]) {
    for (const at of [{ x: 0, y: 0 }, { x: 1, y: 1 }, { x: 0.5, y: 0.5 }]) {
      const { x1, y1, x2, y2 } = farBox(at, { aspect })
      expect([x1 >= 0, y1 >= 0, x2 <= 1 + 1e-9, y2 <= 1 + 1e-9]).toEqual([true, true, true, true])
      expect(x2 - x1).toBeCloseTo(FAR_WIDTH)
      expect((y2 - y1) / ((x2 - x1) * aspect)).toBeCloseTo(0.3)
    }
  }
})

const claim = (x: number, y: number, height: number, score = 0.6, name = 'two_wheeler'): Detection => ({ class: name, score, box: { x1: x - height / 4, y1: y - height / 2, x2: x + height / 4, y2: y + height / 2 } })
const PART = { x1: 0.25, y1: 0.2, x2: 0.75, y2: 0.467 }
const told = (found: readonly Detection[]): readonly string[] => found.map((one) => `${one.class} ${((one.box.x1 + one.box.x2) / 2).toFixed(2)} ${one.score}`)

test.each<[string, readonly Detection[], readonly Detection[], readonly string[]]>([
  ['what only the nearer look found is added', [claim(0.3, 0.8, 0.3, 0.9)], [claim(0.5, 0.3, 0.03)], ['two_wheeler 0.30 0.9', 'two_wheeler 0.50 0.6']],
  ['what only the whole picture shows stays', [claim(0.5, 0.3, 0.05)], [], ['two_wheeler 0.50 0.6']],
  ['one small thing seen twice is one, as the nearer look has it', [claim(0.502, 0.305, 0.05, 0.8)], [claim(0.5, 0.3, 0.05, 0.7)], ['two_wheeler 0.50 0.7']],
  ['also when it is called another kind of vehicle', [claim(0.5, 0.3, 0.05, 0.8, 'truck')], [claim(0.5, 0.3, 0.05, 0.7, 'car')], ['car 0.50 0.7']],
  ['the large are the whole picture’s', [claim(0.5, 0.33, 0.2, 0.8, 'bus')], [claim(0.5, 0.33, 0.2, 0.9, 'truck')], ['bus 0.50 0.8']],
  ['what the edge of the part cut is not believed', [claim(0.256, 0.3, 0.05, 0.8)], [claim(0.256, 0.3, 0.03, 0.9)], ['two_wheeler 0.26 0.8']],
  ['a rider is no person on foot, whoever saw which', [claim(0.5, 0.3, 0.06, 0.8)], [claim(0.5, 0.295, 0.04, 0.5, 'person')], ['two_wheeler 0.50 0.8']],
])('%s', (_, found, far, expected) => {
  expect(told(joinFar(found, { part: PART, detections: far }, null))).toEqual(expected)
})

test('where only a part of the picture was looked at, the nearer look speaks of no other', () => {
  const far = { part: PART, detections: [claim(0.3, 0.3, 0.05, 0.9), claim(0.6, 0.3, 0.05, 0.8)] }
  expect(told(joinFar([], far, { x1: 0.5, y1: 0.1, x2: 0.9, y2: 0.9 }))).toEqual(['two_wheeler 0.60 0.8'])
})

/** Somebody small crosses the upper right again and again; a parked one stands in the upper left. */
function watched(frames: number, width = 640): Watch {
  const watch = makeWatch([], { localTime: () => ({ weekday: 1, minuteOfDay: 600 }) })
  for (let at = 0; at < frames; at += 1) {
    const x = 0.6 + 0.3 * ((at % 50) / 50)
    watch.see({ atMs: at * 200, width, height: 360, rgb: new Uint8Array(0) }, [claim(x, 0.3, 0.05, 0.9), claim(0.1, 0.2, 0.05, 0.9)])
  }
  return watch
}

test('a watch learns it from what moves, not from what is parked, and anew in another shape of picture', () => {
  expect(watched(20).far).toBeNull()
  const watch = watched(300)
  const { x1, x2, y1, y2 } = farBox(watch.far!, { aspect: ASPECT })
  expect([x1 > 0.35, x2 > 0.88, y1 < 0.3, y2 > 0.3]).toEqual([true, true, true, true])
  watch.see({ atMs: 60_000, width: 480, height: 360, rgb: new Uint8Array(0) }, [])
  expect(watch.far).toBeNull()
})
