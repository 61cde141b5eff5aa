import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useRef, useState, type ReactElement, type Ref } from 'react'
import type { LinkView } from '../../server/contract/alerts.js'
import type { ReportWhole } from '../../server/contract/reports.js'
import { api } from '../api/client.js'
import { tell } from '../api/here.js'
import { whatWords } from '../desk/alert-log.js'
import { linkReason, useLinkVerdict } from '../desk/links.js'
import { useKeys } from '../keys/use-keys.js'
import { Refusal } from '../ui/pieces.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { clock, day, moment, number } from '../words/measures.js'
import { useWords } from '../words/words.js'

/** What the citizen wrote, what the cameras may have seen, and the answer that goes back. */
export function ReportDetail({ report, now }: { readonly report: ReportWhole; readonly now: number }): ReactElement {
  const me = useSignedIn()
  const words = useWords()
  const { t, pick, language } = words
  const acts = may(me, 'report.act')
  const verdict = useLinkVerdict()
  const [chosen, setChosen] = useState(0)
  const answer = useRef<HTMLTextAreaElement>(null)
  const decide = (link: LinkView | undefined, to: 'confirmed' | 'rejected'): void => {
    if (acts && link?.state === 'proposed') verdict.mutate({ linkId: link.id, verdict: to })
  }
  useKeys((key) => {
    if (key.is === 'digit' && key.digit >= 1 && key.digit <= report.links.length) return setChosen(key.digit - 1), true
    if (key.is !== 'letter') return false
    if (key.letter === 'C') return decide(report.links[chosen], 'confirmed'), true
    if (key.letter === 'B') return decide(report.links[chosen], 'rejected'), true
    if (key.letter === 'N' && answer.current) return answer.current.focus(), true
    return false
  })
  return (
    <>
      <section className="mid panel" aria-label={t('reports.one')} data-report={report.id} data-status={report.status}>
        <div className="tt"><Link to="/reports" className="btn sm narrow" aria-label={t('desk.list')}>‹</Link><div className="grow"><h2>{pick(report.serviceName)}</h2><p>{t('reports.came', { day: day(report.requestedAtMs), time: clock(report.requestedAtMs), source: report.source.split(':')[0] ?? '' })}</p></div><span className="verdict">{t(report.status === 'open' ? 'reports.state_open' : 'reports.state_closed')}</span></div>
        <div className="blk words"><p>{report.description}</p></div>
        <div className="blk">
          <dl className="facts">
            <dt>{t('alert.where')}</dt><dd>{report.address || t('reports.no_address')}</dd>
            <dt>{t('cameras.point')}</dt><dd>{report.latitude !== null && report.longitude !== null ? `${number(report.latitude, language, 5)}; ${number(report.longitude, language, 5)}` : t('reports.no_point')}</dd>
            <dt>{t('alert.area')}</dt><dd>{report.areaName ?? '–'}</dd>
          </dl>
        </div>
        <div className="blk">
          <div className="hd"><span>{t('reports.candidates')}</span><span className="text3">{report.links.length || ''}</span></div>
          {report.links.length ? null : <p className="text3">{t('reports.no_candidates')}</p>}
          <Refusal fault={verdict.error} />
          <ol className="candidates">
            {report.links.map((link, at) => <Candidate key={link.id} link={link} number={at + 1} chosen={at === chosen} acts={acts} busy={verdict.isPending} now={now} onChoose={() => setChosen(at)} onDecide={(to) => decide(link, to)} />)}
          </ol>
        </div>
      </section>
      <aside className="act panel" aria-label={t('reports.answer')}>
        {report.statusNotes ? <div className="blk"><div className="hd"><span>{t('reports.answered')}</span></div><p className="given">{report.statusNotes}</p></div> : null}
        {acts && report.status === 'open' ? <AnswerForm report={report} field={answer} /> : null}
        <div className="blk log">
          <div className="hd"><span>{t('desk.log')}</span></div>
          <ol>{[...report.log].sort((a, b) => b.atMs - a.atMs).map((line) => <li key={`${line.atMs} ${line.what}`}><time>{moment(line.atMs, now)}</time><span>{line.by ? <b>{line.by.displayName}</b> : null} {whatWords(line, words)}</span></li>)}</ol>
        </div>
      </aside>
    </>
  )
}

interface CandidateProps {
  readonly link: LinkView
  readonly number: number
  readonly chosen: boolean
  readonly acts: boolean
  readonly busy: boolean
  readonly now: number
  readonly onChoose: () => void
  readonly onDecide: (verdict: 'confirmed' | 'rejected') => void
}

/** An alert of the same place and time, with why we think so. A person decides. */
export function Candidate({ link, number: at, chosen, acts, busy, now, onChoose, onDecide }: CandidateProps): ReactElement {
  const words = useWords()
  const { t, pick, language } = words
  return (
    <li className={chosen ? 'candidate chosen' : 'candidate'} onClick={onChoose} data-link={link.state}>
      <kbd>{at}</kbd>
      <div className="th">{link.alert?.stillUrl ? <img src={link.alert.stillUrl} alt="" loading="lazy" /> : null}</div>
      <div className="grow">
        <Link to="/desk/$alertId" params={{ alertId: link.alertId }}><b>{link.alert ? pick(link.alert.title) : t('desk.alert')}</b></Link>
        <span>{link.alert ? `${link.alert.cameraName} · ${moment(link.alert.raisedAtMs, now)}` : ''}</span>
        <span className="text3">{linkReason(link, words)} · {t('link.score', { percent: number(link.score * 100, language) })}</span>
      </div>
      {link.state === 'proposed' && acts ? (
        <span className="pair">
          <button type="button" className={chosen ? 'btn sm main' : 'btn sm'} disabled={busy} onClick={() => onDecide('confirmed')} data-do="confirm-link">{chosen ? <kbd>C</kbd> : null}{t('link.same')}</button>
          <button type="button" className="btn sm" disabled={busy} onClick={() => onDecide('rejected')} data-do="reject-link">{chosen ? <kbd>B</kbd> : null}{t('link.other')}</button>
        </span>
      ) : <span className="text2">{t(`link.${link.state}`)}</span>}
    </li>
  )
}

function AnswerForm({ report, field }: { readonly report: ReportWhole; readonly field: Ref<HTMLTextAreaElement> }): ReactElement {
  const { t } = useWords()
  const queries = useQueryClient()
  const [notes, setNotes] = useState(report.statusNotes ?? '')
  const answer = useMutation({
    mutationFn: (close: boolean) => api.answer(report.id, { notes: notes.trim(), close }),
    onSuccess: async (whole) => {
      queries.setQueryData(['report', report.id], whole)
      tell(t(whole.status === 'closed' ? 'reports.sent_closed' : 'reports.sent'))
      await queries.invalidateQueries({ queryKey: ['reports'] })
    },
  })
  return (
    <div className="blk answer">
      <div className="hd"><span>{t('reports.answer')}</span><kbd className="hint">N</kbd></div>
      <label className="field"><span className="unseen">{t('reports.answer')}</span><textarea ref={field} rows={7} value={notes} onChange={(event) => setNotes(event.target.value)} maxLength={4000} placeholder={t('reports.answer_hint')} name="answer" /></label>
      <p className="text3 small">{t('reports.answer_public')}</p>
      <Refusal fault={answer.error} />
      <button type="button" className="btn main big centre" disabled={answer.isPending || !notes.trim()} onClick={() => answer.mutate(true)} data-do="answer-close">{t('reports.send_close')}</button>
      <button type="button" className="btn" disabled={answer.isPending || !notes.trim()} onClick={() => answer.mutate(false)} data-do="answer">{t('reports.send')}</button>
      {report.destinations.length > 0 ? <Forward report={report} /> : null}
    </div>
  )
}

/** Another unit's own system answers instead; what it says comes back here as this report's answer. */
function Forward({ report }: { readonly report: ReportWhole }): ReactElement {
  const { t } = useWords()
  const queries = useQueryClient()
  const forward = useMutation({
    mutationFn: (destination: string) => api.forward(report.id, { destination }),
    onSuccess: (whole) => {
      queries.setQueryData(['report', report.id], whole)
      tell(t('reports.forwarded'))
    },
  })
  return (
    <div className="row">
      {report.destinations.map((destination) => <button key={destination} type="button" className="btn sm" disabled={forward.isPending} onClick={() => forward.mutate(destination)} data-forward={destination}>{t('reports.forward', { to: destination })}</button>)}
      <Refusal fault={forward.error} />
    </div>
  )
}
