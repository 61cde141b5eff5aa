import type { BoundPreset, Pose } from './seen.js'
import type { Trouble } from './trouble.js'

/** A preset as the camera tells it; many do not tell where it lies. */
export interface Preset {
  readonly token: string
  readonly name: string
  readonly at: Pose | null
}

/** What a camera answered when it was asked where it looks. `fixed`: it cannot turn, or nobody can ask it. */
export type AimAnswer =
  | {
      readonly kind: 'told'
      /** Null: it would not say, and `untold` is why. */
      readonly at: Pose | null
      /** Null: it does not say. */
      readonly isMoving: boolean | null
      /** Null: they were not asked for this time. */
      readonly presets: readonly Preset[] | null
      readonly untold: string | null
    }
  | { readonly kind: 'fixed' }
  | { readonly kind: 'silent'; readonly trouble: Trouble }

/** What is known of where one camera looks. */
export interface Aim {
  readonly newest: AimAnswer | null
  /** The newest answer that told something, however long ago; `askedAtMs` is when it was asked (monotonic): it may have turned since. */
  readonly told: { readonly askedAtMs: number; readonly at: Pose | null; readonly isMoving: boolean } | null
  readonly presets: readonly Preset[]
  /** How often in a row it did not answer. */
  readonly silences: number
}

export const NO_AIM: Aim = { newest: null, told: null, presets: [], silences: 0 }

/**
 * The generic range of 2 is a whole turn at most, so this is 0.9° of pan: mounts come back to a preset within 0.3°, and a drawing that is
 * off by 0.9° in a picture 60° wide is off by a sixtieth of it. Zoomed in it is off by more; whoever watches from far away should know.
 */
export const NEAR = { turn: 0.005, zoom: 0.02 } as const

/** So long after it last told, a camera is still believed to stand where it stood; what is seen meanwhile waits to be said. */
export const SILENT_MS_MAX = 30_000

/** One more answer. A camera that says it moves and stands where it stood is not believed: some say so for ever. */
export function hearAim(aim: Aim, answer: AimAnswer, askedAtMs: number): Aim {
  if (answer.kind === 'silent') return { ...aim, newest: answer, silences: aim.silences + 1 }
  if (answer.kind === 'fixed') return { ...NO_AIM, newest: answer }
  const stood = aim.told?.at && answer.at && isAt(aim.told.at, answer.at)
  return { newest: answer, told: { askedAtMs, at: answer.at, isMoving: answer.isMoving === true && !stood }, presets: answer.presets ?? aim.presets, silences: 0 }
}

/** Why a rule that is bound to a preset does not watch now. */
export type WaitWhy = 'unasked' | 'fixed' | 'silent' | 'untold' | 'alike' | 'moving' | 'elsewhere'
export type AimVerdict = { readonly fits: true } | { readonly fits: false; readonly why: WaitWhy }

const waits = (why: WaitWhy): AimVerdict => ({ fits: false, why })

/** Whether a rule drawn there may look at what the camera shows now. In doubt it may not: a drawing on another view accuses anybody. */
export function weighAim({ at }: Pick<BoundPreset, 'at'>, { newest, told, presets }: Aim, nowMs: number): AimVerdict {
  if (!newest) return waits('unasked')
  if (newest.kind === 'fixed') return waits('fixed')
  if (!told || (newest.kind === 'silent' && nowMs - told.askedAtMs > SILENT_MS_MAX)) return waits('silent')
  if (!told.at) return waits('untold')
  if (areAlike(presets)) return waits('alike')
  if (told.isMoving) return waits('moving')
  return isAt(at, told.at) ? { fits: true } : waits('elsewhere')
}

/** No turn round the end of the range: a mount with stops has two ends, and they look different ways. */
export function isAt(a: Pose, b: Pose): boolean {
  return Math.abs(a.pan - b.pan) <= NEAR.turn && Math.abs(a.tilt - b.tilt) <= NEAR.turn && Math.abs(a.zoom - b.zoom) <= NEAR.zoom
}

/** Presets that all lie at one place are told by a camera that knows no place at all, and says 0 for each. */
export function areAlike(presets: readonly Preset[]): boolean {
  const places = presets.flatMap(({ at }) => at ?? [])
  const [first] = places
  return first !== undefined && places.length > 1 && places.every((at) => isAt(first, at))
}

/** What a rule saw of a camera that turns, and when (monotonic). `ends`: it ends something that was said, which is true wherever the camera looks. */
export interface Unsaid {
  readonly ruleId: string
  readonly heardAtMs: number
  /** Since when it has been so, wall time. */
  readonly sinceMs: number
  readonly ends: boolean
}

export type Fate = 'say' | 'drop' | 'keep'

export interface Sifted<T extends Unsaid> {
  readonly say: readonly T[]
  readonly drop: readonly T[]
  readonly keep: readonly T[]
}

/**
 * Between two answers a camera may turn, and what a rule saw then is worth nothing. So it waits for an answer to a question that was
 * asked after it was seen: still there, it is said, in its order; gone, it is dropped.
 */
export function siftUnsaid<T extends Unsaid>(unsaid: readonly T[], fateOf: (one: T) => Fate): Sifted<T> {
  const sifted = { say: [] as T[], drop: [] as T[], keep: [] as T[] }
  const waiting = new Set<string>()
  for (const one of unsaid) {
    const fate = fateOf(one)
    const to = fate === 'drop' && one.ends ? 'say' : fate === 'say' && waiting.has(one.ruleId) ? 'keep' : fate
    if (to === 'keep') waiting.add(one.ruleId)
    sifted[to].push(one)
  }
  return sifted
}

/** Of what a rule saw that is drawn on one view. */
export function fateOfBound({ heardAtMs }: Pick<Unsaid, 'heardAtMs'>, verdict: AimVerdict, aim: Aim): Fate {
  if (!verdict.fits) return 'drop'
  return isConfirmed(heardAtMs, aim) ? 'say' : 'keep'
}

/**
 * Of what a rule saw of the view itself, that it is not the usual one (`camera_tamper`). A turn that the mount tells of is no tampering, so
 * it must all have been seen since the camera came to where it stands (`viewSinceMs`, wall time). A mount that is turned by hand knows
 * nothing of it; and where nobody can tell, a covered lens is told all the same.
 */
export function fateOfView({ heardAtMs, sinceMs }: Unsaid, aim: Aim, { viewSinceMs, nowMs }: { readonly viewSinceMs: number; readonly nowMs: number }): Fate {
  const { newest, told, presets } = aim
  if (!newest) return 'keep'
  if (newest.kind === 'silent' && told && nowMs - told.askedAtMs <= SILENT_MS_MAX) return 'keep'
  if (newest.kind !== 'told' || !told?.at || areAlike(presets)) return 'say'
  if (told.isMoving || sinceMs < viewSinceMs) return 'drop'
  return isConfirmed(heardAtMs, aim) ? 'say' : 'keep'
}

function isConfirmed(heardAtMs: number, { newest, told }: Aim): boolean {
  return newest?.kind === 'told' && told !== null && heardAtMs < told.askedAtMs
}

/** Where a camera is by its newest answer that told something: at a place, on the way, or nobody knows. */
export function placeOf({ told }: Aim): Pose | 'moving' | null {
  return told?.isMoving ? 'moving' : (told?.at ?? null)
}

export function isSamePlace(a: Pose | 'moving', b: Pose | 'moving'): boolean {
  return a === 'moving' || b === 'moving' ? a === b : isAt(a, b)
}

const ASK_MS = 4_000
const ASK_MS_MAX = 30_000
/** When a whole district is cut off, each question to one of its cameras takes a child four seconds from those that answer. */
const ASK_MS_DEAD = 60_000
/** Each question signs in up to three times, and cameras lock accounts. A new password is tried at once. */
const ASK_MS_REFUSED = 300_000
/** Presets change when somebody works on the camera, and their list is long. */
const PRESETS_EVERY = 15

/**
 * When to ask next: modestly while it answers with a position, ever more rarely while it does not; so one that is dead takes hardly
 * anybody's turn. `asked`: how often it was.
 */
export function nextAsk({ newest, silences }: Aim, asked: number): { readonly inMs: number; readonly withPresets: boolean } {
  if (newest?.kind === 'silent') return { inMs: newest.trouble.code === 'auth' ? ASK_MS_REFUSED : Math.min(ASK_MS_DEAD, ASK_MS * 2 ** silences), withPresets: true }
  const tells = newest?.kind === 'told' && newest.at !== null
  return { inMs: newest === null || tells ? ASK_MS : ASK_MS_MAX, withPresets: !tells || asked % PRESETS_EVERY === 0 }
}
