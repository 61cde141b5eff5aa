import type { AreaId, SignalId } from './ids.js'
import type { FeedReading, LampState } from './seen.js'

/** A controller of a junction that tells what its lamps show. We hear it and never steer it. */
export interface Signal {
  readonly id: SignalId
  readonly name: string
  readonly areaId: AreaId
  readonly keyHash: string
  /** Silent for so long, what it said last is believed no more. */
  readonly staleMs: number
  readonly madeAtMs: number
}

export const FEED_COLOURS = ['red', 'yellow', 'green', 'dark', 'flashing_yellow'] as const
export type FeedColour = (typeof FEED_COLOURS)[number]

/** One message: what each approach is shown at an instant of the controller's own clock. Of an approach that it leaves out nothing is known. */
export interface SignalMessage {
  readonly sequence: number
  readonly atMs: number
  readonly approaches: Readonly<Record<string, FeedColour>>
}

interface Shown {
  readonly colour: FeedColour
  /** By our clock. */
  readonly sinceMs: number
}

/** What is known of one controller from what it told. */
export interface SignalMemory {
  readonly sequence: number
  readonly heardAtMs: number
  /** Ours less theirs: what is to be added to their times. The least of the last messages, because the way adds to it and never takes. */
  readonly offsetMs: number
  readonly offsets: readonly number[]
  readonly approaches: Readonly<Record<string, readonly Shown[]>>
}

const OFFSETS_KEPT = 30
/** A frame is judged some seconds after it was taken. */
const SHOWN_KEPT = 20
/** A controller that was restarted counts from the beginning. */
const RESTART_GAP = 1_000

export type Heard = { readonly do: 'take'; readonly memory: SignalMemory } | { readonly do: 'ignore'; readonly why: 'old_sequence' }

/** Takes one message in. One that was overtaken on its way changes nothing. */
export function hearSignal(known: SignalMemory | null, message: SignalMessage, receivedAtMs: number): Heard {
  const { sequence, atMs } = message
  const isRestart = known !== null && sequence < known.sequence - RESTART_GAP
  if (known && sequence <= known.sequence && !isRestart) return { do: 'ignore', why: 'old_sequence' }
  const offsets = [...(known && !isRestart ? known.offsets : []), receivedAtMs - atMs].slice(-OFFSETS_KEPT)
  const offsetMs = Math.min(...offsets)
  // What was said of the future by a clock that has just been set is not believed before it comes.
  const sinceMs = Math.min(atMs + offsetMs, receivedAtMs)
  const approaches = Object.fromEntries(Object.entries(message.approaches).map(([name, colour]) => [name, shown(known?.approaches[name] ?? [], { colour, sinceMs })]))
  return { do: 'take', memory: { sequence, heardAtMs: receivedAtMs, offsetMs, offsets, approaches } }
}

function shown(before: readonly Shown[], now: Shown): readonly Shown[] {
  const last = before.at(-1)
  return last?.colour === now.colour ? before : [...before.filter(({ sinceMs }) => sinceMs < now.sinceMs), now].slice(-SHOWN_KEPT)
}

/** What an approach was shown at an instant; null: unknown, because nothing was told of it, or nothing lately. */
export function readSignal(memory: SignalMemory | null, approach: string, { atMs, nowMs, staleMs }: { readonly atMs: number; readonly nowMs: number; readonly staleMs: number }): FeedReading | null {
  if (!memory || nowMs - memory.heardAtMs > staleMs) return null
  const then = memory.approaches[approach]?.findLast(({ sinceMs }) => sinceMs <= atMs)
  return then ? { state: STATES[then.colour], sinceMs: then.sinceMs, flashes: then.colour === 'flashing_yellow' } : null
}

const STATES: Readonly<Record<FeedColour, LampState>> = { red: 'red', yellow: 'yellow', green: 'green', dark: 'dark', flashing_yellow: 'yellow' }
