import { makeFlow, makeRide, makeRoll } from '../../scenes/arrivals.js'
import { between } from '../../scenes/noise.js'
import { motChieu } from '../../scenes/places/mot-chieu.js'
import type { CastRide, Script } from '../../scenes/scene.js'
import { isIn, whoever } from '../conduct.js'
import { STREET_LAMPS } from '../lamps.js'
import type { Happening, Played, Trial } from '../trial.js'

/** A carriageway of which five seconds of riding are seen, which hold four or five sways; a change of lane is one, a way round a hole two, with the drift to where all lines meet three. */
const ZONE = [[-4.9, 11], [4.9, 11], [4.9, 44], [-4.9, 44]] as const
const SWAYS = 4
/** Half a motorbike's size, as seen from behind. */
const SWAY_M = 0.65

export const weaving: Trial = {
  id: 'weaving',
  kind: 'weaving',
  sentence: 'Two motorbikes, one after the other, weave down a street; one that changes its lane, one that rides round a hole, and all others stay silent.',
  lengthMs: 46_000,
  scene: { ...motChieu, id: 'trial-weaving', marks: { zones: [] }, lanterns: [...motChieu.lanterns, ...STREET_LAMPS], script },
  rule: (ground) => ({ zone: ground.zone(ZONE), swaysMin: SWAYS }),
  happenings,
}

function happenings(played: Played): readonly Happening[] {
  const inZone = isIn(played.ground.zone(ZONE))
  return whoever(played, 2000, (seen) => seen.class === 'two_wheeler' && inZone(seen)).flatMap(({ id, span }) => {
    const frames = Array.from({ length: Math.floor((span.toMs - span.fromMs) / played.frameMs) + 1 }, (_, i) => span.fromMs / played.frameMs + i)
    const sways = swaysOf(frames.map((frame) => played.show.poseAt(frame, id)?.x ?? 0))
    return sways >= SWAYS ? [{ ...span, objects: [id], note: `${sways} sways` }] : []
  })
}

/** Changes of side by more than SWAY_M, across a street that runs straight away from the camera. */
function swaysOf(xs: readonly number[]): number {
  let [turn, farthest] = [xs[0] ?? 0, xs[0] ?? 0]
  let [side, count] = [0, 0]
  for (const x of xs) {
    if (side === 0 ? Math.abs(x - turn) >= SWAY_M : (x - farthest) * side <= -SWAY_M) {
      count += 1
      side = Math.sign(x - farthest) || Math.sign(x - turn)
      turn = farthest
      farthest = x
    } else if (side !== 0 && (x - farthest) * side > 0) farthest = x
  }
  return count
}

function script(chance: () => number, loopMs: number): Script {
  const roll = makeRoll()
  const single = (path: string, arriveMs: number, more: Partial<CastRide> = {}): CastRide => makeRide(roll, chance, { kind: 'motorbike', path, lateral: 0, speed: between(chance, 5.2, 5.8), arriveMs, riders: 1, ...more })
  // Across no harder than tyres hold: 0.85 m each 12.5 m at 20 km/h are 6.5 m/s2.
  const sway = { amplitudeM: between(chance, 0.8, 0.9), periodM: between(chance, 12, 13) }
  const start = between(chance, 3000, 5000)
  const flow = makeFlow(roll, chance, { path: 'with', count: Math.round(loopMs / 3500), windows: [[0, loopMs - 500]], bikes: [-3.8, -0.6], lanes: [-2], speed: [6.2, 8.5] })
  return {
    phases: () => 'green', walks: [], acts: [],
    rides: [single('right', start, { sway }), single('lane', start + 9000), single('right', start + 18_000, { sway: { ...sway, amplitudeM: 0.8 } }), single('hole', start + 27_000), ...flow],
    paths: [
      { id: 'with', group: 'with', points: [[0, -14], [0, 106]] },
      { id: 'right', group: 'right', points: [[2.7, -14], [2.7, 106]] },
      { id: 'lane', group: 'lane', points: [[4, -14], [4, 20], [1.6, 30], [1.6, 106]] },
      { id: 'hole', group: 'hole', points: [[3.6, -14], [3.6, 19], [1.6, 24], [1.6, 27], [3.6, 32], [3.6, 106]] },
    ],
  }
}
