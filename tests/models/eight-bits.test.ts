import { chooseWidth, type Pair } from '../../server/models/eight-bits.js'
import type { Detection } from '../../server/domain/seen.js'

const at = (x: number, name = 'car'): Detection => ({ class: name, score: 0.8, box: { x1: x, y1: 0.1, x2: x + 0.1, y2: 0.3 } })
const street = [at(0.1), at(0.3), at(0.5), at(0.7), at(0.8, 'two_wheeler')]
const pair = (floatMs: number, eightMs: number, eight: readonly Detection[] = street, float: readonly Detection[] = street): Pair => ({ floatMs, eightMs, float, eight })

test.each<{ sentence: string; pairs: readonly Pair[]; use: string; because?: string }>([
  { sentence: 'a file a third faster that sees the same is used', pairs: [pair(5.4, 4), pair(5.5, 4), pair(5.4, 4.1)], use: 'eight_bits' },
  { sentence: 'one moment in which the float file was held up chooses nothing', pairs: [pair(5, 4.8), pair(40, 4.8), pair(5, 4.9)], use: 'float', because: 'hardly_faster' },
  { sentence: 'nor does one that held up the 8-bit file', pairs: [pair(5.4, 4), pair(5.4, 40), pair(5.4, 4)], use: 'eight_bits' },
  { sentence: 'a gain that a start could have imagined is none', pairs: [pair(5.4, 4.8)], use: 'float', because: 'hardly_faster' },
  { sentence: 'a slower file is never used', pairs: [pair(5, 9)], use: 'float', because: 'hardly_faster' },
  { sentence: 'a fast file that sees nothing is not used', pairs: [pair(5.4, 3, [])], use: 'float', because: 'sees_otherwise' },
  { sentence: 'nor one that sees cars where buses are', pairs: [pair(5.4, 3, street.map((one) => ({ ...one, class: 'bus' })))], use: 'float', because: 'sees_otherwise' },
  { sentence: 'a box moved by less than half of itself is the same box', pairs: [pair(5.4, 4, street.map((one) => ({ ...one, box: { ...one.box, y2: 0.33 } })))], use: 'eight_bits' },
  { sentence: 'two boxes on one car are one car too many', pairs: [pair(5.4, 4, [at(0.1), at(0.1)], [at(0.1)])], use: 'float', because: 'sees_otherwise' },
  { sentence: 'empty pictures prove nothing', pairs: [pair(5.4, 4, [], [])], use: 'float', because: 'nothing_to_compare' },
  { sentence: 'nor do no pictures', pairs: [], use: 'float', because: 'nothing_to_compare' },
])('$sentence', ({ pairs, use, because }) => {
  const { gain: _gain, agreement: _agreement, ...chosen } = chooseWidth(pairs)
  expect(chosen).toEqual(because ? { use, because } : { use })
})

test('what was measured is told with the choice', () => {
  expect(chooseWidth([pair(6, 4), pair(6, 3), pair(6, 2), pair(6, 1, street.slice(1))])).toEqual({ use: 'eight_bits', gain: 2, agreement: 38 / 39 })
})
