import './signals.css'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement, type ReactNode } from 'react'
import type { SignalView } from '../../server/contract/signals.js'
import { tell, useHere } from '../api/here.js'
import { useAreas } from '../api/queries.js'
import { useKeys } from '../keys/use-keys.js'
import { useNow } from '../ui/now.js'
import { Empty, Modal, NoRights, Refusal, Settled } from '../ui/pieces.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { FaultSymbol } from '../ui/symbol.js'
import { moment, number, span } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { AddController, NewKey } from './add-controller.js'
import { standingOf } from './controller.js'
import { LampColour } from './lamp-view.js'
import { lamps, useControllers } from './signals-api.js'
import { SignalsBar } from './signals-bar.js'
import { useChosen } from './use-chosen.js'

type Asked = { readonly is: 'nothing' } | { readonly is: 'add' } | { readonly is: 'key' | 'remove'; readonly controller: SignalView }

/** Controllers of junctions: what each told last, and which are silent. */
export function ControllersScreen(): ReactElement {
  const me = useSignedIn()
  return may(me, 'signal.manage') ? <Controllers /> : <main className="signals"><SignalsBar /><section className="panel"><NoRights /></section></main>
}

function Controllers(): ReactElement {
  const { t } = useWords()
  const now = useNow()
  const online = useHere((here) => here.link.is !== 'down')
  const controllers = useControllers(true)
  const areas = useAreas().data ?? []
  const [asked, setAsked] = useState<Asked>({ is: 'nothing' })
  const leave = (): void => setAsked({ is: 'nothing' })
  const list = controllers.data ?? []
  const ask = (is: 'key' | 'remove') => (id: string): void => {
    const controller = list.find((one) => one.id === id)
    if (controller) setAsked({ is, controller })
  }
  const [chosen, choose] = useChosen(list.map(({ id }) => id), online ? { N: ask('key'), B: ask('remove') } : {})
  useKeys((key) => key.is === 'letter' && key.letter === 'T' && online && (setAsked({ is: 'add' }), true))
  return (
    <main className="signals">
      <SignalsBar>
        <span className="grow" />
        <button type="button" className="btn sm main" disabled={!online} onClick={() => setAsked({ is: 'add' })} data-do="add-controller"><kbd>T</kbd>{t('controller.add')}</button>
      </SignalsBar>
      <section className="panel cards" aria-label={t('signals.controllers')}>
        <Settled what={t('signals.controllers')} query={controllers} rows={4}>
          {(all) => (all.length ? (
            <ol>{all.map((one) => (
              <ControllerCard key={one.id} controller={one} areaName={areas.find(({ id }) => id === one.areaId)?.name ?? ''} chosen={one.id === chosen} now={now} onChoose={() => choose(one.id)}>
                <button type="button" className="btn sm" disabled={!online} onClick={() => setAsked({ is: 'key', controller: one })} data-do="new-key"><kbd>N</kbd>{t('controller.new_key')}</button>
                <button type="button" className="btn sm" disabled={!online} onClick={() => setAsked({ is: 'remove', controller: one })} data-do="remove-controller"><kbd>B</kbd>{t('controller.remove')}</button>
              </ControllerCard>
            ))}</ol>
          ) : <Empty title={t('controller.none')} next={t('controller.none_next')} />)}
        </Settled>
      </section>
      {asked.is === 'add' ? <AddController areas={areas} onClose={leave} /> : null}
      {asked.is === 'key' ? <NewKey controller={asked.controller} onClose={leave} /> : null}
      {asked.is === 'remove' ? <RemoveController controller={asked.controller} onClose={leave} /> : null}
    </main>
  )
}

export function ControllerCard({ controller, areaName, chosen, now, onChoose, children }: { readonly controller: SignalView; readonly areaName: string; readonly chosen: boolean; readonly now: number; readonly onChoose: () => void; readonly children?: ReactNode }): ReactElement {
  const { t, language } = useWords()
  const { heard } = controller
  const standing = standingOf(controller, now)
  return (
    <li className={chosen ? 'card chosen' : 'card'} onClick={onChoose} aria-current={chosen ? 'true' : undefined} data-card={controller.id} data-controller={standing}>
      <div className="card-says">
        <h2>{standing === 'lost' ? <FaultSymbol /> : null}{controller.name}</h2>
        <p>{[areaName, t('controller.stale_after', { seconds: number(controller.staleMs / 1000, language) })].filter(Boolean).join(' · ')}</p>
        {heard ? (
          <ul className={standing === 'lost' ? 'approaches past' : 'approaches'} aria-label={t(standing === 'lost' ? 'controller.told_last' : 'controller.tells')}>
            {Object.entries(heard.approaches).map(([approach, colour]) => <li key={approach} data-approach={approach}><span className="mono">{approach}</span><LampColour colour={colour} /></li>)}
          </ul>
        ) : <p className="text2">{t('controller.silent_next')}</p>}
      </div>
      <div className="card-do">
        {heard ? <><b className={standing === 'lost' ? 'fault' : ''}>{standing === 'lost' ? t('controller.lost', { age: span(now - heard.atMs, language) }) : t('controller.heard', { age: span(now - heard.atMs, language) })}</b><span>{moment(heard.atMs, now)}</span><span>{t('controller.offset', { seconds: number(heard.offsetMs / 1000, language, 1) })}</span></> : <><b>{t('controller.silent')}</b><span>{t('controller.added', { time: moment(controller.madeAtMs, now) })}</span></>}
        <div className="pair">{children}</div>
      </div>
    </li>
  )
}

function RemoveController({ controller, onClose }: { readonly controller: SignalView; readonly onClose: () => void }): ReactElement {
  const { t } = useWords()
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: () => lamps.removeController(controller.id),
    onSuccess: async () => {
      tell(t('controller.removed', { name: controller.name }))
      await queries.invalidateQueries({ queryKey: ['controllers'] })
      onClose()
    },
  })
  return (
    <Modal title={t('controller.remove')} onClose={onClose}>
      <p>{t('controller.remove_why', { name: controller.name })}</p>
      <Refusal fault={remove.error} />
      <div className="do">
        <button type="button" className="btn" onClick={onClose}>{t('do.cancel')}</button>
        <button type="button" className="btn main" disabled={remove.isPending} onClick={() => remove.mutate()} data-do="send-remove">{t('controller.remove_now')}</button>
      </div>
    </Modal>
  )
}
