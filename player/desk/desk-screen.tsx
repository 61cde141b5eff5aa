import './desk.css'
import '../wall/wall.css'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react'
import type { AlertView } from '../../server/contract/alerts.js'
import { api } from '../api/client.js'
import { useHere } from '../api/here.js'
import { useAlert, useCameras, useOpenAlerts } from '../api/queries.js'
import { useKeys } from '../keys/use-keys.js'
import type { DeskSearch } from '../routes.js'
import { useNow } from '../ui/now.js'
import { Empty, Failed, Loading, NoRights } from '../ui/pieces.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { PrioritySymbol } from '../ui/symbol.js'
import { isWide } from '../ui/wide.js'
import { clock, elapsed, moment } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { AlertLog } from './alert-log.js'
import { Decision } from './decision.js'
import { stillsOf } from './clip-time.js'
import { DeskBar, type DeskView } from './desk-bar.js'
import { EvidencePane } from './evidence-view.js'
import { HashCheck } from './hash-check.js'
import { AlertLinks } from './links.js'
import { PlateOf, weighedPlate } from './plate-strip.js'
import { isSuspected } from './plate-text.js'
import { Redacted } from './redacted.js'
import { FLOOD_IN_WINDOW, makeQueue, matches, rate } from './queue.js'
import { QueueList, Row } from './queue-list.js'

export function DeskScreen(): ReactElement {
  const me = useSignedIn()
  return may(me, 'alert.view') ? <Desk /> : <main><NoRights /></main>
}

function Desk(): ReactElement {
  const me = useSignedIn()
  const { t } = useWords()
  const params = useParams({ strict: false })
  const search: DeskSearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const now = useNow()
  const { alerts, seeded } = useOpenAlerts()
  const closed = useQuery({ queryKey: ['alerts', 'closed'], queryFn: () => api.alerts('closed'), staleTime: 30_000, refetchInterval: 60_000 })
  const [asked, setAsked] = useState('')
  const [admitted, admit] = useAdmitted(alerts, seeded)
  const view: DeskView = search.view ?? 'all'

  const listed = useMemo(() => alerts.filter((alert) => matches(alert, asked) && (!search.priority || alert.priority === search.priority) && (view === 'new' ? alert.state === 'new' : view === 'mine' ? alert.owner?.id === me.id : true)), [alerts, asked, search.priority, view, me.id])
  const queue = useMemo(() => makeQueue(listed, me.id, admitted), [listed, me.id, admitted])
  const shut = (closed.data?.alerts ?? []).filter((alert) => matches(alert, asked))
  const order = view === 'closed' ? shut : [...queue.mine, ...queue.unclaimed, ...queue.others]
  const raised = useMemo(() => [...new Map([...(closed.data?.alerts ?? []), ...alerts].map((alert) => [alert.id, alert.raisedAtMs])).values()], [closed.data, alerts])
  const rates = rate(raised, now)
  const flood = (rates[rates.length - 1] ?? 0) > FLOOD_IN_WINDOW
  const current = useCurrent(params.alertId ?? null, order)

  useKeys((key) => {
    if (key.is === 'arrow' && (key.to === 'up' || key.to === 'down')) {
      const at = order.findIndex((alert) => alert.id === current)
      const next = order[key.to === 'down' ? Math.min(order.length - 1, at + 1) : Math.max(0, at - 1)]
      if (next) void navigate({ to: '/desk/$alertId', params: { alertId: next.id }, search, replace: true })
      return true
    }
    if (key.is === 'escape' && params.alertId) return void navigate({ to: '/desk', search }), true
    return false
  })

  const setView = (picked: DeskView): void => {
    const to: DeskSearch = picked === 'all' ? {} : { view: picked }
    void (params.alertId ? navigate({ to: '/desk/$alertId', params: { alertId: params.alertId }, search: to }) : navigate({ to: '/desk', search: to }))
  }
  return (
    <main className={params.alertId ? 'desk chosen' : 'desk'}>
      <DeskBar view={view} counts={{ all: alerts.length, new: alerts.filter((alert) => alert.state === 'new').length, mine: alerts.filter((alert) => alert.owner?.id === me.id).length }} onView={setView} asked={asked} onAsk={setAsked} rates={rates} />
      {flood ? <div className="flood" role="status" data-band="flood"><b>{t('desk.flood')}</b> {t('desk.flood_next')}</div> : null}
      <section className="q panel" aria-label={t('wall.queue')}>
        {search.priority ? <div className="gh"><span>{t('desk.only', { priority: t(`priority.${search.priority}`) })}</span><Link to="/desk" search={{}} className="link">{t('desk.show_all')}</Link></div> : null}
        {view === 'closed' ? <ClosedList query={closed} alerts={shut} me={me.id} now={now} current={current} /> : !seeded ? <Loading rows={7} /> : order.length || queue.held.length ? <QueueList queue={queue} me={me.id} now={now} current={current} flood={flood} onAdmit={() => admit(alerts)} /> : <NoAlerts asked={asked} lastAtMs={Math.max(0, ...raised)} now={now} />}
        <div className="foot wide"><span><kbd>↑</kbd> <kbd>↓</kbd> {t('keys.pick')}</span><span><kbd>T</kbd> {t('keys.claim')}</span><span className="end">{t('desk.folded', { seen: alerts.reduce((sum, alert) => sum + alert.observations, 0), alerts: alerts.length })}</span></div>
      </section>
      {current ? <Chosen key={current} alertId={current} /> : <section className="panel mid none"><Empty title={t('desk.choose')} /></section>}
    </main>
  )
}

/** What stood in the queue when the person last looked. What came since waits behind "3 mới". */
function useAdmitted(alerts: readonly AlertView[], seeded: boolean): readonly [ReadonlySet<string>, (alerts: readonly AlertView[]) => void] {
  const [admitted, setAdmitted] = useState<ReadonlySet<string> | null>(null)
  const looked = useRef(false)
  useEffect(() => {
    if (!seeded || looked.current) return
    looked.current = true
    setAdmitted(new Set(alerts.map((alert) => alert.id)))
  }, [seeded, alerts])
  return [admitted ?? new Set(alerts.map((alert) => alert.id)), (all) => setAdmitted(new Set(all.map((alert) => alert.id)))]
}

/** The address says which alert; a wide screen without one opens the first and then stays with it, whatever arrives. */
function useCurrent(asked: string | null, order: readonly AlertView[]): string | null {
  const [kept, setKept] = useState<string | null>(null)
  const wide = isWide()
  const first = order[0]?.id ?? null
  useEffect(() => {
    if (asked) setKept(asked)
    else if (kept === null && first !== null && wide) setKept(first)
  }, [asked, kept, first, wide])
  return asked ?? (wide ? kept : null)
}

function NoAlerts({ asked, lastAtMs, now }: { readonly asked: string; readonly lastAtMs: number; readonly now: number }): ReactElement {
  const { t } = useWords()
  if (asked) return <Empty title={t('desk.nothing_found', { asked })} />
  return <Empty title={t('desk.empty')} next={lastAtMs ? t('desk.empty_last', { time: moment(lastAtMs, now) }) : t('wall.calm_never')} />
}

function ClosedList({ query, alerts, me, now, current }: { readonly query: { readonly data: unknown; readonly error: unknown; readonly refetch: () => unknown }; readonly alerts: readonly AlertView[]; readonly me: string; readonly now: number; readonly current: string | null }): ReactElement {
  const { t } = useWords()
  if (query.error && !query.data) return <Failed what={t('desk.closed')} fault={query.error} onRetry={() => void query.refetch()} />
  if (!query.data) return <Loading rows={7} />
  if (!alerts.length) return <Empty title={t('desk.none_closed')} />
  return <div className="rows"><ol>{alerts.map((alert) => <Row key={alert.id} alert={alert} me={me} now={now} current={current} />)}</ol></div>
}

/** One alert: the evidence in the middle, the decision on the right. */
function Chosen({ alertId }: { readonly alertId: string }): ReactElement {
  const me = useSignedIn()
  const { t, pick, language } = useWords()
  const now = useNow()
  const whole = useAlert(alertId)
  const heard = useHere((here) => here.book.entries[alertId]?.alert ?? null)
  const cameras = useCameras().data
  const alert = heard && (!whole.data || heard.version >= whole.data.version) ? heard : (whole.data ?? null)
  if (!alert) return <section className="panel mid none">{whole.error ? <Failed what={t('desk.alert')} fault={whole.error} onRetry={() => void whole.refetch()} /> : <Loading rows={6} />}</section>
  const camera = cameras?.find((one) => one.id === alert.cameraId) ?? null
  const taken = alert.state !== 'new'
  const plate = weighedPlate(alert)
  return (
    <>
      <section className={taken ? 'mid panel' : `mid panel ${alert.priority}`} aria-label={t('desk.evidence')} data-alert={alert.id} data-alert-state={alert.state}>
        <div className="phone-head narrow">
          <Link to="/desk" search={{}} className="btn sm" aria-label={t('desk.list')}>‹</Link>
          <PrioritySymbol priority={alert.priority} taken={taken} size={40} />
          <div><b>{t(`priority.${alert.priority}`)}</b><span>{taken ? t('alert.owned', { who: alert.owner?.displayName ?? '' }) : t('alert.unclaimed')}</span></div>
          <div className="clk"><b>{elapsed(now - alert.raisedAtMs, language)}</b><span>{t('alert.passed')}</span></div>
        </div>
        <div className="tt">
          <span className="wide"><PrioritySymbol priority={alert.priority} taken={taken} size={44} /></span>
          <div className="grow"><h2>{pick(alert.title)} – {alert.cameraName}</h2><p>{pick(alert.reason)}</p></div>
        </div>
        <EvidencePane alert={alert} camera={camera} />
        <PlateOf plate={alert.plate} suspected={isSuspected(alert)} />
        <div className="why">
          <div>
            <div className="hd"><span>{t('evidence.title')}</span></div>
            {alert.evidence.map((item) => <HashCheck key={item.id} item={item} name={t(item.kind === 'clip' ? 'evidence.clip' : item.id === stillsOf(alert.evidence).plain?.id ? 'evidence.original' : 'evidence.still')} />)}
            {plate ? <HashCheck item={plate} name={t('evidence.plate')} /> : null}
            {alert.evidence.length || plate ? null : <p className="text3">{t('evidence.none')}</p>}
            <Redacted evidence={alert.evidence} />
          </div>
          <div>
            <div className="hd"><span>{t('desk.matter')}</span></div>
            <dl className="facts">
              <dt>{t('alert.where')}</dt><dd><Link to="/cameras/$cameraId" params={{ cameraId: alert.cameraId }}>{alert.cameraName}</Link>{alert.street ? `, ${alert.street}` : ''}</dd>
              <dt>{t('alert.area')}</dt><dd>{alert.areaName}</dd>
              <dt>{t('alert.rule')}</dt><dd>{alert.ruleName}</dd>
              <dt>{t('alert.since')}</dt><dd>{clock(alert.sinceMs)} · {alert.ongoing ? t('alert.ongoing') : t('alert.last_seen', { time: clock(alert.lastSeenAtMs) })}</dd>
              <dt>{t('alert.folded')}</dt><dd>{t('alert.observations', { count: alert.observations })}</dd>
            </dl>
          </div>
          <AlertLinks links={whole.data?.links ?? []} acts={may(me, 'report.act')} />
        </div>
      </section>
      <aside className="act panel" aria-label={t('desk.decision')}>
        <Decision alert={alert} />
        <AlertLog lines={whole.data?.log ?? []} now={now} />
      </aside>
    </>
  )
}
