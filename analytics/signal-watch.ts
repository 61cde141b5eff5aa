import type { Frame } from './frame.js'
import { believe, glimpseLamp, type LampMemory, type LampReading, type LampState } from './lamp.js'
import type { LampFault, LampFaultCode } from './lamp-fault.js'
import { VEHICLES } from './rules/kind.js'
import { feedOf, regionOf, type LampFeed, type LampSource } from './rules/lamp-source.js'
import { NO_PASSAGES, passages, type PassageState } from './rules/passage.js'
import type { Rule } from './rules/rule.js'
import { governedSide, waitsBefore } from './rules/stop-line.js'
import { subjects } from './rules/subject.js'
import { NO_SIGNAL, SIGNAL_LIMITS, soundOf, stepSignal, type SignalState } from './signal-phases.js'
import type { Track } from './track/track.js'

/** A rule that judges by a lamp. */
export type LampRule = Extract<Rule, { lamp: LampSource }>

/** What a controller says that an approach is shown, and since when; `flashes`: yellow, on and off. */
export interface FeedReading extends LampReading {
  readonly flashes: boolean
}

/** What the controller told of that instant; null: nothing, or what it said is too old to be believed. */
export type AskFeed = (feed: LampFeed, atMs: number) => FeedReading | null

/** How far the lamp of one rule can be trusted: what is wrong with it, and of what it has been seen to be free. */
export interface SignalReport {
  readonly ruleId: string
  readonly lamp: LampSource
  readonly atMs: number
  readonly faults: readonly LampFault[]
  readonly sound: readonly LampFaultCode[]
}

export interface LampWatch {
  readonly seen: LampMemory | null
  readonly believed: LampReading
  readonly passages: PassageState
  readonly signal: SignalState
  readonly queue: { readonly count: number; readonly atMs: number }
  readonly reported: { readonly codes: string; readonly atMs: number } | null
}

const UNKNOWN: LampReading = { state: 'unknown', sinceMs: 0 }
/** Told when it changes, and once a minute all the same: whoever was restarted learns that a lamp is in order again. */
const REPORT_MS = 60_000
/** Who stands stands for seconds; to look through everybody's path in each frame costs more than the lamp does. */
const COUNT_MS = 1_000
/** Where a rule forgives nobody by itself. */
const GRACE_MS = 1_000

/** Carries the lamp of one rule on by one frame. */
export function watchLamp(rule: LampRule, before: LampWatch | null, { frame, tracks, ask }: { readonly frame: Frame; readonly tracks: readonly Track[]; readonly ask: AskFeed }): { readonly lamp: LampWatch; readonly report: SignalReport | null } {
  const { atMs } = frame
  const aspect = frame.width / frame.height
  const region = regionOf(rule.lamp)
  const feed = feedOf(rule.lamp)
  const glimpse = region && glimpseLamp(frame, region)
  const seen = glimpse && believe(before?.seen ?? null, glimpse.state, atMs)
  const told = feed && ask(feed, atMs)
  const believed = choose(seen?.believed ?? null, told, before?.believed ?? UNKNOWN, atMs)
  const [passed, over] = passages(rule.stopLine, before?.passages ?? NO_PASSAGES, tracks, { atMs, aspect })
  const meant = subjects(rule, VEHICLES, over.map(({ track }) => track), atMs)
  const side = governedSide(rule, aspect)
  const queue = before && atMs - before.queue.atMs < COUNT_MS ? before.queue : { count: believed.state === 'red' ? subjects(rule, VEHICLES, tracks, atMs).filter((track) => track.lastSeenAtMs === atMs && waitsBefore(rule, track, aspect)).length : 0, atMs }
  const signal = stepSignal(
    before?.signal ?? NO_SIGNAL,
    {
      atMs,
      believed,
      glimpsed: told?.flashes ? 'dark' : (glimpse?.state ?? believed.state),
      both: glimpse?.both ?? false,
      passed: over.filter((one) => one.side === side && meant.includes(one.track)).map((one) => one.atMs),
      waiting: believed.state === 'red' ? queue.count : 0,
      pair: seen && told && isKnown(seen.believed.state) && isKnown(told.state) ? { seen: seen.believed.state, told: told.state } : null,
    },
    { ...SIGNAL_LIMITS, phaseMsMax: rule.phaseMsMax, graceMs: 'graceMs' in rule ? rule.graceMs : GRACE_MS },
  )
  const codes = signal.faults.map(({ code }) => code).join(' ')
  const isDue = codes !== (before?.reported?.codes ?? '') || atMs - (before?.reported?.atMs ?? signal.fromMs ?? atMs) >= REPORT_MS
  const report = isDue ? { ruleId: rule.id, lamp: rule.lamp, atMs, faults: signal.faults, sound: soundOf(signal, { atMs, believed }) } : null
  return { lamp: { seen, believed, passages: passed, signal, queue, reported: report ? { codes, atMs } : (before?.reported ?? null) }, report }
}

/** The picture, because it has the frame's own time; where that shows nothing, the controller's word. */
function choose(seen: LampReading | null, told: LampReading | null, before: LampReading, atMs: number): LampReading {
  if (seen && (isKnown(seen.state) || !told)) return seen
  if (told) return { state: told.state, sinceMs: told.sinceMs }
  return before.state === 'unknown' && before !== UNKNOWN ? before : { state: 'unknown', sinceMs: atMs }
}

const isKnown = (state: LampState): boolean => state !== 'unknown'
