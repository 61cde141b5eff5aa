import { useRef, type ReactElement } from 'react'
import { useKeys } from '../keys/use-keys.js'
import { HeldLink } from '../signals/held-link.js'
import { Segments } from '../ui/pieces.js'
import { useWords } from '../words/words.js'
import { FLOOD_IN_WINDOW } from './queue.js'

export type DeskView = 'all' | 'new' | 'mine' | 'closed'

interface DeskBarProps {
  readonly view: DeskView
  readonly counts: Readonly<Record<'all' | 'new' | 'mine', number>>
  readonly onView: (view: DeskView) => void
  readonly asked: string
  readonly onAsk: (text: string) => void
  readonly rates: readonly number[]
}

export function DeskBar({ view, counts, onView, asked, onAsk, rates }: DeskBarProps): ReactElement {
  const { t } = useWords()
  return (
    <div className="bar">
      <h1 className="wide">{t('tab.desk')}</h1>
      <Segments label={t('desk.views')} value={view} onPick={onView} options={[['all', `${t('desk.all')} ${counts.all}`], ['new', `${t('desk.unclaimed_short')} ${counts.new}`], ['mine', `${t('desk.mine')} ${counts.mine}`], ['closed', t('desk.closed')]]} />
      <Search asked={asked} onAsk={onAsk} hint={t('desk.search')} />
      <HeldLink />
      <span className="grow" />
      <Rate rates={rates} />
    </div>
  )
}

/** `/` comes here from anywhere on the screen; marks need not be typed. */
export function Search({ asked, onAsk, hint }: { readonly asked: string; readonly onAsk: (text: string) => void; readonly hint: string }): ReactElement {
  const field = useRef<HTMLInputElement>(null)
  useKeys((key) => (key.is === 'search' ? (field.current?.focus(), true) : false))
  return <label className="srch"><kbd>/</kbd><input ref={field} type="search" value={asked} onChange={(event) => onAsk(event.target.value)} placeholder={hint} aria-label={hint} /></label>
}

/** Ten in ten minutes is the most an operator can answer; the dashed line stands there. */
export function Rate({ rates }: { readonly rates: readonly number[] }): ReactElement {
  const { t } = useWords()
  const most = Math.max(FLOOD_IN_WINDOW + 2, ...rates)
  const height = (count: number): number => Math.max(1, (count / most) * 30)
  const latest = rates[rates.length - 1] ?? 0
  return (
    <div className="rate wide" data-rate={latest}>
      <svg width={144} height={32} viewBox="0 0 144 32" role="img" aria-label={t('desk.rate_chart')}>
        <line x1={0} x2={144} y1={31 - height(FLOOD_IN_WINDOW)} y2={31 - height(FLOOD_IN_WINDOW)} stroke="var(--text3)" strokeDasharray="3 3" />
        {rates.map((count, at) => <rect key={at} x={at * 12} y={31 - height(count)} width={9} height={height(count)} fill={at === rates.length - 1 ? 'var(--text)' : 'var(--edge)'} />)}
      </svg>
      <div><b>{latest}</b> {t('desk.rate')}<small>{t('desk.rate_line')}</small></div>
    </div>
  )
}
