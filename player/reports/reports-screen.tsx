import './reports.css'
import '../cameras/cameras.css'
import '../desk/desk.css'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useMemo, useState, type ReactElement } from 'react'
import type { ReportView } from '../../server/contract/reports.js'
import { useReport, useReports } from '../api/queries.js'
import { Search } from '../desk/desk-bar.js'
import { useKeys } from '../keys/use-keys.js'
import { useNow } from '../ui/now.js'
import { Empty, Failed, Loading, NoRights, Segments, Settled } from '../ui/pieces.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { isWide } from '../ui/wide.js'
import { found, span } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { ReportDetail } from './report-detail.js'

export function ReportsScreen(): ReactElement {
  const me = useSignedIn()
  const { t } = useWords()
  const allowed = may(me, 'report.view')
  const reports = useReports(allowed)
  if (!allowed) return <main><NoRights /></main>
  return <Settled what={t('tab.reports')} query={reports} rows={8}>{(list) => <Reports reports={list} />}</Settled>
}

/** Open ones first, the oldest first: a citizen who waits longest is served first. */
export function inTurn(reports: readonly ReportView[]): readonly ReportView[] {
  return [...reports].sort((a, b) => (a.status === b.status ? 0 : a.status === 'open' ? -1 : 1) || (a.status === 'open' ? a.requestedAtMs - b.requestedAtMs : b.updatedAtMs - a.updatedAtMs))
}

function Reports({ reports }: { readonly reports: readonly ReportView[] }): ReactElement {
  const { t } = useWords()
  const params = useParams({ strict: false })
  const navigate = useNavigate()
  const now = useNow()
  const [asked, setAsked] = useState('')
  const [view, setView] = useState<'open' | 'closed'>('open')
  const order = useMemo(() => inTurn(reports).filter((report) => report.status === view && found(asked, [report.description, report.address, report.areaName, report.serviceName.vi, report.serviceName.en])), [reports, view, asked])
  const wide = isWide()
  const current = params.reportId ?? (wide ? (order[0]?.id ?? null) : null)
  useKeys((key) => {
    if (key.is === 'arrow' && (key.to === 'up' || key.to === 'down')) {
      const at = order.findIndex((report) => report.id === current)
      const next = order[key.to === 'down' ? Math.min(order.length - 1, at + 1) : Math.max(0, at - 1)]
      if (next) void navigate({ to: '/reports/$reportId', params: { reportId: next.id }, replace: true })
      return true
    }
    if (key.is === 'escape' && params.reportId) return void navigate({ to: '/reports' }), true
    return false
  })
  const open = reports.filter((report) => report.status === 'open').length
  return (
    <main className={params.reportId ? 'reports chosen' : 'reports'}>
      <div className="bar">
        <h1 className="wide">{t('tab.reports')}</h1>
        <Segments label={t('reports.views')} value={view} onPick={setView} options={[['open', `${t('reports.open')} ${open}`], ['closed', `${t('reports.closed')} ${reports.length - open}`]]} />
        <Search asked={asked} onAsk={setAsked} hint={t('reports.search')} />
      </div>
      <section className="q panel" aria-label={t('reports.queue')}>
        <div className="gh"><h2>{t('reports.in_turn')}</h2><span>{order.length}</span></div>
        {order.length ? <div className="rows"><ol>{order.map((report) => <ReportRow key={report.id} report={report} now={now} current={report.id === current} />)}</ol></div> : <Empty title={t(asked ? 'reports.nothing_found' : view === 'open' ? 'reports.none_open' : 'reports.none_closed')} {...(asked || view === 'closed' ? {} : { next: t('reports.none_next') })} />}
        <div className="foot wide"><span><kbd>↑</kbd> <kbd>↓</kbd> {t('keys.pick')}</span><span><kbd>N</kbd> {t('keys.answer')}</span></div>
      </section>
      {current ? <Chosen key={current} reportId={current} now={now} /> : <section className="panel mid none"><Empty title={t('reports.choose')} /></section>}
    </main>
  )
}

export function ReportRow({ report, now, current }: { readonly report: ReportView; readonly now: number; readonly current: boolean }): ReactElement {
  const { t, pick, language } = useWords()
  return (
    <li className={current ? 'sel' : ''} data-report={report.id}>
      <Link to="/reports/$reportId" params={{ reportId: report.id }} aria-current={current ? 'true' : undefined}>
        <div className="grow">
          <b className="cut">{pick(report.serviceName)}</b>
          <span className="cut">{report.description}</span>
          <span className="pl cut">{[report.address, report.areaName].filter(Boolean).join(' · ') || t('reports.no_place')}</span>
        </div>
        <div className="r">
          <b>{span(now - report.requestedAtMs, language)}</b>
          {report.proposed ? <span>{t('reports.proposed', { count: report.proposed })}</span> : null}
          {report.confirmed ? <span>{t('reports.confirmed', { count: report.confirmed })}</span> : null}
        </div>
      </Link>
    </li>
  )
}

function Chosen({ reportId, now }: { readonly reportId: string; readonly now: number }): ReactElement {
  const { t } = useWords()
  const report = useReport(reportId)
  if (report.data) return <ReportDetail report={report.data} now={now} />
  return <section className="panel mid none">{report.error ? <Failed what={t('reports.one')} fault={report.error} onRetry={() => void report.refetch()} /> : <Loading rows={5} />}</section>
}
