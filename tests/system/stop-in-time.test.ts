import { stopInTime } from '../../server/system/stop-in-time.js'
import { makeHandClock } from '../support/hand-clock.js'

test('a stop that works is clean, one that throws says why, one that hangs is over at its time and not before', async () => {
  const clock = makeHandClock()
  expect(await stopInTime(clock, 9_000, () => Promise.resolve())).toEqual({ how: 'clean' })
  const fault = new Error('the store is away')
  expect(await stopInTime(clock, 9_000, () => Promise.reject(fault))).toEqual({ how: 'faulty', fault })
  let ended: unknown = null
  const hanging = stopInTime(clock, 9_000, () => new Promise(() => undefined)).then((stopped) => (ended = stopped))
  clock.move(8_999)
  await Promise.resolve()
  expect(ended).toBeNull()
  clock.move(1)
  expect(await hanging).toEqual({ how: 'late' })
})
