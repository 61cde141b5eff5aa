import fc from 'fast-check'
import { assign } from '../../../analytics/track/assignment.js'

const SEED = 20261122

test('the answer costs as little as the best of all ways, tried one by one', () => {
  const entry = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 0, max: 40 }) }, { weight: 1, arbitrary: fc.constant(Infinity) })
  const table = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).chain(([rows, columns]) => fc.array(fc.array(entry, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }))
  fc.assert(
    fc.property(table, fc.option(fc.integer({ min: 1, max: 30 })), (cost, alone) => {
      const price = alone ?? 1000
      const columns = alone === null ? assign(cost) : assign(cost, alone)
      const used = columns.filter((c) => c >= 0)
      expect(new Set(used).size).toBe(used.length)
      expect(total(cost, columns, price)).toBe(cheapest(cost, price))
    }),
    { seed: SEED, numRuns: 500 },
  )
})

test('no row or no column is answered, not crashed on', () => {
  expect(assign([])).toEqual([])
  expect(assign([[], []])).toEqual([-1, -1])
})

test('a forbidden pair is never made, whatever the others cost', () => {
  expect(assign([[Infinity, Infinity], [1, 2]])).toEqual([-1, 0])
})

function total(cost: readonly (readonly number[])[], columns: readonly number[], alone: number): number {
  return columns.reduce((sum, c, i) => sum + (c < 0 ? alone : (cost[i]?.[c] ?? Infinity)), 0)
}

function cheapest(cost: readonly (readonly number[])[], alone: number, row = 0, used: readonly number[] = []): number {
  const mine = cost[row]
  if (!mine) return 0
  const options = mine.map((c, j) => (used.includes(j) ? Infinity : c + cheapest(cost, alone, row + 1, [...used, j])))
  return Math.min(alone + cheapest(cost, alone, row + 1, used), ...options)
}
