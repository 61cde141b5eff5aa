import { useState, type ReactElement, type ReactNode } from 'react'
import type { BacktestDifferenceView, BacktestResultView, BacktestView, RuleKindView, RuleStandingView } from '../../server/contract/rules.js'
import { problemOf } from '../api/client.js'
import { useHere } from '../api/here.js'
import { useKeys } from '../keys/use-keys.js'
import { Progress } from '../models/progress.js'
import { Confirm, Empty, Modal, NoRights, Refusal, Settled } from '../ui/pieces.js'
import { moment } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { AskBacktest } from './backtest-ask.js'
import { isOver, useBacktest, useBacktestDeeds, useRecordedDays, type BacktestPlace } from './backtest-api.js'
import { BacktestChart } from './backtest-chart.js'
import { BacktestDifferences } from './backtest-differences.js'
import { BacktestFigures, BacktestGaps, BacktestSeen, FailedHours } from './backtest-result.js'
import type { Armed } from './backtest-span.js'
import { spanWords } from './backtest-words.js'

interface BacktestsProps {
  readonly place: BacktestPlace
  readonly standing: RuleStandingView
  readonly kind: RuleKindView | undefined
  /** Of the newest version, which is the one that is run. */
  readonly armed: Armed
  /** What is on the screen is not saved yet, so it has no version to run. */
  readonly dirty: boolean
  readonly manages: boolean
  readonly tests: { readonly data: readonly BacktestView[] | undefined; readonly error: unknown; readonly dataUpdatedAt: number; readonly refetch: () => unknown }
  readonly chosen: string | null
  readonly now: number
  readonly onChoose: (id: string) => void
}

/** Versions of the rule on what was recorded: asked for, followed hour by hour, and what came of it. */
export function Backtests({ place, standing, kind, armed, dirty, manages, tests, chosen, now, onChoose }: BacktestsProps): ReactElement {
  const { t } = useWords()
  const [asking, setAsking] = useState(false)
  const away = useHere(({ link }) => link.is === 'down')
  const can = manages && !dirty && !away
  useKeys((key) => key.is === 'letter' && key.letter === 'B' && can && (setAsking(true), true))
  const shown = chosen ?? tests.data?.[0]?.id ?? null
  return (
    <section className="backtests" aria-label={t('backtest.title')}>
      <div className="hd"><h3>{t('backtest.title')}</h3><span className="grow" />{manages ? <button type="button" className="btn sm" disabled={!can} onClick={() => setAsking(true)} data-do="ask-backtest"><kbd>B</kbd>{t('backtest.ask', { version: standing.newest })}</button> : null}</div>
      {manages && (dirty || away) ? <p className="text3 small">{t(away ? 'backtest.offline' : 'backtest.save_first')}</p> : null}
      {manages ? (
        <Settled what={t('backtest.title')} query={tests} rows={2}>
          {(list) => (
            <>
              {list.length > 1 ? <BacktestRuns tests={list} shown={shown} onChoose={onChoose} /> : null}
              {shown === null ? <Empty title={t('backtest.none')} next={t('backtest.none_next')} /> : <OneBacktest key={shown} id={shown} place={place} kind={kind} now={now} />}
            </>
          )}
        </Settled>
      ) : <NoRights />}
      {asking ? <Asking place={place} standing={standing} armed={armed} last={shown} now={now} onClose={() => setAsking(false)} onBegun={(id) => { setAsking(false); onChoose(id) }} /> : null}
    </section>
  )
}

/** Every back-test that is kept, newest first: of which version, of which hours, and how it stands. */
export function BacktestRuns({ tests, shown, onChoose }: { readonly tests: readonly BacktestView[]; readonly shown: string | null; readonly onChoose: (id: string) => void }): ReactElement {
  const { t } = useWords()
  return (
    <nav className="backtest-runs" aria-label={t('backtest.runs')}>
      {tests.map((test) => (
        <button key={test.id} type="button" className="rule-pick" aria-current={test.id === shown} onClick={() => onChoose(test.id)} data-run={test.id}>
          <b>{t('backtest.run', { version: test.version, span: spanWords(test) })}</b>
          <span>{t(`backtest.state.${test.state}`, { done: test.progress.done + test.progress.failed, hours: test.progress.hours })}</span>
        </button>
      ))}
    </nav>
  )
}

function Asking({ place, standing, armed, last, now, onClose, onBegun }: { readonly place: BacktestPlace; readonly standing: RuleStandingView; readonly armed: Armed; readonly last: string | null; readonly now: number; readonly onClose: () => void; readonly onBegun: (id: string) => void }): ReactElement {
  const { t } = useWords()
  // The bars are of the moment at which the form opened.
  const [openedMs] = useState(now)
  const recorded = useRecordedDays(place.cameraId, openedMs)
  const { begin } = useBacktestDeeds(place)
  const measured = useBacktest(place, last ?? '', last !== null).data?.cost.coreSecondsAnHour ?? null
  const { newest, live } = standing
  return (
    <Modal title={t('backtest.ask_title', { version: newest })} onClose={onClose}>
      <Settled what={t('backtest.recorded')} query={recorded} rows={4}>
        {(timeline) => <AskBacktest version={newest} live={live === newest ? null : live} recorded={timeline.recorded} armed={armed} coreSecondsAnHour={measured} now={now} busy={begin.isPending} fault={begin.error} onClose={onClose} onBegin={({ fromMs, toMs }) => begin.mutate({ version: newest, fromMs, toMs }, { onSuccess: ({ id }) => onBegun(id) })} />}
      </Settled>
    </Modal>
  )
}

function OneBacktest({ id, place, kind, now }: { readonly id: string; readonly place: BacktestPlace; readonly kind: RuleKindView | undefined; readonly now: number }): ReactElement {
  const { t } = useWords()
  const query = useBacktest(place, id)
  const { cancel } = useBacktestDeeds(place)
  if (query.error && !query.data && problemOf(query.error).status === 404) return <Empty title={t('backtest.gone')} next={t('backtest.gone_next')} />
  return <Settled what={t('backtest.one')} query={query} rows={4}>{(test) => <BacktestState test={test} kind={kind} now={now} busy={cancel.isPending} fault={cancel.error} onCancel={() => cancel.mutate(id)} />}</Settled>
}

interface StateProps {
  readonly test: BacktestResultView
  readonly kind: RuleKindView | undefined
  readonly now: number
  readonly busy: boolean
  readonly fault: unknown
  readonly onCancel: () => void
  readonly pictureOf?: (difference: BacktestDifferenceView) => string
}

/** One back-test, wherever it stands: what is over is told while the rest still runs. */
export function BacktestState({ test, kind, now, busy, fault, onCancel, pictureOf }: StateProps): ReactElement {
  const { t } = useWords()
  const [asking, setAsking] = useState(false)
  const { state, hours, progress, by, createdAtMs } = test
  const some = hours.some((hour) => hour.recordedMs > 0 && hour.state === 'done')
  return (
    <div className="backtest" data-backtest={test.id} data-backtest-state={state}>
      <p className="backtest-head"><b>{t('backtest.run', { version: test.version, span: spanWords(test) })}</b><span className="text3">{t('backtest.by', { who: by?.displayName ?? t('rule.system'), when: moment(createdAtMs, now) })}</span></p>
      {isOver(test) ? <Ending test={test} /> : <Going test={test}><button type="button" className="btn sm" disabled={busy} onClick={() => setAsking(true)} data-do="cancel-backtest">{t('backtest.cancel')}</button></Going>}
      <Refusal fault={fault} />
      {hours.length > 0 || state === 'running' ? <BacktestChart test={test} /> : null}
      <FailedHours test={test} />
      {some ? <><BacktestSeen test={test} /><BacktestFigures test={test} /></> : null}
      <BacktestGaps test={test} />
      {some ? <BacktestDifferences test={test} kind={kind} now={now} {...(pictureOf ? { pictureOf } : {})} /> : null}
      {asking && !isOver(test) ? <Confirm title={t('backtest.cancel')} text={t('backtest.cancel_why')} act={t('backtest.cancel')} busy={busy} onClose={() => setAsking(false)} onAct={() => { setAsking(false); onCancel() }} /> : null}
      <span className="unseen" role="status">{isOver(test) ? t(`backtest.state.${state}`, { done: progress.done, hours: progress.hours }) : null}</span>
    </div>
  )
}

function Going({ test: { state, progress }, children }: { readonly test: BacktestResultView; readonly children: ReactNode }): ReactElement {
  const { t } = useWords()
  const { hours, done, failed, part } = progress
  const over = done + failed
  return (
    <div className="going">
      <Progress words={state === 'queued' ? t('backtest.queued') : t('backtest.running', { at: Math.min(hours, over + 1), hours })} share={state === 'queued' ? null : (over + (part ?? 0)) / hours} />
      {children}
    </div>
  )
}

function Ending({ test: { state, progress, hours } }: { readonly test: BacktestResultView }): ReactElement | null {
  const { t } = useWords()
  if (state === 'cancelled') return <p className="draw-needed">{t('backtest.cancelled', { done: progress.done + progress.failed, hours: progress.hours })}</p>
  if (state !== 'failed') return null
  return <div className="state" role="alert"><b>{t('backtest.failed')}</b><span>{t(hours.some((hour) => hour.state === 'failed') ? 'backtest.failed_next' : 'backtest.failed_empty')}</span></div>
}
