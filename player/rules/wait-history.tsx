import type { ReactElement } from 'react'
import type { AlertLogLine } from '../../server/contract/alerts.js'
import { useRuleLog } from '../api/queries.js'
import { span as length } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { spanWords } from './backtest-words.js'
import { waitLines, type WaitLine } from './waited.js'

/** So many are read by anybody; the log of the server holds all of them. */
const SHOWN_MAX = 12

/** When a rule that is bound to a view did not look, so that a quiet day can be told from one on which nobody watched. */
export function WaitHistory({ cameraId, ruleId, bound }: { readonly cameraId: string; readonly ruleId: string; readonly bound: boolean }): ReactElement | null {
  const { data, isError } = useRuleLog({ cameraId, ruleId })
  return <WaitList lines={data} failed={isError} bound={bound} />
}

/** `lines`: the rule's whole history; undefined: not read yet. */
export function WaitList({ lines, failed, bound }: { readonly lines: readonly AlertLogLine[] | undefined; readonly failed: boolean; readonly bound: boolean }): ReactElement | null {
  const { t } = useWords()
  const waits = waitLines(lines ?? [])
  if (waits.length === 0 && !bound) return null
  return (
    <section className="versions" aria-label={t('waited.title')} data-waited={waits.length}>
      <h3 className="hd">{t('waited.title')}</h3>
      {waits.length > 0 ? null : <p className="text2 calm">{t(failed ? 'waited.failed' : lines ? 'waited.none' : 'waited.asking')}</p>}
      <ol>{waits.slice(0, SHOWN_MAX).map((line) => <Line key={line.seq} line={line} />)}</ol>
      {waits.length > SHOWN_MAX ? <p className="text3 small">{t('waited.more', { count: waits.length - SHOWN_MAX })}</p> : null}
    </section>
  )
}

function Line({ line }: { readonly line: WaitLine }): ReactElement {
  const { t, language } = useWords()
  const { why, preset } = line
  return (
    <li data-wait-line={why ?? 'several'}>
      <b>{spanWords(line)}</b>
      <span className="grow">{why === null ? t('waited.several', { times: line.times, total: length(line.totalMs, language) }) : t(`waited.${why}`, { total: length(line.totalMs, language), preset })}</span>
    </li>
  )
}
