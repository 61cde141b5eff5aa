import type { Box } from '../../analytics/geometry/box.js'
import { precisionOf, type Marked } from './average-precision.js'

const box = (x: number): Box => ({ x1: x, y1: 0, x2: x + 0.1, y2: 0.1 })
const picture = (labels: readonly number[], found: readonly (readonly [x: number, score: number])[], unsure: readonly number[] = []): Marked => ({ labels: labels.map(box), found: found.map(([x, score]) => ({ box: box(x), score })), unsure: unsure.map(box) })

test.each<[sentence: string, pictures: readonly Marked[], ap50: number]>([
  ['all found, nothing else', [picture([0, 0.3], [[0, 0.9], [0.3, 0.5]])], 1],
  ['nothing found', [picture([0, 0.3], [])], 0],
  ['half found', [picture([0, 0.3], [[0, 0.9]])], 0.5],
  ['a false one surer than the true one', [picture([0], [[0.6, 0.9], [0, 0.5]])], 0.5],
  ['a false one less sure than the true ones costs nothing', [picture([0], [[0, 0.9], [0.6, 0.5]])], 1],
  ['a second box for one object is false', [picture([0, 0.3], [[0, 0.9], [0.02, 0.8], [0.3, 0.7]])], 0.5 + 0.5 * (2 / 3)],
  ['what lies where nobody can tell counts for neither side', [picture([0], [[0.6, 0.9], [0, 0.5]], [0.6])], 1],
  ['pictures are one list', [picture([0], [[0, 0.9]]), picture([0], [[0.5, 0.95]])], 0.25],
])('%s', (_sentence, pictures, ap50) => {
  expect(precisionOf(pictures, 0.4).ap50).toBeCloseTo(ap50, 5)
})

test('recall and precision are those at the score asked for', () => {
  const pictures = [picture([0, 0.3], [[0, 0.9], [0.6, 0.5], [0.3, 0.2]])]
  expect(precisionOf(pictures, 0.4)).toMatchObject({ labels: 2, recall: 0.5, precision: 0.5 })
  expect(precisionOf(pictures, 0.1)).toMatchObject({ recall: 1, precision: 2 / 3 })
  expect(precisionOf(pictures, 0.95)).toMatchObject({ recall: 0, precision: 0 })
})
