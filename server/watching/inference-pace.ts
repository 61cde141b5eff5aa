import type { Detector } from '../../analytics/detect/detector.js'
import type { Frame } from '../../analytics/frame.js'

/** What a picture takes when so many share a call. */
export interface Pace {
  readonly frames: number
  readonly msPerFrame: number
}

/** More in a call than these helps no CPU we know, and a thread that dies takes them all along. */
const COUNTS = [1, 2, 4] as const
const ROUNDS = 2
/** A larger call makes the first of its frames wait for the others: it must be clearly faster. */
const GAIN_MIN = 0.05

/**
 * Tries the calls on this machine with this model, in turns, the best of each: a busy moment must not decide. About 0.2 s. A
 * model that says it takes any number and then answers for one alone is asked for one at a time from then on.
 */
export async function measurePace(detector: Detector, size: { readonly width: number; readonly height: number }, nowMs: () => number): Promise<readonly Pace[]> {
  const grey: Frame = { atMs: 0, ...size, rgb: new Uint8Array(size.width * size.height * 3).fill(114) }
  const best = new Map<number, number>()
  await detector.detect([grey]) // the first call builds what the later ones use
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const frames of COUNTS) {
      const fromMs = nowMs()
      const answered = await detector.detect(Array.from({ length: frames }, () => grey)).then(() => true, (fault: unknown) => frames === 1 ? Promise.reject(fault) : false)
      if (!answered) break
      best.set(frames, Math.min(best.get(frames) ?? Infinity, (nowMs() - fromMs) / frames))
    }
  }
  return [...best].map(([frames, msPerFrame]) => ({ frames, msPerFrame }))
}

/** The fewest frames in a call that no larger call beats by more than chance. */
export function chooseBatch(paces: readonly Pace[]): number {
  let chosen: Pace | null = null
  for (const pace of paces.toSorted((a, b) => a.frames - b.frames)) if (!chosen || pace.msPerFrame < chosen.msPerFrame * (1 - GAIN_MIN)) chosen = pace
  return chosen?.frames ?? 1
}
