import { catchUp } from '../../player/live/catch-up.js'
import { rejoinMs, tileState, type TileFacts } from '../../player/live/tile-state.js'

test.each([
  { name: 'at the goal: leave it', latencyMs: 700, rate: 1, does: { do: 'keep' } },
  { name: 'ahead of the goal: leave it, slowness would be seen', latencyMs: 500, rate: 1, does: { do: 'keep' } },
  { name: 'a little behind, within the slack: leave it', latencyMs: 770, rate: 1, does: { do: 'keep' } },
  { name: 'behind: a tenth faster', latencyMs: 790, rate: 1, does: { do: 'faster', rate: 1.1 } },
  { name: 'already faster, and within the slack: go on until settled', latencyMs: 750, rate: 1.1, does: { do: 'faster', rate: 1.1 } },
  { name: 'already faster, and settled: back to one', latencyMs: 715, rate: 1.1, does: { do: 'keep' } },
  { name: 'behind with nothing in the buffer: faster would run dry', latencyMs: 1_500, rate: 1, aheadMs: 100, does: { do: 'keep' } },
  { name: 'far behind: jump', latencyMs: 2_701, rate: 1, does: { do: 'jump' } },
  { name: 'far behind and dry: jump all the same', latencyMs: 9_000, rate: 1.1, aheadMs: 0, does: { do: 'jump' } },
])('catching up, $name', ({ latencyMs, rate, aheadMs = 500, does }) => {
  expect(catchUp({ latencyMs, goalMs: 700, aheadMs, rate })).toEqual(does)
})

const facts = (some: Partial<TileFacts>): TileFacts => ({ closed: false, joiningMs: 60_000, picture: null, reason: 'manifestLoadError', ...some })

test.each<{ name: string; facts: TileFacts; state: object }>([
  { name: 'pictures, fresh', facts: facts({ picture: { lagMs: 700, stillMs: 40 } }), state: { is: 'playing', ageMs: 740 } },
  { name: 'pictures of exactly 3 s', facts: facts({ picture: { lagMs: 2_960, stillMs: 40 } }), state: { is: 'playing' } },
  { name: 'moving, but of more than 3 s ago', facts: facts({ picture: { lagMs: 2_961, stillMs: 40 } }), state: { is: 'behind', ageMs: 3_001 } },
  { name: 'still, and so more than 3 s old', facts: facts({ picture: { lagMs: 700, stillMs: 2_500 } }), state: { is: 'behind', ageMs: 3_200 } },
  { name: 'frozen', facts: facts({ picture: { lagMs: 700, stillMs: 3_001 } }), state: { is: 'lost', ageMs: 3_701, reason: 'manifestLoadError' } },
  { name: 'no picture yet', facts: facts({ joiningMs: 2_000 }), state: { is: 'joining' } },
  { name: 'no picture for long', facts: facts({ joiningMs: 10_001 }), state: { is: 'lost', ageMs: null, reason: 'manifestLoadError' } },
  { name: 'joining again under a frozen picture is still lost', facts: facts({ joiningMs: 100, picture: { lagMs: 700, stillMs: 9_000 } }), state: { is: 'lost' } },
  { name: 'closed', facts: facts({ closed: true, picture: { lagMs: 700, stillMs: 40 } }), state: { is: 'off' } },
])('a tile may claim: $name', ({ facts: seen, state }) => {
  expect(tileState(seen)).toMatchObject(state)
})

test('coming back is 1, 2, 4 … 15 s with jitter', () => {
  expect([1, 2, 3, 4, 5, 99].map((attempts) => rejoinMs(attempts, 0.5))).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000])
  expect([rejoinMs(1, 0), rejoinMs(1, 1)]).toEqual([800, 1_200])
})
