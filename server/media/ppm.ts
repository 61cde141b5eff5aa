/** A picture of raw RGB, row by row. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
}

const HEAD_BYTES_MAX = 32
/** The largest camera pictures there are; a damaged head must not ask for more. */
export const PIXELS_MAX = 7_680 * 4_320

/**
 * Cuts a pipe of PPM pictures ("P6\n640 360\n255\n", then the bytes): raw pixels that tell their own size, so that nobody has to ask
 * the clip for it first.
 */
export function openPpmCutter(onPicture: (picture: Picture) => void): { push(chunk: Uint8Array): void } {
  let head = ''
  let picture: Picture | null = null
  let filled = 0
  return {
    push(chunk) {
      let at = 0
      while (at < chunk.length) {
        if (!picture) {
          head += String.fromCharCode(chunk[at++]!)
          const size = /^P6\s(\d+)\s(\d+)\s255\s$/.exec(head)
          if (!size && head.length > HEAD_BYTES_MAX) throw new Error('the pipe holds no PPM picture')
          if (!size) continue
          const [width, height] = [Number(size[1]), Number(size[2])]
          if (width * height > PIXELS_MAX) throw new Error(`a picture of ${width}x${height} is larger than any camera's`)
          picture = { width, height, rgb: new Uint8Array(width * height * 3) }
          head = ''
          filled = 0
          continue
        }
        const part = chunk.subarray(at, at + picture.rgb.length - filled)
        picture.rgb.set(part, filled)
        filled += part.length
        at += part.length
        if (filled < picture.rgb.length) continue
        onPicture(picture)
        picture = null
      }
    },
  }
}
