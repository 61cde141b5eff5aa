import type { SessionFault, SessionStateName } from './session-news.js'

/**
 * The life of one stream's session as a pure reducer: news in, verdicts out. The law that tests guard over thousands of
 * random lives: a `start` is never given while a child may still run, so there are never two ffmpegs for one stream.
 */
export interface Supervision {
  readonly name: SessionStateName
  readonly sinceMs: number
  readonly wanted: boolean
  /** The child that was started and has not been seen to end; `dying` after we killed it. */
  readonly child: { readonly run: number; readonly dying: boolean; readonly pictures: boolean } | null
  readonly runs: number
  /** When the newest starts were, no more than the budget counts. */
  readonly startsAtMs: readonly number[]
  readonly attempts: number
  /** Something must have happened by then, or the child is killed with this reason. */
  readonly deadline: { readonly atMs: number; readonly fault: SessionFault; readonly patient?: true } | null
  readonly retryAtMs: number | null
  readonly probe: 'quick' | 'patient'
  readonly transport: 'tcp' | 'udp'
  readonly fault: SessionFault | null
}

export type SupervisionNews =
  | { readonly kind: 'wanted'; readonly transport: 'tcp' | 'udp' }
  | { readonly kind: 'unwanted' }
  | { readonly kind: 'spawned' | 'playing' | 'init' | 'packet'; readonly run: number }
  /** `fault` is null when nothing is known but that the child ended. */
  | { readonly kind: 'exited'; readonly run: number; readonly fault: SessionFault | null; readonly mayUseUdp: boolean }
  /** It sends more than it may. */
  | { readonly kind: 'flooded'; readonly run: number; readonly words: string }
  | { readonly kind: 'tick' }

export type SupervisionVerdict = { readonly do: 'start'; readonly run: number; readonly probe: 'quick' | 'patient'; readonly transport: 'tcp' | 'udp' } | { readonly do: 'kill'; readonly run: number }

export interface SupervisionBounds {
  /** From spawn until the camera says that it plays. */
  readonly connectMsMax: number
  /** From then until the init segment: later, the quick probe was too quick for this camera. */
  readonly initMsMax: number
  /** From then until the first key packet: cameras with "smart" codecs make one in 10 s or more. */
  readonly firstKeyMsMax: number
  /** Between two packets of a live stream. */
  readonly stallMsMax: number
  readonly backOffMsMin: number
  readonly backOffMsMax: number
  /** A stream that was live for so long has recovered: the next failure starts at the shortest back-off. */
  readonly recoveredMs: number
  /** Wrong password, wrong codec: trying often helps nobody and locks accounts ("29 attempts left", seen in the wild). */
  readonly personNeededMsMin: number
  /**
   * The restart budget: a stream that was started so often within so long is tried at the longest step, also when each try
   * ran well for a while. A start costs 0.1 s of processor here and a session in the camera, which cheap ones run out of.
   */
  readonly startsMax: number
  readonly startsWithinMs: number
}

export const SUPERVISION_BOUNDS: SupervisionBounds = {
  connectMsMax: 8_000,
  initMsMax: 3_000,
  firstKeyMsMax: 20_000,
  stallMsMax: 5_000,
  backOffMsMin: 1_000,
  backOffMsMax: 30_000,
  recoveredMs: 10_000,
  personNeededMsMin: 30_000,
  startsMax: 12,
  startsWithinMs: 600_000,
}

export function startSupervision(atMs: number): Supervision {
  return { name: 'off', sinceMs: atMs, wanted: false, child: null, runs: 0, startsAtMs: [], attempts: 0, deadline: null, retryAtMs: null, probe: 'quick', transport: 'tcp', fault: null }
}

type Step = readonly [Supervision, readonly SupervisionVerdict[]]

/** `chance` is a number in 0..1, drawn by the caller, for the jitter. */
export function supervise(state: Supervision, news: SupervisionNews, atMs: number, chance: number, bounds: SupervisionBounds = SUPERVISION_BOUNDS): Step {
  switch (news.kind) {
    case 'wanted':
      return onWanted({ ...state, transport: news.transport }, atMs, bounds)
    case 'unwanted':
      return endChild(enter({ ...state, wanted: false, deadline: null, retryAtMs: null, fault: null, attempts: 0 }, 'off', atMs))
    case 'tick':
      return onTick(state, atMs, bounds)
    case 'flooded':
      return isCurrent(state, news.run) ? endChild(enter({ ...state, fault: { name: 'flooding', words: news.words } }, 'stalled', atMs)) : [state, []]
    case 'exited':
      return state.child?.run === news.run ? onExited(state, news, atMs, chance, bounds) : [state, []]
    default:
      return isCurrent(state, news.run) ? [onProgress(state, news.kind, atMs, bounds), []] : [state, []]
  }
}

function isCurrent(state: Supervision, run: number): boolean {
  return state.child?.run === run && !state.child.dying && state.wanted
}

function enter(state: Supervision, name: SessionStateName, atMs: number): Supervision {
  return state.name === name ? state : { ...state, name, sinceMs: atMs }
}

/** New settings: what ran ran with the old ones, and a person is there. */
function onWanted(state: Supervision, atMs: number, bounds: SupervisionBounds): Step {
  const fresh: Supervision = { ...state, wanted: true, startsAtMs: [], attempts: 0, fault: null, probe: 'quick', deadline: null, retryAtMs: null }
  return state.child ? endChild(enter(fresh, 'connecting', atMs)) : start(fresh, atMs, bounds)
}

function start(state: Supervision, atMs: number, bounds: SupervisionBounds): Step {
  const run = state.runs + 1
  const started: Supervision = { ...state, runs: run, startsAtMs: [...state.startsAtMs, atMs].slice(-bounds.startsMax), child: { run, dying: false, pictures: false }, deadline: null, retryAtMs: null }
  return [enter(started, 'connecting', atMs), [{ do: 'start', run, probe: state.probe, transport: state.transport }]]
}

function endChild(state: Supervision): Step {
  if (!state.child || state.child.dying) return [state, []]
  return [{ ...state, child: { ...state.child, dying: true }, deadline: null }, [{ do: 'kill', run: state.child.run }]]
}

function onProgress(state: Supervision, kind: 'spawned' | 'playing' | 'init' | 'packet', atMs: number, bounds: SupervisionBounds): Supervision {
  const within = (ms: number, fault: SessionFault, patient?: true): Supervision => ({ ...state, deadline: { atMs: atMs + ms, fault, ...(patient ? { patient } : {}) } })
  switch (kind) {
    case 'spawned':
      return within(bounds.connectMsMax, { name: 'timed_out', words: `the camera did not start to play within ${bounds.connectMsMax} ms` })
    case 'playing':
      return within(bounds.initMsMax, { name: 'invalid_media', words: `no description of the picture within ${bounds.initMsMax} ms of PLAY` }, true)
    case 'init':
      return within(bounds.firstKeyMsMax, { name: 'no_video', words: `no key picture within ${bounds.firstKeyMsMax} ms` })
    case 'packet': {
      const live = enter(within(bounds.stallMsMax, { name: 'timed_out', words: `no picture for ${bounds.stallMsMax} ms` }), 'live', atMs)
      const recovered = atMs - live.sinceMs >= bounds.recoveredMs
      return { ...live, fault: null, attempts: recovered ? 0 : live.attempts, child: state.child && { ...state.child, pictures: true } }
    }
  }
}

function onTick(state: Supervision, atMs: number, bounds: SupervisionBounds): Step {
  if (state.deadline && atMs >= state.deadline.atMs) {
    const patient = state.deadline.patient && state.probe === 'quick'
    const late: Supervision = { ...state, fault: state.deadline.fault, ...(patient ? { probe: 'patient' } : {}) }
    return endChild(state.name === 'live' ? enter(late, 'stalled', atMs) : late)
  }
  if (state.wanted && !state.child && state.retryAtMs !== null && atMs >= state.retryAtMs) return start(state, atMs, bounds)
  return [state, []]
}

function onExited(state: Supervision, news: Extract<SupervisionNews, { readonly kind: 'exited' }>, atMs: number, chance: number, bounds: SupervisionBounds): Step {
  const gone: Supervision = { ...state, child: null, deadline: null }
  if (!state.wanted) return [gone, []]
  // Killed for new settings: they are tried at once.
  if (state.child?.dying && state.fault === null) return start(gone, atMs, bounds)
  const fault = news.fault ?? state.fault ?? { name: 'hung_up', words: 'the session ended without a word' }
  // A cure that needs no waiting: another transport, or the longer probe; each once, then the ladder.
  if (fault.name === 'transport' && news.mayUseUdp && state.transport === 'tcp') return start({ ...gone, transport: 'udp', fault }, atMs, bounds)
  if (state.probe === 'patient' && state.attempts === 0 && fault.name === 'invalid_media' && state.child?.dying) return start({ ...gone, fault, attempts: 1 }, atMs, bounds)
  const attempts = state.attempts + 1
  const spent = isSpent(state, atMs, bounds)
  const waitMs = backOffMs(spent ? Infinity : attempts, fault, chance, bounds)
  return [{ ...enter(gone, 'waiting', atMs), fault: spent && state.child?.pictures ? unsteady(fault, bounds) : fault, attempts, retryAtMs: atMs + waitMs }, []]
}

/** Whether the restart budget is used up. */
function isSpent(state: Supervision, atMs: number, bounds: SupervisionBounds): boolean {
  const [oldestAtMs] = state.startsAtMs
  return state.startsAtMs.length >= bounds.startsMax && oldestAtMs !== undefined && atMs - oldestAtMs <= bounds.startsWithinMs
}

/** A camera that shows pictures and breaks off again is another matter than one that is not there. */
function unsteady(last: SessionFault, bounds: SupervisionBounds): SessionFault {
  return last.name === 'flooding' ? last : { name: 'unsteady', words: `started ${bounds.startsMax} times within ${Math.round(bounds.startsWithinMs / 60_000)} minutes; the last time ${last.name}: ${last.words}` }
}

const PERSON_NEEDED: ReadonlySet<string> = new Set(['auth', 'codec_unsupported', 'no_video', 'no_sound', 'tools_missing', 'not_allowed', 'flooding'])

/**
 * 1, 2, 4 … s, each ±20 % so that a hundred cameras behind one switch do not come back in one instant, and at the top 24 to 30 s:
 * after a long outage a camera must be back within 35 s (T6).
 */
export function backOffMs(attempts: number, fault: SessionFault, chance: number, bounds: SupervisionBounds = SUPERVISION_BOUNDS): number {
  const ladder = Math.min(bounds.backOffMsMax, bounds.backOffMsMin * 2 ** Math.min(20, attempts - 1))
  if (ladder === bounds.backOffMsMax && !PERSON_NEEDED.has(fault.name)) return Math.round(ladder * (0.8 + 0.2 * chance))
  const floor = PERSON_NEEDED.has(fault.name) ? bounds.personNeededMsMin : 0
  return Math.round(Math.max(ladder, floor) * (0.8 + 0.4 * chance))
}
