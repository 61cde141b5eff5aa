import type { SessionFault, SessionStateName } from './session-news.js'

/**
 * The life of a stream that is pushed to us, as a pure reducer beside `supervise`. There we dial, fail and back off; here we
 * can only wait, and end what stopped sending, so that the encoder finds its place free when it comes again.
 */
export interface PushLife {
  readonly name: SessionStateName
  readonly sinceMs: number
  readonly wanted: boolean
  /** Why the door is not open; null when it is. */
  readonly closed: string | null
  readonly run: number | null
  readonly deadline: { readonly atMs: number; readonly fault: SessionFault } | null
  readonly fault: SessionFault | null
  /** Pushes that ended before they ran well. */
  readonly attempts: number
}

export type PushNews =
  | { readonly kind: 'wanted' | 'unwanted' | 'tick' }
  | { readonly kind: 'door'; readonly closed: string | null }
  | { readonly kind: 'began' | 'init' | 'packet'; readonly run: number }
  /** `fault` is null when the encoder simply went. */
  | { readonly kind: 'ended'; readonly run: number; readonly fault: SessionFault | null }

export interface PushVerdict {
  readonly do: 'end'
  readonly run: number
}

export interface PushBounds {
  /** From publish until the init segment. Long: when the door opens again, all encoders come in one instant (8 at load 16 took 9 s). */
  readonly initMsMax: number
  /** From then until the first key picture; encoders with long groups make one in 10 s. */
  readonly firstKeyMsMax: number
  readonly stallMsMax: number
  readonly recoveredMs: number
}

export const PUSH_BOUNDS: PushBounds = { initMsMax: 20_000, firstKeyMsMax: 20_000, stallMsMax: 5_000, recoveredMs: 10_000 }

export function startPushLife(atMs: number, closed: string | null): PushLife {
  return { name: 'off', sinceMs: atMs, wanted: false, closed, run: null, deadline: null, fault: null, attempts: 0 }
}

type Step = readonly [PushLife, readonly PushVerdict[]]

export function livePush(life: PushLife, news: PushNews, atMs: number, bounds: PushBounds = PUSH_BOUNDS): Step {
  switch (news.kind) {
    case 'wanted':
      return life.wanted ? [life, []] : [wait({ ...life, wanted: true, attempts: 0 }, null, atMs), []]
    case 'unwanted':
      return end({ ...enter(life, 'off', atMs), wanted: false, fault: null })
    case 'door': {
      const next = { ...life, closed: news.closed }
      return life.name === 'waiting' ? [wait(next, life.fault, atMs), []] : [next, []]
    }
    case 'began':
      return life.wanted ? onBegan(life, news.run, atMs, bounds) : [life, [{ do: 'end', run: news.run }]]
    case 'ended':
      return life.run === news.run ? [onEnded(life, news.fault, atMs), []] : [life, []]
    case 'tick':
      return onTick(life, atMs)
    default:
      return life.run === news.run && life.wanted && life.deadline ? [onProgress(life, news.kind, atMs, bounds), []] : [life, []]
  }
}

function enter(life: PushLife, name: SessionStateName, atMs: number): PushLife {
  return life.name === name ? life : { ...life, name, sinceMs: atMs }
}

function end(life: PushLife): Step {
  if (life.run === null || life.deadline === null) return [{ ...life, deadline: null }, []]
  return [{ ...life, deadline: null }, [{ do: 'end', run: life.run }]]
}

/** Two publishers of one stream are refused at the door; one that comes while another is here means that the door began anew. */
function onBegan(life: PushLife, run: number, atMs: number, bounds: PushBounds): Step {
  const verdicts: readonly PushVerdict[] = life.run === null ? [] : [{ do: 'end', run: life.run }]
  const deadline = { atMs: atMs + bounds.initMsMax, fault: { name: 'invalid_media' as const, words: `no description of the picture within ${bounds.initMsMax} ms of the publish` } }
  return [{ ...enter(life, 'connecting', atMs), run, deadline, fault: null }, verdicts]
}

function onProgress(life: PushLife, kind: 'init' | 'packet', atMs: number, bounds: PushBounds): PushLife {
  // A new picture size is told inside a push: it lives on, by the pictures that follow.
  if (kind === 'init') return life.name === 'live' ? life : { ...life, deadline: { atMs: atMs + bounds.firstKeyMsMax, fault: { name: 'no_video', words: `no key picture within ${bounds.firstKeyMsMax} ms` } } }
  const live = enter({ ...life, fault: null, deadline: { atMs: atMs + bounds.stallMsMax, fault: { name: 'timed_out', words: `no picture for ${bounds.stallMsMax} ms` } } }, 'live', atMs)
  return atMs - live.sinceMs >= bounds.recoveredMs ? { ...live, attempts: 0 } : live
}

function onTick(life: PushLife, atMs: number): Step {
  if (!life.deadline || atMs < life.deadline.atMs) return [life, []]
  const late = { ...life, fault: life.deadline.fault }
  return end(life.name === 'live' ? enter(late, 'stalled', atMs) : late)
}

function onEnded(life: PushLife, fault: SessionFault | null, atMs: number): PushLife {
  const gone = { ...life, run: null, deadline: null }
  return life.wanted ? wait({ ...gone, attempts: life.attempts + 1 }, fault ?? life.fault ?? { name: 'hung_up', words: 'the encoder ended the connection' }, atMs) : gone
}

/** These need a person, and stay on screen while we wait; after anything else the next step is the encoder's. */
const STAYS: ReadonlySet<string> = new Set(['codec_unsupported', 'no_video', 'invalid_media', 'tools_missing'])

function wait(life: PushLife, last: SessionFault | null, atMs: number): PushLife {
  const waiting = enter(life, 'waiting', atMs)
  if (life.closed !== null) return { ...waiting, fault: { name: 'intake_closed', words: life.closed } }
  if (last && STAYS.has(last.name)) return { ...waiting, fault: last }
  return { ...waiting, fault: { name: 'not_pushed', words: last && last.name !== 'intake_closed' ? last.words : 'nobody pushes yet' } }
}
