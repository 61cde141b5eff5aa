import { makeFlow, makeRide, makeRoll } from '../../scenes/arrivals.js'
import { between } from '../../scenes/noise.js'
import { motChieu } from '../../scenes/places/mot-chieu.js'
import type { Script } from '../../scenes/scene.js'
import { STREET_LAMPS } from '../lamps.js'
import { cover, defocus, dim, turn } from '../spoils.js'
import type { Trial } from '../trial.js'

/** The eyes must know a view for a minute, so all happens after that; in service the time would be half a minute, longer than a lorry stops before the lens. */
const HOLD_MS = 5000
const ACTS = [
  { fromMs: 76_000, toMs: 86_000, how: 'covered' }, { fromMs: 93_000, toMs: 102_000, how: 'out of focus' }, { fromMs: 109_000, toMs: 118_000, how: 'turned' },
] as const
const CLOUD = { fromMs: 62_000, toMs: 72_000, share: 0.55 }
/** So long the light takes to go and to come. */
const CLOUD_EDGE_MS = 1000

export const cameraTamper: Trial = {
  id: 'camera_tamper',
  kind: 'camera_tamper',
  sentence: 'The camera is covered, put out of focus and turned, one after the other; a cloud before the sun and a lorry that passes near the lens stay silent.',
  lengthMs: 120_000,
  scene: { ...motChieu, id: 'trial-camera-tamper', marks: { zones: [] }, lanterns: [...motChieu.lanterns, ...STREET_LAMPS], script },
  rule: () => ({ holdMsMin: HOLD_MS }),
  // What is done to the picture is done by this file itself: there is nothing else to measure.
  happenings: () => ACTS.map(({ fromMs, toMs, how }) => ({ fromMs, toMs, objects: [], note: `the camera is ${how}` })),
  spoil(rgb, { atMs, ...size }) {
    const act = ACTS.find(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs)
    if (act?.how === 'covered') cover(rgb, size)
    if (act?.how === 'out of focus') defocus(rgb, size, Math.round(size.width / 32))
    if (act?.how === 'turned') turn(rgb, size, 0.55)
    const clouded = Math.max(0, Math.min(1, Math.min(atMs - CLOUD.fromMs, CLOUD.toMs - atMs) / CLOUD_EDGE_MS))
    if (clouded > 0) dim(rgb, 1 - clouded * (1 - CLOUD.share))
  },
}

function script(chance: () => number, loopMs: number): Script {
  const roll = makeRoll()
  const lorries = [66_000, 104_500].map((arriveMs) => makeRide(roll, chance, { kind: 'truck', path: 'with', lateral: 2.2, speed: between(chance, 4, 5), arriveMs }))
  const flow = makeFlow(roll, chance, { path: 'with', count: Math.round(loopMs / 5000), windows: [[0, loopMs - 500]], bikes: [-2.8, 0], lanes: [-1.6], speed: [6.2, 9] })
  return { phases: () => 'green', rides: [...lorries, ...flow], walks: [], acts: [], paths: [{ id: 'with', group: 'with', points: [[0, -14], [0, 106]] }] }
}
