import { withoutParts } from '../../analytics/body-parts.js'
import type { Detection } from '../../analytics/detection.js'

const claim = (name: string, score: number, x1: number, y1: number, x2: number, y2: number): Detection => ({ class: name, score, box: { x1, y1, x2, y2 } })
const somebody = claim('person', 0.9, 0.5, 0, 0.68, 0.88)

test.each<[sentence: string, claims: readonly Detection[], left: readonly number[]]>([
  ['head and trunk claimed once more are the person they belong to', [somebody, claim('person', 0.6, 0.5, 0.16, 0.64, 0.64)], [0.9]],
  ['in whatever order they come', [claim('person', 0.6, 0.5, 0.16, 0.64, 0.64), somebody], [0.9]],
  ['a part surer than the whole stays, and so does the whole', [somebody, claim('person', 0.95, 0.5, 0.16, 0.64, 0.64)], [0.9, 0.95]],
  ['a child before somebody stands on the same ground, and stays', [somebody, claim('person', 0.6, 0.52, 0.45, 0.62, 0.86)], [0.9, 0.6]],
  ['who stands behind somebody shows above him, and stays', [claim('person', 0.9, 0.5, 0.2, 0.68, 0.88), claim('person', 0.6, 0.52, 0.1, 0.62, 0.5)], [0.9, 0.6]],
  ['the cab of a lorry is no part of this kind', [claim('truck', 0.9, 0.5, 0, 0.9, 0.88), claim('truck', 0.6, 0.5, 0.3, 0.64, 0.64)], [0.9, 0.6]],
  ['nobody is nobody', [], []],
])('%s', (_, claims, left) => {
  expect(withoutParts(claims).map(({ score }) => score)).toEqual(left)
})
