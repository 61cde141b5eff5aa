/** Cuts the endless bytes of a raw video pipe into frames of equal size, each in memory of its own that can be handed to a thread. */
export interface FrameCutter {
  push(chunk: Uint8Array): void
}

export function openFrameCutter(frameBytes: number, onFrame: (rgb: Uint8Array<ArrayBuffer>) => void): FrameCutter {
  let frame = new Uint8Array(frameBytes)
  let filled = 0
  return {
    push(chunk) {
      let at = 0
      while (at < chunk.length) {
        const part = chunk.subarray(at, at + frameBytes - filled)
        frame.set(part, filled)
        filled += part.length
        at += part.length
        if (filled < frameBytes) continue
        const whole = frame
        frame = new Uint8Array(frameBytes)
        filled = 0
        onFrame(whole)
      }
    },
  }
}
