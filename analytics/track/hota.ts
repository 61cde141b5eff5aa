import { overlap } from '../geometry/box.js'
import { assign } from './assignment.js'
import { byFrame, type Sighting } from './metrics.js'

export interface HotaFigures {
  /** √(DetA · AssA), the mean over the overlaps asked for (.05 … .95), and its two parts, likewise. */
  readonly hota: number
  readonly detA: number
  readonly assA: number
}

/** Nineteen bars of overlap: 0.05 still finds an object, 0.95 asks for its very outline. */
const ALPHAS = Array.from({ length: 19 }, (_, at) => (at + 1) * 0.05)
/** Sums of hundredths are not exact: an overlap that equals the bar reaches it. */
const HAIR = 1e-9

/**
 * HOTA (Luiten et al., IJCV 2021): how well objects are found (DetA) and how well they are held (AssA) weigh alike, where
 * MOTA hardly sees switches and IDF1 hardly sees detection. Partners of a frame are chosen once for all bars: the overlap,
 * weighted by how much two identities have in common over the whole sequence.
 */
export function hotaOf(truth: readonly Sighting[], found: readonly Sighting[]): HotaFigures {
  const frames = pairFrames(truth, found)
  const kinship = kinshipOf(frames)
  const truthTimes = countIds(truth)
  const foundTimes = countIds(found)
  const hits = ALPHAS.map(() => 0)
  const together = ALPHAS.map(() => new Map<string, number>())
  for (const { theirs, ours, shared } of frames) {
    const columns = assign(theirs.map((t, i) => ours.map((f, j) => -(kinship.get(keyOf(t, f)) ?? 0) * shared[i]![j]!)))
    theirs.forEach((t, i) => {
      const f = ours[columns[i]!]
      if (!f) return
      ALPHAS.forEach((alpha, a) => {
        if (shared[i]![columns[i]!]! < alpha - HAIR) return
        hits[a]! += 1
        together[a]!.set(keyOf(t, f), (together[a]!.get(keyOf(t, f)) ?? 0) + 1)
      })
    })
  }
  const detAs = hits.map((n) => n / Math.max(1, truth.length + found.length - n))
  const assAs = together.map((pairs, a) => [...pairs].reduce((sum, [key, n]) => {
    const [t = 0, f = 0] = key.split('/').map(Number)
    return sum + (n * n) / ((truthTimes.get(t) ?? 0) + (foundTimes.get(f) ?? 0) - n)
  }, 0) / Math.max(1, hits[a]!))
  return { hota: mean(detAs.map((detA, a) => Math.sqrt(detA * assAs[a]!))), detA: mean(detAs), assA: mean(assAs) }
}

interface PairedFrame {
  readonly theirs: readonly Sighting[]
  readonly ours: readonly Sighting[]
  /** Overlap of each of theirs with each of ours. */
  readonly shared: readonly (readonly number[])[]
}

function pairFrames(truth: readonly Sighting[], found: readonly Sighting[]): PairedFrame[] {
  const theirs = byFrame(truth)
  const ours = byFrame(found)
  return [...new Set([...theirs.keys(), ...ours.keys()])].map((frame) => {
    const pair = { theirs: theirs.get(frame) ?? [], ours: ours.get(frame) ?? [] }
    return { ...pair, shared: pair.theirs.map((t) => pair.ours.map((f) => overlap(t.box, f.box))) }
  })
}

/** How much two identities have in common over the whole sequence, 0 … 1: each overlap counts by its share of all that compete. */
function kinshipOf(frames: readonly PairedFrame[]): Map<string, number> {
  const common = new Map<string, number>()
  for (const { theirs, ours, shared } of frames) {
    const ofOurs = ours.map((_, j) => shared.reduce((sum, row) => sum + row[j]!, 0))
    theirs.forEach((t, i) => {
      const ofTheirs = shared[i]!.reduce((sum, part) => sum + part, 0)
      ours.forEach((f, j) => {
        const part = shared[i]![j]!
        if (part > 0) common.set(keyOf(t, f), (common.get(keyOf(t, f)) ?? 0) + part / (ofTheirs + ofOurs[j]! - part))
      })
    })
  }
  const truthTimes = countIds(frames.flatMap(({ theirs }) => theirs))
  const foundTimes = countIds(frames.flatMap(({ ours }) => ours))
  return new Map([...common].map(([key, sum]) => {
    const [t = 0, f = 0] = key.split('/').map(Number)
    return [key, sum / ((truthTimes.get(t) ?? 0) + (foundTimes.get(f) ?? 0) - sum)]
  }))
}

function keyOf(theirs: Sighting, ours: Sighting): string {
  return `${theirs.id}/${ours.id}`
}

function countIds(sightings: readonly Sighting[]): Map<number, number> {
  const times = new Map<number, number>()
  for (const { id } of sightings) times.set(id, (times.get(id) ?? 0) + 1)
  return times
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
