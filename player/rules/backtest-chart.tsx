import type { ReactElement } from 'react'
import type { BacktestResultView } from '../../server/contract/rules.js'
import { clock, day, number } from '../words/measures.js'
import { useWords, type Words } from '../words/words.js'
import { barsOf, scaleOf, type BacktestBar } from './backtest-bars.js'
import { spanWords } from './backtest-words.js'

/** Numbers over the columns while there is room for them; beyond, the scale and the words of each column tell. */
const NUMBERED_MAX = 16
const LABELS_MAX = 8

/** How often each version would have called, hour by hour, and beneath how far each hour is: seen, hatched where nothing was recorded, failed. */
export function BacktestChart({ test }: { readonly test: BacktestResultView }): ReactElement {
  const words = useWords()
  const { t, language } = words
  const { step, bars } = barsOf(test)
  const { version, baseline } = test
  const most = scaleOf(bars)
  const every = Math.ceil(bars.length / LABELS_MAX)
  const high = (count: number): { readonly height: string } => ({ height: `${(count / most) * 100}%` })
  return (
    <figure className="backtest-chart" data-bars={bars.length}>
      <figcaption>
        <b>{t('backtest.bars', { step: t(`backtest.by_${step}`) })}</b>
        {baseline === null ? null : <span><i className="key was" />{t('backtest.legend_live', { version: baseline })}</span>}
        <span><i className="key is" />{t('backtest.legend_tested', { version })}</span>
      </figcaption>
      <div className="columns">
        <span className="most" aria-hidden="true">{number(most, language)}</span>
        <ol>
          {bars.map((bar, at) => (
            <li key={bar.fromMs} title={barWords(bar, test, words)} data-bar={bar.state}>
              <span className="unseen">{barWords(bar, test, words)}</span>
              <div className="tall" aria-hidden="true">
                {bar.live === null ? null : <span style={high(bar.live)}><i className="was" /></span>}
                <span style={high(bar.tested)}>{bars.length <= NUMBERED_MAX && bar.state === 'seen' ? <small>{number(bar.tested, language)}</small> : null}<i className="is" /></span>
              </div>
              <div className="stand" aria-hidden="true"><i style={{ width: `${bar.part * 100}%` }} />{bar.missing > 0 ? <em style={{ width: `${bar.missing * 100}%` }} /> : null}{bar.state === 'failed' ? <span>▲</span> : null}</div>
              <small className="when" aria-hidden="true">{at % every === 0 ? (step === 'day' ? day(bar.fromMs).slice(0, 5) : clock(bar.fromMs).slice(0, 5)) : null}</small>
            </li>
          ))}
        </ol>
      </div>
    </figure>
  )
}

function barWords(bar: BacktestBar, { version, baseline }: Pick<BacktestResultView, 'version' | 'baseline'>, { t, language }: Words): string {
  const facts = { span: spanWords(bar), version, tested: number(bar.tested, language) }
  switch (bar.state) {
    case 'waiting':
    case 'failed':
    case 'empty':
      return t(`backtest.bar_${bar.state}`, facts)
    case 'running':
      return t('backtest.bar_running', { ...facts, percent: Math.floor(bar.part * 100) })
    case 'seen':
      return baseline === null || bar.live === null ? t('backtest.bar', facts) : t('backtest.bar_beside', { ...facts, live: baseline, before: number(bar.live, language) })
  }
}
