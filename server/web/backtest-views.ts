import type { BacktestDifferenceView, BacktestHourView, BacktestResultView, BacktestView } from '../contract/rules.js'
import { BACKTEST_FPS, hoursOf, type Backtest, type BacktestHour } from '../domain/backtest.js'
import { tellBacktest, type BacktestDifference, type Label } from '../domain/backtest-result.js'
import type { PersonId } from '../domain/ids.js'
import { wordReason } from '../domain/reason.js'
import { judgementOf } from '../domain/rule-precision.js'
import type { Backtests } from '../rules/backtests.js'
import type { StoredFinding } from '../storage/rule-store.js'
import type { Store } from '../storage/store.js'
import { gapView } from './recording-views.js'

/** Turns back-tests into what the player sees. What people say of real incidents is read anew each time: a verdict of today tells of a run of last week. */
export interface BacktestViews {
  list(backtests: readonly Backtest[]): Promise<readonly BacktestView[]>
  result(backtest: Backtest): Promise<BacktestResultView>
}

interface ViewParts {
  readonly store: Store
  readonly backtests: Pick<Backtests, 'partOf'>
  isoTime(atMs: number): string
}

/** More than a person looks through; what changed comes before what stayed. */
const DIFFERENCES_MAX = 500
/** More than people judge of one rule in two weeks. */
const LABELS_MAX = 5_000

export function makeBacktestViews({ store, backtests, isoTime }: ViewParts): BacktestViews {
  const viewOf = async (one: Backtest, names: ReadonlyMap<PersonId, string>): Promise<BacktestView> => {
    const { cameraId: _camera, ruleId: _rule, by, ...plain } = one
    return { ...plain, by: { id: by, displayName: names.get(by) ?? '—' }, progress: { hours: hoursOf(one).length, ...(await store.backtests.told(one.id)), part: backtests.partOf(one.id) } }
  }
  const readNames = async (): Promise<ReadonlyMap<PersonId, string>> => new Map((await store.people.list()).map(({ id, displayName }) => [id, displayName]))
  return {
    async list(all) {
      const names = await readNames()
      return Promise.all(all.map((one) => viewOf(one, names)))
    },
    async result(one) {
      const hours = await store.backtests.hours(one.id)
      const judged = await store.rules.judgedBetween(one.ruleId, { fromMs: one.fromMs, toMs: one.toMs, limit: LABELS_MAX })
      const { differences, coreSecondsAnHour, ...told } = tellBacktest({ backtest: one, hours, labels: judged.filter(({ incident }) => incident.cameraId === one.cameraId).flatMap(labelOf) })
      const shown = whatChangedFirst(differences)
      return {
        ...(await viewOf(one, await readNames())),
        ...told,
        differences: shown.map((difference) => differenceView(difference, one, isoTime)),
        untold: differences.length - shown.length,
        hours: hours.map(hourView),
        cost: { fps: BACKTEST_FPS, coreSecondsAnHour },
      }
    },
  }
}

/** In order of time, as they came; where there are too many, what stayed as it was gives way. */
function whatChangedFirst(differences: readonly BacktestDifference[]): readonly BacktestDifference[] {
  if (differences.length <= DIFFERENCES_MAX) return differences
  const kept = new Set([...differences].toSorted((a, b) => Number(a.is === 'kept') - Number(b.is === 'kept')).slice(0, DIFFERENCES_MAX))
  return differences.filter((one) => kept.has(one))
}

/** Nobody's word: no label. */
function labelOf(finding: StoredFinding): readonly Label[] {
  const judgement = judgementOf(finding)
  const { sinceMs, openedAtMs, lastSeenAtMs, witnesses } = finding.incident
  return judgement ? [{ sinceMs: Math.min(sinceMs, openedAtMs), untilMs: lastSeenAtMs, boxes: witnesses.map(({ atMs, box }) => ({ atMs, box })), right: judgement.right }] : []
}

function differenceView({ is, claim, said }: BacktestDifference, { cameraId }: Backtest, isoTime: (atMs: number) => string): BacktestDifferenceView {
  const { sinceMs, untilMs, boxes, reason } = claim
  return { is, cameraId, atMs: sinceMs, untilMs, box: boxes[0]?.box ?? null, reason: wordReason(reason), said, at: `/playback?cams=${encodeURIComponent(cameraId)}&at=${encodeURIComponent(isoTime(sinceMs))}` }
}

function hourView(hour: BacktestHour): BacktestHourView {
  const { fromMs, toMs, recordedMs, gaps } = hour
  return { fromMs, toMs, state: hour.state, recordedMs, gaps: gaps.map(gapView), claims: hour.state === 'done' ? hour.counts : {}, fault: hour.state === 'failed' ? hour.fault : null }
}
