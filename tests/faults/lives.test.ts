import { SUPERVISION_BOUNDS } from '../../server/ingest/supervise.js'
import { liveLives } from './lives.js'

test('T33: in 2,000 lives of 500 steps from seeds: never two ffmpegs for one stream, none that nobody wants, none forgotten; silence is seen within 6 s (T5)', () => {
  const found = liveLives({ lives: 2_000, steps: 500, firstSeed: 1 })
  expect(found.broken).toEqual([])
  expect(found.starts).toBeGreaterThan(2_000)
  expect(found.silentMsMax).toBeGreaterThanOrEqual(SUPERVISION_BOUNDS.stallMsMax)
  expect(found.silentMsMax).toBeLessThanOrEqual(6_000)
})
