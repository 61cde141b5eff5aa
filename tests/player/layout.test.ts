import { arrange, fittingLayout, LAYOUT_TILES, metresBetween, neighbours, readLayout, shortName } from '../../player/wall/layout.js'

const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `cam-${at + 1}`)

describe('the layout in the address', () => {
  test.each([
    ['as we write it', '1+12', '1+12'],
    ['as an address decodes a bare plus', '1 12', '1+12'],
    ['unknown', '9x9', null],
    ['nothing', '', null],
  ])('%s', (_name, text, expected) => expect(readLayout(text)).toBe(expected))
})

test.each([[0, '1'], [1, '1'], [3, '2x2'], [6, '3x3'], [10, '1+12'], [200, '1+12']])('%i cameras open with %s', (count, layout) => expect(fittingLayout(count)).toBe(layout))

describe('which camera stands in which tile', () => {
  test('in order, with empty tiles at the end', () => expect(arrange(names(3), '2x2', null)).toEqual(['cam-1', 'cam-2', 'cam-3', null]))
  test('the spotlight changes places with the first, and all others stay', () => expect(arrange(names(13), '1+12', 'cam-5').slice(0, 6)).toEqual(['cam-5', 'cam-2', 'cam-3', 'cam-4', 'cam-1', 'cam-6']))
  test('an alert of another page takes the first tile for a while', () => {
    const tiles = arrange(names(13), '1+12', 'cam-20')
    expect(tiles[0]).toBe('cam-20')
    expect(tiles.slice(1)).toEqual(names(13).slice(1))
  })
  test('so it does where all tiles are of one size', () => expect(arrange(names(4), '2x2', 'cam-9')).toEqual(['cam-9', 'cam-2', 'cam-3', 'cam-4']))
  test.each(Object.entries(LAYOUT_TILES))('%s has its number of tiles and no camera twice', (layout, count) => {
    const tiles = arrange(names(40).slice(0, count), layout as '1+12', 'cam-30')
    expect(tiles).toHaveLength(count)
    expect(new Set(tiles).size).toBe(count)
  })
})

describe('along the street', () => {
  const camera = (id: string, street: string, order: number, heading = 90) => ({ id, name: `${street} – ${id}`, place: { street, order, heading } })
  const all = [camera('c', 'Hùng Vương', 30), camera('a', 'Hùng Vương', 10), camera('x', 'Nguyễn Huệ', 15), camera('b', 'Hùng Vương', 20), camera('b2', 'Hùng Vương', 20, 268), camera('c2', 'Hùng Vương', 30, 275), camera('lone', '', 1), camera('lone2', '', 2)]
  test.each([
    ['b', 'a', 'c', 'b2'],
    ['b2', 'a', 'c2', 'b'],
    ['c2', 'b2', null, 'c'],
    ['a', null, 'b', null],
    ['x', null, null, null],
    ['lone', null, null, null],
  ])('beside %s stand %s and %s, on its pole %s: one follows a vehicle the way the camera looks', (id, before, after, turn) => {
    const found = neighbours(all, all.find((one) => one.id === id) ?? camera('', '', 0))
    expect([found.before?.id ?? null, found.after?.id ?? null, found.turn?.id ?? null]).toEqual([before, after, turn])
  })
  test('north is near 350° and 10°: headings meet over 0', () => {
    const [here, near, far] = [camera('here', 'S', 1, 355), camera('near', 'S', 2, 5), camera('far', 'S', 2, 330)]
    expect(neighbours([here, near, far], here).after?.id).toBe('near')
  })
  test('how far, in metres', () => expect(Math.round(metresBetween({ latitude: 10.38, longitude: 105.43 }, { latitude: 10.381, longitude: 105.43 }))).toBe(111))
  test('a camera needs no street in its name beside its own street', () => {
    expect(shortName({ name: 'Cầu Hoàng Diệu – giữa cầu', place: { street: 'Cầu Hoàng Diệu' } })).toBe('Giữa cầu')
    expect(shortName({ name: 'Chợ Long Xuyên', place: { street: 'Nguyễn Huệ' } })).toBe('Chợ Long Xuyên')
    expect(shortName({ name: 'Nguyễn Huệ', place: { street: 'Nguyễn Huệ' } })).toBe('Nguyễn Huệ')
  })
})
