import type { Lantern } from '../scenes/tones.js'

/** More light for a street that a city watches at night: a lamp on the camera's own pole, and the other side's lamps. Above the picture, so that no pole is missing. */
export const STREET_LAMPS: readonly Lantern[] = [
  { at: [0, 8, 6], colour: [1.1, 0.95, 0.7], reachM: 10 },
  { at: [0, 9, 22], colour: [1.1, 0.95, 0.7], reachM: 11 },
]
