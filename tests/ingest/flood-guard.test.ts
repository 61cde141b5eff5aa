import fc from 'fast-check'
import { FLOOD_BOUNDS, openFloodGuard } from '../../server/ingest/flood-guard.js'

const MBIT = 125_000

/** Bytes and pictures at an even rate, ten times a second: when the guard speaks, or null within a minute. */
function trippedAfterMs(rate: { readonly bytes: number; readonly pictures: number }): number | null {
  const guard = openFloodGuard(FLOOD_BOUNDS)
  for (let atMs = 0; atMs < 60_000; atMs += 100) if (guard.add(rate.bytes / 10, rate.pictures / 10, atMs) !== null) return atMs
  return null
}

test.each([
  { name: '4 Mbit/s of H.264', bytes: 4 * MBIT, pictures: 25, trips: null },
  { name: '60 Mbit/s of 4K Motion JPEG', bytes: 60 * MBIT, pictures: 30, trips: null },
  { name: '200 Mbit/s', bytes: 200 * MBIT, pictures: 25, trips: 1_600 },
  { name: 'a thousand small pictures a second', bytes: 1 * MBIT, pictures: 1_000, trips: 800 },
])('$name: cut after $trips ms', ({ bytes, pictures, trips }) => expect(trippedAfterMs({ bytes, pictures })).toBe(trips))

test('five seconds that a network held back may come in one instant', () => {
  const guard = openFloodGuard(FLOOD_BOUNDS)
  expect(guard.add(5 * 8 * MBIT, 150, 5_000)).toBeNull()
})

test('whatever comes above twice the bound for two windows is cut; whatever stays below it never is', () => {
  const chunk = fc.record({ afterMs: fc.integer({ min: 1, max: 400 }), share: fc.double({ min: 0, max: 1, noNaN: true }) })
  fc.assert(
    fc.property(fc.array(chunk, { minLength: 50, maxLength: 400 }), fc.boolean(), (chunks, floods) => {
      const guard = openFloodGuard(FLOOD_BOUNDS)
      let atMs = 0
      let spoke = false
      for (const { afterMs, share } of chunks) {
        atMs += afterMs
        const bytes = (FLOOD_BOUNDS.bytesPerSecondMax * afterMs) / 1_000
        spoke ||= guard.add(floods ? 2.5 * bytes : bytes * share * 0.9, 0, atMs) !== null
      }
      if (!floods) expect(spoke).toBe(false)
      else if (atMs > 2 * FLOOD_BOUNDS.overMs) expect(spoke).toBe(true)
    }),
  )
})
