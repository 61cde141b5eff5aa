import { fitInto, letterbox, PAD_GREY, type Placing, toPicture } from '../../../analytics/detect/letterbox.js'

const solid = (width: number, height: number, value: number): Uint8Array => new Uint8Array(width * height * 3).fill(value)
const red = (rgb: Uint8Array): number[] => [...rgb].filter((_, at) => at % 3 === 0)

test('a picture that already has the input’s size passes untouched, the very same bytes', () => {
  const rgb = solid(64, 32, 9)
  expect(letterbox(rgb, fitInto({ width: 64, height: 32 }, { width: 64, height: 32 }, 'corner'))).toBe(rgb)
})

test.each<{ placing: Placing; rows: string }>([
  { placing: 'corner', rows: '99GG' },
  { placing: 'centre', rows: 'G99G' },
  { placing: 'stretch', rows: '9999' },
])('a picture twice as wide as high in a square input, placed by $placing: rows $rows', ({ placing, rows }) => {
  const out = letterbox(solid(8, 4, 9), fitInto({ width: 8, height: 4 }, { width: 4, height: 4 }, placing))
  const perRow = [0, 1, 2, 3].map((row) => red(out).slice(row * 4, row * 4 + 4))
  for (const row of perRow) expect(new Set(row).size).toBe(1)
  expect(perRow.map((row) => (row[0] === PAD_GREY ? 'G' : String(row[0]))).join('')).toBe(rows)
})

test('enlarging is linear between pixel centres', () => {
  const rgb = Uint8Array.from([0, 0, 0, 100, 100, 100])
  expect(red(letterbox(rgb, fitInto({ width: 2, height: 1 }, { width: 4, height: 1 }, 'stretch')))).toEqual([0, 25, 75, 100])
})

test('shrinking by four averages every pixel: a thin bright line is dimmed, never lost', () => {
  const rgb = solid(16, 4, 0)
  for (let y = 0; y < 4; y += 1) rgb.fill(240, (y * 16 + 5) * 3, (y * 16 + 6) * 3)
  expect(red(letterbox(rgb, fitInto({ width: 16, height: 4 }, { width: 4, height: 1 }, 'corner')))).toEqual([0, 60, 0, 0])
})

test.each<{ placing: Placing }>([{ placing: 'corner' }, { placing: 'centre' }, { placing: 'stretch' }])('a box goes into the input and comes back: $placing', ({ placing }) => {
  const fit = fitInto({ width: 1568, height: 778 }, { width: 640, height: 384 }, placing)
  const into = (x: number, y: number): [number, number] => [x * 1568 * fit.scaleX + fit.left, y * 778 * fit.scaleY + fit.top]
  const back = toPicture(fit, ...into(0.1, 0.2), ...into(0.3, 0.9))!
  for (const [side, wanted] of [['x1', 0.1], ['y1', 0.2], ['x2', 0.3], ['y2', 0.9]] as const) expect(back[side]).toBeCloseTo(wanted, 6)
})

test('a box that leaves the picture is clipped; one wholly in the grey is no box', () => {
  const fit = fitInto({ width: 640, height: 360 }, { width: 640, height: 384 }, 'corner')
  expect(toPicture(fit, -10, -10, 320, 380)).toEqual({ x1: 0, y1: 0, x2: 0.5, y2: 1 })
  expect(toPicture(fit, 10, 365, 50, 380)).toBeNull()
})
