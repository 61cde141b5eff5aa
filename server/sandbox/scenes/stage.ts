import type { Area, Canvas } from './canvas.js'
import { drawMesh, type Bench } from './draw-mesh.js'
import type { Mesh } from './mesh.js'
import type { Chance } from './noise.js'
import { paintSurface, type Paint, type Spot } from './paint-surface.js'
import type { Lens, Vec3 } from './space.js'
import { hazeAt, lightAt, type Lighting } from './tones.js'

// Names of the module's own: in a test's vm context every look at a global such as Math costs a call.
const { max } = Math

/** Where the street is built: everything that a backdrop needs at hand. */
export interface Stage {
  readonly canvas: Canvas
  readonly lens: Lens
  readonly lighting: Lighting
  readonly bench: Bench
  readonly chance: Chance
  /** Soft shadows on the ground, cast by trees and houses when the sun shines. */
  readonly shades: readonly Shade[]
  /** Where parked vehicles stand: real ones to a detector, but no part of the truth. */
  readonly parked: Area[]
}

export interface Shade {
  readonly x: number
  readonly z: number
  readonly halfX: number
  readonly halfZ: number
  /** Leaves let spots of light through. */
  readonly leafy: boolean
}

/** Sets r, g, b of the spot to an albedo 0..255; false leaves a hole. */
export type Albedo = (spot: Spot) => boolean

/** Light on a coat of paint: the same rule as for moving bodies, so that both stand in one world. */
export function coat(stage: Stage, normal: Vec3, albedo: Albedo, sunlit: (spot: Spot) => number = () => 1): Paint {
  const { tone } = stage.lighting
  const up = normal[1] * 0.5 + 0.5
  const ambient = [0, 1, 2].map((k) => tone.groundLight[k]! * (1 - up) + tone.skyLight[k]! * up)
  return (spot) => {
    if (!albedo(spot)) return false
    const light = lightAt(stage.lighting, spot.x, spot.y, spot.z)
    const face = max(0, normal[0] * light.towards[0] + normal[1] * light.towards[1] + normal[2] * light.towards[2]) * sunlit(spot)
    const haze = hazeAt(tone, spot.depth)
    spot.r = mixHaze(spot.r * (ambient[0]! + light.colour[0] * face), tone.haze[0], haze)
    spot.g = mixHaze(spot.g * (ambient[1]! + light.colour[1] * face), tone.haze[1], haze)
    spot.b = mixHaze(spot.b * (ambient[2]! + light.colour[2] * face), tone.haze[2], haze)
    return true
  }
}

function mixHaze(value: number, haze: number, part: number): number {
  return value + (haze - value) * part
}

export function setAlbedo(spot: Spot, colour: number, gain = 1): void {
  spot.r = ((colour >> 16) & 255) * gain
  spot.g = ((colour >> 8) & 255) * gain
  spot.b = (colour & 255) * gain
}

export function blendAlbedo(spot: Spot, colour: number, part: number): void {
  spot.r += (((colour >> 16) & 255) - spot.r) * part
  spot.g += (((colour >> 8) & 255) - spot.g) * part
  spot.b += ((colour & 255) - spot.b) * part
}

/** A painted wall or floor, seen from the side its normal points to. */
export function lay(stage: Stage, points: readonly Vec3[], normal: Vec3, albedo: Albedo, sunlit?: (spot: Spot) => number): void {
  paintSurface(stage.canvas, stage.lens, points, coat(stage, normal, albedo, sunlit))
}

/** A body that never moves: poles, awnings, parked things. */
export function stand(stage: Stage, mesh: Mesh, x: number, y: number, z: number, heading = 0): void {
  drawMesh(stage.canvas, stage.lens, stage.bench, mesh, { x, y, z, heading, lean: 0, braking: false }, stage.lighting, 0)
}

/** A vehicle without a driver at the kerb. */
export function park(stage: Stage, mesh: Mesh, x: number, y: number, z: number, heading: number): void {
  const { area } = drawMesh(stage.canvas, stage.lens, stage.bench, mesh, { x, y, z, heading, lean: 0, braking: false }, stage.lighting, 0)
  if (area) stage.parked.push(area)
}
