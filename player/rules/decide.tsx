import { useState, type FormEvent, type ReactElement } from 'react'
import type { BacktestView, RuleStandingView } from '../../server/contract/rules.js'
import { useKeys } from '../keys/use-keys.js'
import { Confirm, Modal, Refusal } from '../ui/pieces.js'
import { useWords } from '../words/words.js'
import { AskGround, Proposal } from './propose.js'
import { isThrottled, offeredDeeds } from './rule-deeds.js'
import type { Deed } from './use-rule-deed.js'

const DAYS_PROPOSED = 7
const DAYS_MAX = 30

interface DecideProps {
  readonly standing: RuleStandingView | null
  readonly meId: string
  readonly dirty: boolean
  /** Why it cannot be saved as it is, though it differs. */
  readonly unsavable: boolean
  readonly saving: boolean
  readonly busy: boolean
  readonly fault: unknown
  readonly now: number
  /** Of this rule, newest first, and the one that is being looked at. */
  readonly backtests: readonly BacktestView[]
  readonly looked: string | null
  readonly onShowBacktest: (id: string) => void
  readonly onSave: () => void
  readonly onDeed: (deed: Deed) => void
  readonly onRemove: () => void
}

type Asking = 'try' | 'propose' | 'approve' | 'refuse' | 'withdraw' | 'rest' | 'remove' | null

/** What can be done with the rule now. Going live takes two people; going back and resting take one. */
export function Decide({ standing, meId, dirty, unsavable, saving, busy, fault, now, backtests, looked, onShowBacktest, onSave, onDeed, onRemove }: DecideProps): ReactElement {
  const { t } = useWords()
  const [asking, setAsking] = useState<Asking>(null)
  const idle = !busy && !saving
  const newest = standing?.newest ?? 1
  const done = backtests.filter(({ version, state }) => version === newest && state === 'done')
  const deeds = offeredDeeds(standing, { meId, dirty, tested: done.length > 0 })
  const throttled = standing !== null && isThrottled(standing, newest)
  const isMine = standing?.proposal?.by?.id === meId
  const close = (): void => setAsking(null)
  const send = (deed: Deed): void => {
    close()
    onDeed(deed)
  }
  useKeys((key) => {
    if (key.is !== 'letter' || key.letter !== 'N' || !deeds.has('try') || !idle) return false
    setAsking('try')
    return true
  })
  return (
    <div className="decide" role="group" aria-label={t('rule.deeds')}>
      {standing?.proposal ? <Proposal proposal={standing.proposal} second={standing.second} tests={backtests} meId={meId} now={now} onShow={onShowBacktest} /> : null}
      <Refusal fault={fault} />
      {deeds.has('save') ? <button type="button" className="btn main" disabled={!idle || unsavable} onClick={onSave} data-do="save-rule">{t(saving ? 'rule.saving' : 'rule.save')}</button> : null}
      {deeds.has('approve') ? <button type="button" className="btn main" disabled={!idle} onClick={() => (isMine ? setAsking('approve') : send({ do: 'approve' }))} data-do="approve-rule">{t(isMine ? 'rule.approve_alone' : 'rule.approve', { version: standing?.proposal?.version ?? newest })}</button> : null}
      {deeds.has('refuse') ? <button type="button" className="btn" disabled={!idle} onClick={() => setAsking('refuse')} data-do="refuse-rule">{t('rule.refuse')}</button> : null}
      {deeds.has('try') ? <button type="button" className={deeds.has('save') || deeds.has('approve') ? 'btn' : 'btn main'} disabled={!idle} onClick={() => setAsking('try')} data-do="try-rule"><kbd>N</kbd>{t('rule.try', { days: DAYS_PROPOSED })}</button> : null}
      {deeds.has('end_trial') ? <button type="button" className="btn" disabled={!idle} onClick={() => send({ do: 'end_trial' })} data-do="end-trial">{t('rule.end_trial')}</button> : null}
      {deeds.has('propose') ? <button type="button" className="btn" disabled={!idle} onClick={() => setAsking('propose')} data-do="propose-rule">{t('rule.propose')}</button> : dirty && standing ? <p className="text3 small">{t('rule.save_first')}</p> : null}
      {deeds.has('withdraw') ? <button type="button" className="btn" disabled={!idle} onClick={() => setAsking('withdraw')}>{t('rule.withdraw')}</button> : null}
      {deeds.has('rest') ? <button type="button" className="btn" disabled={!idle} onClick={() => setAsking('rest')} data-do="rest-rule">{t('rule.rest')}</button> : null}
      {deeds.has('resume') ? <button type="button" className="btn" disabled={!idle} onClick={() => send({ do: 'resume' })} data-do="resume-rule">{t('rule.resume')}</button> : null}
      {standing ? <button type="button" className="btn" disabled={!idle} onClick={() => setAsking('remove')}>{t('rules.remove')}</button> : null}
      {asking === 'try' ? <AskDays version={newest} onClose={close} onDays={(days) => send({ do: 'try', version: newest, days })} /> : null}
      {asking === 'propose' ? <AskGround version={newest} tests={done} looked={looked} throttled={throttled} onClose={close} onGround={(on) => send({ do: 'propose', version: newest, on })} /> : null}
      {asking === 'refuse' || asking === 'withdraw' ? <AskReason title={t(asking === 'refuse' ? 'rule.refuse' : 'rule.withdraw')} says={t('rule.reason')} lettersMin={1} act={t(asking === 'refuse' ? 'rule.refuse' : 'rule.withdraw')} onClose={close} onReason={(reason) => send({ do: asking, reason })} /> : null}
      {asking === 'approve' ? <Confirm title={t('rule.approve_alone', { version: standing?.proposal?.version ?? newest })} text={t('rule.approve_alone_why')} act={t('rule.approve_alone_act')} busy={!idle} onClose={close} onAct={() => send({ do: 'approve' })} /> : null}
      {asking === 'rest' ? <Confirm title={t('rule.rest')} text={t('rule.rest_why', { name: standing?.name ?? '' })} act={t('rule.rest')} busy={!idle} onClose={close} onAct={() => send({ do: 'rest' })} /> : null}
      {asking === 'remove' ? <Confirm title={t('rules.remove')} text={t('rules.remove_why', { name: standing?.name ?? '' })} act={t('rules.remove')} busy={!idle} onClose={close} onAct={() => { close(); onRemove() }} /> : null}
    </div>
  )
}

function AskDays({ version, onDays, onClose }: { readonly version: number; readonly onDays: (days: number) => void; readonly onClose: () => void }): ReactElement {
  const { t } = useWords()
  const [days, setDays] = useState(DAYS_PROPOSED)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onDays(days)
  }
  return (
    <Modal title={t('rule.try_title', { version })} onClose={onClose}>
      <form className="ask" onSubmit={submit}>
        <p>{t('rule.try_why')}</p>
        <label className="field">{t('rule.try_days')}<input type="number" min={1} max={DAYS_MAX} required value={Number.isFinite(days) ? days : ''} onChange={(event) => setDays(event.target.valueAsNumber)} name="trial-days" autoFocus /></label>
        <div className="do"><button type="button" className="btn" onClick={onClose}>{t('do.cancel')}</button><button type="submit" className="btn main" disabled={!(days >= 1 && days <= DAYS_MAX)} data-do="begin-rule-trial">{t('rule.try_act')}</button></div>
      </form>
    </Modal>
  )
}

interface AskReasonProps {
  readonly title: string
  readonly says: string
  readonly lettersMin: number
  readonly act: string
  readonly onReason: (reason: string) => void
  readonly onClose: () => void
}

function AskReason({ title, says, lettersMin, act, onReason, onClose }: AskReasonProps): ReactElement {
  const { t } = useWords()
  const [reason, setReason] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onReason(reason.trim())
  }
  return (
    <Modal title={title} onClose={onClose}>
      <form className="ask" onSubmit={submit}>
        <label className="field">{says}<textarea value={reason} onChange={(event) => setReason(event.target.value)} maxLength={2000} name="reason" autoFocus /></label>
        <div className="do"><button type="button" className="btn" onClick={onClose}>{t('do.cancel')}</button><button type="submit" className="btn main" disabled={reason.trim().length < lettersMin} data-do="send-reason">{act}</button></div>
      </form>
    </Modal>
  )
}
