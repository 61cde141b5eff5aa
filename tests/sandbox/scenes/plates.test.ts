import { makeChance } from '../../../server/sandbox/scenes/noise.js'
import { drawnPlate, picturePlate, PLATE_ASPECT, type PlateShape } from '../../../server/sandbox/scenes/plates.js'

const CAR = /^[0-9]{2}[ABCDEFGHKLMNPSTUVXYZ]-[0-9]{5}$/
const MOTORBIKE = /^[0-9]{2}[ABCDEFGHKLMNPSTUVXYZ]([ABCDEFHKLMNPRSTUVXYZ]|[1-9])-[0-9]{5}$/
const UNUSED = ['13', '42', '44', '45', '46', '87', '91', '96']

const CASES: readonly { readonly shape: PlateShape; readonly lines: number; readonly form: RegExp }[] = [
  { shape: 'car-long', lines: 1, form: CAR },
  { shape: 'car-short', lines: 2, form: CAR },
  { shape: 'motorbike', lines: 2, form: MOTORBIKE },
]

test.each(CASES)('a $shape plate has $lines line(s), a legal number and the right shape', ({ shape, lines, form }) => {
  const chance = makeChance(4)
  for (let i = 0; i < 200; i += 1) {
    const plate = drawnPlate(chance, shape, 'white')
    expect(plate.lines).toHaveLength(lines)
    expect(plate.text).toMatch(form)
    expect(UNUSED).not.toContain(plate.text.slice(0, 2))
    expect(plate.lines.join('-').replaceAll(/[.-]/g, '')).toBe(plate.text.replaceAll('-', ''))
  }
  const picture = picturePlate(drawnPlate(chance, shape, 'white'))
  expect(picture.width / picture.height).toBeCloseTo(PLATE_ASPECT[shape], 1)
})

test('yellow plates are black on yellow, blue ones white on blue, and both carry ink', () => {
  for (const [colour, ground] of [['yellow', [0xf2, 0xb7, 0x05]], ['blue', [0x1d, 0x4f, 0x9c]]] as const) {
    const { rgb, width, height } = picturePlate(drawnPlate(makeChance(1), 'car-long', colour))
    expect(Array.from(rgb.slice(0, 3))).toEqual([...ground])
    let inked = 0
    for (let i = 0; i < width * height; i += 1) if (Math.abs(rgb[i * 3]! - ground[0]) > 60) inked += 1
    expect(inked / (width * height)).toBeGreaterThan(0.15)
    expect(inked / (width * height)).toBeLessThan(0.5)
  }
})

test('smaller copies stand behind a plate for the distance', () => {
  const picture = picturePlate(drawnPlate(makeChance(1), 'motorbike', 'white'))
  expect(picture.half?.width).toBe(picture.width >> 1)
  expect(picture.half?.half?.height).toBe((picture.height >> 1) >> 1)
})
