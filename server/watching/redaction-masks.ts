import { open } from 'node:fs/promises'
import type { Box } from '../../analytics/geometry/box.js'
import { boxesWithin, packMask, paintMask } from '../../analytics/redact/mask.js'

/** Wide enough for a far head, and a multiple of 8. */
export const MASK_WIDTH = 320
const SLOT_MS = 80
export const MASK_RATE = '25/2'
export const MASK_SLOT_S = SLOT_MS / 1000
/** A picture's time is rounded on its way through ffmpeg: a slot holds a little more than itself. */
const SPARE_MS = 10
/** The last picture may end a little after the pieces say. */
const SLOTS_SPARE = 13

export function maskHeight({ width, height }: { readonly width: number; readonly height: number }): number {
  return Math.max(2, Math.round((MASK_WIDTH * height) / width))
}

/** So often somebody hears that it goes on. */
const TOLD_EVERY = 500

/** Writes the mask of each slot of a copy, to its end and a second beyond. Answers how many; `onPart` is told 0..1 on the way. */
export async function writeMasks(covered: (atMs: number) => readonly Box[], { width, height, seconds, file }: { readonly width: number; readonly height: number; readonly seconds: number; readonly file: string }, onPart: (part: number) => void = () => undefined): Promise<number> {
  const slots = Math.ceil((seconds * 1000) / SLOT_MS) + SLOTS_SPARE
  const maskHigh = maskHeight({ width, height })
  const handle = await open(file, 'wx', 0o600)
  try {
    for (let slot = 0; slot < slots; slot += 1) {
      const boxes = boxesWithin(covered, slot * SLOT_MS - SPARE_MS, (slot + 1) * SLOT_MS + SPARE_MS)
      await handle.appendFile(packMask(paintMask(boxes, MASK_WIDTH, maskHigh)))
      if (slot % TOLD_EVERY === 0) onPart(slot / slots)
    }
  } finally {
    await handle.close()
  }
  return slots
}
