import { overlap, type Box } from '../geometry/box.js'
import { assign } from './assignment.js'

/** One box of one identity in one frame, from the truth or from a tracker. */
export interface Sighting {
  readonly frame: number
  readonly id: number
  readonly box: Box
}

export interface TrackingFigures {
  /** 1 − (misses + false boxes + switches) / truth boxes (CLEAR MOT). */
  readonly mota: number
  /** Agreement of identities over the whole sequence (Ristani et al. 2016). */
  readonly idf1: number
  readonly misses: number
  readonly falseBoxes: number
  readonly switches: number
  readonly truthBoxes: number
}

const OVERLAP_MIN = 0.5

/** Compares a tracker's sightings with the truth, boxes matched at IoU 0.5. */
export function compareTracks(truth: readonly Sighting[], found: readonly Sighting[]): TrackingFigures {
  const truthByFrame = byFrame(truth)
  const foundByFrame = byFrame(found)
  const partner = new Map<number, number>()
  const together = new Map<string, number>()
  let misses = 0
  let falseBoxes = 0
  let switches = 0
  for (const frame of [...new Set([...truthByFrame.keys(), ...foundByFrame.keys()])].toSorted((a, b) => a - b)) {
    const theirs = truthByFrame.get(frame) ?? []
    const ours = foundByFrame.get(frame) ?? []
    for (const t of theirs) for (const f of ours) if (overlap(t.box, f.box) >= OVERLAP_MIN) together.set(`${t.id}/${f.id}`, (together.get(`${t.id}/${f.id}`) ?? 0) + 1)
    // A pair of the frame before stays a pair while it still fits, else the best overlap wins (CLEAR MOT's rule).
    const columns = assign(theirs.map((t) => ours.map((f) => {
      const shared = overlap(t.box, f.box)
      return shared < OVERLAP_MIN ? Infinity : partner.get(t.id) === f.id ? -1 : 1 - shared
    })))
    theirs.forEach((t, i) => {
      const match = ours[columns[i] ?? -1]
      if (!match) return void (misses += 1)
      const before = partner.get(t.id)
      if (before !== undefined && before !== match.id) switches += 1
      partner.set(t.id, match.id)
    })
    falseBoxes += ours.length - columns.filter((c) => c >= 0).length
  }
  return { mota: 1 - (misses + falseBoxes + switches) / Math.max(1, truth.length), idf1: identityF1(truth, found, together), misses, falseBoxes, switches, truthBoxes: truth.length }
}

/** Sightings of each frame, in the order given. */
export function byFrame(sightings: readonly Sighting[]): Map<number, Sighting[]> {
  const frames = new Map<number, Sighting[]>()
  for (const s of sightings) {
    const known = frames.get(s.frame)
    if (known) known.push(s)
    else frames.set(s.frame, [s])
  }
  return frames
}

function identityF1(truth: readonly Sighting[], found: readonly Sighting[], together: ReadonlyMap<string, number>): number {
  const truthIds = [...new Set(truth.map((s) => s.id))]
  const foundIds = [...new Set(found.map((s) => s.id))]
  const columns = assign(truthIds.map((t) => foundIds.map((f) => -(together.get(`${t}/${f}`) ?? 0))))
  const agreed = truthIds.reduce((sum, t, i) => sum + (together.get(`${t}/${foundIds[columns[i] ?? -1]}`) ?? 0), 0)
  return (2 * agreed) / Math.max(1, truth.length + found.length)
}
