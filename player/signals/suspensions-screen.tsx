import './signals.css'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState, type ReactElement, type ReactNode } from 'react'
import type { SuspensionView } from '../../server/contract/signals.js'
import { problemOf } from '../api/client.js'
import { tell, useHere } from '../api/here.js'
import { useCameras } from '../api/queries.js'
import { useKeys } from '../keys/use-keys.js'
import type { SuspensionsSearch } from '../routes.js'
import { useNow } from '../ui/now.js'
import { Empty, Modal, NoRights, Refusal, Segments, Settled } from '../ui/pieces.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { clock, elapsed, moment, span } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { lamps, useSuspensions } from './signals-api.js'
import { SignalsBar } from './signals-bar.js'
import { SuspendForm } from './suspend-form.js'
import { bySoonestEnd, leftOf } from './suspension.js'
import { useChosen } from './use-chosen.js'

/** What people said explains what rules see for a while: what runs, for how long still, and what is over. */
export function SuspensionsScreen(): ReactElement {
  const me = useSignedIn()
  return may(me, 'camera.view') ? <Suspensions /> : <main className="signals"><SignalsBar /><section className="panel"><NoRights /></section></main>
}

function Suspensions(): ReactElement {
  const me = useSignedIn()
  const { t } = useWords()
  const search: SuspensionsSearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const now = useNow()
  const online = useHere((here) => here.link.is !== 'down')
  const cameras = useCameras().data ?? []
  const ended = search.ended ?? false
  const suspensions = useSuspensions(ended)
  const [asking, setAsking] = useState<SuspensionView | null>(null)
  const suspends = may(me, 'rule.suspend')
  const list = ended ? (suspensions.data ?? []) : bySoonestEnd(suspensions.data ?? [])
  const ask = (id: string): void => setAsking(list.find((one) => one.id === id) ?? null)
  const [chosen, choose] = useChosen(list.map(({ id }) => id), suspends && online && !ended ? { K: ask } : {})
  const begin = (): void => void navigate({ to: '/signals/suspensions', search: { begin: true } })
  const leave = (): void => void navigate({ to: '/signals/suspensions', search: {}, replace: true })
  useKeys((key) => key.is === 'letter' && key.letter === 'T' && suspends && online && (begin(), true))
  const ruleName = ({ cameraId, ruleId }: SuspensionView): string => {
    if (ruleId === null) return t('suspension.every_rule')
    return cameras.find((one) => one.id === cameraId)?.rules.find((one) => one.id === ruleId)?.name ?? t('suspension.gone_rule')
  }
  return (
    <main className="signals">
      <SignalsBar>
        <Segments label={t('suspension.views')} value={ended ? 'ended' : 'running'} onPick={(view) => void navigate({ to: '/signals/suspensions', search: view === 'ended' ? { ended: true } : {} })} options={[['running', t('suspension.running')], ['ended', t('suspension.ended')]]} />
        <span className="grow" />
        {suspends ? <button type="button" className="btn sm main" disabled={!online} onClick={begin} data-do="suspend"><kbd>T</kbd>{t('suspension.begin')}</button> : null}
      </SignalsBar>
      <section className="panel cards" aria-label={t('signals.suspensions')}>
        <Settled what={t('signals.suspensions')} query={suspensions} rows={4}>
          {() => (list.length ? <ol>{list.map((one) => <SuspensionCard key={one.id} suspension={one} rule={ruleName(one)} chosen={one.id === chosen} now={now} onChoose={() => choose(one.id)}>{suspends && one.stands && online ? <button type="button" className="btn" onClick={() => setAsking(one)} data-do="end-suspension"><kbd>K</kbd>{t('suspension.end')}</button> : null}</SuspensionCard>)}</ol> : <Empty title={t(ended ? 'suspension.none_ended' : 'suspension.none')} {...(ended ? {} : { next: t(suspends ? 'suspension.none_next' : 'suspension.none_view') })} />)}
        </Settled>
      </section>
      {suspends && (search.begin || search.camera) ? <SuspendForm cameras={cameras} cameraId={search.camera ?? null} now={now} onClose={leave} /> : null}
      {asking ? <EndSuspension suspension={asking} now={now} onClose={() => setAsking(null)} /> : null}
    </main>
  )
}

export function SuspensionCard({ suspension, rule, chosen, now, onChoose, children }: { readonly suspension: SuspensionView; readonly rule: string; readonly chosen: boolean; readonly now: number; readonly onChoose: () => void; readonly children?: ReactNode }): ReactElement {
  const { t, pick, language } = useWords()
  const { cameraId, ended, fromMs, untilMs, by, reason, stands } = suspension
  const left = stands ? leftOf(suspension, now) : null
  return (
    <li className={chosen ? 'card chosen' : 'card'} onClick={onChoose} aria-current={chosen ? 'true' : undefined} data-card={suspension.id} data-stands={left !== null}>
      <div className="card-says">
        <h2>{pick(suspension.title)}</h2>
        <p><Link to="/cameras/$cameraId/rules" params={{ cameraId }}>{suspension.cameraName}</Link> · {rule}</p>
        <p className="text2">“{reason}”</p>
        <dl className="facts">
          <dt>{t('suspension.by')}</dt><dd>{by?.displayName ?? '–'}</dd>
          <dt>{t('suspension.span')}</dt><dd>{moment(fromMs, now)} – {clock(untilMs)}</dd>
          {stands ? null : <><dt>{t('suspension.ended_at')}</dt><dd>{moment(ended?.atMs ?? untilMs, now)} · {ended?.by?.displayName ?? t('suspension.time_over')}</dd></>}
        </dl>
      </div>
      <div className="card-do">
        {left ? <><b>{elapsed(left.leftMs, language)}</b><span>{t('suspension.left')}</span><progress max={1} value={left.share} aria-label={t('suspension.left')} /></> : <><b>{span((ended?.atMs ?? untilMs) - fromMs, language)}</b><span>{t('suspension.lasted')}</span></>}
        {children}
      </div>
    </li>
  )
}

function EndSuspension({ suspension, now, onClose }: { readonly suspension: SuspensionView; readonly now: number; readonly onClose: () => void }): ReactElement {
  const { t, pick, language } = useWords()
  const queries = useQueryClient()
  const end = useMutation({
    mutationFn: () => lamps.endSuspension(suspension.cameraId, suspension.id),
    onSuccess: () => { tell(t('suspension.done', { camera: suspension.cameraName })); onClose() },
    // Its time was over, or somebody else ended it: what was wanted is so.
    onError: (fault) => { if (problemOf(fault).status === 404) { tell(t('suspension.over_already'), 'bad'); onClose() } },
    onSettled: () => queries.invalidateQueries({ queryKey: ['suspensions'] }),
  })
  return (
    <Modal title={t('suspension.end')} onClose={onClose}>
      <p>{t('suspension.end_why', { title: pick(suspension.title), camera: suspension.cameraName, left: span(suspension.untilMs - now, language) })}</p>
      <Refusal fault={end.error} />
      <div className="do">
        <button type="button" className="btn" onClick={onClose}>{t('do.cancel')}</button>
        <button type="button" className="btn main" disabled={end.isPending} onClick={() => end.mutate()} data-do="send-end" autoFocus>{t('suspension.end_now')}</button>
      </div>
    </Modal>
  )
}
