import { feetOf, isInside, type Point } from '../scenes/truth.js'
import type { Seen } from '../scenes/studio.js'
import type { Spot } from './ground.js'
import { VISIBLE_MIN, whileTogether, type Span } from './measure.js'
import type { Played } from './trial.js'

/** Who did what for how long: of everybody who was drawn, whatever the script meant him to do. */
export interface Conduct {
  readonly id: number
  readonly span: Span
}

/** Out of sight, or over a border, for less than this it is still the same. */
const AWAY_MS_MAX = 1000

/** Everybody's spans in which something was so, longer than `leastMs`. */
export function whoever(played: Played, leastMs: number, isSo: (seen: Seen, frame: number) => boolean): readonly Conduct[] {
  const open = new Map<number, Span>()
  const over: Conduct[] = []
  played.frames.forEach((frame, i) => {
    const atMs = i * played.frameMs
    for (const seen of frame) {
      if (seen.class === 'thing' || seen.visible < VISIBLE_MIN || !isSo(seen, i)) continue
      const span = open.get(seen.id)
      if (span && atMs - span.toMs > AWAY_MS_MAX) over.push({ id: seen.id, span })
      open.set(seen.id, span && atMs - span.toMs <= AWAY_MS_MAX ? { fromMs: span.fromMs, toMs: atMs } : { fromMs: atMs, toMs: atMs })
    }
  })
  return [...over, ...[...open].map(([id, span]) => ({ id, span }))].filter(({ span }) => span.toMs - span.fromMs >= leastMs).toSorted((a, b) => a.span.fromMs - b.span.fromMs)
}

export function isIn(zone: readonly Spot[]): (seen: Seen) => boolean {
  const polygon = zone.map(({ x, y }) => [x, y] as const)
  return ({ box }) => isInside(polygon, feetOf(box))
}

export interface Group {
  readonly ids: readonly number[]
  readonly span: Span
}

/** Who is at one time within `nearM` of another of the group; at least so many of them at once for so long. */
export function groupsOf({ show, frameMs }: Played, conducts: readonly Conduct[], { least, nearM, holdMs }: { readonly least: number; readonly nearM: number; readonly holdMs: number }): readonly Group[] {
  const placeOf = ({ id, span }: Conduct): Point => {
    const pose = show.poseAt(Math.round((span.fromMs + span.toMs) / 2 / frameMs), id)
    return [pose?.x ?? Infinity, pose?.z ?? Infinity]
  }
  const places = new Map(conducts.map((one) => [one, placeOf(one)]))
  const near = (a: Conduct, b: Conduct): boolean => {
    const [[ax, az], [bx, bz]] = [places.get(a)!, places.get(b)!]
    return a.span.fromMs <= b.span.toMs && b.span.fromMs <= a.span.toMs && Math.hypot(ax - bx, az - bz) <= nearM
  }
  const free = new Set(conducts)
  return conducts.flatMap((first): Group[] => {
    if (!free.delete(first)) return []
    const members = [first]
    // Grows while it is walked.
    for (const member of members) {
      for (const other of free) if (near(member, other) && free.delete(other)) members.push(other)
    }
    const span = whileTogether(members.map((one) => one.span), least)
    return span && span.toMs - span.fromMs >= holdMs ? [{ ids: members.map(({ id }) => id), span }] : []
  })
}

/** A thing that nobody carries: in which frames it is there, and where it was seen last. */
export interface Standing {
  readonly id: number
  readonly span: Span
  readonly box: Seen['box']
}

/** Things on this part of the ground while they are there, if they were ever seen. */
export function thingsIn({ show, frames, frameMs }: Played, zone: readonly Point[]): readonly Standing[] {
  return (show.script.things ?? []).flatMap(({ id, x, z }) => {
    const there = frames.flatMap((_, frame) => (show.poseAt(frame, id) ? [frame] : []))
    const sight = frames.flat().findLast((seen) => seen.id === id && seen.visible >= VISIBLE_MIN)
    return sight && isInside(zone, [x, z]) ? [{ id, span: { fromMs: there[0]! * frameMs, toMs: there.at(-1)! * frameMs }, box: sight.box }] : []
  })
}
