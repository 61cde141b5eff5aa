import type { Box } from '../geometry/box.js'

export interface Size {
  readonly width: number
  readonly height: number
}

/** How a picture lies in the network's input: scaled by scaleX, scaleY, its corner at left, top; grey elsewhere. */
export interface Fit {
  readonly picture: Size
  readonly input: Size
  readonly scaleX: number
  readonly scaleY: number
  readonly left: number
  readonly top: number
}

/** 'corner': grey to the right and below. 'centre': grey on both sides. 'stretch': no grey, aspect lost. */
export type Placing = 'corner' | 'centre' | 'stretch'

/** The grey that detectors of the YOLO family are trained with. */
export const PAD_GREY = 114

export function fitInto(picture: Size, input: Size, placing: Placing): Fit {
  if (placing === 'stretch') return { picture, input, scaleX: input.width / picture.width, scaleY: input.height / picture.height, left: 0, top: 0 }
  const scale = Math.min(input.width / picture.width, input.height / picture.height)
  const left = placing === 'centre' ? Math.floor((input.width - Math.round(picture.width * scale)) / 2) : 0
  const top = placing === 'centre' ? Math.floor((input.height - Math.round(picture.height * scale)) / 2) : 0
  return { picture, input, scaleX: scale, scaleY: scale, left, top }
}

/** A box in input pixels, back to 0..1 of the picture and clipped to it; null when nothing of it lies in the picture. */
export function toPicture(fit: Fit, x1: number, y1: number, x2: number, y2: number): Box | null {
  const across = (x: number): number => Math.min(1, Math.max(0, (x - fit.left) / fit.scaleX / fit.picture.width))
  const down = (y: number): number => Math.min(1, Math.max(0, (y - fit.top) / fit.scaleY / fit.picture.height))
  const box = { x1: across(x1), y1: down(y1), x2: across(x2), y2: down(y2) }
  return box.x1 < box.x2 && box.y1 < box.y2 ? box : null
}

/** The picture placed in the input. One that fits as it is comes back untouched: the same bytes, no copy. */
export function letterbox(rgb: Uint8Array, fit: Fit): Uint8Array {
  const { picture, input } = fit
  if (picture.width === input.width && picture.height === input.height) return rgb
  const small = shrink(rgb, picture, Math.floor(1 / Math.max(fit.scaleX, fit.scaleY)))
  const out = new Uint8Array(input.width * input.height * 3).fill(PAD_GREY)
  const width = Math.min(input.width - fit.left, Math.round(picture.width * fit.scaleX))
  const height = Math.min(input.height - fit.top, Math.round(picture.height * fit.scaleY))
  const columns = taps(width, small.width)
  const rows = taps(height, small.height)
  for (let y = 0; y < height; y += 1) {
    const upper = rows.from[y]! * small.width
    const lower = rows.to[y]! * small.width
    const v = rows.weight[y]!
    let at = ((y + fit.top) * input.width + fit.left) * 3
    for (let x = 0; x < width; x += 1) {
      const u = columns.weight[x]!
      const a = (upper + columns.from[x]!) * 3
      const b = (upper + columns.to[x]!) * 3
      const c = (lower + columns.from[x]!) * 3
      const d = (lower + columns.to[x]!) * 3
      for (let channel = 0; channel < 3; channel += 1) {
        const top = small.rgb[a + channel]! + (small.rgb[b + channel]! - small.rgb[a + channel]!) * u
        const bottom = small.rgb[c + channel]! + (small.rgb[d + channel]! - small.rgb[c + channel]!) * u
        out[at++] = top + (bottom - top) * v + 0.5
      }
    }
  }
  return out
}

/** For each place of the output, the two source places it lies between (pixel centres) and how near the second. */
function taps(count: number, source: number): { from: Int32Array; to: Int32Array; weight: Float32Array } {
  const from = new Int32Array(count)
  const to = new Int32Array(count)
  const weight = new Float32Array(count)
  for (let i = 0; i < count; i += 1) {
    const at = Math.min(source - 1, Math.max(0, ((i + 0.5) * source) / count - 0.5))
    from[i] = Math.floor(at)
    to[i] = Math.min(source - 1, from[i]! + 1)
    weight[i] = at - from[i]!
  }
  return { from, to, weight }
}

/** Averages blocks of n x n pixels first: bilinear alone skips pixels when it shrinks by more than two, and far bikes are lost. */
function shrink(rgb: Uint8Array, size: Size, n: number): Size & { readonly rgb: Uint8Array } {
  if (n < 2) return { ...size, rgb }
  const width = Math.floor(size.width / n)
  const height = Math.floor(size.height / n)
  const out = new Uint8Array(width * height * 3)
  const share = 1 / (n * n)
  let at = 0
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        let sum = 0
        for (let dy = 0; dy < n; dy += 1) for (let dx = 0; dx < n; dx += 1) sum += rgb[((y * n + dy) * size.width + x * n + dx) * 3 + channel]!
        out[at++] = sum * share + 0.5
      }
    }
  }
  return { width, height, rgb: out }
}
