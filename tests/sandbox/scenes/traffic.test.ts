import { runTraffic, type Path, type Phases, type Ride } from '../../../server/sandbox/scenes/traffic.js'

const LOOP_MS = 60_000
const ROAD: Path = { id: 'own', group: 'own', points: [[0, 0], [0, 120]], stop: { at: 40, approach: 'own' } }
const lights: Phases = (_, atMs) => (atMs < 25_000 ? 'green' : atMs < 28_000 ? 'yellow' : 'red')

const ride = (id: number, arriveMs: number, more: Partial<Ride> = {}): Ride => ({ id, path: 'own', arriveMs, speed: 9, lateral: 1, halfWidth: 0.4, halfLength: 1, nimble: true, runsRed: false, ...more })

const run = (rides: readonly Ride[]) => runTraffic({ paths: [ROAD], rides, phases: lights, loopMs: LOOP_MS, frameMs: 80 })

function crossedAtMs(frames: ReturnType<typeof run>, id: number): number | null {
  const frame = frames.findIndex((poses, i) => i > 0 && (poses.get(id)?.along ?? 0) > 40 && (frames[i - 1]!.get(id)?.along ?? 41) <= 40)
  return frame < 0 ? null : frame * 80
}

const CASES = [
  { says: 'who comes on green passes at once', arriveMs: 2000, runsRed: false, from: 2000, to: 12_000 },
  { says: 'who comes on red waits for green of the next round', arriveMs: 32_000, runsRed: false, from: 0, to: 6000 },
  { says: 'who comes on yellow far from the line waits', arriveMs: 23_500, runsRed: false, from: 0, to: 6000 },
  { says: 'a runner passes on red', arriveMs: 36_000, runsRed: true, from: 38_000, to: 44_000 },
] as const

test.each(CASES)('$says', ({ arriveMs, runsRed, from, to }) => {
  const at = crossedAtMs(run([ride(1, arriveMs, { runsRed })]), 1)
  expect(at).not.toBeNull()
  expect(at!).toBeGreaterThanOrEqual(from)
  expect(at!).toBeLessThanOrEqual(to)
})

test('the loop ends as it began: nobody jumps at the seam', () => {
  const frames = run(Array.from({ length: 20 }, (_, i) => ride(i, i * 3000, { lateral: 1 + (i % 3), speed: 7 + (i % 4) })))
  const [first, last] = [frames[0]!, frames.at(-1)!]
  expect(first.size).toBeGreaterThan(2)
  for (const [id, pose] of first) {
    const before = last.get(id)
    if (pose.along > 2) expect(Math.abs(pose.along - (before?.along ?? -99))).toBeLessThan(1.2)
  }
})

test('nobody drives through the one ahead', () => {
  const frames = run(Array.from({ length: 12 }, (_, i) => ride(i, 20_000 + i * 1500, { speed: 6 + (i % 5) })))
  for (const poses of frames) {
    const along = [...poses.values()].map((pose) => pose.along).toSorted((a, b) => a - b)
    for (let i = 1; i < along.length; i += 1) expect(along[i]! - along[i - 1]!).toBeGreaterThan(1.7)
  }
})

test('a halt stands still for its dwell at the kerb, then goes on', () => {
  const frames = runTraffic({ paths: [{ ...ROAD, id: 'free', stop: { at: 500, approach: 'own' } }], rides: [ride(1, 1000, { path: 'free', halt: { at: 60, dwellMs: 20_000, lateral: 4 } })], phases: () => 'green', loopMs: LOOP_MS, frameMs: 80 })
  const still = frames.filter((poses, i) => i > 0 && poses.get(1) && Math.abs(poses.get(1)!.along - (frames[i - 1]!.get(1)?.along ?? -9)) < 0.002)
  expect(still.length * 80).toBeGreaterThan(19_500)
  expect(still.length * 80).toBeLessThan(22_000)
  expect(still.every((poses) => Math.abs(poses.get(1)!.x - 4) < 0.4)).toBe(true)
  expect(frames.some((poses) => (poses.get(1)?.along ?? 0) > 110)).toBe(true)
})
