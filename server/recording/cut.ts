import type { GapCause } from '../domain/recording.js'
import type { InitSegment, Packet } from '../media/packet.js'

/**
 * Where a recording is cut: pure, one packet at a time. A segment begins with a key picture and lasts 4 to 10 s; a longer
 * GOP is split. A run ends with its session, its time line, its camera's silence, or a step of the wall clock.
 */
export interface CutState {
  /** Null before the first packet. */
  readonly last: { readonly init: InitSegment; readonly atMs: number; readonly endTicks: number; readonly offsetMs: number } | null
  readonly segment: { readonly fromMs: number; readonly fromTicks: number; readonly wantedMs: number } | null
  /** Decode time of the newest key packet. */
  readonly keyTicks: number | null
  /** Shortens the first segment of each run, so that cameras that start together do not close their files together. */
  readonly phase: number
}

export interface CutFacts {
  /** Packets this reader lost that were not told yet. They may still lie ahead: only a hole in the time line shows where. */
  readonly lost: number
  /** Wall clock minus monotonic clock, now: a step shows as a jump. */
  readonly offsetMs: number
}

export type CutVerdict =
  /** The open segment, if any, ends here. */
  | { readonly do: 'end_segment'; readonly toMs: number }
  | { readonly do: 'note_gap'; readonly cause: GapCause; readonly fromMs: number; readonly toMs: number }
  | { readonly do: 'begin_run'; readonly packet: Packet }
  | { readonly do: 'begin_segment'; readonly packet: Packet }
  | { readonly do: 'append'; readonly packet: Packet }

export const SEGMENT_MS_MIN = 4_000
const SEGMENT_MS_WANTED = 8_000
export const SEGMENT_MS_MAX = 10_000
/** Below this no eye and no ear misses anything, and packets come in bursts anyway. */
export const GAP_MS_MIN = 1_500
/** A camera that is silent for longer than its pictures say has a hole. */
const SILENT_MS_MAX = 3_000
const STEP_MS_MAX = 2_000
/** A session with another timescale goes on at the next whole tick of its own. */
const ROUNDING_MS = 2

/** `phase` 0..1, different for each camera. */
export function startCut(phase: number): CutState {
  return { last: null, segment: null, keyTicks: null, phase }
}

export function cut(state: CutState, packet: Packet, facts: CutFacts): readonly [CutState, readonly CutVerdict[]] {
  const { last } = state
  const why = last && breakOf(last, packet, facts)
  const verdicts: CutVerdict[] = []
  if (last && why) {
    if (state.segment) verdicts.push({ do: 'end_segment', toMs: endOf(last.atMs, state.segment.fromMs) })
    const gap = gapOf(why, last.atMs, packet)
    if (gap) verdicts.push(gap)
  }
  const begins = !last || why !== null || state.segment === null
  if (begins) verdicts.push({ do: 'begin_run', packet })
  const splits = !begins && splitsAt(state, packet)
  if (splits && state.segment) verdicts.push({ do: 'end_segment', toMs: endOf(packet.atMs, state.segment.fromMs) })
  if (begins || splits) verdicts.push({ do: 'begin_segment', packet })
  verdicts.push({ do: 'append', packet })

  const wantedMs = begins ? SEGMENT_MS_MIN + state.phase * (SEGMENT_MS_WANTED - SEGMENT_MS_MIN) : SEGMENT_MS_WANTED
  const next: CutState = {
    phase: state.phase,
    last: { init: packet.init, atMs: packet.atMs, endTicks: packet.decodeTime + packet.durationTicks, offsetMs: facts.offsetMs },
    segment: begins || splits ? { fromMs: packet.atMs, fromTicks: packet.decodeTime, wantedMs } : state.segment,
    keyTicks: packet.key ? packet.decodeTime : begins ? null : state.keyTicks,
  }
  return [next, verdicts]
}

/** The stream is let go, or its reader ended: the open segment ends with its last picture. */
export function stopCut(state: CutState): readonly [CutState, readonly CutVerdict[]] {
  const { last, segment } = state
  return [{ ...state, segment: null }, last && segment ? [{ do: 'end_segment', toMs: endOf(last.atMs, segment.fromMs) }] : []]
}

function breakOf(last: NonNullable<CutState['last']>, packet: Packet, { lost, offsetMs }: CutFacts): GapCause | null {
  if (Math.abs(offsetMs - last.offsetMs) > STEP_MS_MAX) return 'clock_step'
  const holeMs = (packet.decodeTime * 1000) / packet.init.timescale - (last.endTicks * 1000) / last.init.timescale
  if (lost > 0 && holeMs > ROUNDING_MS) return 'disk_slow'
  if (packet.init !== last.init || Math.abs(holeMs) > ROUNDING_MS) return 'camera_lost'
  return packet.atMs - last.atMs - toMs(packet.durationTicks, packet) > SILENT_MS_MAX ? 'camera_lost' : null
}

/** A new session that follows at once leaves no gap, only a new run. */
function gapOf(cause: GapCause, lastAtMs: number, packet: Packet): CutVerdict | null {
  const [fromMs, toMs] = [Math.min(lastAtMs, packet.atMs), Math.max(lastAtMs, packet.atMs)]
  if (cause === 'camera_lost' && toMs - fromMs < GAP_MS_MIN) return null
  // What a slow disk lost is told however short it was: a picture that came was not kept.
  return { do: 'note_gap', cause, fromMs, toMs }
}

function splitsAt({ segment, keyTicks }: CutState, packet: Packet): boolean {
  if (!segment) return false
  const ageMs = toMs(packet.decodeTime - segment.fromTicks, packet)
  if (ageMs >= SEGMENT_MS_MAX) return true
  if (!packet.key || ageMs < SEGMENT_MS_MIN) return false
  // Another GOP as long as the one that ends here would be too much.
  const gopMs = keyTicks === null ? 0 : toMs(packet.decodeTime - keyTicks, packet)
  return ageMs >= segment.wantedMs || ageMs + gopMs > SEGMENT_MS_MAX
}

function toMs(ticks: number, { init }: Packet): number {
  return (ticks * 1000) / init.timescale
}

/** Arrival times come unevenly and may be set back; a segment still has an end after its beginning, and never a minute. */
function endOf(atMs: number, fromMs: number): number {
  return Math.min(Math.max(atMs, fromMs + 1), fromMs + 60_000)
}
