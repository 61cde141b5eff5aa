import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, type ReactElement, type ReactNode } from 'react'
import type { ModelView, TrialView } from '../../server/contract/models.js'
import { api, problemOf } from '../api/client.js'
import { useTrial } from '../api/queries.js'
import { Empty, Settled } from '../ui/pieces.js'
import { useWords } from '../words/words.js'
import { Comparison } from './comparison.js'
import { Progress } from './progress.js'

/** A trial from its first moment to its result. `children`: what can be done with the model when it is done. */
export function Trial({ trialId, models, children }: { readonly trialId: string; readonly models: readonly ModelView[]; readonly children?: ReactNode }): ReactElement {
  const { t } = useWords()
  const query = useTrial(trialId)
  const queries = useQueryClient()
  const navigate = useNavigate()
  const is = query.data?.state.is
  useEffect(() => {
    // What was measured stands on the cards now.
    if (is === 'done') void queries.invalidateQueries({ queryKey: ['models'] })
  }, [is, queries])
  const leave = (): void => void navigate({ to: '.', search: {} })
  const stop = (): void => {
    void api.endTrial(trialId).catch(() => null) // It may have ended a moment ago; the server forgets it by itself.
    leave()
  }
  const gone = query.error !== null && problemOf(query.error).status === 404
  return (
    <section className="panel trial" aria-label={t('models.try')} data-trial={is ?? ''}>
      <div className="tt">
        <div className="grow"><h2 className="cut">{query.data?.clip ?? t('models.try')}</h2></div>
        {is === 'done' ? children : null}
        <button type="button" className="btn sm" onClick={is === 'done' || is === 'failed' || gone ? leave : stop} data-do="leave-trial"><kbd>Esc</kbd>{t(is === 'done' || is === 'failed' || gone ? 'trial.close' : 'trial.stop')}</button>
      </div>
      {gone ? <Empty title={t('trial.gone')} next={t('trial.gone_next')} /> : <Settled what={t('trial.one')} query={query} rows={3}>{(trial) => <TrialState trial={trial} models={models} />}</Settled>}
    </section>
  )
}

export function TrialState({ trial, models }: { readonly trial: TrialView; readonly models: readonly Pick<ModelView, 'id' | 'name'>[] }): ReactElement {
  const { t, pick } = useWords()
  const { state } = trial
  const nameOf = (id: string): string => models.find((model) => model.id === id)?.name ?? id
  switch (state.is) {
    case 'queued':
      return <Progress words={t('trial.queued')} share={null} />
    case 'clip':
      return <Progress words={t('trial.clip')} share={null} />
    case 'running':
      return <Progress words={t('trial.running', { percent: Math.floor(state.share * 100) })} share={state.share} />
    case 'failed':
      return (
        <div className="state" role="alert">
          <b>{state.modelId ? `${t('trial.model_failed', { name: nameOf(state.modelId) })}: ` : ''}{pick(state.said)}</b>
          <span>{pick(state.next)}</span>
          <span className="mono text3">{state.reason}</span>
        </div>
      )
    case 'done':
      return <Comparison trialId={trial.id} done={state} names={trial.modelIds.map(nameOf)} />
  }
}
