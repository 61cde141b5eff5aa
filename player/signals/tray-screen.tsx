import './signals.css'
import '../desk/desk.css'
import '../wall/wall.css'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useState, type ReactElement } from 'react'
import type { HeldView } from '../../server/contract/signals.js'
import { Search } from '../desk/desk-bar.js'
import { useKeys } from '../keys/use-keys.js'
import type { HeldSearch } from '../routes.js'
import { useNow } from '../ui/now.js'
import { Empty, Failed, Loading, NoRights, Segments, Settled } from '../ui/pieces.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { isWide } from '../ui/wide.js'
import { useWords } from '../words/words.js'
import { HeldDetail } from './held-detail.js'
import { HeldList } from './held-list.js'
import { useHeld } from './signals-api.js'
import { SignalsBar } from './signals-bar.js'
import { stepThrough } from './step-through.js'
import { became, HELD_MAX, inTurn, matchesHeld, nextAfter, WHYS } from './tray.js'

/** What was kept apart: why, what is to be seen of it, and what a person makes of it. */
export function TrayScreen(): ReactElement {
  const me = useSignedIn()
  return may(me, 'alert.view') ? <Tray /> : <main className="signals"><SignalsBar /><section className="panel"><NoRights /></section></main>
}

function Tray(): ReactElement {
  const me = useSignedIn()
  const { t } = useWords()
  const { incidentId = null } = useParams({ strict: false })
  const search: HeldSearch = useSearch({ strict: false })
  const navigate = useNavigate()
  const now = useNow()
  const [asked, setAsked] = useState('')
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set())
  const open = useHeld(false)
  const settles = may(me, 'held.settle')
  const view = search.settled ? 'settled' : 'open'
  const isOpen = (open.data ?? []).some((one) => one.incidentId === incidentId)
  const settled = useHeld(true, view === 'settled' || (incidentId !== null && open.data !== undefined && !isOpen))
  const shown = view === 'settled' ? settled : open
  const order = useMemo(() => inTurn(shown.data ?? []).filter((one) => (!search.why || one.why === search.why) && matchesHeld(one, asked)), [shown.data, search.why, asked])
  const ids = useMemo(() => order.map((one) => one.incidentId), [order])
  // What somebody else decided, and what is filtered away, is not decided along.
  const meant = ids.filter((id) => marked.has(id))

  const go = (to: string | null, replace = true): void => void (to === null ? navigate({ to: '/signals/held', search, replace }) : navigate({ to: '/signals/held/$incidentId', params: { incidentId: to }, search, replace }))
  const mark = (id: string): void => setMarked((known) => new Set(known.has(id) ? [...known].filter((one) => one !== id) : [...known, id]))
  useKeys((key) => {
    if (key.is === 'arrow' && (key.to === 'up' || key.to === 'down')) return go(stepThrough(ids, incidentId, key.to)), true
    if (key.is === 'letter' && key.letter === 'T' && settles && view === 'open' && incidentId) return mark(incidentId), true
    if (key.is === 'escape' && marked.size) return setMarked(new Set()), true
    if (key.is === 'escape' && incidentId && !isWide()) return go(null), true
    return false
  })
  // On a wide screen something is looked at from the start, and its place stands in the address.
  const first = ids[0] ?? null
  const wide = isWide()
  useEffect(() => {
    if (wide && incidentId === null && first !== null) go(first)
  }, [wide, incidentId, first])

  const decided = (done: readonly string[]): void => {
    setMarked(new Set())
    if (incidentId === null || done.includes(incidentId)) go(nextAfter(ids, incidentId, done))
  }
  const setSearch = (to: HeldSearch): void => void navigate({ to: '/signals/held', search: to })
  return (
    <main className={incidentId ? 'desk tray chosen' : 'desk tray'}>
      <SignalsBar>
        <Segments label={t('held.views')} value={view} onPick={(picked) => setSearch(picked === 'settled' ? { settled: true } : {})} options={[['open', `${t('held.open')} ${open.data?.length ?? ''}`], ['settled', t('held.settled')]]} />
        <Search asked={asked} onAsk={setAsked} hint={t('held.search')} />
      </SignalsBar>
      <section className="q panel" aria-label={t('signals.held')}>
        <WhyFilter held={shown.data ?? []} picked={search.why} onPick={(why) => setSearch({ ...(search.settled ? { settled: true } : {}), ...(why ? { why } : {}) })} />
        <Settled what={t('signals.held')} query={shown} rows={7}>
          {(list) => (order.length ? <HeldList held={order} current={incidentId} marked={settles && view === 'open' ? marked : null} search={search} now={now} onMark={mark} /> : <NothingHeld view={view} narrowed={list.length > 0} asked={asked} />)}
        </Settled>
        {(shown.data?.length ?? 0) >= HELD_MAX ? <p className="at-most">{t('held.at_most', { count: HELD_MAX })}</p> : null}
        <div className="foot wide"><span><kbd>↑</kbd> <kbd>↓</kbd> {t('keys.pick')}</span>{settles ? <><span><kbd>T</kbd> {t('keys.tick')}</span><span><kbd>C</kbd> <kbd>B</kbd> {t('keys.settle')}</span></> : null}</div>
      </section>
      {incidentId ? <Chosen key={incidentId} incidentId={incidentId} open={open} settled={settled.data} settledFault={settled.error} marked={meant} onDecided={decided} now={now} /> : <section className="panel mid none">{order.length ? <Empty title={t('held.choose')} /> : null}</section>}
    </main>
  )
}

interface ChosenProps {
  readonly incidentId: string
  readonly open: ReturnType<typeof useHeld>
  readonly settled: readonly HeldView[] | undefined
  readonly settledFault: unknown
  readonly marked: readonly string[]
  readonly onDecided: (incidentIds: readonly string[]) => void
  readonly now: number
}

function Chosen({ incidentId, open, settled, settledFault, marked, onDecided, now }: ChosenProps): ReactElement {
  const { t } = useWords()
  const what = open.data ? became(incidentId, open.data, settled) : ({ is: 'reading' } as const)
  // Between the answer that lacks it and the one that tells what became of it, the last known stands.
  const [kept, setKept] = useState<HeldView | null>(null)
  const held = what.is === 'held' || what.is === 'settled' ? what.held : what.is === 'reading' ? kept : null
  useEffect(() => {
    if (held) setKept(held)
  }, [held])
  if (held) return <HeldDetail held={held} marked={marked} onDecided={onDecided} now={now} />
  const fault = open.error ?? settledFault
  if (what.is === 'reading') return <section className="panel mid none">{fault ? <Failed what={t('held.one')} fault={fault} onRetry={() => void open.refetch()} /> : <Loading rows={6} />}</section>
  return <section className="panel mid none"><Empty title={t('held.unknown')}><Link to="/signals/held" className="btn sm">{t('signals.held')}</Link></Empty></section>
}

/** By the reason they are held for, with how many there are of each. */
export function WhyFilter({ held, picked, onPick }: { readonly held: readonly HeldView[]; readonly picked: HeldSearch['why']; readonly onPick: (why: HeldSearch['why']) => void }): ReactElement {
  const { t } = useWords()
  const counts = WHYS.map((why) => ({ why, count: held.filter((one) => one.why === why).length }))
  return (
    <label className="gh why-filter">
      <span>{t('held.by_why')}</span>
      <select className="in" name="why" value={picked ?? ''} onChange={(event) => onPick(WHYS.find((why) => why === event.target.value))}>
        <option value="">{t('held.all_whys', { count: held.length })}</option>
        {counts.filter(({ why, count }) => count > 0 || why === picked).map(({ why, count }) => <option key={why} value={why}>{`${t(`held.why.${why}`)} (${count})`}</option>)}
      </select>
    </label>
  )
}

export function NothingHeld({ view, narrowed, asked }: { readonly view: 'open' | 'settled'; readonly narrowed: boolean; readonly asked: string }): ReactElement {
  const { t } = useWords()
  if (narrowed) return <Empty title={asked ? t('held.nothing_found', { asked }) : t('held.none_of_why')} />
  return view === 'settled' ? <Empty title={t('held.none_settled')} /> : <Empty title={t('held.none')} next={t('held.none_next')} />
}
