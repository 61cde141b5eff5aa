import { makeFlow, makeRide, makeRoll } from '../../scenes/arrivals.js'
import { between } from '../../scenes/noise.js'
import { motChieu } from '../../scenes/places/mot-chieu.js'
import type { CastRide, Script, VehicleKind } from '../../scenes/scene.js'
import { isIn, whoever } from '../conduct.js'
import { STREET_LAMPS } from '../lamps.js'
import type { Trial } from '../trial.js'

/** Lorries in a street of shops. Our own model's word stands in for any word of any registered model: the rule knows no difference. */
const ZONE = [[-4.9, 13], [4.9, 13], [4.9, 38], [-4.9, 38]] as const
const HOLD_MS = 1500

export const modelClass: Trial = {
  id: 'model_class',
  kind: 'model_class',
  sentence: 'Three lorries drive through a street; buses, cars and motorbikes stay silent.',
  lengthMs: 48_000,
  scene: { ...motChieu, id: 'trial-model-class', marks: { zones: [] }, lanterns: [...motChieu.lanterns, ...STREET_LAMPS], script },
  rule: (ground) => ({ zone: ground.zone(ZONE), words: ['truck'], scoreMin: 0.4, holdMsMin: HOLD_MS }),
  happenings(played) {
    const inZone = isIn(played.ground.zone(ZONE))
    return whoever(played, HOLD_MS, (seen) => seen.class === 'truck' && inZone(seen)).map(({ id, span }) => ({ ...span, objects: [id], note: 'a lorry passes' }))
  },
}

function script(chance: () => number, loopMs: number): Script {
  const roll = makeRoll()
  const large = (kind: VehicleKind, arriveMs: number): CastRide => makeRide(roll, chance, { kind, path: 'with', lateral: between(chance, 2, 2.4), speed: between(chance, 5.4, 6.2), arriveMs })
  const start = between(chance, 2000, 4000)
  const flow = makeFlow(roll, chance, { path: 'with', count: Math.round(loopMs / 3200), windows: [[0, loopMs - 500]], bikes: [-3.8, -0.6], lanes: [-2], speed: [6.2, 8.5], mix: [['motorbike', 0.7], ['sedan', 0.1], ['hatch', 0.06], ['suv', 0.06], ['taxi', 0.04], ['van', 0.04]] })
  return {
    phases: () => 'green', walks: [], acts: [],
    rides: [large('truck', start), large('bus', start + 8000), large('truck', start + 15_000), large('bus', start + 22_500), large('truck', start + 29_500), ...flow],
    paths: [{ id: 'with', group: 'with', points: [[0, -14], [0, 106]] }],
  }
}
