import { makeCanvas, resolve, restore, wholePixels, type Area, type Canvas } from './canvas.js'
import { cornersSeen, drawMesh, makeBench, worldOf, type Bench, type Drawn, type Placing } from './draw-mesh.js'
import { castBeam, castShadow } from './shadows.js'
import { addGrain, addRain, bloom, makeCaption, makeGrain, writeCaption } from './finish.js'
import { lampFace, lampPlace, LAMP_COLOURS, type LampColour } from './furniture.js'
import { plantTree, shadeOf } from './greenery.js'
import { makeChance, mixSeed } from './noise.js'
import type { Mesh } from './mesh.js'
import type { ObjectClass, Scene } from './scene.js'
import { makeShow, type Actor, type Show } from './show.js'
import { paintSky } from './sky.js'
import { makeLens, project, type Lens, type Mount } from './space.js'
import type { Stage } from './stage.js'
import { TONES, type Lighting, type ToneName } from './tones.js'

/** One scene before the lens: the street painted once, then frame after frame of what moves. */
export interface Seen {
  readonly id: number
  readonly class: ObjectClass
  /** Tight around the visible pixels, 0..1. */
  readonly box: readonly [x1: number, y1: number, x2: number, y2: number]
  /** Part of the whole body that is neither hidden nor outside the picture. */
  readonly visible: number
}

/** A plate that faces the camera: its corners from top left, clockwise, 0..1, and how much of it nothing hides. */
export interface PlateSeen {
  readonly id: number
  readonly corners: readonly (readonly [x: number, y: number])[]
  readonly rows: 1 | 2
  readonly visible: number
}

export interface Frame {
  readonly rgb: Uint8ClampedArray
  readonly seen: readonly Seen[]
}

export interface Studio {
  readonly width: number
  readonly height: number
  readonly lens: Lens
  readonly show: Show
  readonly frameCount: number
  /** Boxes of parked vehicles, 0..1: neither right nor wrong to find. */
  readonly parked: readonly Seen['box'][]
  /** Frames are valid until the next call. */
  draw(frame: number): Frame
  /** The plates in the frame drawn last. */
  plates(): readonly PlateSeen[]
}

export interface StudioOptions {
  readonly seed: number
  readonly loopMs: number
  readonly frameMs: number
  readonly width: number
  readonly height: number
  readonly tone?: ToneName
  readonly mount?: Mount
  readonly caption?: boolean
  /** Only who is seen where, on an empty street: many times quicker, for checks of the script. */
  readonly boxesOnly?: boolean
}

export function makeStudio(scene: Scene, options: StudioOptions): Studio {
  const { width, height } = options
  const clean = makeCanvas(width, height)
  const lens = makeLens(options.mount ?? scene.mount, { width: clean.width, height: clean.height })
  const tone = TONES[options.tone ?? scene.tone]
  const lighting: Lighting = { tone, lanterns: scene.lanterns }
  const bench = makeBench(clean)
  const parked: Area[] = []
  if (!options.boxesOnly) buildStreet(scene, { canvas: clean, lens, lighting, bench, chance: makeChance(mixSeed(options.seed, `${scene.id} street`)), shades: [], parked })
  const show = makeShow(scene, options)
  const bare = { width, height, lens, show, frameCount: show.frameCount }
  if (options.boxesOnly) return { ...bare, parked: [], plates: () => [], draw: (frame) => ({ rgb: new Uint8ClampedArray(0), seen: sketch({ canvas: clean, lens, bench, lighting }, show, frame) }) }
  const cleanPixels = new Uint8ClampedArray(width * height * 3)
  resolve(clean, { x0: 0, y0: 0, x1: clean.width, y1: clean.height }, cleanPixels)
  const work = makeCanvas(width, height)
  restore(work, clean, { x0: 0, y0: 0, x1: clean.width, y1: clean.height })
  const pixels = new Uint8ClampedArray(cleanPixels.length)
  const out = new Uint8ClampedArray(cleanPixels.length)
  const grain = makeGrain(tone.noise, options.seed)
  const caption = options.caption === false ? null : makeCaption(scene.caption, width, height)
  const faces = { red: lampFace('red'), yellow: lampFace('yellow'), green: lampFace('green') }
  let dirty: Area[] = []
  let lastFrame = 0

  return {
    ...bare,
    parked: parked.map((area) => [area.x0 / clean.width, area.y0 / clean.height, area.x1 / clean.width, area.y1 / clean.height]),
    plates: () => platesIn(work, lens, show.actorsAt(lastFrame)),
    draw(frame) {
      lastFrame = frame
      for (const area of dirty) restore(work, clean, area)
      pixels.set(cleanPixels)
      const lamp = scene.signal ? show.signalAt(frame) : null
      const drawn = drawAll({ canvas: work, lens, bench, lighting }, show, frame, lamp && scene.signal ? { mesh: faces[lamp], scene } : null)
      dirty = drawn.areas.map((area) => wholePixels(work, area))
      for (const area of dirty) resolve(work, area, pixels)
      for (const spot of glows(scene, { canvas: work, lens, lighting }, show, frame, lamp)) bloom(pixels, width, height, spot)
      if (tone.wet) addRain(pixels, width, height, frame)
      addGrain(pixels, out, grain, frame)
      if (caption) writeCaption(out, caption)
      return { rgb: out, seen: drawn.seen }
    },
  }
}

function buildStreet(scene: Scene, empty: Stage): void {
  const { tone } = empty.lighting
  const sunny = tone.name === 'day' || tone.name === 'dusk'
  const stage: Stage = { ...empty, shades: sunny ? [...scene.shades, ...scene.trees.map((tree) => shadeOf(tree, tone.sun))] : [] }
  scene.build(stage)
  for (const tree of scene.trees) plantTree(stage, tree)
  paintSky(stage)
}

interface Easel {
  readonly canvas: Canvas
  readonly lens: Lens
  readonly bench: Bench
  readonly lighting: Lighting
}

function drawAll(easel: Easel, show: Show, frame: number, lamp: { readonly mesh: Mesh; readonly scene: Scene } | null): { readonly areas: Area[]; readonly seen: Seen[] } {
  const { canvas, lens, bench, lighting } = easel
  const areas: Area[] = []
  const keep = (area: Area | null) => void (area && areas.push(area))
  const actors = show.actorsAt(frame)
  for (const actor of actors) keep(castShadow(canvas, lens, actor.mesh, actor.placing, lighting.tone))
  if (lighting.tone.lampsLit) for (const actor of actors) if (actor.mesh.lamps.length > 0) keep(castBeam(canvas, lens, actor.mesh, actor.placing))
  if (lamp?.scene.signal) {
    const [x, y, z] = lampPlace(lamp.scene.signal, 'red')
    keep(drawMesh(canvas, lens, bench, lamp.mesh, { x, y, z, heading: 0, lean: 0, braking: false }, { tone: TONES.cloud, lanterns: [] }, 0).area)
  }
  const drawn = actors.map((actor, index) => ({ actor, index, result: drawMesh(canvas, lens, bench, actor.mesh, actor.placing, lighting, index + 1) }))
  for (const { result } of drawn) keep(result.area)
  return { areas, seen: sightsIn(canvas, drawn) }
}

/** The bodies alone, without light, on a canvas that is wiped again. */
function sketch(easel: Easel, show: Show, frame: number): readonly Seen[] {
  const { canvas, lens, bench } = easel
  canvas.nearness.fill(0)
  canvas.owner.fill(0)
  return sightsIn(canvas, show.actorsAt(frame).map((actor, index) => ({ actor, index, result: drawMesh(canvas, lens, bench, actor.mesh, actor.placing, null, index + 1) })))
}

function sightsIn(canvas: Canvas, drawn: readonly { readonly actor: Actor; readonly index: number; readonly result: Drawn }[]): Seen[] {
  const seen: Seen[] = []
  for (const { actor, index, result } of drawn) {
    if (!result.area) continue
    const found = findOwner(canvas, result.area, index + 1)
    if (!found) continue
    const { full } = result
    const inFrame = Math.max(0, Math.min(canvas.width, full.x1) - Math.max(0, full.x0)) * Math.max(0, Math.min(canvas.height, full.y1) - Math.max(0, full.y0))
    const whole = Math.max(1, (full.x1 - full.x0) * (full.y1 - full.y0))
    const { width: w, height: h } = canvas
    seen.push({ id: actor.id, class: actor.class, box: [found.x0 / w, found.y0 / h, found.x1 / w, found.y1 / h], visible: Math.min(1, (found.count / Math.max(1, result.covered)) * Math.min(1, inFrame / whole)) })
  }
  return seen
}

/** Plates lie on their vehicle: a plate is seen where the samples inside its corners are that vehicle's. */
function platesIn(canvas: Canvas, lens: Lens, actors: readonly Actor[]): PlateSeen[] {
  return actors.flatMap((actor, index) =>
    actor.mesh.decals.flatMap((decal): PlateSeen[] => {
      const corners = cornersSeen(lens, decal, actor.placing)
      if (!corners || corners.some(({ x, y }) => x < 0 || y < 0 || x >= canvas.width || y >= canvas.height)) return []
      const [a, b, c, d] = corners
      let own = 0
      for (let i = 0; i < 64; i += 1) {
        const [u, v] = [((i % 8) + 0.5) / 8, (Math.floor(i / 8) + 0.5) / 8]
        const x = (a.x * (1 - u) + b.x * u) * (1 - v) + (d.x * (1 - u) + c.x * u) * v
        const y = (a.y * (1 - u) + b.y * u) * (1 - v) + (d.y * (1 - u) + c.y * u) * v
        own += canvas.owner[Math.floor(y) * canvas.width + Math.floor(x)] === index + 1 ? 1 : 0
      }
      return [{ id: actor.id, corners: corners.map(({ x, y }) => [x / canvas.width, y / canvas.height] as const), rows: decal.picture.width > 3 * decal.picture.height ? 1 : 2, visible: own / 64 }]
    }),
  )
}

function findOwner(canvas: Canvas, area: Area, owner: number): (Area & { readonly count: number }) | null {
  let [x0, y0, x1, y1, count] = [Infinity, Infinity, -1, -1, 0]
  for (let y = area.y0; y < area.y1; y += 1) {
    for (let x = area.x0, i = y * canvas.width + area.x0; x < area.x1; x += 1, i += 1) {
      if (canvas.owner[i] !== owner) continue
      count += 1
      if (x < x0) x0 = x
      if (x > x1) x1 = x
      if (y < y0) y0 = y
      if (y > y1) y1 = y
    }
  }
  return count > 0 ? { x0, y0, x1: x1 + 1, y1: y1 + 1, count } : null
}

/** Blooms of the signal, of street lamps at night and of vehicle lamps that face us. */
function glows(scene: Scene, easel: Omit<Easel, 'bench'>, show: Show, frame: number, lamp: LampColour | null): Parameters<typeof bloom>[3][] {
  const { canvas, lens, lighting } = easel
  const f = canvas.fine
  const out: Parameters<typeof bloom>[3][] = []
  const add = (place: readonly [number, number, number], radiusM: number, colour: number, strength: number) => {
    const spot = project(lens, place)
    if (!spot || spot.x < 0 || spot.y < 0 || spot.x >= canvas.width || spot.y >= canvas.height) return
    if (canvas.nearness[Math.floor(spot.y) * canvas.width + Math.floor(spot.x)]! > (1 / spot.depth) * 1.03) return
    out.push({ x: spot.x / f, y: spot.y / f, radius: (radiusM * lens.focal) / spot.depth / f, colour: [(colour >> 16) & 255, (colour >> 8) & 255, colour & 255], strength })
  }
  if (lamp && scene.signal) add(lampPlace(scene.signal, lamp), lighting.tone.lampsLit ? 0.7 : 0.34, LAMP_COLOURS[lamp], lighting.tone.lampsLit ? 0.8 : 0.4)
  if (!lighting.tone.lampsLit) return out
  for (const lantern of scene.lanterns) add([lantern.at[0], lantern.at[1] - 0.12, lantern.at[2]], 1.3, 0xffe2a8, 0.75)
  for (const actor of show.actorsAt(frame)) {
    for (const light of actor.mesh.lamps) {
      const ahead = light.kind === 'head' ? 1 : -1
      const facing = -(Math.sin(actor.placing.heading) * (actor.placing.x - lens.at[0]) + Math.cos(actor.placing.heading) * (actor.placing.z - lens.at[2])) * ahead
      const far = Math.hypot(actor.placing.x - lens.at[0], actor.placing.z - lens.at[2])
      if (facing / far < 0.1) continue
      add(lampWorld(actor.placing, light.at, ahead), light.kind === 'head' ? 0.75 : 0.3, light.kind === 'head' ? 0xfff0cf : 0xff3020, (light.kind === 'head' ? 0.95 : 0.5) * Math.min(1, facing / far + 0.2))
    }
  }
  return out
}

function lampWorld(placing: Placing, at: readonly [number, number, number], ahead: number): readonly [number, number, number] {
  return worldOf(placing, [at[0], at[1], at[2] + ahead * 0.08])
}
