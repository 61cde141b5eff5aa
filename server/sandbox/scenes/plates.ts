import { pick, type Chance } from './noise.js'
import type { Picture } from './mesh.js'
import { writeText } from './glyphs.js'

/**
 * Vietnamese plates: shapes, colours and letters of Circular 79/2024 and QCVN 08:2024/BCA as cited in our fact sheet.
 * Car long 4.727 (one line), car short 2.000 (two lines), motorbike 1.357 (two lines).
 */
export type PlateShape = 'car-long' | 'car-short' | 'motorbike'
export type PlateColour = 'white' | 'yellow' | 'blue' | 'red'

export interface Plate {
  readonly shape: PlateShape
  readonly colour: PlateColour
  readonly lines: readonly string[]
  /** As one writes it: both lines joined by a dash. */
  readonly text: string
}

export const PLATE_ASPECT: Readonly<Record<PlateShape, number>> = { 'car-long': 4.727, 'car-short': 2, motorbike: 1.357 }

const PAINT: Readonly<Record<PlateColour, readonly [ground: number, ink: number]>> = {
  white: [0xf2f2ee, 0x15161a], yellow: [0xf2b705, 0x15161a], blue: [0x1d4f9c, 0xf4f4f0], red: [0xb32025, 0xf4f4f0],
}

const PROVINCES = ['29', '30', '30', '51', '51', '59', '65', '67', '66', '86', '37', '43', '15', '92'] as const
export const FIRST_LETTERS = 'ABCDEFGHKLMNPSTUVXYZ'
/** A motorbike's second letter adds R and lacks G. */
export const SECOND_LETTERS = 'ABCDEFHKLMNPRSTUVXYZ'

function letterOf(chance: Chance, letters: string): string {
  return letters.charAt(Math.floor(chance() * letters.length))
}

export function drawnPlate(chance: Chance, shape: PlateShape, colour: PlateColour): Plate {
  const province = pick(chance, PROVINCES)
  const digits = String(Math.floor(10000 + chance() * 89999))
  const number = `${digits.slice(0, 3)}.${digits.slice(3)}`
  const series = shape === 'motorbike' ? (chance() < 0.5 ? letterOf(chance, FIRST_LETTERS) + letterOf(chance, SECOND_LETTERS) : letterOf(chance, FIRST_LETTERS) + String(1 + Math.floor(chance() * 9))) : letterOf(chance, FIRST_LETTERS)
  const first = shape === 'motorbike' ? `${province}-${series}` : `${province}${series}`
  const lines = shape === 'car-long' ? [`${first}-${number}`] : [first, number]
  return { shape, colour, lines, text: `${province}${series}-${digits}` }
}

/** The plate as a picture with ever smaller copies behind it. */
export function picturePlate(plate: Plate): Picture {
  const width = plate.shape === 'car-long' ? 300 : 200
  const height = Math.round(width / PLATE_ASPECT[plate.shape])
  const [ground, ink] = PAINT[plate.colour]
  const rgb = new Uint8ClampedArray(width * height * 3)
  const edge = Math.max(2, width * 0.012)
  const inset = edge * 1.6
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const rim = Math.min(x, y, width - 1 - x, height - 1 - y)
      put(rgb, (y * width + x) * 3, rim > inset && rim < inset + edge ? ink : ground, 1)
    }
  }
  const rows = plate.lines.length
  plate.lines.forEach((text, row) => {
    const rowHeight = (height * (rows === 1 ? 0.6 : 0.37))
    const top = rows === 1 ? height * 0.2 : height * (row === 0 ? 0.1 : 0.53)
    const room = width * (rows === 1 ? 0.9 : 0.82)
    const boxWidth = Math.min(rowHeight * 0.5, (room / text.length) * 0.76)
    const advance = boxWidth * 1.3
    const left = (width - advance * (text.length - 1) - boxWidth) / 2
    writeText({ text, x: left, y: top, boxWidth, boxHeight: rowHeight, advance, pen: rows === 1 ? 0.85 : 0.95 }, (x, y, cover) => {
      if (x >= 0 && y >= 0 && x < width && y < height) put(rgb, (y * width + x) * 3, ink, cover)
    })
  })
  return withHalves({ width, height, rgb, half: null })
}

function put(rgb: Uint8ClampedArray, i: number, colour: number, cover: number): void {
  for (let k = 0; k < 3; k += 1) rgb[i + k] = rgb[i + k]! * (1 - cover) + ((colour >> (16 - 8 * k)) & 255) * cover
}

export function withHalves(picture: Picture): Picture {
  if (picture.width < 12 || picture.height < 6) return picture
  const width = picture.width >> 1
  const height = picture.height >> 1
  const rgb = new Uint8ClampedArray(width * height * 3)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      for (let k = 0; k < 3; k += 1) {
        const i = (y * 2 * picture.width + x * 2) * 3 + k
        const j = i + picture.width * 3
        rgb[(y * width + x) * 3 + k] = (picture.rgb[i]! + picture.rgb[i + 3]! + picture.rgb[j]! + picture.rgb[j + 3]!) / 4
      }
    }
  }
  return { ...picture, half: withHalves({ width, height, rgb, half: null }) }
}
