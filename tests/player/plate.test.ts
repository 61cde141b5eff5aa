import { isSuspected, isUnsure, percentOf, rowsOf } from '../../player/desk/plate-text.js'
import { anAlert } from './an-alert.js'

const lettersOf = (shown: string, unsure: Readonly<Record<number, number>> = {}) => Array.from(shown.replaceAll(/[^\p{L}\d]/gu, ''), (letter, at) => ({ letter, share: unsure[at] ?? 1 }))
const set = (shown: string, rows: 1 | 2, part: { readonly wellFormed?: boolean; readonly unsure?: Readonly<Record<number, number>> } = {}) => rowsOf({ shown, rows, wellFormed: part.wellFormed ?? true, letters: lettersOf(shown, part.unsure) })
const textOf = (rows: ReturnType<typeof rowsOf>): readonly string[] => rows.map((row) => row.map(({ sign }) => sign).join(''))

test.each<[sentence: string, shown: string, rows: 1 | 2, wellFormed: boolean, painted: readonly string[]]>([
  ['a car’s long plate stands in one row', '51F-123.45', 1, true, ['51F-123.45']],
  ['a motorbike’s in two, with the dash that the law paints behind the province', '59G1-631.88', 2, true, ['59-G1', '631.88']],
  ['an old one of four digits', '67L1-0123', 2, true, ['67-L1', '0123']],
  ['a military one has no province', 'TM-1234', 2, true, ['TM', '1234']],
  ['with a letter that only we have', '51MĐ1-123.45', 2, true, ['51-MĐ1', '123.45']],
  ['of no form of ours: as it was seen, and nothing added', '12AB-34', 2, false, ['12AB', '34']],
  ['two rows without a dash between them stay one', '12AB34', 2, false, ['12AB34']],
])('a plate is set as it is painted: %s', (_sentence, shown, rows, wellFormed, painted) => {
  expect(textOf(set(shown, rows, { wellFormed }))).toEqual(painted)
})

test('every letter keeps its own share; dots and dashes have none', () => {
  const rows = set('59G1-631.88', 2, { unsure: { 3: 0.62, 8: 0.899 } })
  expect(rows.flat().map(({ sign, share }) => [sign, share])).toEqual([['5', 1], ['9', 1], ['-', null], ['G', 1], ['1', 0.62], ['6', 1], ['3', 1], ['1', 1], ['.', null], ['8', 1], ['8', 0.899]])
  expect(rows.flat().filter(isUnsure).map(({ sign, share }) => `${sign} ${percentOf(share ?? 0)} %`)).toEqual(['1 62 %', '8 89 %'])
})

test('a letter the server gave no share for is not taken as sure', () => {
  expect(rowsOf({ shown: '51F-1', rows: 1, wellFormed: false, letters: lettersOf('51') }).flat().filter(isUnsure).map(({ sign }) => sign)).toEqual(['F', '1'])
})

test('nothing read, nothing set', () => expect(rowsOf({ shown: null, rows: null, wellFormed: false, letters: [] })).toEqual([[]]))

test.each([['new', true], ['claimed', true], ['rejected', true], ['confirmed', false], ['resolved', false]] as const)('the plate of a %s alert is suspected: %p', (state, suspected) => expect(isSuspected(anAlert('a', { state }))).toBe(suspected))
