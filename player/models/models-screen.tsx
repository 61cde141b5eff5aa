import './models.css'
import '../cameras/cameras.css'
import '../desk/desk.css'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState, type ReactElement } from 'react'
import type { ModelsView, ModelView } from '../../server/contract/models.js'
import { api } from '../api/client.js'
import { tell } from '../api/here.js'
import { useModels } from '../api/queries.js'
import { useKeys } from '../keys/use-keys.js'
import type { ModelsSearch } from '../routes.js'
import { className } from '../ui/drawn.js'
import { useNow } from '../ui/now.js'
import { Confirm, Empty, NoRights, Refusal, Settled } from '../ui/pieces.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { isWide } from '../ui/wide.js'
import { useWords } from '../words/words.js'
import { AddModel } from './add-model.js'
import { BeginTrial } from './begin-trial.js'
import { ModelCard } from './model-card.js'
import { ModelList } from './model-list.js'
import { Offers } from './offers.js'
import { Progress } from './progress.js'
import { Trial } from './trial.js'

export function ModelsScreen(): ReactElement {
  const me = useSignedIn()
  const { t } = useWords()
  const allowed = may(me, 'model.manage')
  const models = useModels(allowed)
  if (!allowed) return <main><NoRights /></main>
  return <Settled what={t('models.list')} query={models} rows={5}>{(view) => <Models view={view} />}</Settled>
}

type Open = 'add' | 'try' | 'use' | 'remove' | null

function Models({ view }: { readonly view: ModelsView }): ReactElement {
  const { t, pick } = useWords()
  const params = useParams({ strict: false })
  const search: ModelsSearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const now = useNow(10_000)
  const [open, setOpen] = useState<Open>(null)
  const { models } = view
  const current = models.find(({ id }) => id === params.modelId) ?? (isWide() && !params.modelId ? (models[0] ?? null) : null)
  const deeds = useDeeds(() => setOpen(null))
  const usable = current !== null && !current.inUse && !deeds.use.isPending
  useKeys((key) => {
    if (key.is === 'escape' && search.trial) return void navigate({ to: '.', search: {} }), true
    if (key.is === 'escape' && params.modelId) return void navigate({ to: '/models' }), true
    if (key.is === 'letter' && key.letter === 'N') return setOpen('add'), true
    if (key.is === 'letter' && key.letter === 'T' && current && !current.broken && !search.trial) return setOpen('try'), true
    if (key.is === 'letter' && key.letter === 'C' && usable) return setOpen('use'), true
    if (key.is !== 'arrow' || key.to === 'left' || key.to === 'right' || search.trial) return false
    const at = models.findIndex(({ id }) => id === current?.id)
    const next = models[key.to === 'down' ? Math.min(models.length - 1, at + 1) : Math.max(0, at - 1)]
    if (next) void navigate({ to: '/models/$modelId', params: { modelId: next.id }, replace: true })
    return true
  })
  const go = (model: ModelView): void => {
    setOpen(null)
    void navigate({ to: '/models/$modelId', params: { modelId: model.id } })
  }
  return (
    <main className={`cams models${params.modelId ? ' chosen' : ''}${search.trial ? ' trying' : ''}`}>
      <div className="bar">
        <h1>{t('models.title')}</h1>
        <span className="text2 wide"><b>{models.length}</b> {t('models.count')}</span>
        <span className="grow" />
        <button type="button" className="btn sm main" onClick={() => setOpen('add')} data-do="add-model"><kbd>N</kbd>{t('models.add')}</button>
      </div>
      <section className="q panel" aria-label={t('models.list')}>
        {view.notice ? <div className="trouble" role="alert" data-notice><b>{pick(view.notice.said)}.</b> {pick(view.notice.next)}</div> : null}
        {models.length > 0 ? <ModelList models={models} current={current?.id ?? null} /> : <Empty title={t('models.empty')} next={t('models.empty_next')} />}
        {view.offers.length > 0 ? <Offers offers={view.offers} onTaken={go} /> : null}
      </section>
      {search.trial ? <Trial key={search.trial} trialId={search.trial} models={models}>{usable ? <button type="button" className="btn sm" onClick={() => setOpen('use')} data-do="use-tried"><kbd>C</kbd>{t('models.use')}</button> : null}</Trial> : null}
      {!search.trial && current ? (
        <ModelCard key={current.id} model={current} runsOn={view.runsOn} now={now}>
          <button type="button" className="btn main" disabled={current.broken !== null} onClick={() => setOpen('try')} data-do="try-model"><kbd>T</kbd>{t('models.try')}</button>
          {current.inUse ? null : <button type="button" className="btn" disabled={!usable} onClick={() => setOpen('use')} data-do="use-model"><kbd>C</kbd>{t('models.use')}</button>}
          {current.builtIn || current.inUse ? null : <button type="button" className="btn" disabled={deeds.use.isPending} onClick={() => setOpen('remove')} data-do="remove-model">{t('models.remove')}</button>}
          {deeds.use.isPending ? <Progress words={t('models.opening')} share={null} /> : null}
          <Refusal fault={deeds.use.error ?? deeds.remove.error} />
        </ModelCard>
      ) : null}
      {!search.trial && !current ? <section className="panel mid none"><Empty title={t(params.modelId ? 'models.unknown' : 'models.list')} /></section> : null}
      {open === 'add' ? <AddModel bytesMax={view.bytesMax.model} onDone={go} onClose={() => setOpen(null)} /> : null}
      {open === 'try' && current ? <BeginTrial model={current} models={models} onClose={() => setOpen(null)} onBegun={(trial) => { setOpen(null); void navigate({ to: '/models/$modelId', params: { modelId: current.id }, search: { trial: trial.id } }) }} /> : null}
      {open === 'use' && current ? <Confirm title={t('models.use')} text={[t('models.use_why', { name: current.name }), current.lacks.length > 0 ? t('models.lacks', { classes: current.lacks.map((name) => className(name, t)).join(', ') }) : ''].join(' ').trim()} act={t('models.use')} busy={false} onClose={() => setOpen(null)} onAct={() => { setOpen(null); deeds.use.mutate(current) }} /> : null}
      {open === 'remove' && current ? <Confirm title={t('models.remove')} text={t('models.remove_why', { name: current.name })} act={t('models.remove')} busy={deeds.remove.isPending} onClose={() => setOpen(null)} onAct={() => deeds.remove.mutate(current)} /> : null}
    </main>
  )
}

function useDeeds(onDone: () => void) {
  const { t } = useWords()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const use = useMutation({
    mutationFn: (model: ModelView) => api.useModel(model.id),
    onSuccess: (view, model) => {
      queries.setQueryData(['models'], view)
      void queries.invalidateQueries({ queryKey: ['system'] })
      tell(t('models.used', { name: model.name }))
    },
    // The server may have found that the file is broken: the card says so then.
    onError: () => void queries.invalidateQueries({ queryKey: ['models'] }),
  })
  const remove = useMutation({
    mutationFn: (model: ModelView) => api.removeModel(model.id),
    onSuccess: async (_answer, model) => {
      tell(t('models.removed', { name: model.name }))
      await navigate({ to: '/models' })
      await queries.invalidateQueries({ queryKey: ['models'] })
    },
    onSettled: onDone,
  })
  return { use, remove }
}
