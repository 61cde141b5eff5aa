import { openArrivals } from '../../server/live/arrivals.js'

/** Pictures of 40 ms, each there 100 ms after its end; read late, they are seen later still. */
const seenAll = (lateMs: (picture: number) => number, count = 50): ReturnType<typeof openArrivals> => {
  const arrivals = openArrivals()
  for (let picture = 1; picture <= count; picture += 1) arrivals.saw(picture * 40, picture * 40 + 100 + lateMs(picture))
  return arrivals
}

test('nothing is due before the first picture', () => expect(openArrivals().dueMs(40)).toBeNull())

test.each<[sentence: string, late: (picture: number) => number, due: number]>([
  ['read at once, the next is due a picture later', () => 0, 51 * 40 + 100],
  ['read in fives, the next is due when it really comes, not when it was read', (picture) => (5 - (picture % 5)) % 5 * 40, 51 * 40 + 100],
])('%s', (_sentence, late, due) => {
  const off = seenAll(late).dueMs(51 * 40)! - due
  // The soonest is forgotten by a thousandth of the time since.
  expect([off >= 0, off < 1]).toEqual([true, true])
})

test('a camera whose clock runs slower than ours is followed', () => {
  const arrivals = openArrivals()
  // 500 ppm: five times what a quartz is off.
  for (let picture = 1; picture <= 5_000; picture += 1) arrivals.saw(picture * 40, picture * 40 * 1.0005)
  expect(Math.abs(arrivals.dueMs(5_001 * 40)! - 5_001 * 40 * 1.0005)).toBeLessThan(5)
})

test('after a camera was away its pictures are due by their new place at once', () => {
  const arrivals = seenAll(() => 0)
  arrivals.saw(51 * 40, 51 * 40 + 30_000)
  expect(arrivals.dueMs(52 * 40)).toBe(52 * 40 + 30_000)
})
