import { unit, type Vec3 } from './space.js'

// Names of the module's own: in a test's vm context every look at a global such as Math costs a call.
const { exp, max, sqrt } = Math

/** The light of an hour. Colours are factors on an albedo; haze and sky are pixel values 0..255. */
export interface Tone {
  readonly name: ToneName
  readonly sun: Vec3
  readonly sunColour: Vec3
  /** Light from above and light from the ground. */
  readonly skyLight: Vec3
  readonly groundLight: Vec3
  readonly skyTop: Vec3
  readonly skyLow: Vec3
  readonly haze: Vec3
  /** Half of a colour is gone into haze at this distance. */
  readonly hazeHalfM: number
  /** How dark the shadow under a vehicle is, 0..1. */
  readonly shade: number
  /** How far shadows fall, metres of shadow per metre of height. */
  readonly noise: number
  readonly lampsLit: boolean
  readonly wet: boolean
}

export const TONE_NAMES = ['day', 'cloud', 'dusk', 'night', 'rain'] as const
export type ToneName = (typeof TONE_NAMES)[number]

export const TONES: Readonly<Record<ToneName, Tone>> = {
  day: {
    name: 'day', sun: unit([-0.55, 0.78, -0.3]), sunColour: [0.62, 0.58, 0.5], skyLight: [0.56, 0.59, 0.63], groundLight: [0.3, 0.29, 0.27],
    skyTop: [150, 184, 214], skyLow: [214, 224, 230], haze: [200, 209, 214], hazeHalfM: 130, shade: 0.62, noise: 1.6, lampsLit: false, wet: false,
  },
  cloud: {
    name: 'cloud', sun: unit([-0.2, 0.95, -0.2]), sunColour: [0.22, 0.22, 0.22], skyLight: [0.76, 0.78, 0.8], groundLight: [0.36, 0.35, 0.34],
    skyTop: [182, 190, 196], skyLow: [214, 217, 218], haze: [196, 200, 202], hazeHalfM: 115, shade: 0.5, noise: 1.8, lampsLit: false, wet: false,
  },
  dusk: {
    name: 'dusk', sun: unit([0.8, 0.3, 0.45]), sunColour: [0.3, 0.2, 0.11], skyLight: [0.36, 0.34, 0.38], groundLight: [0.18, 0.16, 0.15],
    skyTop: [84, 92, 120], skyLow: [204, 160, 122], haze: [142, 124, 116], hazeHalfM: 150, shade: 0.4, noise: 2.6, lampsLit: true, wet: false,
  },
  night: {
    name: 'night', sun: unit([0.1, 1, -0.2]), sunColour: [0.02, 0.025, 0.035], skyLight: [0.085, 0.09, 0.105], groundLight: [0.045, 0.045, 0.05],
    skyTop: [10, 13, 19], skyLow: [30, 31, 38], haze: [24, 26, 32], hazeHalfM: 140, shade: 0.42, noise: 3.4, lampsLit: true, wet: false,
  },
  rain: {
    name: 'rain', sun: unit([0, 1, -0.1]), sunColour: [0.06, 0.06, 0.06], skyLight: [0.66, 0.69, 0.72], groundLight: [0.34, 0.34, 0.35],
    skyTop: [140, 148, 153], skyLow: [174, 180, 183], haze: [160, 166, 170], hazeHalfM: 80, shade: 0.36, noise: 2.6, lampsLit: false, wet: true,
  },
}

/** A street lamp or floodlight: reaches `reachM` before its light has fallen to half. */
export interface Lantern {
  readonly at: Vec3
  readonly colour: Vec3
  readonly reachM: number
}

export interface Light {
  readonly towards: Vec3
  readonly colour: Vec3
}

export interface Lighting {
  readonly tone: Tone
  readonly lanterns: readonly Lantern[]
}

/** Made once: a street asks for its light millions of times. */
const SUNS = Object.fromEntries(TONE_NAMES.map((name) => [name, { towards: TONES[name].sun, colour: TONES[name].sunColour }])) as Readonly<Record<ToneName, Light>>

/** The one light that matters at a place: the sun, or the sum of the lanterns around. */
export function lightAt(lighting: Lighting, x: number, y: number, z: number): Light {
  const { tone } = lighting
  if (!tone.lampsLit || lighting.lanterns.length === 0) return SUNS[tone.name]
  let [dx, dy, dz] = [tone.sun[0] * tone.sunColour[1], tone.sun[1] * tone.sunColour[1], tone.sun[2] * tone.sunColour[1]]
  let [r, g, b] = [tone.sunColour[0], tone.sunColour[1], tone.sunColour[2]]
  for (const lantern of lighting.lanterns) {
    const ex = lantern.at[0] - x
    const ey = lantern.at[1] - y
    const ez = lantern.at[2] - z
    const square = ex * ex + ey * ey + ez * ez
    const strength = 1 / (1 + square / (lantern.reachM * lantern.reachM)) ** 2
    const length = sqrt(square) || 1
    dx += (ex / length) * strength
    dy += (ey / length) * strength
    dz += (ez / length) * strength
    r += lantern.colour[0] * strength
    g += lantern.colour[1] * strength
    b += lantern.colour[2] * strength
  }
  return { towards: unit([dx, dy, dz]), colour: [r, g, b] }
}

/** How much of a colour the air has taken at a distance. */
export function hazeAt(tone: Tone, distanceM: number): number {
  return 1 - exp((-0.693 * max(0, distanceM - 6)) / tone.hazeHalfM)
}
