import { rough2 } from '../scenes/noise.js'

/** What is done to a camera, or to its light, pixel by pixel. */
export interface PictureSize {
  readonly width: number
  readonly height: number
}

/** A cloth over the lens: dim folds, a little light at one rim, and some of the sensor's own grain left. */
export function cover(rgb: Uint8ClampedArray, { width, height }: PictureSize): void {
  for (let y = 0, i = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, i += 3) {
      const fold = rough2((x / width) * 3 + (y / height) * 1.5, (y / height) * 1.2)
      const light = 18 + fold * 26 + Math.max(0, x / width - 0.9) * 200
      const grain = (rgb[i]! & 7) - 3
      rgb[i] = light * 1.08 + grain
      rgb[i + 1] = light * 0.96 + grain
      rgb[i + 2] = light * 0.82 + grain
    }
  }
}

/** The lens is screwed out of focus: each point becomes a disc, here by two means over `reach` pixels along and down. */
export function defocus(rgb: Uint8ClampedArray, { width, height }: PictureSize, reach: number): void {
  for (let turn = 0; turn < 2; turn += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      for (let y = 0; y < height; y += 1) smear(rgb, { from: y * width * 3 + channel, stride: 3, count: width, reach })
      for (let x = 0; x < width; x += 1) smear(rgb, { from: x * 3 + channel, stride: width * 3, count: height, reach })
    }
  }
}

/** The camera is pushed to the side: what stood there comes into the middle; beyond the picture the street goes on as its mirror. */
export function turn(rgb: Uint8ClampedArray, { width, height }: PictureSize, share: number): void {
  const shift = Math.round(width * share)
  const row = new Uint8ClampedArray(width * 3)
  for (let y = 0; y < height; y += 1) {
    const from = y * width * 3
    row.set(rgb.subarray(from, from + width * 3))
    for (let x = 0; x < width; x += 1) {
      const seen = x + shift < width ? x + shift : 2 * width - 1 - x - shift
      for (let channel = 0; channel < 3; channel += 1) rgb[from + x * 3 + channel] = row[seen * 3 + channel]!
    }
  }
}

/** A cloud before the sun, or every other lamp out. */
export function dim(rgb: Uint8ClampedArray, share: number): void {
  for (let i = 0; i < rgb.length; i += 1) rgb[i] = rgb[i]! * share
}

/** The running mean of one line; at the edges of what there is. */
function smear(rgb: Uint8ClampedArray, { from, stride, count, reach }: { readonly from: number; readonly stride: number; readonly count: number; readonly reach: number }): void {
  const line = Uint8Array.from({ length: count }, (_, i) => rgb[from + i * stride]!)
  let sum = 0
  for (let i = 0; i < Math.min(reach, count); i += 1) sum += line[i]!
  for (let i = 0; i < count; i += 1) {
    if (i + reach < count) sum += line[i + reach]!
    if (i - reach - 1 >= 0) sum -= line[i - reach - 1]!
    rgb[from + i * stride] = sum / (Math.min(count - 1, i + reach) - Math.max(0, i - reach) + 1)
  }
}
