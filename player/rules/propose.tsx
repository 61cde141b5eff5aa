import { Link } from '@tanstack/react-router'
import { useState, type FormEvent, type ReactElement } from 'react'
import type { BacktestView, RuleStandingView } from '../../server/contract/rules.js'
import { Modal } from '../ui/pieces.js'
import { moment } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { spanWords } from './backtest-words.js'
import type { Deed } from './use-rule-deed.js'

const WAIVER_LETTERS_MIN = 10

/** What a version is proposed on. */
export type GroundForm = Extract<Deed, { do: 'propose' }>['on']

interface AskGroundProps {
  readonly version: number
  /** Back-tests of this very version that are done, newest first. */
  readonly tests: readonly BacktestView[]
  /** The one that is being looked at, where it is among them. */
  readonly looked: string | null
  /** It was too often wrong once: a written word is not enough. */
  readonly throttled: boolean
  readonly onGround: (on: GroundForm) => void
  readonly onClose: () => void
}

/** A finished back-test, chosen, or a written waiver: a second person weighs it. */
export function AskGround(props: AskGroundProps): ReactElement {
  const { t } = useWords()
  return <Modal title={t('rule.propose_title', { version: props.version })} onClose={props.onClose}><GroundChoice {...props} /></Modal>
}

export function GroundChoice({ tests, looked, throttled, onGround, onClose }: AskGroundProps): ReactElement {
  const { t } = useWords()
  const first = tests.find(({ id }) => id === looked) ?? tests[0]
  const [backtestId, setBacktestId] = useState<string | null>(first?.id ?? null)
  const [waiver, setWaiver] = useState('')
  const written = waiver.trim()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onGround(backtestId === null ? { waiver: written } : { backtestId })
  }
  return (
    <form className="ask" onSubmit={submit}>
      <p>{t(throttled ? 'propose.throttled' : tests.length > 0 ? 'propose.why_backtest' : 'rule.propose_why')}</p>
      {tests.length === 0 ? null : (
        <fieldset className="grounds">
          <legend className="unseen">{t('propose.on')}</legend>
          {tests.map((test) => <label key={test.id}><input type="radio" name="ground" checked={backtestId === test.id} onChange={() => setBacktestId(test.id)} data-ground={test.id} />{t('propose.backtest', { span: spanWords(test) })}</label>)}
          {throttled ? null : <label><input type="radio" name="ground" checked={backtestId === null} onChange={() => setBacktestId(null)} data-ground="waiver" />{t('propose.waiver')}</label>}
        </fieldset>
      )}
      {backtestId === null ? <label className="field">{t('rule.waiver')}<textarea value={waiver} onChange={(event) => setWaiver(event.target.value)} placeholder={t('rule.waiver_example')} maxLength={2000} name="reason" autoFocus /></label> : null}
      <div className="do"><button type="button" className="btn" onClick={onClose}>{t('do.cancel')}</button><button type="submit" className="btn main" disabled={backtestId === null && written.length < WAIVER_LETTERS_MIN} data-do="send-reason">{t('rule.propose_act')}</button></div>
    </form>
  )
}

/** Who wants which version live, and on what. */
export function Proposal({ proposal, second, tests, meId, now, onShow }: { readonly proposal: NonNullable<RuleStandingView['proposal']>; readonly second: RuleStandingView['second']; readonly tests: readonly BacktestView[]; readonly meId: string; readonly now: number; readonly onShow: (backtestId: string) => void }): ReactElement {
  const { t } = useWords()
  const { by, version, atMs, waiver, backtestId } = proposal
  const test = tests.find(({ id }) => id === backtestId)
  return (
    <div className="proposal" role="status" data-proposal={version}>
      <b>{t('rule.proposed_by', { who: by?.displayName ?? t('rule.system'), version, when: moment(atMs, now) })}</b>
      <p>{backtestId ? (test ? t('proposal.backtest', { span: spanWords(test) }) : t('rule.proposed_backtest', { backtest: backtestId })) : t('rule.proposed_ground', { waiver: waiver ?? '' })}{backtestId ? <> <button type="button" className="link" onClick={() => onShow(backtestId)} data-do="show-backtest">{t('proposal.show')}</button></> : null}</p>
      {by?.id === meId ? <p className="text2" data-second={second}>{t(`rule.second.${second}`)}{second === 'nobody' ? <> <Link to="/admin/people">{t('rule.second.add')}</Link></> : null}</p> : null}
    </div>
  )
}
