import { arrange, fittingLayout, LAYOUT_TILES, neighbours, pagesOf, readLayout, shortName } from '../../player/wall/layout.js'

const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `cam-${at + 1}`)

describe('the layout in the address', () => {
  test.each([
    ['as we write it', '1+12', '1+12'],
    ['as an address decodes a bare plus', '1 12', '1+12'],
    ['unknown', '5x5', null],
    ['nothing', '', null],
  ])('%s', (_name, text, expected) => expect(readLayout(text)).toBe(expected))
})

test.each([[0, '1'], [1, '1'], [3, '2x2'], [6, '3x3'], [10, '1+12'], [200, '1+12']])('%i cameras open with %s', (count, layout) => expect(fittingLayout(count)).toBe(layout))

describe('which camera stands in which tile', () => {
  test('in order, with empty tiles at the end', () => expect(arrange(names(3), '2x2', 0, null)).toEqual(['cam-1', 'cam-2', 'cam-3', null]))
  test('the second page goes on where the first ended', () => expect(arrange(names(6), '2x2', 1, null)).toEqual(['cam-5', 'cam-6', null, null]))
  test('the spotlight changes places with the first, and all others stay', () => expect(arrange(names(13), '1+12', 0, 'cam-5').slice(0, 6)).toEqual(['cam-5', 'cam-2', 'cam-3', 'cam-4', 'cam-1', 'cam-6']))
  test('an alert of another page takes the spotlight for a while', () => {
    const tiles = arrange(names(20), '1+12', 0, 'cam-20')
    expect(tiles[0]).toBe('cam-20')
    expect(tiles.slice(1)).toEqual(names(13).slice(1))
  })
  test('a layout without a spotlight moves nothing', () => expect(arrange(names(9), '3x3', 0, 'cam-5')).toEqual(names(9)))
  test.each(Object.entries(LAYOUT_TILES))('%s has its number of tiles and no camera twice', (layout, count) => {
    const tiles = arrange(names(40), layout as '1+12', 0, 'cam-30')
    expect(tiles).toHaveLength(count)
    expect(new Set(tiles).size).toBe(count)
  })
  test('pages', () => expect([pagesOf(0, '2x2'), pagesOf(4, '2x2'), pagesOf(5, '2x2')]).toEqual([1, 1, 2]))
})

describe('along the street', () => {
  const camera = (id: string, street: string, order: number) => ({ id, name: `${street} – ${id}`, place: { street, order } })
  const all = [camera('c', 'Hùng Vương', 30), camera('a', 'Hùng Vương', 10), camera('x', 'Nguyễn Huệ', 15), camera('b', 'Hùng Vương', 20), camera('lone', '', 1), camera('lone2', '', 2)]
  test.each([['b', 'a', 'c'], ['a', null, 'b'], ['c', 'b', null], ['x', null, null], ['lone', null, null]])('beside %s stand %s and %s', (id, before, after) => {
    const found = neighbours(all, all.find((one) => one.id === id) ?? camera('', '', 0))
    expect([found.before?.id ?? null, found.after?.id ?? null]).toEqual([before, after])
  })
  test('a camera needs no street in its name beside its own street', () => {
    expect(shortName({ name: 'Cầu Hoàng Diệu – giữa cầu', place: { street: 'Cầu Hoàng Diệu' } })).toBe('Giữa cầu')
    expect(shortName({ name: 'Chợ Long Xuyên', place: { street: 'Nguyễn Huệ' } })).toBe('Chợ Long Xuyên')
    expect(shortName({ name: 'Nguyễn Huệ', place: { street: 'Nguyễn Huệ' } })).toBe('Nguyễn Huệ')
  })
})
