import { useState, type FormEvent, type ReactElement } from 'react'
import type { SpanView } from '../../server/contract/recordings.js'
import { partOf } from '../playback/scale.js'
import { Empty, Refusal } from '../ui/pieces.js'
import { MomentField } from '../ui/moment-field.js'
import { day, span as length } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { costOf, lengthOf, offersOf, overlap, recordedDays, spanFault, type Armed, type RecordedDay } from './backtest-span.js'
import { spanWords } from './backtest-words.js'


interface AskProps {
  readonly version: number
  /** The version that is live and is run beside it; null: none. */
  readonly live: number | null
  readonly recorded: readonly SpanView[]
  readonly armed: Armed
  /** As an earlier back-test of this rule was measured. */
  readonly coreSecondsAnHour: number | null
  readonly now: number
  readonly busy: boolean
  readonly fault: unknown
  readonly onBegin: (span: SpanView) => void
  readonly onClose: () => void
}

/** Which hours to run it on, with what is recorded of them, and what it will take, before it begins. */
export function AskBacktest(props: AskProps): ReactElement {
  const { version, live, recorded, armed, now, busy, fault, onBegin, onClose } = props
  const { t } = useWords()
  // What was offered when the form opened stays: places do not move under the hand.
  const [offers] = useState(() => offersOf({ recorded, armed, nowMs: now }))
  const [span, setSpan] = useState<SpanView | null>(offers[0]?.span ?? null)
  if (!span) return <Empty title={t('backtest.nothing_recorded')} next={t('backtest.nothing_recorded_next')}><button type="button" className="btn" onClick={onClose}>{t('do.close')}</button></Empty>
  const wrong = spanFault(span, { recorded, nowMs: now })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onBegin(span)
  }
  return (
    <form className="ask backtest-ask" onSubmit={submit}>
      <p>{live === null ? t('backtest.ask_why', { version }) : t('backtest.ask_beside', { version, live })}</p>
      <RecordedBars days={recordedDays({ recorded, armed, nowMs: now })} span={span} />
      <div className="offers-line" role="group" aria-label={t('backtest.offer')}>
        {offers.map(({ is, span: offered }) => <button key={`${is} ${offered.fromMs}`} type="button" className="btn sm" aria-pressed={offered === span} onClick={() => setSpan(offered)} data-offer={is}>{is === 'day' ? t('backtest.offer.day') : t(`backtest.offer.${is}`, { span: spanWords(offered) })}</button>)}
      </div>
      <div className="two-in">
        <MomentField label={t('backtest.from')} atMs={span.fromMs} name="backtest-from" onMoment={(fromMs) => setSpan({ ...span, fromMs })} />
        <MomentField label={t('backtest.to')} atMs={span.toMs} name="backtest-to" onMoment={(toMs) => setSpan({ ...span, toMs })} />
      </div>
      {wrong ? <p className="field-fault" role="alert" data-span-fault={wrong}>{t(`backtest.${wrong}`)}</p> : <CostWords {...props} span={span} />}
      <Refusal fault={fault} />
      <div className="do"><button type="button" className="btn" onClick={onClose}>{t('do.cancel')}</button><button type="submit" className="btn main" disabled={busy || wrong !== null} data-do="begin-backtest">{t('backtest.begin')}</button></div>
    </form>
  )
}

function CostWords({ span, recorded, armed, coreSecondsAnHour }: Pick<AskProps, 'recorded' | 'armed' | 'coreSecondsAnHour'> & { readonly span: SpanView }): ReactElement {
  const { t, language } = useWords()
  const cost = costOf(span, { recorded, armed, coreSecondsAnHour })
  const told = (ms: number): string => length(ms, language)
  return (
    <div className="cost" role="status" data-cost>
      <p><b>{t('backtest.cost', { recorded: told(cost.recordedMs), core: told(cost.coreMs) })}</b></p>
      {cost.missingMs >= 1_000 ? <p>{t('backtest.cost_missing', { missing: told(cost.missingMs) })}</p> : null}
      {cost.unarmedMs >= 1_000 ? <p>{t('backtest.cost_unarmed', { unarmed: told(cost.unarmedMs) })}</p> : null}
    </div>
  )
}

const MARKS = [0, 6, 12, 18, 24] as const

/** A bar a day: recorded, when the rule watches, and what is chosen. */
function RecordedBars({ days, span }: { readonly days: readonly RecordedDay[]; readonly span: SpanView }): ReactElement {
  const { t, language } = useWords()
  return (
    <div className="recorded-days" role="group" aria-label={t('backtest.recorded')}>
      {days.map((one) => {
        const chosen = overlap([span], one)
        const words = t('backtest.day', { day: day(one.fromMs), recorded: length(lengthOf(one.recorded), language), chosen: length(lengthOf(chosen), language) })
        return (
          <div key={one.fromMs} className="recorded-day" data-recorded-day>
            <span aria-hidden="true">{day(one.fromMs).slice(0, 5)}</span>
            <div role="img" aria-label={words} title={words}>
              {one.recorded.map((part) => <i key={part.fromMs} className="rec" style={placeOf(one, part)} />)}
              {one.armed.map((part) => <i key={part.fromMs} className="armed" style={placeOf(one, part)} />)}
              {chosen.map((part) => <b key={part.fromMs} style={placeOf(one, part)} />)}
            </div>
          </div>
        )
      })}
      <div className="week-marks" aria-hidden="true">{MARKS.map((hour) => <span key={hour} style={{ left: `${(hour / 24) * 100}%` }}>{hour}</span>)}</div>
      <p className="text3 small">{t('backtest.recorded_help')}</p>
    </div>
  )
}

function placeOf(view: SpanView, one: SpanView): { readonly left: string; readonly width: string } {
  return { left: `${partOf(view, one.fromMs) * 100}%`, width: `${(partOf(view, one.toMs) - partOf(view, one.fromMs)) * 100}%` }
}
