import { openMailbox } from '../../server/flow/mailbox.js'

test.each([
  { whenFull: 'newest_wins' as const, left: [3, 4] },
  { whenFull: 'keep_queued' as const, left: [1, 2] },
])('a full mailbox: $whenFull', async ({ whenFull, left }) => {
  const box = openMailbox<number>({ capacity: 2, whenFull })
  for (const item of [1, 2, 3, 4]) box.put(item)
  const taker = box[Symbol.asyncIterator]()
  expect([(await taker.next()).value, (await taker.next()).value]).toEqual(left)
  expect(box.lost).toBe(2)
})

test('a taker that waits is woken by the next item, and by the end', async () => {
  const box = openMailbox<string>({ capacity: 1, whenFull: 'newest_wins' })
  const taker = box[Symbol.asyncIterator]()
  const first = taker.next()
  box.put('came')
  expect(await first).toEqual({ done: false, value: 'came' })
  const second = taker.next()
  box.close()
  expect(await second).toEqual({ done: true, value: undefined })
  expect(box.put('late')).toBe(false)
})

test('of two that come in one turn to a taker that waits, the first is in its hand and only the second waits', async () => {
  const box = openMailbox<number>({ capacity: 1, whenFull: 'newest_wins' })
  const taker = box[Symbol.asyncIterator]()
  const first = taker.next()
  expect([box.put(1), box.put(2), box.size, box.lost]).toEqual([true, true, 1, 0])
  expect([(await first).value, (await taker.next()).value]).toEqual([1, 2])
})

test('what was handed over and not yet taken when the end came is dropped', async () => {
  const box = openMailbox<number>({ capacity: 1, whenFull: 'newest_wins' })
  const first = box[Symbol.asyncIterator]().next()
  box.put(1)
  box.close()
  expect(await first).toEqual({ done: true, value: undefined })
})

test('a capacity that cannot be is refused by name', () => {
  expect(() => openMailbox({ capacity: 0, whenFull: 'newest_wins' })).toThrow(/capacity/)
})
