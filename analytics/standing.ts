import type { Detection, ObjectClass } from './detection.js'
import { feet, overlap, type Box } from './geometry/box.js'
import type { Point } from './geometry/point.js'
import { classDistance } from './track/class-vote.js'
import { stepsSince } from './track/path.js'
import type { Track } from './track/track.js'

/**
 * A billboard that is taken for a bus stands for ever where no bus ever drove. Such a place is learned for each camera and its
 * boxes are left out. Whatever was seen to arrive is no such thing, however long it stands: where feet of its kind came
 * from, went to or passed, nothing is learned.
 */
export interface StandingPlace {
  readonly class: ObjectClass
  readonly box: Box
  readonly sinceMs: number
  readonly lastSeenMs: number
  /** How long it was seen in all; looks are seconds apart when nothing moves. */
  readonly seenMs: number
  /** Boxes left out so far; null while it is only suspected. */
  readonly leftOut: number | null
}

export interface StandingState {
  readonly atMs: number | null
  readonly places: readonly StandingPlace[]
  /** Cells of the ground on which something of a kind moved, or which a person declared to be real. */
  readonly used: ReadonlySet<string>
  /** Tracks alive that have moved since they were first seen. */
  readonly movers: ReadonlySet<number>
}

export const NOTHING_STANDS: StandingState = { atMs: null, places: [], used: new Set(), movers: new Set() }

/** An hour in sight: a parked car that nobody saw arrive is left out too, until it drives off; then its place is never learned again. */
export const LEARN_MS = 60 * 60_000
/** What takes an hour need not be asked five times a second. */
const LEARN_EVERY_MS = 1_000
const SEEN_SHARE_MIN = 0.5
/** Looks are at most this far apart; a longer gap says nothing about what stood there meanwhile. */
const LOOK_MS_MAX = 5_000
const SAME_PLACE_OVERLAP_MIN = 0.6
/** So calm for so long before a place is suspected; boxes of what stands tremble by a few per cent. */
const CALM_MS_MIN = 10_000
const CALM_SIZES_MAX = 0.15
const MOVED_SIZES_MIN = 0.5
/** One that drives off overlaps the place it left, and was never seen there since. */
const LEFT_OVERLAP_MIN = 0.15
const LEFT_MS_MAX = 1_000
const SUSPECT_FORGOTTEN_MS = 30 * 60_000
const KNOWN_FORGOTTEN_MS = 24 * 60 * 60_000
const PLACES_MAX = 40
const COLUMNS = 32
const ROWS = 18

/** What the tracker is given: everything but the boxes of known places, which are counted. */
export function leaveOut(state: StandingState, detections: readonly Detection[]): { readonly kept: readonly Detection[]; readonly state: StandingState } {
  if (state.places.every(({ leftOut }) => leftOut === null)) return { kept: detections, state }
  const counts = new Map<StandingPlace, number>()
  const kept = detections.filter((found) => {
    const place = state.places.find((one) => one.leftOut !== null && isAt(one, found))
    if (place) counts.set(place, (counts.get(place) ?? 0) + 1)
    return !place
  })
  const places = state.places.map((place) => (counts.has(place) ? { ...place, leftOut: (place.leftOut ?? 0) + (counts.get(place) ?? 0) } : place))
  return { kept, state: counts.size > 0 ? { ...state, places } : state }
}

/** After a look: `detections` are all that was found, `tracks` what the tracker made of those that were kept. */
export function learnStanding(state: StandingState, detections: readonly Detection[], tracks: readonly Track[], atMs: number): StandingState {
  if (state.atMs !== null && atMs >= state.atMs && atMs - state.atMs < LEARN_EVERY_MS) return state
  const sinceLastMs = state.atMs === null ? 0 : Math.min(LOOK_MS_MAX, Math.max(0, atMs - state.atMs))
  const alive = new Set(tracks.map(({ id }) => id))
  const moving = tracks.filter((track) => track.state === 'confirmed' && wasFarther(track, MOVED_SIZES_MIN))
  const movers = new Set([...state.movers].filter((id) => alive.has(id)).concat(moving.map(({ id }) => id)))
  const used = withCells(state.used, moving.flatMap((track) => cellsOf(track, state.movers.has(track.id) ? (state.atMs ?? -Infinity) : -Infinity)))
  const seen = state.places.map((place) => (detections.some((found) => isAt(place, found)) ? ripen(place, sinceLastMs, atMs) : place))
  const kept = seen.filter((place) => !isForgotten(place, atMs) && !isUsed(used, place.class, feet(place.box)) && !moving.some((track) => leftFrom(place, track)))
  const left = seen.filter((place) => moving.some((track) => leftFrom(place, track)))
  const suspects = tracks.filter((track) => track.state === 'confirmed' && !movers.has(track.id) && isCalm(track) && !isUsed(used, track.class, track.at) && !kept.some((place) => isAt(place, track)))
  const places = [...kept, ...suspects.map((track): StandingPlace => ({ class: track.class, box: track.box, sinceMs: track.firstAtMs, lastSeenMs: atMs, seenMs: atMs - track.firstAtMs, leftOut: null }))]
  return { atMs, movers, used: withCells(used, left.map((place) => cellOf(place.class, feet(place.box)))), places: places.slice(0, PLACES_MAX) }
}

/** A person says that what stands here is real: it is seen again at once, and nothing is ever learned here any more. */
export function forgetStanding(state: StandingState, at: Point): StandingState {
  const here = (box: Box): boolean => at.x >= box.x1 && at.x <= box.x2 && at.y >= box.y1 && at.y <= box.y2
  const gone = state.places.filter(({ box }) => here(box))
  return { ...state, places: state.places.filter((place) => !gone.includes(place)), used: withCells(state.used, gone.map((place) => cellOf(place.class, feet(place.box)))) }
}

function ripen(place: StandingPlace, sinceLastMs: number, atMs: number): StandingPlace {
  const seenMs = place.seenMs + sinceLastMs
  const ripe = seenMs >= LEARN_MS && seenMs >= SEEN_SHARE_MIN * (atMs - place.sinceMs)
  return { ...place, seenMs, lastSeenMs: atMs, leftOut: place.leftOut ?? (ripe ? 0 : null) }
}

function isForgotten(place: StandingPlace, atMs: number): boolean {
  return atMs - place.lastSeenMs > (place.leftOut === null ? SUSPECT_FORGOTTEN_MS : KNOWN_FORGOTTEN_MS)
}

function isAt(place: StandingPlace, found: { readonly class: ObjectClass; readonly box: Box }): boolean {
  return classDistance(place.class, found.class) < 0.5 && overlap(place.box, found.box) >= SAME_PLACE_OVERLAP_MIN
}

function leftFrom(place: StandingPlace, track: Track): boolean {
  const [first] = track.path
  return first !== undefined && classDistance(place.class, track.class) < 0.5 && overlap(place.box, first.box) >= LEFT_OVERLAP_MIN && place.lastSeenMs <= first.atMs + LEFT_MS_MAX
}

function isCalm(track: Track): boolean {
  const [first] = track.path
  return first !== undefined && track.lastSeenAtMs - first.atMs >= CALM_MS_MIN && !wasFarther(track, CALM_SIZES_MAX)
}

/** A street has few cells on which nothing moved yet: most looks bring no new one. */
function withCells(used: ReadonlySet<string>, cells: readonly string[]): ReadonlySet<string> {
  return cells.every((cell) => used.has(cell)) ? used : new Set([...used, ...cells])
}

/** Whether its feet were ever farther than that from where they are, within the half minute that a path remembers, in sizes of its own. */
function wasFarther(track: Track, sizes: number): boolean {
  const farthest = sizes ** 2 * Math.max(1e-6, (track.box.x2 - track.box.x1) * (track.box.y2 - track.box.y1))
  return track.path.some(({ at }) => (at.x - track.at.x) ** 2 + (at.y - track.at.y) ** 2 > farthest)
}

/** Those of a track that was known to move before were noted before. */
function cellsOf(track: Track, fromMs: number): string[] {
  return stepsSince(track.path, fromMs).map(({ at }) => cellOf(track.class, at))
}

/** Feet tremble over the edges of cells: the cells around count as well. */
function isUsed(used: ReadonlySet<string>, name: ObjectClass, { x, y }: Point): boolean {
  return [-1, 0, 1].some((dy) => [-1, 0, 1].some((dx) => used.has(cellOf(name, { x: x + dx / COLUMNS, y: y + dy / ROWS }))))
}

/** By kind, not by name: a van is called car, bus and truck by turns. */
function cellOf(name: ObjectClass, { x, y }: Point): string {
  const kind = classDistance(name, 'car') < 0.5 ? 'vehicle' : classDistance(name, 'two_wheeler') < 0.5 ? 'two_wheeler' : name
  const cell = (share: number, count: number): number => Math.min(count - 1, Math.max(0, Math.floor(share * count)))
  return `${kind}/${cell(x, COLUMNS)}/${cell(y, ROWS)}`
}
