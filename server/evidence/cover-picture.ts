import { open, type FileHandle } from 'node:fs/promises'
import sharp from 'sharp'
import type { MaskFilm } from '../domain/redaction.js'
import type { Picture } from '../media/ppm.js'
import { Loss } from './loss.js'
import { blocksOf } from './redact.js'

/** A picture of a few coarse blocks, or a mask: small, and laid over a large one. */
interface Coarse {
  readonly width: number
  readonly height: number
  readonly bytes: Uint8Array
}

/** Lays the same blocks over a picture as `coverFilter` lays over a film, wherever the first of the masks says so. */
export async function coverPicture(picture: Picture, masks: MaskFilm): Promise<Picture> {
  const { rgb, width, height } = picture
  const { across, down } = blocksOf(picture)
  const blocks = await sharp(rgb, { raw: { width, height, channels: 3 } }).resize(across, down, { fit: 'fill', kernel: 'linear' }).raw().toBuffer()
  return layBlocks(picture, { width: across, height: down, bytes: blocks }, await firstMask(masks))
}

/** Every pixel wholly covered or not at all: a mask that shines through would tell what is behind it. Pure. */
export function layBlocks({ rgb, width, height }: Picture, blocks: Coarse, mask: Coarse): Picture {
  const covered = Uint8Array.from(rgb)
  const columns = Array.from({ length: width }, (_, x) => ({ mask: Math.floor((x * mask.width) / width), block: Math.floor((x * blocks.width) / width) * 3 }))
  for (let y = 0; y < height; y += 1) {
    const maskRow = Math.floor((y * mask.height) / height) * mask.width
    const blockRow = Math.floor((y * blocks.height) / height) * blocks.width * 3
    for (let x = 0; x < width; x += 1) {
      const column = columns[x]!
      if (mask.bytes[maskRow + column.mask] === 0) continue
      const [to, from] = [(y * width + x) * 3, blockRow + column.block]
      covered[to] = blocks.bytes[from]!
      covered[to + 1] = blocks.bytes[from + 1]!
      covered[to + 2] = blocks.bytes[from + 2]!
    }
  }
  return { rgb: covered, width, height }
}

async function firstMask({ file, width, height }: MaskFilm): Promise<Coarse> {
  const bits = new Uint8Array((width * height) / 8)
  let handle: FileHandle | null = null
  try {
    handle = await open(file, 'r')
    const { bytesRead } = await handle.read(bits, 0, bits.length, 0)
    if (bytesRead !== bits.length) throw new Loss('not_looked_at', 'the mask of the picture is cut off')
  } finally {
    await handle?.close()
  }
  return { width, height, bytes: Uint8Array.from({ length: width * height }, (_, at) => (bits[at >> 3]! >> (7 - (at & 7))) & 1) }
}
