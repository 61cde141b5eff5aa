import { withoutParts } from './body-parts.js'
import { chooseCrop, mergeCrop, type Crop, type CropLook } from './crop.js'
import type { Detection } from './detection.js'
import { learnFar, NOTHING_FAR } from './far.js'
import type { Frame } from './frame.js'
import { GATE_OPEN, glance, isDue, learn, openBox, planeOf, type Glance, type Plane } from './gate.js'
import type { LampReading } from './lamp.js'
import { isArmed, type LocalTime } from './rules/arming.js'
import type { Needs, RuleMemory } from './rules/kind.js'
import { KINDS } from './rules/kinds.js'
import type { Doubt, Observation } from './rules/observation.js'
import type { Rule } from './rules/rule.js'
import type { Box } from './geometry/box.js'
import type { Point } from './geometry/point.js'
import type { Track } from './track/track.js'
import { watchLamp, type AskFeed, type LampWatch, type SignalReport } from './signal-watch.js'
import { afterGap, changesOf, learnChanges, NO_CHANGES } from './still-changes.js'
import { forgetStanding, leaveOut, learnStanding, NOTHING_STANDS, type StandingPlace } from './standing.js'
import { NO_VIEW, watchView } from './view.js'
import { expectBoxes, hold, isRestless, NO_TRACKS, SURE_MIN, track, visibleTracks } from './track/tracker.js'

export interface LampSeen extends LampReading {
  readonly ruleId: string
}

/** `crop`: this part shows whatever is new, the rest is as last judged; null: look at the whole picture. */
export type Advice = Extract<Glance, { do: 'skip' }> | (Extract<Glance, { do: 'look' }> & { readonly crop: Crop | null })

/** What was found: in the whole picture, in a crop of it, or nothing new, because the glance said skip. */
export type Found = readonly Detection[] | CropLook | 'unchanged'

export interface Sight {
  readonly tracks: readonly Track[]
  readonly observations: readonly Observation[]
  readonly lamps: readonly LampSeen[]
  /** Of each rule's lamp, how far it can be trusted: when that changes, and once a minute. */
  readonly signals: readonly SignalReport[]
}

/** What was refused or forgotten, counted: a camera that does this often has a broken clock or a switching encoder. */
export interface WatchCounts {
  /** Frames not newer than one already seen: ignored. */
  readonly lateFrames: number
  /** Changes of the picture's shape: every track starts anew, because the old places mean nothing any more. */
  readonly reshapes: number
  /** Jumps ahead or back by more than a minute: tracks and claims start anew. */
  readonly timeJumps: number
}

/** The eyes of one camera after the detector. Not thread-safe, not shared: one watch for one camera. */
export interface Watch {
  /** Before the detector is asked: does this frame show anything new? Asking changes nothing. */
  glance(frame: Frame): Advice
  /** Newcomers are not yet believed, or somebody who stood is hidden: the next frame is wanted. */
  readonly restless: boolean
  /** `unchanged`, and outside a crop: the boxes of the last look still hold. Lamps are read from every frame. */
  see(frame: Frame, found: Found): Sight
  /** Every box that holds in the whole picture after the last frame, whenever its part was looked at. */
  readonly found: readonly Detection[]
  /** Rules that did not change keep what they remember; claims of those that went or changed end with the next frame. */
  setRules(rules: readonly Rule[]): void
  /** The camera shows another part of the street from here on: who is followed, and what was learned of places, means nothing there. */
  turn(): void
  /** Boxes that stand where nothing of their kind ever moved, and are left out or suspected (standing.ts). */
  readonly standing: readonly StandingPlace[]
  /** The middle of the part of the picture that deserves a second look at its full size (far.ts); null: none is known yet. */
  readonly far: Point | null
  /** What stands at this point is real, a person says. */
  forgetStanding(at: Point): void
  readonly counts: WatchCounts
}

export interface WatchOptions {
  readonly localTime: (atMs: number) => LocalTime
  /** What the controllers of junctions tell; left out: nobody asks them. */
  readonly askFeed?: AskFeed
}

interface Watched {
  readonly rule: Rule
  readonly memory: RuleMemory
  readonly lamp: LampWatch | null
  /** The newest vehicle seen that has the way over those whom the rule is about. */
  readonly priority: Extract<Doubt, { why: 'priority_vehicle' }> | null
}

const ASPECT_CHANGE_MIN = 0.02
/** A clock set back this far is a new clock, not a late frame; a gap this long leaves nothing to carry on. */
const JUMP_MS_MIN = 60_000
/** Who made way for an ambulance over the stop line is seen to have passed while it is near, and for a while after. */
const PRIORITY_MS_MAX = 20_000

export function makeWatch(rules: readonly Rule[], { localTime, askFeed = () => null }: WatchOptions): Watch {
  let tracker = NO_TRACKS
  let aspect: number | null = null
  let lastMs: number | null = null
  let watched: readonly Watched[] = rules.map(startWatching)
  let unsaid: readonly Observation[] = []
  let gate = GATE_OPEN
  let glanced: { readonly atMs: number; readonly plane: Plane; readonly glance: Glance } | null = null
  /** All that was found in the last look, and what of it the tracker was given. */
  let inPicture: readonly Detection[] = []
  let lastFound: readonly Detection[] = []
  /** Claims that the edge of the last look's crop cut: the next one is to show them whole. */
  let cut: readonly Detection[] = []
  let stands = NOTHING_STANDS
  let far = NOTHING_FAR
  let changes = NO_CHANGES
  let view = NO_VIEW
  let turned = false
  const counts = { lateFrames: 0, reshapes: 0, timeJumps: 0 }

  /** Ends every claim of these rules, as if their hours were over. */
  function close(gone: readonly Watched[]): Observation[] {
    return gone.flatMap(({ memory }) => memory.step([], { atMs: lastMs ?? 0, aspect: aspect ?? 1, hour: hourOf(localTime(lastMs ?? 0)), armed: false, lamp: null, changes: [], view: null })[1])
  }

  function restart(sameStreet: boolean): void {
    unsaid = [...unsaid, ...close(watched)]
    watched = watched.map(({ rule, memory }) => (sameStreet ? { rule, memory: memory.afterGap(), lamp: null, priority: null } : startWatching(rule)))
    tracker = { ...NO_TRACKS, nextId: tracker.nextId }
    gate = GATE_OPEN
    inPicture = []
    lastFound = []
    cut = []
  }

  function isReshaped({ width, height }: Frame): boolean {
    return aspect !== null && Math.abs(width / height / aspect - 1) > ASPECT_CHANGE_MIN
  }

  function needed(what: Needs): boolean {
    return watched.some(({ rule }) => KINDS[rule.kind].needs === what)
  }

  /** The glance made it already, where it was asked. */
  function planeSeen(frame: Frame): Plane {
    return glanced?.atMs === frame.atMs ? glanced.plane : planeOf(frame)
  }

  /** Everything that moves or may not be lost is to be seen; nothing that is followed, or could come to be, is to be cut. */
  function cropFor(frame: Frame, said: Glance): Crop | null {
    if (said.do === 'skip' || said.why === 'first' || said.why === 'due' || said.why === 'light' || isDue(gate, frame.atMs) || isReshaped(frame)) return null
    const expected = expectBoxes(tracker, { atMs: frame.atMs, aspect: frame.width / frame.height })
    const open = openBox(gate, said, frame.atMs)
    const must = [...(open ? [open] : []), ...expected.filter(({ settled }) => !settled).map(({ box, sure }) => (sure ? box : withSurroundings(box, frame))), ...cut.map(({ box }) => box)]
    return chooseCrop(must, [...expected, ...inPicture.filter(({ score }) => score >= SURE_MIN)].map(({ box }) => box), frame)
  }

  function follow(frame: Frame, found: Found): void {
    const now = { atMs: frame.atMs, aspect: frame.width / frame.height }
    if (found === 'unchanged') {
      tracker = hold(tracker, lastFound, now)
      return
    }
    const look = 'crop' in found ? found : null
    const merged = 'crop' in found ? mergeCrop(inPicture, found, frame) : { found, cut: [] }
    inPicture = withoutParts(merged.found)
    cut = merged.cut
    const { kept, state } = leaveOut(stands, inPicture)
    tracker = track(tracker, kept, now)
    const tracks = visibleTracks(tracker)
    stands = learnStanding(state, inPicture, tracks, now.atMs)
    far = learnFar(far, tracks.filter(({ id, lastSeenAtMs }) => lastSeenAtMs === now.atMs && stands.movers.has(id)), now)
    lastFound = kept
    // Who never asks the gate (a file judged frame by frame) need not pay for it.
    if (glanced?.atMs === frame.atMs) gate = learn(gate, glanced.plane, { ...glanced, detections: inPicture, restless: isRestless(tracker, now.aspect), ...(look ? { part: { crop: look.crop, picture: frame } } : {}) })
  }

  function seeNewer(frame: Frame, found: Found): Sight {
    follow(frame, found)
    const tracks = visibleTracks(tracker)
    const now = { atMs: frame.atMs, ...localTime(frame.atMs) }
    if (needed('changes')) changes = learnChanges(changes, planeSeen(frame), { atMs: frame.atMs, covered: tracks.map(({ box }) => box) })
    if (needed('view')) view = watchView(view, planeSeen(frame), { atMs: frame.atMs, covered: tracks.map(({ box }) => box) })
    const still = changesOf(changes)
    const observations = [...unsaid]
    unsaid = []
    const signals: SignalReport[] = []
    watched = watched.map(({ rule, memory, lamp, priority }) => {
      const seen = 'lamp' in rule ? watchLamp(rule, lamp, { frame, tracks, ask: askFeed }) : null
      const near = priorityNear(rule, tracks, frame.atMs) ?? (priority && frame.atMs - priority.atMs <= PRIORITY_MS_MAX ? priority : null)
      if (seen?.report) signals.push(seen.report)
      const [next, said] = memory.step(tracks, { atMs: frame.atMs, aspect: frame.width / frame.height, hour: hourOf(now), armed: isArmed(rule, now), lamp: seen?.lamp.believed ?? null, changes: still, view: view.view })
      const doubt = doubtOf(seen?.lamp ?? null, near)
      observations.push(...(doubt ? said.map((one) => ({ ...one, doubt })) : said))
      return { rule, memory: next, lamp: seen?.lamp ?? null, priority: near }
    })
    return { tracks, observations, lamps: lampsOf(watched), signals }
  }

  return {
    counts,
    get restless() {
      return isRestless(tracker, aspect ?? 1)
    },
    get found() {
      return inPicture
    },
    get standing() {
      return stands.places
    },
    get far() {
      return far.place
    },
    forgetStanding: (at) => void (stands = forgetStanding(stands, at)),
    glance(frame) {
      const plane = planeOf(frame)
      const said = glance(gate, plane, { atMs: frame.atMs, restless: isRestless(tracker, frame.width / frame.height) })
      glanced = { atMs: frame.atMs, plane, glance: said }
      return said.do === 'skip' ? said : { ...said, crop: cropFor(frame, said) }
    },
    see(frame, found) {
      const jumped = lastMs !== null && Math.abs(frame.atMs - lastMs) >= JUMP_MS_MIN
      if (lastMs !== null && frame.atMs <= lastMs && !jumped) {
        counts.lateFrames += 1
        return { tracks: visibleTracks(tracker), observations: [], lamps: lampsOf(watched), signals: [] }
      }
      const reshaped = isReshaped(frame)
      if (jumped) counts.timeJumps += 1
      if (reshaped) counts.reshapes += 1
      if (jumped || reshaped || turned) restart(!reshaped)
      if (jumped) changes = afterGap(changes)
      // A turn that is told of is no tampering: what is usual of the new view is learned anew.
      if (turned) [stands, far, changes, view, turned] = [NOTHING_STANDS, NOTHING_FAR, NO_CHANGES, NO_VIEW, false]
      // An outage moves no billboard; another shape of picture may show another street.
      if (reshaped) [stands, far, changes, view] = [NOTHING_STANDS, NOTHING_FAR, NO_CHANGES, NO_VIEW]
      aspect = frame.width / frame.height
      lastMs = frame.atMs
      return seeNewer(frame, found)
    },
    turn: () => void (turned = true),
    setRules(next) {
      const same = new Map(watched.map((w) => [JSON.stringify(w.rule), w]))
      const kept = next.map((rule) => same.get(JSON.stringify(rule)) ?? startWatching(rule))
      unsaid = [...unsaid, ...close(watched.filter((w) => !kept.includes(w)))]
      watched = kept
    },
  }
}

/**
 * Who is hardly seen is looked for with as much around him as he is large: a near person of whom a detector is unsure is
 * found with scores of .43 in the whole picture and .34 with 32 pixels around him (one-by-one, eyes 3).
 */
function withSurroundings({ x1, y1, x2, y2 }: Box, { width, height }: Frame): Box {
  const reach = Math.max((x2 - x1) * width, (y2 - y1) * height)
  return { x1: x1 - reach / width, y1: y1 - reach / height, x2: x2 + reach / width, y2: y2 + reach / height }
}

function hourOf({ minuteOfDay }: LocalTime): number {
  return Math.floor(minuteOfDay / 60)
}

function startWatching(rule: Rule): Watched {
  return { rule, memory: KINDS[rule.kind].begin(rule), lamp: null, priority: null }
}

function priorityNear({ holdForClasses }: Rule, tracks: readonly Track[], atMs: number): Watched['priority'] {
  if (holdForClasses.length === 0) return null
  const one = tracks.find((track) => holdForClasses.includes(track.class) && track.lastSeenAtMs === atMs)
  return one ? { why: 'priority_vehicle', class: one.class, atMs } : null
}

/** A lamp that errs explains more than whoever had the way. */
function doubtOf(lamp: LampWatch | null, priority: Watched['priority']): Doubt | null {
  const [fault] = lamp?.signal.faults ?? []
  return fault ? { why: 'lamp_fault', fault } : priority
}

function lampsOf(watched: readonly Watched[]): LampSeen[] {
  return watched.flatMap(({ rule, lamp }) => (lamp ? [{ ruleId: rule.id, ...lamp.believed }] : []))
}
