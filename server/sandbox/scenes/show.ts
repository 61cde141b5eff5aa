import type { Placing } from './draw-mesh.js'
import { drawnBus, drawnTruck } from './big-vehicles.js'
import { drawnCar } from './cars.js'
import { KERB_M } from './ground.js'
import type { Mesh } from './mesh.js'
import { makeChance, mixSeed, type Chance } from './noise.js'
import { bodyOf } from './people.js'
import type { CastRide, ObjectClass, Scene, Script, Thing } from './scene.js'
import { CLASS_OF } from './scene.js'
import { runTraffic, type Colour, type Pose } from './traffic.js'
import { drawnMotorbike, type Look } from './two-wheelers.js'
import { walkAt } from './walks.js'

/** The players of a scene: who stands where in each frame of the loop, with the body they have. */
export interface Actor {
  readonly id: number
  readonly class: ObjectClass
  readonly mesh: Mesh
  readonly placing: Placing
}

export interface Show {
  readonly script: Script
  readonly frameCount: number
  readonly loopMs: number
  readonly frameMs: number
  actorsAt(frame: number): readonly Actor[]
  signalAt(frame: number): Colour
  /** Ground position of an object, for the truth. */
  poseAt(frame: number, id: number): { readonly x: number; readonly z: number; readonly heading: number } | null
  plateOf(id: number): string | null
}

/** Below this a script cannot hold its events; a shorter clip shows the beginning of two minutes, and jumps at its end. */
export const TIMELINE_MS_MIN = 120_000

export function makeShow(scene: Scene, options: { readonly seed: number; readonly loopMs: number; readonly frameMs: number }): Show {
  const timelineMs = Math.max(TIMELINE_MS_MIN, options.loopMs)
  const script = scene.script(makeChance(mixSeed(options.seed, scene.id)), timelineMs)
  const poses = runTraffic({ paths: script.paths, rides: script.rides, phases: script.phases, loopMs: timelineMs, frameMs: options.frameMs })
  const rides = new Map(script.rides.map((ride) => [ride.id, ride]))
  const looks = new Map<number, Look>()
  const lookOf = (ride: CastRide): Look => {
    const known = looks.get(ride.id)
    if (known) return known
    const made = drawLook(makeChance(mixSeed(options.seed, `${scene.id} ${ride.id}`)), ride)
    looks.set(ride.id, made)
    return made
  }
  const bodies = new Map<string, Mesh>()
  const body = (id: number, who: Parameters<typeof bodyOf>[0], phase: number): Mesh => {
    const key = `${id}:${phase}`
    const mesh = bodies.get(key) ?? bodyOf(who, phase)
    bodies.set(key, mesh)
    return mesh
  }
  const walkPose = (frame: number, id: number) => {
    const walk = script.walks.find((one) => one.id === id)
    return walk ? walkAt(walk, frame * options.frameMs, timelineMs) : null
  }
  return {
    script, loopMs: options.loopMs, frameMs: options.frameMs,
    frameCount: Math.round(options.loopMs / options.frameMs),
    actorsAt(frame) {
      const actors: Actor[] = []
      for (const [id, pose] of poses[frame] ?? []) {
        const ride = rides.get(id)
        if (ride) actors.push({ id, class: CLASS_OF[ride.kind], mesh: lookOf(ride).mesh, placing: placingOf(pose, ride.level ?? 0) })
      }
      for (const walk of script.walks) {
        const pose = walkAt(walk, frame * options.frameMs, timelineMs)
        if (pose) actors.push({ id: walk.id, class: 'person', mesh: body(walk.id, walk.who, pose.phase), placing: { x: pose.x, y: walk.level, z: pose.z, heading: pose.heading, lean: 0, braking: false } })
      }
      for (const thing of standingAt(script, frame * options.frameMs)) actors.push({ id: thing.id, class: 'thing', mesh: thing.mesh, placing: { x: thing.x, y: thing.level, z: thing.z, heading: thing.heading, lean: 0, braking: false } })
      return actors
    },
    signalAt: (frame) => script.phases('own', frame * options.frameMs),
    poseAt: (frame, id) => poses[frame]?.get(id) ?? walkPose(frame, id) ?? standingAt(script, frame * options.frameMs).find((thing) => thing.id === id) ?? null,
    plateOf(id) {
      const ride = rides.get(id)
      return ride ? (lookOf(ride).plate?.text ?? null) : null
    },
  }
}

function standingAt(script: Script, atMs: number): readonly Thing[] {
  return (script.things ?? []).filter((thing) => atMs >= thing.fromMs && atMs < thing.untilMs)
}

function placingOf(pose: Pose, level: number): Placing {
  return { x: pose.x, y: level, z: pose.z, heading: pose.heading, lean: pose.lean, braking: pose.braking }
}

function drawLook(chance: Chance, ride: CastRide): Look {
  if (ride.kind === 'motorbike') return drawnMotorbike(chance, ride.riders ? { riders: ride.riders, load: false } : {})
  if (ride.kind === 'bus') return drawnBus(chance)
  if (ride.kind === 'truck') return drawnTruck(chance)
  return drawnCar(chance, ride.kind)
}

/** People on the pavement stand one kerb higher. */
export const PAVEMENT_LEVEL = KERB_M
