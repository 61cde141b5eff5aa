import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useRef, useState, type FormEvent, type ReactElement, type RefObject } from 'react'
import type { HeldView } from '../../server/contract/signals.js'
import { problemOf } from '../api/client.js'
import { serverNowMs, tell, useHere } from '../api/here.js'
import { useKeys } from '../keys/use-keys.js'
import { Refusal } from '../ui/pieces.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { moment, span } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { settleEach, type Sent } from './settle-each.js'
import { lamps } from './signals-api.js'
import { begin, isReady, NOTHING_ASKED, typeKey, usualReasons, type Asking, type Outcome } from './tray.js'

interface HeldDecisionProps {
  readonly held: HeldView
  /** Those marked are decided together, this one or not. */
  readonly marked: readonly string[]
  readonly onDecided: (incidentIds: readonly string[]) => void
  readonly now: number
}

/** The right of the tray, wired: what this person makes of it, by key or by hand. */
export function HeldDecision({ held, marked, onDecided, now }: HeldDecisionProps): ReactElement {
  const me = useSignedIn()
  const { t } = useWords()
  const online = useHere((here) => here.link.is !== 'down')
  const [asking, setAsking] = useState<Asking>(NOTHING_ASKED)
  const field = useRef<HTMLInputElement>(null)
  const ids = marked.length > 0 ? marked : [held.incidentId]
  const { send, busy, fault } = useSettling(ids, (sent) => {
    setAsking(NOTHING_ASKED)
    onDecided(sent.done)
  })
  const settles = may(me, 'held.settle')
  const offered = settles && online && !busy && (held.outcome === null || marked.length > 0)
  const usual = asking.is === 'nothing' ? [] : usualReasons(asking.is, held.why)
  const submit = (): void => {
    if (asking.is === 'nothing' || !isReady(asking) || !offered) return
    send(asking.is, asking.reason ? t(`held.say.${asking.reason}`) : asking.words.trim())
  }
  useKeys((key) => {
    if (!offered) return false
    const typed = typeKey(asking, key, usual)
    if (!typed) return false
    setAsking(typed.asking)
    if (typed.do === 'write') field.current?.focus()
    if (typed.do === 'send') submit()
    return true
  })
  return <HeldDecisionView held={held} count={marked.length} settles={settles} online={online} busy={busy} asking={asking} fault={fault} field={field} onAsk={setAsking} onSend={submit} now={now} />
}

/** Sends one decision to each, tells what came of it, and who was first where somebody was. */
function useSettling(incidentIds: readonly string[], onSent: (sent: Sent) => void) {
  const queries = useQueryClient()
  const { t, language } = useWords()
  const tellLate = async (late: readonly string[]): Promise<void> => {
    const settled = await queries.fetchQuery({ queryKey: ['held', true], queryFn: () => lamps.held(true), staleTime: 0 }).catch(() => []) // Then the plain words must do.
    const first = settled.find((one) => one.incidentId === late[0])?.outcome
    if (late.length > 1 || !first?.by) return tell(t('held.late_some', { count: late.length }), 'bad')
    const agoMs = Math.max(1000, serverNowMs() - first.atMs)
    tell(t(`held.late_${first.is}`, { who: first.by.displayName, time: span(agoMs, language), reason: first.reason }), 'bad')
  }
  const settle = useMutation({
    mutationFn: ({ what, reason }: { readonly what: Outcome; readonly reason: string }) => settleEach(incidentIds, { send: (id) => lamps.settle(id, what, reason), isLate: (fault) => [404, 409].includes(problemOf(fault).status) }),
    onSuccess: async (sent, { what }) => {
      if (sent.done.length) tell(t(`held.done.${what}`, { count: sent.done.length }))
      if (sent.late.length) await tellLate(sent.late)
      await queries.invalidateQueries({ queryKey: ['held'] })
      if (sent.fault === null) onSent(sent)
    },
  })
  return { send: (what: Outcome, reason: string) => settle.mutate({ what, reason }), busy: settle.isPending, fault: settle.error ?? settle.data?.fault ?? null }
}

interface HeldDecisionViewProps {
  readonly held: HeldView
  readonly count: number
  readonly settles: boolean
  readonly online: boolean
  readonly busy: boolean
  readonly asking: Asking
  readonly fault: unknown
  readonly field?: RefObject<HTMLInputElement | null>
  readonly onAsk: (asking: Asking) => void
  readonly onSend: () => void
  readonly now: number
}

export function HeldDecisionView(props: HeldDecisionViewProps): ReactElement {
  const { t } = useWords()
  const { held, count, settles, online, busy, asking, onAsk } = props
  if (held.outcome && count === 0) return <OutcomeOf held={held} outcome={held.outcome} now={props.now} />
  if (!settles) return <div className="blk"><div className="hd"><span>{t('held.decide')}</span></div><p className="text2">{t('held.not_yours')}</p></div>
  const open = (what: Outcome): void => onAsk(asking.is === what ? NOTHING_ASKED : begin(what))
  return (
    <div className="blk decide-held">
      <div className="hd"><span>{count > 0 ? t('held.decide_marked', { count }) : t('held.decide')}</span>{online ? null : <span>{t('desk.offline_verdict')}</span>}</div>
      {(['release', 'dismiss'] as const).map((what) => (
        <div key={what}>
          <button type="button" className={asking.is === 'nothing' && what === 'release' ? 'btn main big w' : 'btn big w'} disabled={!online || busy} aria-expanded={asking.is === what} onClick={() => open(what)} data-do={what}><kbd>{what === 'release' ? 'C' : 'B'}</kbd><span className="grow">{t(`held.${what}`)}<small>{t(`held.${what}_what`)}</small></span></button>
          {asking.is === what ? <ReasonForm {...props} what={what} asking={asking} /> : null}
        </div>
      ))}
      <Refusal fault={props.fault} />
    </div>
  )
}

/** By number or in one's own words; Enter sends it. */
function ReasonForm({ held, what, asking, busy, field, onAsk, onSend }: Omit<HeldDecisionViewProps, 'asking'> & { readonly what: Outcome; readonly asking: Extract<Asking, { is: Outcome }> }): ReactElement {
  const { t } = useWords()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onSend()
  }
  return (
    <form className="ask-why" onSubmit={submit} aria-label={t('held.reason')}>
      {usualReasons(what, held.why).map((reason, at) => <button key={reason} type="button" className="usual" aria-pressed={asking.reason === reason} onClick={() => onAsk({ ...asking, reason, words: '' })} data-reason={reason}><kbd>{at + 1}</kbd>{t(`held.say.${reason}`)}</button>)}
      <label className="usual"><kbd>N</kbd><input ref={field} className="in" name="reason" value={asking.words} onChange={(event) => onAsk({ ...asking, reason: null, words: event.target.value })} maxLength={500} placeholder={t('held.own_words')} aria-label={t('held.own_words')} autoComplete="off" /></label>
      <p className="text3 small">{t('held.final')}</p>
      <button type="submit" className="btn main big centre" disabled={busy || !isReady(asking)} data-do="send-outcome"><kbd>Enter</kbd>{t(`held.send_${what}`)}</button>
    </form>
  )
}

function OutcomeOf({ held, outcome, now }: { readonly held: HeldView; readonly outcome: NonNullable<HeldView['outcome']>; readonly now: number }): ReactElement {
  const { t } = useWords()
  return (
    <div className="blk" data-outcome={outcome.is}>
      <div className="hd"><span>{t('held.decided')}</span><span className="text3">{moment(outcome.atMs, now)}</span></div>
      <p className="own"><b>{outcome.by?.displayName ?? '–'}</b> {t(`held.did.${outcome.is}`)}<span className="text2">“{outcome.reason}”</span></p>
      {outcome.is === 'released' && held.alertId ? <Link to="/desk/$alertId" params={{ alertId: held.alertId }} className="btn sm" data-do="open-alert">{t('do.open_desk')}</Link> : null}
    </div>
  )
}
