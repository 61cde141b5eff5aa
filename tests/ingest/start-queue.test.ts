import { openStartQueue } from '../../server/ingest/start-queue.js'
import { makeHandClock } from '../support/hand-clock.js'

function scene(count: number) {
  const clock = makeHandClock()
  const queue = openStartQueue(clock)
  const begun: string[] = []
  const starts = Array.from({ length: count }, (_, at) => () => void begun.push(`${at} at ${clock.monotonicMs()}`))
  for (const start of starts) queue.add(start)
  return { clock, queue, begun, starts }
}

test('starts are spaced, and six are on the way at most', () => {
  const { clock, begun } = scene(9)
  clock.move(1_900)
  expect(begun).toEqual(['0 at 0', '1 at 120', '2 at 240', '3 at 360', '4 at 480', '5 at 600'])
})

test('one that arrived lets the next begin, but never closer than the spacing', () => {
  const { clock, queue, begun, starts } = scene(9)
  clock.move(700)
  queue.arrived(starts[0]!)
  queue.arrived(starts[1]!)
  expect(begun).toHaveLength(6)
  clock.move(20)
  clock.move(120)
  expect(begun.slice(6)).toEqual(['6 at 720', '7 at 840'])
})

test('cameras that never answer hold nobody up for longer than two seconds', () => {
  const { clock, begun } = scene(8)
  clock.move(2_200)
  expect(begun.slice(6)).toEqual(['6 at 2000', '7 at 2120'])
})

test('what was dropped does not begin, and what has begun cannot be dropped', () => {
  const { clock, queue, begun, starts } = scene(3)
  expect([queue.drop(starts[0]!), queue.drop(starts[1]!)]).toEqual([false, true])
  clock.move(5_000)
  expect(begun).toEqual(['0 at 0', '2 at 120'])
})

test('telling an arrival twice, or of what never began, is nothing', () => {
  const { clock, queue, begun, starts } = scene(8)
  clock.move(700)
  queue.arrived(starts[7]!)
  queue.arrived(starts[0]!)
  queue.arrived(starts[0]!)
  clock.move(500)
  expect(begun.at(-1)).toBe('6 at 720')
})

test('a closed queue begins nothing more', () => {
  const { clock, queue, begun } = scene(9)
  queue.close()
  clock.move(60_000)
  expect(begun).toEqual(['0 at 0'])
})
