import { makeRide, makeRoll } from '../../scenes/arrivals.js'
import { between, type Chance } from '../../scenes/noise.js'
import { cau } from '../../scenes/places/cau.js'
import { CLASS_OF, type Script, type VehicleKind } from '../../scenes/scene.js'
import { BRIDGE_PATHS, bridgeFlow, bridgeWalkers } from '../bridge.js'
import { whileIn } from '../measure.js'
import type { Happening, Played, Trial } from '../trial.js'

/** The outer lane of the own side, for two-wheelers alone; 0.4 m off its dashed line, so that who drives on that line is not in it. */
const ZONE = [[3.9, 13], [6.9, 13], [6.9, 58], [3.9, 58]] as const
const HOLD_MS = 2000

export const wrongLane: Trial = {
  id: 'wrong_lane',
  kind: 'wrong_lane',
  sentence: 'A car and a truck drive along the lane of two-wheelers; the cars beside it, one that drives on its line, one that swings through it round an obstacle, and the two-wheelers in it stay silent.',
  lengthMs: 45_000,
  scene: { ...cau, id: 'trial-wrong-lane', marks: { zones: [] }, script },
  rule: (ground) => ({ zone: ground.zone(ZONE), direction: ground.way([5.4, 24], [0, 1]), classes: ['car', 'bus', 'truck'], holdMsMin: HOLD_MS }),
  happenings: (played) => played.show.script.rides.filter((ride) => CLASS_OF[ride.kind] !== 'two_wheeler').flatMap(({ id, kind }) => alongLane(played, id, kind)),
}

function alongLane(played: Played, id: number, kind: string): readonly Happening[] {
  const span = whileIn(played, id, played.ground.zone(ZONE))
  if (!span || span.toMs - span.fromMs < HOLD_MS) return []
  return [{ ...span, objects: [id], note: `a ${kind} drives along the lane of two-wheelers`, unsure: span.toMs - span.fromMs < HOLD_MS + 700 }]
}

function script(chance: Chance, loopMs: number): Script {
  const roll = makeRoll()
  const drives = (kind: VehicleKind, path: string, lateral: number, arriveMs: number) => makeRide(roll, chance, { kind, path, lateral, speed: between(chance, 6.5, 7.5), arriveMs })
  const cars = [
    drives(chance() < 0.5 ? 'sedan' : 'hatch', 'own', 5.2, between(chance, 2000, 4000)), drives('truck', 'own', 5.2, between(chance, 26_000, 29_000)),
    drives('suv', 'own', 2.9, between(chance, 12_000, 14_000)), drives('sedan', 'round', 0, between(chance, 17_500, 19_500)),
  ]
  const obstacle = makeRide(roll, chance, { kind: 'motorbike', path: 'inner', lateral: 1.45, speed: 6, arriveMs: 8000, halt: { at: 41, dwellMs: 22_000, lateral: 1.45 } })
  const bikes = bridgeFlow(roll, chance, { path: 'own', everyMs: 6000, loopMs, bikes: [4.4, 6.2], mix: [['motorbike', 1]], speed: [6.5, 8] })
  const oncoming = bridgeFlow(roll, chance, { path: 'oncoming', everyMs: 5000, loopMs })
  return {
    phases: () => 'green', rides: [...cars, obstacle, ...bikes, ...oncoming], walks: bridgeWalkers(roll, chance, loopMs), acts: [],
    paths: [
      ...BRIDGE_PATHS, { ...BRIDGE_PATHS[0]!, id: 'inner', group: 'inner' },
      { id: 'round', group: 'round', points: [[1.9, -14], [1.9, 17], [4.3, 24.5], [4.3, 28], [1.9, 36], [1.9, 118]] },
    ],
  }
}
