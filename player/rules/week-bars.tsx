import { useRef, useState, type KeyboardEvent, type PointerEvent, type ReactElement } from 'react'
import { useWords } from '../words/words.js'
import { ALWAYS, isAlways, isNever, isSet, paint, STEP_MINUTES, timeOf, type Week } from './week.js'

const DAY_MINUTES = 24 * 60
const LAST_STEP = DAY_MINUTES - STEP_MINUTES
const MARKS = [0, 6, 12, 18, 24] as const

/** When the rule watches: a bar a day, set and cleared by dragging along it or by keys. */
export function WeekBars({ week, edits, onWeek }: { readonly week: Week; readonly edits: boolean; readonly onWeek: (week: Week) => void }): ReactElement {
  const { t } = useWords()
  return (
    <div className="week">
      {week.map((_spans, day) => <DayBar key={day} week={week} day={day} edits={edits} onWeek={onWeek} />)}
      <div className="week-marks" aria-hidden="true">{MARKS.map((hour) => <span key={hour} style={{ left: `${(hour / 24) * 100}%` }}>{hour}</span>)}</div>
      {isNever(week) ? <p className="field-fault" role="alert">{t('rule.hours_never')}</p> : null}
      {isAlways(week) ? <p className="text2 small">{t('rule.hours_always')}</p> : null}
      {edits ? (
        <>
          <p className="text3 small">{t('rule.hours_help')}</p>
          <div className="week-do">
            <button type="button" className="btn sm" onClick={() => onWeek(week.map((spans, day) => (day > 0 && day < 5 ? (week[0] ?? []) : spans)))}>{t('rule.hours_copy')}</button>
            <button type="button" className="btn sm" disabled={isAlways(week)} onClick={() => onWeek(ALWAYS)}>{t('rule.hours_all')}</button>
          </div>
        </>
      ) : null}
    </div>
  )
}

function DayBar({ week, day, edits, onWeek }: { readonly week: Week; readonly day: number; readonly edits: boolean; readonly onWeek: (week: Week) => void }): ReactElement {
  const { t } = useWords()
  const [cursor, setCursor] = useState<number | null>(null)
  const painting = useRef<{ readonly from: number; readonly on: boolean; readonly week: Week } | null>(null)
  const spans = week[day] ?? []
  const name = day + 1 as 1 | 2 | 3 | 4 | 5 | 6 | 7
  const minuteAt = (event: PointerEvent): number => {
    const { left, width } = event.currentTarget.getBoundingClientRect()
    const share = Math.min(1, Math.max(0, (event.clientX - left) / width))
    return Math.min(LAST_STEP, Math.floor((share * DAY_MINUTES) / STEP_MINUTES) * STEP_MINUTES)
  }
  /** From where the hand went down to where it is: going back gives back what was there. */
  const spread = (to: number): void => {
    const { current } = painting
    if (current) onWeek(paint(current.week, day, { from: Math.min(current.from, to), to: Math.max(current.from, to) + STEP_MINUTES }, current.on))
  }
  const press = (event: PointerEvent<HTMLDivElement>): void => {
    if (!edits || event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    const from = minuteAt(event)
    painting.current = { from, on: !isSet(week, day, from), week }
    setCursor(from)
    spread(from)
  }
  const type = (event: KeyboardEvent): void => {
    const at = cursor ?? 0
    const to = { ArrowLeft: at - STEP_MINUTES, ArrowRight: at + STEP_MINUTES, Home: 0, End: LAST_STEP }[event.code]
    if (to === undefined && event.code !== 'Space') return
    event.preventDefault()
    if (to === undefined) return onWeek(paint(week, day, { from: at, to: at + STEP_MINUTES }, !isSet(week, day, at)))
    const next = Math.min(LAST_STEP, Math.max(0, to))
    // With Shift the hour goes along: what is set, or is not, is spread.
    if (event.shiftKey) onWeek(paint(week, day, { from: next, to: next + STEP_MINUTES }, isSet(week, day, at)))
    setCursor(next)
  }
  const hours = spans.length === 0 ? t('rule.hours_none') : spans.map(({ from, to }) => `${timeOf(from)}–${timeOf(to)}`).join(', ')
  return (
    <div className="day">
      <span aria-hidden="true">{t(`day.short.${name}`)}</span>
      <div className="day-bar" role="slider" tabIndex={edits ? 0 : -1} aria-label={t(`day.long.${name}`)} aria-valuemin={0} aria-valuemax={DAY_MINUTES} aria-valuenow={cursor ?? 0} aria-valuetext={t('rule.hours_day', { day: t(`day.long.${name}`), hours, at: timeOf(cursor ?? 0) })} title={hours} data-day={name} onPointerDown={press} onPointerMove={(event) => { if (painting.current && event.buttons === 1) spread(minuteAt(event)) }} onPointerUp={() => { painting.current = null }} onFocus={() => setCursor((was) => was ?? 0)} onBlur={() => setCursor(null)} onKeyDown={edits ? type : undefined}>
        {spans.map(({ from, to }) => <i key={from} style={{ left: `${(from / DAY_MINUTES) * 100}%`, width: `${((to - from) / DAY_MINUTES) * 100}%` }} />)}
        {cursor === null ? null : <b style={{ left: `${(cursor / DAY_MINUTES) * 100}%`, width: `${(STEP_MINUTES / DAY_MINUTES) * 100}%` }} />}
      </div>
    </div>
  )
}
