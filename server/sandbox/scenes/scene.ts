import type { SignalSpot } from './furniture.js'
import type { Tree } from './greenery.js'
import type { Mesh } from './mesh.js'
import type { Chance } from './noise.js'
import type { Mount } from './space.js'
import type { Shade, Stage } from './stage.js'
import type { Lantern, ToneName } from './tones.js'
import type { Path, Phases, Ride } from './traffic.js'
import type { Walk } from './walks.js'

/** A place with a camera, and what happens there. Everything is in metres; the lens turns it into the picture. */
export interface Scene {
  readonly id: string
  readonly name: { readonly vi: string; readonly en: string }
  /** Burnt into the picture, as real cameras do. Capital letters without accents. */
  readonly caption: string
  readonly sentence: string
  readonly tone: ToneName
  readonly mount: Mount
  readonly marks: WorldGeometry
  readonly signal: SignalSpot | null
  readonly trees: readonly Tree[]
  readonly lanterns: readonly Lantern[]
  readonly shades: readonly Shade[]
  readonly build: (stage: Stage) => void
  readonly script: (chance: Chance, loopMs: number) => Script
}

type Ground = readonly (readonly [x: number, z: number])[]

/** From which the rule of a zone should speak: what is shorter or less is lawful here. Written into the truth's geometry. */
export interface ZoneLimits {
  readonly dwellS?: number
  readonly holdS?: number
  readonly people?: number
}

export interface WorldGeometry {
  readonly stopLine?: { readonly points: Ground; readonly towards: readonly [x: number, z: number] }
  readonly zones: readonly { readonly name: string; readonly points: Ground; readonly allowed?: readonly [x: number, z: number]; readonly level?: number; readonly limits?: ZoneLimits }[]
}

export type VehicleKind = 'motorbike' | 'sedan' | 'hatch' | 'suv' | 'taxi' | 'van' | 'bus' | 'truck'
/** `thing`: what no detector of ours names, a bag or a stall. */
export type ObjectClass = 'person' | 'two_wheeler' | 'car' | 'bus' | 'truck' | 'thing'

export interface CastRide extends Ride {
  readonly kind: VehicleKind
  readonly riders?: 1 | 2
  /** Height of what it drives on, when that is no carriageway. */
  readonly level?: number
}

/** A body that stands, for a part of the loop: a bag left behind, a stall set up on the pavement. */
export interface Thing {
  readonly id: number
  readonly mesh: Mesh
  readonly x: number
  readonly z: number
  readonly level: number
  readonly heading: number
  readonly fromMs: number
  readonly untilMs: number
}

export type EventKind = 'red_light' | 'wrong_way' | 'illegal_stop' | 'crowd' | 'intrusion'

/** What the script means to happen; when it is seen to happen is measured on the drawn boxes. */
export interface Act {
  readonly kind: EventKind
  readonly object: number
  readonly note: string
  /** The zone that decides, by name. */
  readonly zone?: string
  readonly atLeast?: { readonly people?: number; readonly dwellMs?: number }
}

export interface Script {
  readonly paths: readonly Path[]
  readonly rides: readonly CastRide[]
  readonly walks: readonly Walk[]
  readonly things?: readonly Thing[]
  readonly phases: Phases
  readonly acts: readonly Act[]
}

export const CLASS_OF: Readonly<Record<VehicleKind, ObjectClass>> = { motorbike: 'two_wheeler', sedan: 'car', hatch: 'car', suv: 'car', taxi: 'car', van: 'car', bus: 'bus', truck: 'truck' }

/** Half width (with elbow room) and half length for the traffic model. */
export const SIZE_OF: Readonly<Record<VehicleKind, readonly [halfWidth: number, halfLength: number]>> = {
  motorbike: [0.4, 0.98], sedan: [0.95, 2.25], hatch: [0.9, 1.9], suv: [1, 2.3], taxi: [0.92, 2.18], van: [1.05, 2.6], bus: [1.35, 4.6], truck: [1.2, 3.15],
}
