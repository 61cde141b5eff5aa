import { awayMs as awayIn, type Backtest, type BacktestClaim, type BacktestHour, type SeenBox, type SeenHour } from './backtest.js'
import { byTime, matchSightings, sizesApart } from './claim-match.js'
import { wilson, type Interval } from './rule-precision.js'

/** What people said of a real incident of this rule: the only truth there is about a camera's past. */
export interface Label {
  readonly sinceMs: number
  readonly untilMs: number
  readonly boxes: readonly SeenBox[]
  readonly right: boolean
}

export interface BacktestSide {
  readonly version: number
  readonly claims: number
  /** Of the recorded time, how long the camera showed another view than the one that this version is drawn on: nobody looked. */
  readonly awayMs: number
  /** Null: nothing was watched, so nothing can be counted. */
  readonly perDay: number | null
  /** Null without a single label: then there are counts only. */
  readonly judged: {
    /** Of its claims that people judged, how many were right. */
    readonly precision: Interval & { readonly n: number }
    /** Of what people said was real, how much it found. */
    readonly recall: Interval & { readonly n: number }
    readonly missed: number
  } | null
}

export interface BacktestDifference {
  readonly is: 'kept' | 'vanished' | 'new'
  /** What the tested version said, or, where it says nothing any more, what the live one did. */
  readonly claim: BacktestClaim
  /** What it costs: `wrong` kept or new is a false alert, `right` vanished is a miss. Null: nobody judged it. */
  readonly said: 'right' | 'wrong' | null
}

export interface BacktestResult {
  readonly watchedMs: number
  readonly missingMs: number
  readonly failedMs: number
  readonly tested: BacktestSide
  /** Null: there was no other version to compare with. */
  readonly live: BacktestSide | null
  /** In order of time. */
  readonly differences: readonly BacktestDifference[]
  readonly counts: Readonly<Record<BacktestDifference['is'], number>>
  /** Of one core, for an hour of the street and both versions together: the detector looks once for both. Null: nothing was watched. */
  readonly coreSecondsAnHour: number | null
}

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
/** A claim that holds is repeated once a second. */
const CUT_SLACK_MS = 2_000

/** What the hours say together. Pure: no clock, no chance, and the same words in whatever order hours and labels come. */
export function tellBacktest({ backtest: { version, baseline }, hours, labels }: { readonly backtest: Pick<Backtest, 'version' | 'baseline'>; readonly hours: readonly BacktestHour[]; readonly labels: readonly Label[] }): BacktestResult {
  const seen = hours.filter((hour): hour is SeenHour => hour.state === 'done').toSorted((a, b) => a.fromMs - b.fromMs)
  const watchedMs = sum(seen, ({ recordedMs }) => recordedMs)
  const truth = labels.filter((label) => isWatched(label, seen)).toSorted((a, b) => byTime(a, b) || Number(a.right) - Number(b.right))
  const tested = readSide(version, { seen, truth })
  const live = baseline === null ? null : readSide(baseline, { seen, truth })
  const differences = differencesOf(tested, live)
  const counted = (is: BacktestDifference['is']): number => differences.filter((one) => one.is === is).length
  return {
    watchedMs,
    missingMs: sum(hours, ({ fromMs, toMs, recordedMs }) => toMs - fromMs - recordedMs),
    failedMs: sum(hours, (hour) => (hour.state === 'failed' ? hour.recordedMs : 0)),
    tested: tested.side,
    live: live && live.side,
    differences,
    counts: { kept: counted('kept'), vanished: counted('vanished'), new: counted('new') },
    coreSecondsAnHour: watchedMs > 0 ? (sum(seen, ({ coreMs }) => coreMs) / 1000 / watchedMs) * HOUR_MS : null,
  }
}

/** A claim, and in which hour's run it was made. */
type RunClaim = BacktestClaim & { readonly run: number }

interface ReadSide {
  readonly side: BacktestSide
  readonly claims: readonly RunClaim[]
  readonly said: readonly BacktestDifference['said'][]
}

function readSide(version: number, { seen, truth: all }: { readonly seen: readonly SeenHour[]; readonly truth: readonly Label[] }): ReadSide {
  const awayMs = sum(seen, (hour) => awayIn(hour, version))
  const lookedMs = sum(seen, ({ recordedMs }) => recordedMs) - awayMs
  const truth = all.filter(({ sinceMs, untilMs }) => !seen.some(({ away }) => (away[version] ?? []).some(({ fromMs, toMs }) => fromMs <= sinceMs && untilMs <= toMs)))
  const told = seen.flatMap((hour) => hour.claims.filter((claim) => claim.version === version).map((claim): RunClaim => ({ ...claim, run: hour.fromMs })))
  const claims = joinSeams(told)
  const matched = matchSightings(claims, truth)
  const said = matched.map((at) => (at < 0 ? null : truth[at]!.right ? ('right' as const) : ('wrong' as const)))
  const [right, wrong] = (['right', 'wrong'] as const).map((word) => said.filter((one) => one === word).length) as [number, number]
  const real = truth.filter((label) => label.right).length
  // What no row holds any more was counted, and no seam goes through it.
  const count = claims.length + sum(seen, ({ counts }) => counts[version] ?? 0) - told.length
  return {
    claims,
    said,
    side: {
      version,
      claims: count,
      awayMs,
      perDay: lookedMs > 0 ? (count / lookedMs) * DAY_MS : null,
      judged: truth.length === 0 ? null : { precision: { ...wilson(right, right + wrong), n: right + wrong }, recall: { ...wilson(right, real), n: real }, missed: real - right },
    },
  }
}

/**
 * What still held when its hour was over may be met again by the next, which knows nothing of the one before: an act that had begun by
 * then, in the same place, is the same one.
 */
function joinSeams(told: readonly RunClaim[]): readonly RunClaim[] {
  const joined: RunClaim[] = []
  for (const claim of told.toSorted((a, b) => a.run - b.run || byTime(a, b))) {
    const at = claim.sinceMs < claim.run ? joined.findLastIndex((before) => before.cut && Math.abs(claim.run - before.untilMs) <= CUT_SLACK_MS && isSamePlace(before, claim)) : -1
    if (at < 0) joined.push(claim)
    else joined[at] = { ...joined[at]!, untilMs: claim.untilMs, cut: claim.cut }
  }
  return joined.toSorted(byTime)
}

/** A thing that stands: its boxes are compared as if seen at one instant. */
function isSamePlace(a: BacktestClaim, b: BacktestClaim): boolean {
  if (a.boxes.length === 0 || b.boxes.length === 0) return a.boxes.length === b.boxes.length
  return a.boxes.some(({ box }) => b.boxes.some((other) => sizesApart({ box, atMs: 0 }, { box: other.box, atMs: 0 }) !== null))
}

function differencesOf(tested: ReadSide, live: ReadSide | null): readonly BacktestDifference[] {
  if (!live) return tested.claims.map((claim, at) => ({ is: 'new' as const, claim, said: tested.said[at]! }))
  const matched = matchSightings(tested.claims, live.claims)
  const kept = new Set(matched)
  const now = tested.claims.map((claim, at): BacktestDifference => ({ is: matched[at]! < 0 ? 'new' : 'kept', claim, said: tested.said[at]! }))
  const gone = live.claims.flatMap((claim, at): readonly BacktestDifference[] => (kept.has(at) ? [] : [{ is: 'vanished', claim, said: live.said[at]! }]))
  return [...now, ...gone].toSorted((a, b) => byTime(a.claim, b.claim) || (a.is < b.is ? -1 : Number(a.is > b.is)))
}

/** Nobody can find what was not recorded, or lies in an hour that failed. */
function isWatched({ sinceMs, untilMs }: Label, seen: readonly SeenHour[]): boolean {
  return seen.some((hour) => untilMs >= hour.fromMs && sinceMs < hour.toMs && !hour.gaps.some((gap) => gap.fromMs <= sinceMs && untilMs <= gap.toMs))
}

function sum<Of>(of: readonly Of[], read: (one: Of) => number): number {
  return of.reduce((total, one) => total + read(one), 0)
}
