import { useState, type ReactElement } from 'react'
import type { BacktestView, RuleKindView, RuleStandingView } from '../../server/contract/rules.js'
import { problemOf } from '../api/client.js'
import { useHere } from '../api/here.js'
import { useKeys } from '../keys/use-keys.js'
import { Empty, Modal, NoRights, Settled } from '../ui/pieces.js'
import { useWords } from '../words/words.js'
import { AskBacktest } from './backtest-ask.js'
import { useBacktest, useBacktestDeeds, useRecordedDays, type BacktestPlace } from './backtest-api.js'
import type { Armed } from './backtest-span.js'
import { BacktestState } from './backtest-state.js'
import { spanWords } from './backtest-words.js'
import { bodyOf, presetOf } from './rule-draft.js'

interface BacktestsProps {
  readonly place: BacktestPlace
  readonly standing: RuleStandingView
  readonly kind: RuleKindView | undefined
  /** Of the newest version, which is the one that is run. */
  readonly armed: Armed
  /** What is on the screen is not saved yet, so it has no version to run. */
  readonly dirty: boolean
  readonly manages: boolean
  readonly tests: { readonly data: readonly BacktestView[] | undefined; readonly error: unknown; readonly dataUpdatedAt: number; readonly refetch: () => unknown }
  readonly chosen: string | null
  readonly now: number
  readonly onChoose: (id: string) => void
}

/** Versions of the rule on what was recorded: asked for, followed hour by hour, and what came of it. */
export function Backtests({ place, standing, kind, armed, dirty, manages, tests, chosen, now, onChoose }: BacktestsProps): ReactElement {
  const { t } = useWords()
  const [asking, setAsking] = useState(false)
  const away = useHere(({ link }) => link.is === 'down')
  const can = manages && !dirty && !away
  useKeys((key) => key.is === 'letter' && key.letter === 'B' && can && (setAsking(true), true))
  const shown = chosen ?? tests.data?.[0]?.id ?? null
  const bound = standing.versions.filter(({ version }) => version === standing.newest || version === standing.live).map(({ rule }) => presetOf(bodyOf(rule))).find((preset) => preset !== null)
  return (
    <section className="backtests" aria-label={t('backtest.title')}>
      <div className="hd"><h3>{t('backtest.title')}</h3><span className="grow" />{manages ? <button type="button" className="btn sm" disabled={!can} onClick={() => setAsking(true)} data-do="ask-backtest"><kbd>B</kbd>{t('backtest.ask', { version: standing.newest })}</button> : null}</div>
      {manages && (dirty || away) ? <p className="text3 small">{t(away ? 'backtest.offline' : 'backtest.save_first')}</p> : null}
      {manages && bound ? <p className="small" data-bound-backtest>{t('backtest.bound', { name: bound.name })}</p> : null}
      {manages ? (
        <Settled what={t('backtest.title')} query={tests} rows={2}>
          {(list) => (
            <>
              {list.length > 1 ? <BacktestRuns tests={list} shown={shown} onChoose={onChoose} /> : null}
              {shown === null ? <Empty title={t('backtest.none')} next={t('backtest.none_next')} /> : <OneBacktest key={shown} id={shown} place={place} kind={kind} now={now} />}
            </>
          )}
        </Settled>
      ) : <NoRights />}
      {asking ? <Asking place={place} standing={standing} armed={armed} last={shown} now={now} onClose={() => setAsking(false)} onBegun={(id) => { setAsking(false); onChoose(id) }} /> : null}
    </section>
  )
}

/** Every back-test that is kept, newest first: of which version, of which hours, and how it stands. */
export function BacktestRuns({ tests, shown, onChoose }: { readonly tests: readonly BacktestView[]; readonly shown: string | null; readonly onChoose: (id: string) => void }): ReactElement {
  const { t } = useWords()
  return (
    <nav className="backtest-runs" aria-label={t('backtest.runs')}>
      {tests.map((test) => (
        <button key={test.id} type="button" className="rule-pick" aria-current={test.id === shown} onClick={() => onChoose(test.id)} data-run={test.id}>
          <b>{t('backtest.run', { version: test.version, span: spanWords(test) })}</b>
          <span>{t(`backtest.state.${test.state}`, { done: test.progress.done + test.progress.failed, hours: test.progress.hours })}</span>
        </button>
      ))}
    </nav>
  )
}

function Asking({ place, standing, armed, last, now, onClose, onBegun }: { readonly place: BacktestPlace; readonly standing: RuleStandingView; readonly armed: Armed; readonly last: string | null; readonly now: number; readonly onClose: () => void; readonly onBegun: (id: string) => void }): ReactElement {
  const { t } = useWords()
  // The bars are of the moment at which the form opened.
  const [openedMs] = useState(now)
  const recorded = useRecordedDays(place.cameraId, openedMs)
  const { begin } = useBacktestDeeds(place)
  const measured = useBacktest(place, last ?? '', last !== null).data?.cost.coreSecondsAnHour ?? null
  const { newest, live } = standing
  return (
    <Modal title={t('backtest.ask_title', { version: newest })} onClose={onClose}>
      <Settled what={t('backtest.recorded')} query={recorded} rows={4}>
        {(timeline) => <AskBacktest version={newest} live={live === newest ? null : live} recorded={timeline.recorded} armed={armed} coreSecondsAnHour={measured} now={now} busy={begin.isPending} fault={begin.error} onClose={onClose} onBegin={({ fromMs, toMs }) => begin.mutate({ version: newest, fromMs, toMs }, { onSuccess: ({ id }) => onBegun(id) })} />}
      </Settled>
    </Modal>
  )
}

function OneBacktest({ id, place, kind, now }: { readonly id: string; readonly place: BacktestPlace; readonly kind: RuleKindView | undefined; readonly now: number }): ReactElement {
  const { t } = useWords()
  const query = useBacktest(place, id)
  const { cancel } = useBacktestDeeds(place)
  if (query.error && !query.data && problemOf(query.error).status === 404) return <Empty title={t('backtest.gone')} next={t('backtest.gone_next')} />
  return <Settled what={t('backtest.one')} query={query} rows={4}>{(test) => <BacktestState test={test} kind={kind} now={now} busy={cancel.isPending} fault={cancel.error} onCancel={() => cancel.mutate(id)} />}</Settled>
}
