import { useState, type ReactElement, type ReactNode } from 'react'
import type { BacktestResultView, RuleKindView } from '../../server/contract/rules.js'
import { Progress } from '../models/progress.js'
import { Confirm, Refusal } from '../ui/pieces.js'
import { moment } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { isOver } from './backtest-api.js'
import { BacktestChart } from './backtest-chart.js'
import { BacktestDifferences, type PictureOf } from './backtest-differences.js'
import { BacktestFigures, BacktestGaps, BacktestSeen, FailedHours } from './backtest-result.js'
import { spanWords } from './backtest-words.js'

interface StateProps {
  readonly test: BacktestResultView
  readonly kind: RuleKindView | undefined
  readonly now: number
  readonly busy: boolean
  readonly fault: unknown
  readonly onCancel: () => void
  readonly pictureOf?: PictureOf
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
      <div className={some ? 'backtest-two' : 'backtest-one'}>
        <div>
          {hours.length > 0 || state === 'running' ? <BacktestChart test={test} /> : null}
          <FailedHours test={test} />
          {some ? <BacktestSeen test={test} /> : null}
          <BacktestGaps test={test} />
        </div>
        {some ? <div><BacktestFigures test={test} /></div> : null}
      </div>
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

function Ending({ test: { state, progress, hours, watchedMs, tested } }: { readonly test: BacktestResultView }): ReactElement | null {
  const { t } = useWords()
  if (state === 'cancelled') return <p className="draw-needed">{t('backtest.cancelled', { done: progress.done + progress.failed, hours: progress.hours })}</p>
  if (state !== 'failed') return null
  return <div className="state" role="alert"><b>{t('backtest.failed')}</b><span>{t(hours.some((hour) => hour.state === 'failed') ? 'backtest.failed_next' : watchedMs > 0 && tested.awayMs >= watchedMs ? 'backtest.failed_away' : 'backtest.failed_empty')}</span></div>
}
