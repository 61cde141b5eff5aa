import { betterClock, type ServerClock } from '../../player/api/server-clock.js'

const sample = (askedAtMs: number, wayMs: number, serverMs: number) => ({ askedAtMs, heardAtMs: askedAtMs + wayMs, serverMs })
const known: ServerClock = { offsetMs: 500, errorMs: 10, knownAtMs: 0 }

describe('the server’s clock', () => {
  test('the first answer is taken, and the middle of its way is when the server spoke', () => expect(betterClock(null, sample(1_000, 200, 6_100))).toEqual({ offsetMs: 5_000, errorMs: 100, knownAtMs: 1_200 }))
  test('an answer that was long under way does not spoil a good one', () => expect(betterClock(known, sample(60_000, 2_000, 60_500))).toBe(known))
  test('a quicker answer is better', () => expect(betterClock(known, sample(60_000, 8, 60_604)).offsetMs).toBe(600))
  test('an old sample gives way to any fresh one', () => expect(betterClock(known, sample(700_000, 2_000, 702_000)).offsetMs).toBe(1_000))
  test('our own clock being set back meanwhile makes no negative way', () => expect(betterClock(null, { askedAtMs: 5_000, heardAtMs: 1_000, serverMs: 9_000 }).errorMs).toBe(0))
})
