import type { ByteSink } from '../system/child.js'

/**
 * Cuts the endless bytes of a raw video pipe into frames of equal size, each in memory of its own that can be handed to a
 * thread. Memory that comes back is used again: a new frame is 700 kB of fresh pages five times a second for each camera,
 * and collecting them cost more than reading them (measured: README).
 */
export interface FrameCutter extends ByteSink {
  /** Bytes that lie elsewhere. */
  push(chunk: Uint8Array): void
  /** The pixels of a frame that nobody needs any more. */
  giveBack(rgb: Uint8Array<ArrayBuffer>): void
}

/** One being filled, one on loan, one that waits: more would only lie about. */
const SPARE_MAX = 3

export function openFrameCutter(frameBytes: number, onFrame: (rgb: Uint8Array<ArrayBuffer>) => void): FrameCutter {
  const spare: Uint8Array<ArrayBuffer>[] = []
  let frame = new Uint8Array(frameBytes)
  let filled = 0
  const room = (): Uint8Array<ArrayBuffer> => frame.subarray(filled)
  const took = (bytes: number): void => {
    filled += bytes
    if (filled < frameBytes) return
    const whole = frame
    frame = spare.pop() ?? new Uint8Array(frameBytes)
    filled = 0
    onFrame(whole)
  }
  return {
    room,
    took,
    push(chunk) {
      for (let at = 0; at < chunk.length; ) {
        const part = chunk.subarray(at, at + frameBytes - filled)
        room().set(part)
        took(part.length)
        at += part.length
      }
    },
    giveBack(rgb) {
      if (rgb.length === frameBytes && spare.length < SPARE_MAX) spare.push(rgb)
    },
  }
}
