import { Link } from '@tanstack/react-router'
import { useState, type ReactElement } from 'react'
import type { AlertView, DeedForm } from '../../server/contract/alerts.js'
import { useHere } from '../api/here.js'
import { useDeed } from '../api/queries.js'
import type { Letter } from '../keys/key-law.js'
import { useKeys } from '../keys/use-keys.js'
import { Modal, Refusal } from '../ui/pieces.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { clock } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { offered, REJECT_REASONS, STEPS, stepOf, type DeedName, type RejectReason } from './deeds.js'
import { useClaim, useTellWhoWasFirst } from './use-claim.js'

type Writing = 'nothing' | 'note' | 'resolve'

const DEED_OF_LETTER: Readonly<Partial<Record<Letter, DeedName>>> = { T: 'claim', C: 'confirm', B: 'reject', N: 'note' }

/** The right of the desk, wired: what this person may do with this alert, by key or by hand. */
export function Decision({ alert }: { readonly alert: AlertView }): ReactElement {
  const me = useSignedIn()
  const online = useHere((here) => here.link.is !== 'down')
  const { claim, waits } = useClaim()
  const deed = useDeed()
  const late = useTellWhoWasFirst()
  const [rejecting, setRejecting] = useState(false)
  const [writing, setWriting] = useState<Writing>('nothing')
  const can = offered(alert, { id: me.id, acts: may(me, 'alert.act') }, online)
  const send = (form: DeedForm): void => deed.mutate({ alertId: alert.id, form }, { onError: (fault) => void late(alert.id, fault), onSuccess: () => setWriting('nothing') })
  const act = (name: DeedName): void => {
    if (!can.has(name)) return
    if (name === 'claim') claim(alert)
    else if (name === 'confirm' || name === 'release') send({ do: name, version: alert.version })
    else if (name === 'reject') setRejecting(true)
    else setWriting(name)
  }
  const reject = (reason: RejectReason): void => {
    setRejecting(false)
    send({ do: 'reject', reason, version: alert.version })
  }
  useKeys((key) => {
    if (rejecting && key.is === 'digit') {
      const reason = REJECT_REASONS[key.digit - 1]
      if (reason) reject(reason)
      return true
    }
    if (key.is === 'escape' && rejecting) return setRejecting(false), true
    if (key.is !== 'letter') return false
    const name = DEED_OF_LETTER[key.letter]
    if (!name) return false
    act(name)
    return true
  })
  return (
    <>
      <DecisionView alert={alert} me={me.id} can={can} rejecting={rejecting} waits={waits(alert.id)} online={online} busy={deed.isPending} onAct={act} onReject={reject} />
      {writing !== 'nothing' ? <Writer kind={writing} busy={deed.isPending} fault={deed.error} onClose={() => setWriting('nothing')} onSend={(note) => send({ do: writing, note, version: alert.version })} /> : null}
    </>
  )
}

interface DecisionViewProps {
  readonly alert: AlertView
  readonly me: string
  readonly can: ReadonlySet<DeedName>
  readonly rejecting: boolean
  /** A claim made offline waits to be sent. */
  readonly waits: boolean
  readonly online: boolean
  readonly busy: boolean
  readonly onAct: (deed: DeedName) => void
  readonly onReject: (reason: RejectReason) => void
}

export function DecisionView(props: DecisionViewProps): ReactElement {
  const { t } = useWords()
  const { alert, can, onAct } = props
  return (
    <>
      <div className="blk">
        <Steps alert={alert} />
        <Owner alert={alert} me={props.me} />
        {props.waits ? <button type="button" className="btn big centre tall" disabled data-state="waiting">{t('do.waiting')}</button> : null}
        {can.has('claim') && !props.waits ? <button type="button" className="btn main big centre tall" disabled={props.busy} onClick={() => onAct('claim')} data-do="claim"><kbd>T</kbd>{t('do.claim')}</button> : null}
      </div>
      {can.has('resolve') ? <div className="blk"><button type="button" className="btn main big centre" onClick={() => onAct('resolve')} data-do="resolve">{t('do.resolve')}</button></div> : null}
      {alert.state === 'new' ? null : <Verdict {...props} />}
      {can.has('note') || can.has('release') ? (
        <div className="blk two">
          {can.has('note') ? <button type="button" className="btn" onClick={() => onAct('note')} data-do="note"><kbd>N</kbd>{t('do.note')}</button> : null}
          {can.has('release') ? <button type="button" className="btn" disabled={props.busy} onClick={() => onAct('release')} data-do="release">{t('do.release')}</button> : null}
        </div>
      ) : null}
    </>
  )
}

function Steps({ alert }: { readonly alert: AlertView }): ReactElement {
  const { t } = useWords()
  const at = stepOf(alert.state)
  return (
    <ol className="steps" aria-label={t('desk.steps')}>
      {STEPS.map((step, n) => {
        const rejected = alert.state === 'rejected' && n === 2
        return <li key={step} className={n === at ? 'cur' : n < at ? 'done' : ''} aria-current={n === at ? 'step' : undefined}>{t(rejected ? 'desk.step.rejected' : `desk.step.${step}`)}</li>
      })}
    </ol>
  )
}

function Owner({ alert, me }: { readonly alert: AlertView; readonly me: string }): ReactElement {
  const { t } = useWords()
  // Rejected by nobody: the system withdrew it, because a lamp that errs explains it.
  if (!alert.owner && alert.state !== 'rejected') return <p className="own">{t('desk.nobody')}<span className="text2">{t('desk.nobody_next')}</span></p>
  return (
    <p className="own">
      {alert.owner ? <><b>{alert.owner.id === me ? t('desk.you') : alert.owner.displayName}</b> {t(`desk.owner.${alert.state}`, { time: clock(alert.changedAtMs) })}</> : <Link to="/signals/held">{t('desk.withdrawn')}</Link>}
      {alert.rejectReason ? <span className="text2">{t('desk.because', { reason: t(`reject.${REJECT_REASONS.find((known) => known === alert.rejectReason) ?? 'other'}`) })}</span> : null}
      {alert.note ? <span className="text2">“{alert.note}”</span> : null}
    </p>
  )
}

/** Is it real? People decide; the machine only suspects. */
function Verdict({ alert, can, rejecting, online, busy, me, onAct, onReject }: DecisionViewProps): ReactElement | null {
  const { t } = useWords()
  const mine = alert.owner?.id === me
  if (!mine || alert.state === 'rejected' || alert.state === 'resolved') return null
  return (
    <div className="blk">
      <div className="hd"><span>{t(alert.state === 'confirmed' ? 'desk.change_verdict' : 'desk.is_it_real')}</span>{online ? null : <span>{t('desk.offline_verdict')}</span>}</div>
      {alert.state === 'claimed' ? <button type="button" className="btn main big w" disabled={!can.has('confirm') || busy} onClick={() => onAct('confirm')} data-do="confirm"><kbd>C</kbd>{t('do.confirm')}</button> : null}
      <button type="button" className="btn big w" disabled={!can.has('reject') || busy} aria-expanded={rejecting} onClick={() => onAct('reject')} data-do="reject"><kbd>B</kbd>{t('do.reject')}</button>
      {can.has('reject') ? (
        <div className={rejecting ? 'rs on' : 'rs'} role="group" aria-label={t('desk.reasons')}>
          {REJECT_REASONS.map((reason, n) => (
            <button key={reason} type="button" disabled={!rejecting} onClick={() => onReject(reason)} data-reason={reason}><kbd>{n + 1}</kbd>{t(`reject.${reason}`)}</button>
          ))}
        </div>
      ) : null}
    </div>
  )
}

function Writer({ kind, busy, fault, onClose, onSend }: { readonly kind: 'note' | 'resolve'; readonly busy: boolean; readonly fault: unknown; readonly onClose: () => void; readonly onSend: (note: string) => void }): ReactElement {
  const { t } = useWords()
  const [note, setNote] = useState('')
  return (
    <Modal title={t(kind === 'note' ? 'do.note' : 'do.resolve')} onClose={onClose}>
      <label className="field">{t(kind === 'note' ? 'desk.note_words' : 'desk.resolve_words')}<textarea value={note} onChange={(event) => setNote(event.target.value)} maxLength={2000} autoFocus /></label>
      <Refusal fault={fault} />
      <div className="do">
        <button type="button" className="btn" onClick={onClose}>{t('do.cancel')}</button>
        <button type="button" className="btn main" disabled={busy || !note.trim()} onClick={() => onSend(note.trim())} data-do="send">{t(kind === 'note' ? 'do.save' : 'do.resolve')}</button>
      </div>
    </Modal>
  )
}
