import type { ReactElement } from 'react'
import type { BacktestResultView, BacktestSideView, ShareView } from '../../server/contract/rules.js'
import { Said } from '../ui/said.js'
import { number, span as length } from '../words/measures.js'
import { useWords, type Words } from '../words/words.js'
import { GAPS_SHOWN_MAX, gapsOf } from './backtest-bars.js'
import { isOver } from './backtest-api.js'
import { spanWords } from './backtest-words.js'

/** Some minutes say nothing of a day. */
const RATE_MS_MIN = 3_600_000

type Row = readonly [says: string, read: (side: BacktestSideView) => string]

/** The figures of both versions side by side. Without a label there are counts only, and it is said. */
export function BacktestFigures({ test }: { readonly test: BacktestResultView }): ReactElement {
  const words = useWords()
  const { t, language } = words
  const { tested, live, cost, watchedMs } = test
  const sides = live ? [live, tested] : [tested]
  const judged = sides.some((side) => side.judged)
  const shares: readonly Row[] = [
    [t('backtest.precision'), ({ judged: said }) => shareWords(said?.precision, words)],
    [t('backtest.recall'), ({ judged: said }) => shareWords(said?.recall, words)],
    [t('backtest.missed'), ({ judged: said }) => (said ? `${number(said.missed, language)} / ${number(said.recall.n, language)}` : '—')],
  ]
  const rows: readonly Row[] = [
    [t('backtest.per_day'), ({ perDay, awayMs }) => (perDay === null || watchedMs - awayMs < RATE_MS_MIN ? t('backtest.too_short') : number(perDay, language, perDay < 10 && perDay % 1 > 0 ? 1 : 0))],
    [t('backtest.claims'), ({ claims }) => number(claims, language)],
    ...(judged ? shares : []),
  ]
  return (
    <>
      <table className="backtest-figures" data-judged={judged}>
        <thead><tr><td />{sides.map((side) => <th key={side.version} scope="col">{t('rule.version', { version: side.version })}</th>)}</tr></thead>
        <tbody>{rows.map(([says, read]) => <tr key={says}><th scope="row">{says}</th>{sides.map((side) => <td key={side.version} className={side === tested ? 'is' : ''}>{read(side)}</td>)}</tr>)}</tbody>
      </table>
      {judged ? null : <p className="text2" data-no-labels>{t('backtest.no_labels')}</p>}
      {live ? null : <p className="text2">{t('backtest.no_baseline')}</p>}
      {cost.coreSecondsAnHour === null ? null : <p className="text2">{t('backtest.cost_was')}: {t(live ? 'backtest.cost_told' : 'backtest.cost_told_one', { seconds: number(cost.coreSecondsAnHour, language), fps: cost.fps })}</p>}
    </>
  )
}

function shareWords(share: ShareView | undefined, { t, language }: Words): string {
  if (!share || share.n === 0) return t('backtest.share_none')
  const percent = (value: number): string => number(value * 100, language)
  return t('backtest.share', { point: percent(share.point), low: percent(share.low), high: percent(share.high), n: share.n })
}

/** How much was looked at, by one version at least, and what was not: a gap is not quiet. */
export function BacktestSeen({ test }: { readonly test: BacktestResultView }): ReactElement {
  const { t, language } = useWords()
  const told = (ms: number): string => length(ms, language)
  const sides = test.live ? [test.tested, test.live] : [test.tested]
  const away = sides.filter(({ awayMs }) => awayMs >= 1_000)
  return (
    <p className="text2" data-watched>
      {t(isOver(test) ? 'backtest.watched' : 'backtest.watched_part', { watched: told(test.watchedMs - Math.min(...sides.map(({ awayMs }) => awayMs))) })}
      {test.missingMs >= 1_000 ? ` ${t('backtest.missing', { missing: told(test.missingMs) })}` : null}
      {test.failedMs >= 1_000 ? <b> {t('backtest.lost', { failed: told(test.failedMs) })}</b> : null}
      {away.map(({ version, awayMs }) => <b key={version} data-away={version}> {t(test.live ? 'backtest.away_of' : 'backtest.away', { version, away: told(awayMs) })}</b>)}
    </p>
  )
}

/** A few are told without being asked for. */
const GAPS_OPEN_MAX = 3

/** What was not recorded, with its cause; the longest first. */
export function BacktestGaps({ test }: { readonly test: BacktestResultView }): ReactElement | null {
  const { t, pick, language } = useWords()
  const gaps = gapsOf(test.hours)
  if (gaps.length === 0) return null
  return (
    <details className="backtest-gaps" open={gaps.length <= GAPS_OPEN_MAX} data-gaps={gaps.length}>
      <summary>{t('backtest.gaps')}: {gaps.length}</summary>
      <ul>
        {gaps.slice(0, GAPS_SHOWN_MAX).map((gap) => <li key={`${gap.fromMs} ${gap.cause}`}>{t('backtest.gap', { span: spanWords(gap), length: length(gap.toMs - gap.fromMs, language), cause: pick(gap.said) })}</li>)}
        {gaps.length > GAPS_SHOWN_MAX ? <li>{t('backtest.more_gaps', { count: gaps.length - GAPS_SHOWN_MAX })}</li> : null}
      </ul>
    </details>
  )
}

/** Hours that could not be looked at, each with its reason and the next step; what the server said in English is a detail. */
export function FailedHours({ test }: { readonly test: BacktestResultView }): ReactElement | null {
  const { t } = useWords()
  const failed = test.hours.filter(({ state }) => state === 'failed')
  if (failed.length === 0) return null
  return (
    <div className="draw-fault" role="alert" data-failed-hours={failed.length}>
      ▲ {t('backtest.failed_hours', { failed: failed.length })}
      <ul>
        {failed.map((hour) => (
          <li key={hour.fromMs} data-hour-fault={hour.fault?.code}>
            {t('backtest.hour_failed', { span: spanWords(hour), why: t(`backtest.fault.${hour.fault?.code ?? 'internal'}`) })}
            {hour.fault ? <Said said={hour.fault.said} /> : null}
          </li>
        ))}
      </ul>
    </div>
  )
}
