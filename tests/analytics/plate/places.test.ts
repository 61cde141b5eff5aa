import type { Claim } from '../../../analytics/detect/decoder.js'
import { ModelFault } from '../../../analytics/detect/detector.js'
import { lettersOfClasses } from '../../../analytics/plate/class-letters.js'
import { groundColour } from '../../../analytics/plate/ground-colour.js'
import { placesOf } from '../../../analytics/plate/places.js'
import { ALPHABET, type PlateColour } from '../../../analytics/plate/plate.js'

const LETTERS = Array.from(ALPHABET, (_, at) => at)
const claim = (letter: string, score: number, x = 0): Claim => ({ classAt: ALPHABET.indexOf(letter), score, x1: x, y1: 0, x2: x + 10, y2: 20 })
const share = (shares: readonly number[], letter: string): number => shares[ALPHABET.indexOf(letter)]!
const sumOf = (shares: readonly number[]): number => shares.reduce((a, b) => a + b, 0)

describe('places from a reader’s claims', () => {
  test('the surest claim makes the place, the others there are its alternatives, and what they leave is nobody’s', () => {
    const [place, ...more] = placesOf([claim('B', 0.2, 1), claim('8', 0.7), claim('8', 0.6, 1)], LETTERS)
    expect(more).toEqual([])
    expect(share(place!.shares, '8')).toBeCloseTo(0.7 + 0.1 / ALPHABET.length)
    expect(share(place!.shares, 'B')).toBeCloseTo(0.2 + 0.1 / ALPHABET.length)
    expect(sumOf(place!.shares)).toBeCloseTo(1)
  })

  test('two letters claimed alike are told as such, never as sure as either', () => {
    const [place] = placesOf([claim('8', 0.9), claim('B', 0.9)], LETTERS)
    expect([share(place!.shares, '8'), share(place!.shares, 'B')]).toEqual([0.5, 0.5])
  })

  test('neighbours are two places; a claim too unsure makes none', () => {
    expect(placesOf([claim('1', 0.9), claim('1', 0.9, 9), claim('7', 0.3, 40)], LETTERS)).toHaveLength(2)
    expect(placesOf([], LETTERS)).toEqual([])
  })

  test('a letter that no plate carries keeps its place and says nothing: without it five digits would become four', () => {
    const [place] = placesOf([{ ...claim('0', 0.9), classAt: 1 }], [0, null])
    expect(Math.max(...place!.shares)).toBeCloseTo(1 / ALPHABET.length)
  })
})

describe('which class is which letter', () => {
  const digits = Array.from('0123456789')
  const noted = (names: string): ReadonlyMap<string, string> => new Map([['names', names]])

  test('told by whoever brought the model, else by its notes, in either of their forms', () => {
    const wanted = [...digits.map(Number), ALPHABET.indexOf('A'), ALPHABET.indexOf('Đ'), null]
    const names = [...digits, 'a', 'Đ', 'W']
    expect(lettersOfClasses(13, new Map(), names)).toEqual(wanted)
    expect(lettersOfClasses(13, noted(`{${names.map((name, at) => `${at}: '${name}'`).join(', ')}}`), null)).toEqual(wanted)
    expect(lettersOfClasses(13, noted(`[${names.map((name) => `'${name}'`).join(', ')}]`), null)).toEqual(wanted)
  })

  test.each<[sentence: string, classes: number, notes: ReadonlyMap<string, string>, given: readonly string[] | null, says: string]>([
    ['nothing tells them', 30, new Map(), null, 'none'],
    ['a list of another length', 12, new Map(), digits, 'list of letters has 10'],
    ['a detector of plates in the reader’s place', 1, noted("{0: 'plate'}"), null, 'digit 0, 1'],
    ['a digit is missing', 10, new Map(), [...digits.slice(0, 9), 'A'], 'digit 9'],
  ])('%s: refused, with where to write them', (_sentence, classes, notes, given, says) => {
    const refused = expect(() => lettersOfClasses(classes, notes, given))
    refused.toThrow(ModelFault)
    refused.toThrow(says)
  })
})

test.each<[sentence: string, ground: readonly [number, number, number], colour: PlateColour]>([
  ['white', [220, 220, 215], 'white'],
  ['white in the shade, which is bluish', [130, 140, 175], 'white'],
  ['white in the evening, which is brownish', [150, 120, 98], 'white'],
  ['yellow', [225, 170, 40], 'yellow'],
  ['blue', [30, 70, 170], 'blue'],
  ['red', [190, 30, 35], 'red'],
])('a ground of %s, with ink on it', (_sentence, ground, colour) => {
  const rgb = new Uint8Array(40 * 20 * 3)
  for (let pixel = 0; pixel < 800; pixel += 1) rgb.set(pixel % 4 === 0 ? [20, 20, 22] : ground, pixel * 3)
  expect(groundColour({ width: 40, height: 20, rgb })).toEqual({ colour, share: 1 })
})

test('of a black picture nothing is told', () => {
  expect(groundColour({ width: 4, height: 4, rgb: new Uint8Array(48) }).share).toBe(0)
})
