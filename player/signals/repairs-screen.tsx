import './signals.css'
import '../wall/wall.css'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState, type FormEvent, type ReactElement, type ReactNode } from 'react'
import type { RepairView } from '../../server/contract/signals.js'
import { problemOf } from '../api/client.js'
import { tell, useHere } from '../api/here.js'
import type { RepairsSearch } from '../routes.js'
import { useNow } from '../ui/now.js'
import { Empty, Modal, NoRights, Refusal, Segments, Settled } from '../ui/pieces.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { FaultSymbol } from '../ui/symbol.js'
import { moment, span } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { factRows } from './held-facts.js'
import { LampPicture } from './lamp-picture.js'
import { lampOf } from './lamp-source.js'
import { lamps, useRepairs } from './signals-api.js'
import { SignalsBar } from './signals-bar.js'
import { useChosen } from './use-chosen.js'

/** Lamps that somebody must go and look at, and those that were mended. */
export function RepairsScreen(): ReactElement {
  const me = useSignedIn()
  return may(me, 'camera.view') ? <Repairs /> : <main className="signals"><SignalsBar /><section className="panel"><NoRights /></section></main>
}

function Repairs(): ReactElement {
  const me = useSignedIn()
  const { t } = useWords()
  const { closed = false }: RepairsSearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const now = useNow()
  const online = useHere((here) => here.link.is !== 'down')
  const repairs = useRepairs(closed)
  const [closing, setClosing] = useState<RepairView | null>(null)
  const closes = may(me, 'repair.close') && !closed && online
  const list = repairs.data ?? []
  const ask = (id: string): void => setClosing(list.find((one) => one.id === id) ?? null)
  const [chosen, choose] = useChosen(list.map(({ id }) => id), closes ? { K: ask } : {})
  return (
    <main className="signals">
      <SignalsBar>
        <Segments label={t('repair.views')} value={closed ? 'closed' : 'open'} onPick={(view) => void navigate({ to: '/signals/repairs', search: view === 'closed' ? { closed: true } : {} })} options={[['open', t('repair.open')], ['closed', t('repair.closed')]]} />
      </SignalsBar>
      <section className="panel cards" aria-label={t('signals.repairs')}>
        <Settled what={t('signals.repairs')} query={repairs} rows={4}>
          {(all) => (all.length ? <ol>{all.map((repair) => <RepairCard key={repair.id} repair={repair} chosen={repair.id === chosen} now={now} onChoose={() => choose(repair.id)}>{closes ? <button type="button" className="btn" onClick={() => setClosing(repair)} data-do="close-repair"><kbd>K</kbd>{t('repair.close')}</button> : null}</RepairCard>)}</ol> : <Empty title={t(closed ? 'repair.none_closed' : 'repair.none')} {...(closed ? {} : { next: t('repair.none_next') })} />)}
        </Settled>
      </section>
      {closing ? <CloseRepair repair={closing} onClose={() => setClosing(null)} /> : null}
    </main>
  )
}

export function RepairCard({ repair, chosen, now, onChoose, picture, children }: { readonly repair: RepairView; readonly chosen: boolean; readonly now: number; readonly onChoose: () => void; readonly picture?: string; readonly children?: ReactNode }): ReactElement {
  const words = useWords()
  const { t, pick, language } = words
  const { closed, openedAtMs, cameraId, still } = repair
  const shown = picture ?? still?.url
  const { feed } = lampOf(repair.lamp)
  return (
    <li className={chosen ? 'card chosen' : 'card'} onClick={onChoose} aria-current={chosen ? 'true' : undefined} data-card={repair.id} data-repair={closed ? 'closed' : 'open'}>
      <LampPicture key={still?.id ?? 'newest'} cameraId={cameraId} lamp={repair.lamp} {...(shown ? { picture: shown } : {})} says={still ? t('repair.still_at', { time: moment(still.fromMs, now) }) : t('repair.newest')} />
      <div className="card-says">
        <h2><FaultSymbol open={closed !== null} />{pick(repair.said)}</h2>
        <p><Link to="/cameras/$cameraId" params={{ cameraId }}>{repair.cameraName}</Link>{feed ? ` · ${t('repair.feed', { controller: repair.controller ?? t('repair.no_controller'), approach: feed.approach })}` : ''}</p>
        <dl className="facts">
          {factRows(repair.facts, now, words).map(({ name, value }) => [<dt key={`${name} name`}>{name}</dt>, <dd key={name}>{value}</dd>])}
          <dt>{t('repair.opened')}</dt><dd>{moment(openedAtMs, now)}</dd>
          {closed ? <><dt>{t('repair.closed_at')}</dt><dd>{moment(closed.atMs, now)} · {closed.by?.displayName ?? t('repair.by_itself')}</dd><dt>{t('repair.note')}</dt><dd>{closed.note}</dd></> : null}
        </dl>
      </div>
      <div className="card-do">
        <b>{span((closed?.atMs ?? now) - openedAtMs, language)}</b>
        <span>{t(closed ? 'repair.took' : 'repair.waiting')}</span>
        {children}
      </div>
    </li>
  )
}

function CloseRepair({ repair, onClose }: { readonly repair: RepairView; readonly onClose: () => void }): ReactElement {
  const { t, pick } = useWords()
  const queries = useQueryClient()
  const [note, setNote] = useState('')
  const close = useMutation({
    mutationFn: () => lamps.closeRepair(repair.id, note.trim()),
    onSuccess: () => { tell(t('repair.done', { camera: repair.cameraName })); onClose() },
    // Seen in order again, or closed by somebody else: the list says by whom.
    onError: (fault) => { if (problemOf(fault).status === 409) { tell(pick(problemOf(fault).title), 'bad'); onClose() } },
    onSettled: () => queries.invalidateQueries({ queryKey: ['repairs'] }),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (note.trim()) close.mutate()
  }
  return (
    <Modal title={t('repair.close_title', { camera: repair.cameraName })} onClose={onClose}>
      <form className="asking" onSubmit={submit}>
        <p>{pick(repair.said)}</p>
        <label className="field">{t('repair.note_words')}<input name="note" value={note} onChange={(event) => setNote(event.target.value)} maxLength={500} autoFocus autoComplete="off" /></label>
        <p className="text3 small">{t('repair.close_why')}</p>
        <Refusal fault={close.error} />
        <div className="do">
          <button type="button" className="btn" onClick={onClose}>{t('do.cancel')}</button>
          <button type="submit" className="btn main" disabled={close.isPending || !note.trim()} data-do="send-close">{t('repair.close_now')}</button>
        </div>
      </form>
    </Modal>
  )
}
