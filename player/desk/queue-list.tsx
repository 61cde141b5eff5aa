import { Link, useSearch } from '@tanstack/react-router'
import { useState, type ReactElement } from 'react'
import type { AlertView } from '../../server/contract/alerts.js'
import { useHere } from '../api/here.js'
import { PrioritySymbol } from '../ui/symbol.js'
import { elapsed, moment } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { fold, type Queue } from './queue.js'

interface QueueListProps {
  readonly queue: Queue
  readonly me: string
  readonly now: number
  readonly current: string | null
  readonly flood: boolean
  readonly onAdmit: () => void
}

/** Mine, unclaimed, others. Places do not move: what is new waits behind one button. */
export function QueueList({ queue, me, now, current, flood, onAdmit }: QueueListProps): ReactElement {
  const { t } = useWords()
  const groups = [
    ['desk.mine', queue.mine],
    ['desk.unclaimed', queue.unclaimed],
    ['desk.others', queue.others],
  ] as const
  return (
    <div className="rows">
      {groups.map(([words, alerts]) => (
        <section key={words} aria-label={t(words)}>
          {alerts.length || words === 'desk.unclaimed' ? <div className="gh"><h2>{t(words)}</h2><span>{alerts.length}</span></div> : null}
          {words === 'desk.unclaimed' && queue.held.length ? <button type="button" className="btn sm centre admit" onClick={onAdmit} data-do="admit">{t('desk.new_rows', { count: queue.held.length })}</button> : null}
          <ol>
            {fold(flood && words !== 'desk.mine' ? alerts : []).map(({ lead, rest }) => <Folded key={lead.id} lead={lead} rest={rest} me={me} now={now} current={current} />)}
            {flood && words !== 'desk.mine' ? null : alerts.map((alert) => <Row key={alert.id} alert={alert} me={me} now={now} current={current} />)}
          </ol>
        </section>
      ))}
    </div>
  )
}

function Folded({ lead, rest, me, now, current }: { readonly lead: AlertView; readonly rest: readonly AlertView[]; readonly me: string; readonly now: number; readonly current: string | null }): ReactElement {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Row alert={lead} me={me} now={now} current={current} />
      {rest.length ? <li className="folded"><button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>{t(open ? 'desk.fold' : 'desk.unfold', { count: rest.length })}</button></li> : null}
      {open ? rest.map((alert) => <Row key={alert.id} alert={alert} me={me} now={now} current={current} />) : null}
    </>
  )
}

export function Row({ alert, me, now, current }: { readonly alert: AlertView; readonly me: string; readonly now: number; readonly current: string | null }): ReactElement {
  const { t, pick, language } = useWords()
  const waits = useHere((here) => alert.id in here.claims)
  const search = useSearch({ strict: false })
  const still = alert.evidence.find((item) => item.kind === 'still')
  const closed = alert.state === 'rejected' || alert.state === 'resolved'
  return (
    <li className={alert.id === current ? 'sel' : ''} data-row={alert.id}>
      <Link to="/desk/$alertId" params={{ alertId: alert.id }} search={'view' in search && search.view ? { view: search.view } : {}} aria-current={alert.id === current ? 'true' : undefined}>
        <PrioritySymbol priority={alert.priority} taken={alert.state !== 'new'} size={28} />
        <div className="th">{still ? <img src={still.url} alt="" loading="lazy" /> : <span>{t('evidence.no_still')}</span>}</div>
        <div className="m">
          <b className="cut">{pick(alert.title)}{alert.observations > 1 ? <em>×{alert.observations}</em> : null}</b>
          <span className="cut">{pick(alert.reason)}</span>
          <span className="pl cut">{alert.cameraName}</span>
        </div>
        <div className="r">
          <b>{closed ? moment(alert.raisedAtMs, now).slice(0, 11) : elapsed(now - alert.raisedAtMs, language)}</b>
          <span>{waits ? t('do.waiting') : alert.owner ? (alert.owner.id === me ? t('alert.me') : alert.owner.displayName) : t('alert.none')}</span>
          {alert.state === 'new' ? null : <span className="pr">{t(`alert.state.${alert.state}`)}</span>}
        </div>
      </Link>
    </li>
  )
}
