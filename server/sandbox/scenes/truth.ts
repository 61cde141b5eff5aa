import { lampPlace, type SignalSpot } from './furniture.js'
import type { Act, EventKind, ObjectClass, Scene, ZoneLimits } from './scene.js'
import type { Show } from './show.js'
import { project, type Lens } from './space.js'
import type { Seen } from './studio.js'
import type { Colour } from './traffic.js'

/**
 * What really happened, in the format of our hand-labelled truth files: coordinates 0..1, x right, y down; times in seconds
 * of the clip. Everything is measured on the drawn boxes, so the truth holds for the pixels and not only for the script.
 */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number]
export type Point = readonly [x: number, y: number]

export interface TruthEvent {
  readonly id: string
  readonly kind: EventKind
  readonly t_start: number
  readonly t_end: number
  readonly class: ObjectClass
  readonly box_at_t: { readonly t: number; readonly box: Box }
  readonly boxes: readonly { readonly t: number; readonly box: Box }[]
  readonly certainty: 'sure'
  readonly note: string
  readonly object: number
  readonly plate: string | null
  readonly zone?: string
  readonly t_front_wheel_over_line?: number
  readonly t_box_bottom_over_line?: number
  readonly people?: number
}

export interface TruthZone {
  readonly polygon: readonly Point[]
  readonly allowed_direction?: Point
  readonly dwell_s_min?: number
  readonly hold_s_min?: number
  readonly count_min?: number
}

export interface TruthLine {
  readonly pts: readonly Point[]
  readonly travel_direction: Point
}

export interface TruthLamp {
  readonly name: string
  readonly box: Box
  readonly order: string
}

export interface Truth {
  readonly clip: string
  readonly fps: number
  readonly frames: number
  readonly first_pts_s: number
  readonly last_pts_s: number
  readonly width: number
  readonly height: number
  readonly duration_s: number
  /** The clip is meant to be played round and round. */
  readonly loop: boolean
  readonly scene: string
  readonly conventions: { readonly coords: string; readonly time: string; readonly line_rule: string }
  readonly geometry: Readonly<Record<string, TruthZone | TruthLine | readonly TruthLamp[]>>
  readonly signal: readonly (readonly [from: number, to: number, colour: Colour | 'unknown'])[]
  readonly events: readonly TruthEvent[]
  readonly counts: readonly { readonly line: string; readonly from: number; readonly to: number; readonly by_class: Readonly<Partial<Record<ObjectClass, number>>>; readonly certainty: 'sure' }[]
  readonly objects: readonly { readonly id: number; readonly class: ObjectClass; readonly plate: string | null; readonly t_first: number; readonly t_last: number }[]
  readonly notes: readonly string[]
}

export interface Watched {
  readonly scene: Scene
  readonly lens: Lens
  readonly show: Show
  /** Boxes by frame. */
  readonly frames: readonly (readonly Seen[])[]
  readonly width: number
  readonly height: number
  readonly clip: string
}

const VISIBLE_MIN = 0.3

export function makeTruth(watched: Watched): Truth {
  const { show, frames, scene } = watched
  const fps = 1000 / show.frameMs
  const last = ((frames.length - 1) * show.frameMs) / 1000
  const duration = (frames.length * show.frameMs) / 1000
  const events = show.script.acts.map((act, i) => eventOf(watched, act, String.fromCharCode(65 + i))).filter((event) => event !== null)
  return {
    clip: watched.clip, fps, frames: frames.length, first_pts_s: 0, last_pts_s: round(last), width: watched.width, height: watched.height, duration_s: round(duration), loop: true,
    scene: scene.sentence,
    conventions: {
      coords: '0..1, x right, y down, origin top-left',
      time: 'seconds of the clip, constant rate',
      line_rule: 'a vehicle counts when the bottom-centre of its box (where it touches the road) passes the line',
    },
    geometry: geometryOf(scene, watched.lens),
    signal: scene.signal ? signalOf(show, frames.length) : [[0, round(duration), 'unknown']],
    events, counts: countsOf(watched), objects: objectsOf(watched),
    notes: ['Drawn by our own renderer; every object, box, plate and colour is known exactly.', 'Objects not named in an event do nothing forbidden.'],
  }
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}

function picturePoint(lens: Lens, x: number, y: number, z: number): Point {
  const seen = project(lens, [x, y, z])
  if (!seen) throw new Error(`the place ${x}, ${z} of a zone lies behind the camera: move the zone ahead of it`)
  return [seen.x / lens.width, seen.y / lens.height]
}

export function geometryOf(scene: Scene, lens: Lens): Truth['geometry'] {
  const geometry: Record<string, TruthZone | TruthLine | readonly TruthLamp[]> = {}
  const { stopLine, zones } = scene.marks
  if (stopLine) {
    const pts = stopLine.points.map(([x, z]) => picturePoint(lens, x, 0, z))
    geometry['stop_line'] = { pts: pts.map(clampPoint), travel_direction: directionAt(lens, stopLine.points, stopLine.towards, 0) }
  }
  if (scene.signal) geometry['lamp_region'] = [{ name: 'main head (governs this approach)', box: lampBox(scene.signal, lens), order: 'red top, yellow middle, green bottom' }]
  for (const zone of zones) {
    const polygon = clipToPicture(zone.points.map(([x, z]) => picturePoint(lens, x, zone.level ?? 0, z)))
    geometry[zone.name] = { polygon, ...(zone.allowed ? { allowed_direction: directionAt(lens, zone.points, zone.allowed, zone.level ?? 0) } : {}), ...limitsOf(zone.limits) }
  }
  return geometry
}

function limitsOf({ dwellS, holdS, people }: ZoneLimits = {}): Partial<TruthZone> {
  return { ...(dwellS === undefined ? {} : { dwell_s_min: dwellS }), ...(holdS === undefined ? {} : { hold_s_min: holdS }), ...(people === undefined ? {} : { count_min: people }) }
}

function clampPoint([x, y]: Point): Point {
  return [round(Math.max(0, Math.min(1, x))), round(Math.max(0, Math.min(1, y)))]
}

function lampBox(signal: SignalSpot, lens: Lens): Box {
  const [x, top, z] = lampPlace(signal, 'red')
  const low = lampPlace(signal, 'green')[1]
  const a = picturePoint(lens, x - 0.22, top + 0.22, z)
  const b = picturePoint(lens, x + 0.22, low - 0.22, z)
  return [round(Math.min(a[0], b[0])), round(a[1]), round(Math.max(a[0], b[0])), round(b[1])]
}

/** A ground direction as it appears in the picture, length 1. */
function directionAt(lens: Lens, points: readonly Point[], towards: Point, level: number): Point {
  const x = points.reduce((sum, p) => sum + p[0], 0) / points.length
  const z = points.reduce((sum, p) => sum + p[1], 0) / points.length
  const a = picturePoint(lens, x - towards[0], level, z - towards[1])
  const b = picturePoint(lens, x + towards[0], level, z + towards[1])
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1
  return [round((b[0] - a[0]) / length), round((b[1] - a[1]) / length)]
}

/** Sutherland-Hodgman against the four edges of the picture. */
export function clipToPicture(points: readonly Point[]): readonly Point[] {
  const edges: readonly (readonly [axis: 0 | 1, limit: number, sign: 1 | -1])[] = [[0, 0, 1], [0, 1, -1], [1, 0, 1], [1, 1, -1]]
  let polygon = points
  for (const [axis, limit, sign] of edges) {
    const out: Point[] = []
    polygon.forEach((from, i) => {
      const to = polygon[(i + 1) % polygon.length]!
      const a = (from[axis] - limit) * sign
      const b = (to[axis] - limit) * sign
      if (a >= 0) out.push(from)
      if (a >= 0 !== b >= 0) out.push([from[0] + ((to[0] - from[0]) * a) / (a - b), from[1] + ((to[1] - from[1]) * a) / (a - b)])
    })
    polygon = out
  }
  return polygon.map(clampPoint)
}

function signalOf(show: Show, frames: number): Truth['signal'] {
  const out: [number, number, Colour][] = []
  for (let frame = 0; frame < frames; frame += 1) {
    const colour = show.signalAt(frame)
    const t = round((frame * show.frameMs) / 1000)
    const lastPart = out.at(-1)
    if (lastPart?.[2] === colour) lastPart[1] = round(t + show.frameMs / 1000)
    else out.push([t, round(t + show.frameMs / 1000), colour])
  }
  return out
}

export function feetOf(box: Box): Point {
  return [(box[0] + box[2]) / 2, box[3]]
}

export function isInside(polygon: readonly Point[], [x, y]: Point): boolean {
  let inside = false
  polygon.forEach((a, i) => {
    const b = polygon[(i + 1) % polygon.length]!
    if (a[1] > y !== b[1] > y && x < a[0] + ((y - a[1]) * (b[0] - a[0])) / (b[1] - a[1])) inside = !inside
  })
  return inside
}

/** Positive beyond the line in the direction of travel. */
export function beyond(line: TruthLine, [x, y]: Point): number {
  const [a, b] = [line.pts[0]!, line.pts[1]!]
  const side = (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])
  const ahead = (b[0] - a[0]) * line.travel_direction[1] - (b[1] - a[1]) * line.travel_direction[0]
  return side * Math.sign(ahead)
}

interface Sight {
  readonly frame: number
  readonly seen: Seen
}

export function sightsOf(frames: readonly (readonly Seen[])[], id: number): readonly Sight[] {
  return frames.flatMap((seen, frame) => seen.filter((one) => one.id === id).map((one) => ({ frame, seen: one })))
}

/** The frame, with its fraction, in which the feet of a box pass the line between its two ends; null when they never do. */
export function crossingFrame(line: TruthLine, sights: readonly Sight[]): number | null {
  for (let i = 1; i < sights.length; i += 1) {
    const [before, after] = [sights[i - 1]!, sights[i]!]
    if (after.frame - before.frame > 12 || before.seen.visible < VISIBLE_MIN) continue
    const a = beyond(line, feetOf(before.seen.box))
    const b = beyond(line, feetOf(after.seen.box))
    const x = feetOf(after.seen.box)[0]
    if (a <= 0 && b > 0 && x > Math.min(line.pts[0]![0], line.pts[1]![0]) - 0.01 && x < Math.max(line.pts[0]![0], line.pts[1]![0]) + 0.01) return before.frame + (after.frame - before.frame) * (a / (a - b))
  }
  return null
}

function eventOf(watched: Watched, act: Act, id: string): TruthEvent | null {
  const { show, frames } = watched
  const sights = sightsOf(frames, act.object).filter((sight) => sight.seen.visible >= VISIBLE_MIN)
  const span = act.kind === 'red_light' ? redSpan(watched, sights) : act.kind === 'crowd' ? crowdSpan(watched, act) : zoneSpan(watched, act, sights)
  const middle = span && sights.filter((sight) => sight.frame >= span.from && sight.frame <= span.to)
  const shown = middle?.[Math.floor(middle.length / 2)] ?? sights.find((sight) => span && sight.frame >= span.from)
  if (!span || !shown) return null
  const seconds = (frame: number) => round((frame * show.frameMs) / 1000)
  const box = act.kind === 'crowd' ? crowdBox(watched, act, shown.frame) : shown.seen.box
  const step = Math.max(1, Math.round(500 / show.frameMs))
  return {
    id, kind: act.kind, t_start: seconds(span.from), t_end: seconds(span.to), class: shown.seen.class,
    box_at_t: { t: seconds(shown.frame), box: tidy(box) },
    boxes: sights.filter((sight) => sight.frame >= span.from - 25 && sight.frame <= span.to + 25 && sight.frame % step === 0).map((sight) => ({ t: seconds(sight.frame), box: tidy(sight.seen.box) })),
    certainty: 'sure', note: act.note, object: act.object, plate: show.plateOf(act.object), ...(act.zone ? { zone: act.zone } : {}), ...span.extra,
  }
}

function tidy(box: Box): Box {
  return [round(box[0]), round(box[1]), round(box[2]), round(box[3])]
}

interface Span {
  readonly from: number
  readonly to: number
  readonly extra?: { readonly t_front_wheel_over_line?: number; readonly t_box_bottom_over_line?: number; readonly people?: number }
}

function redSpan({ scene, lens, show }: Watched, sights: readonly Sight[]): Span | null {
  const line = geometryOf(scene, lens)['stop_line'] as TruthLine | undefined
  const world = scene.marks.stopLine
  if (!line || !world) return null
  const bottom = crossingFrame(line, sights)
  // A runner that traffic held back until green has done nothing wrong.
  if (bottom === null || show.signalAt(Math.floor(bottom)) !== 'red') return null
  const over = (frame: number) => {
    const pose = show.poseAt(frame, sights[0]!.seen.id)
    const half = sights[0]!.seen.class === 'two_wheeler' ? 0.9 : 2.2
    return pose ? (pose.z + Math.cos(pose.heading) * half - world.points[0]![1]) * world.towards[1] : -1
  }
  const front = sights.find((sight) => over(sight.frame) > 0)?.frame ?? bottom
  const seconds = (frame: number) => round((frame * show.frameMs) / 1000)
  return { from: Math.min(front, bottom), to: bottom, extra: { t_front_wheel_over_line: seconds(front), t_box_bottom_over_line: seconds(bottom) } }
}

function zoneSpan({ scene, lens, show }: Watched, act: Act, sights: readonly Sight[]): Span | null {
  const zone = geometryOf(scene, lens)[act.zone ?? ''] as TruthZone | undefined
  if (!zone) throw new Error(`scene ${scene.id} has no zone named ${act.zone ?? '(none)'}: name one of its zones in the act`)
  const still = (frame: number) => {
    const [a, b] = [show.poseAt(frame, act.object), show.poseAt(frame - 1, act.object)]
    return a !== null && b !== null && Math.hypot(a.x - b.x, a.z - b.z) < 0.01
  }
  const inside = sights.filter((sight) => isInside(zone.polygon, feetOf(sight.seen.box)) && (act.kind !== 'illegal_stop' || still(sight.frame)))
  const [first, last] = [inside[0], inside.at(-1)]
  if (!first || !last || (last.frame - first.frame) * show.frameMs < (act.atLeast?.dwellMs ?? 0)) return null
  return { from: first.frame, to: last.frame }
}

/** People whose feet stand in the zone; feet are taken from the script, because in a crowd others hide them. */
export function peopleIn(watched: Watched, zoneName: string, frame: number): readonly Seen[] {
  const zone = geometryOf(watched.scene, watched.lens)[zoneName] as TruthZone
  const level = watched.scene.marks.zones.find((one) => one.name === zoneName)?.level ?? 0
  return (watched.frames[frame] ?? []).filter((one) => {
    const pose = one.class === 'person' ? watched.show.poseAt(frame, one.id) : null
    return pose !== null && isInside(zone.polygon, picturePoint(watched.lens, pose.x, level, pose.z))
  })
}

function crowdSpan(watched: Watched, act: Act): Span | null {
  const least = act.atLeast?.people ?? 1
  let from = -1
  let most = 0
  for (let frame = 0; frame < watched.frames.length; frame += 1) {
    const count = peopleIn(watched, act.zone ?? '', frame).length
    most = Math.max(most, count)
    if (count >= least && from < 0) from = frame
    if (count < least && from >= 0) {
      if ((frame - from) * watched.show.frameMs >= (act.atLeast?.dwellMs ?? 0)) return { from, to: frame - 1, extra: { people: most } }
      from = -1
    }
  }
  return null
}

function crowdBox(watched: Watched, act: Act, frame: number): Box {
  const people = peopleIn(watched, act.zone ?? '', frame)
  return [Math.min(...people.map((one) => one.box[0])), Math.min(...people.map((one) => one.box[1])), Math.max(...people.map((one) => one.box[2])), Math.max(...people.map((one) => one.box[3]))]
}

function countsOf(watched: Watched): Truth['counts'] {
  const line = geometryOf(watched.scene, watched.lens)['stop_line'] as TruthLine | undefined
  if (!line) return []
  const byClass: Partial<Record<ObjectClass, number>> = {}
  for (const [id, sights] of allSights(watched.frames)) {
    const ride = watched.show.script.rides.find((one) => one.id === id)
    if (ride?.path !== 'own' || crossingFrame(line, sights) === null) continue
    const name = sights[0]!.seen.class
    byClass[name] = (byClass[name] ?? 0) + 1
  }
  return [{ line: 'stop_line', from: 0, to: round((watched.frames.length * watched.show.frameMs) / 1000), by_class: byClass, certainty: 'sure' }]
}

function allSights(frames: readonly (readonly Seen[])[]): ReadonlyMap<number, Sight[]> {
  const all = new Map<number, Sight[]>()
  frames.forEach((seen, frame) => {
    for (const one of seen) {
      const list = all.get(one.id) ?? []
      list.push({ frame, seen: one })
      all.set(one.id, list)
    }
  })
  return all
}

function objectsOf(watched: Watched): Truth['objects'] {
  const seconds = (frame: number) => round((frame * watched.show.frameMs) / 1000)
  return [...allSights(watched.frames)].map(([id, sights]) => ({ id, class: sights[0]!.seen.class, plate: watched.show.plateOf(id), t_first: seconds(sights[0]!.frame), t_last: seconds(sights.at(-1)!.frame) })).toSorted((a, b) => a.id - b.id)
}

/** One frame as a line of the side file: `[id, class, x1, y1, x2, y2, visible]` for each object. */
export function objectsLine(frame: number, seen: readonly Seen[]): string {
  return JSON.stringify({ f: frame, o: seen.map((one) => [one.id, one.class, ...one.box.map(round), Math.round(one.visible * 100) / 100]) })
}
