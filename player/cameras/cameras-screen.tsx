import './cameras.css'
import '../rules/rules.css'
import '../rules/backtests.css'
import '../desk/desk.css'
import '../wall/wall.css'
import { Link, useLocation, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo, useState, type ReactElement } from 'react'
import type { CameraView } from '../../server/contract/cameras.js'
import { useCamera, useCameras } from '../api/queries.js'
import { Search } from '../desk/desk-bar.js'
import { useKeys } from '../keys/use-keys.js'
import type { CamerasSearch } from '../routes.js'
import { useNow } from '../ui/now.js'
import { Empty, NoRights, Settled } from '../ui/pieces.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { faultsOf } from '../ui/top-bar.js'
import { isWide } from '../ui/wide.js'
import { useWords } from '../words/words.js'
import { RulesPage } from '../rules/rules-page.js'
import { CameraDetail } from './camera-detail.js'
import { byArea, CameraList, matchesCamera } from './camera-list.js'

type Tab = 'overview' | 'rules'

export function CamerasScreen(): ReactElement {
  const me = useSignedIn()
  const tab: Tab = useLocation({ select: ({ pathname }) => pathname.endsWith('/rules') }) ? 'rules' : 'overview'
  const { t } = useWords()
  const cameras = useCameras()
  if (!may(me, 'camera.view')) return <main><NoRights /></main>
  return <Settled what={t('tab.cameras')} query={cameras} rows={8}>{(list) => <Cameras cameras={list} tab={tab} />}</Settled>
}

function Cameras({ cameras, tab }: { readonly cameras: readonly CameraView[]; readonly tab: Tab }): ReactElement {
  const me = useSignedIn()
  const { t } = useWords()
  const params = useParams({ strict: false })
  const { state }: CamerasSearch = useSearch({ strict: false })
  const search = useMemo((): CamerasSearch => (state ? { state } : {}), [state])
  const navigate = useNavigate()
  const now = useNow()
  const [asked, setAsked] = useState('')
  const faulty = useMemo(() => faultsOf(cameras), [cameras])
  const shown = useMemo(() => (search.state === 'fault' ? faulty : cameras).filter((camera) => matchesCamera(camera, asked)), [cameras, faulty, search.state, asked])
  const order = useMemo(() => byArea(shown).flatMap(([, list]) => list), [shown])
  const wide = isWide()
  const current = cameras.find((camera) => camera.id === params.cameraId) ?? (wide && !params.cameraId ? (order[0] ?? null) : null)
  const watched = useCamera(current?.id ?? null).data
  const adds = may(me, 'camera.manage')
  useKeys((key) => {
    // Where rules are drawn, arrows nudge what is drawn, and Esc gives it up first.
    if (tab === 'rules' && (key.is === 'arrow' || key.is === 'escape')) return false
    if (key.is === 'arrow' && (key.to === 'up' || key.to === 'down')) {
      const at = order.findIndex((camera) => camera.id === current?.id)
      const next = order[key.to === 'down' ? Math.min(order.length - 1, at + 1) : Math.max(0, at - 1)]
      if (next) void navigate({ to: '/cameras/$cameraId', params: { cameraId: next.id }, search, replace: true })
      return true
    }
    if (key.is === 'letter' && key.letter === 'T' && adds) return void navigate({ to: '/cameras/add' }), true
    if (key.is === 'escape' && params.cameraId) return void navigate({ to: '/cameras', search }), true
    return false
  })
  const shownCamera = current && (watched?.id === current.id ? withFresher(current, watched) : current)
  const live = cameras.filter((camera) => camera.enabled && camera.streams.some((stream) => stream.state === 'live')).length
  return (
    <main className={['cams', params.cameraId ? 'chosen' : '', tab === 'rules' ? 'ruling' : ''].filter(Boolean).join(' ')}>
      <div className="bar">
        <h1>{t('tab.cameras')}</h1>
        <span className="text2 wide"><b>{cameras.length}</b> {t('cameras.count', { live, faults: faulty.length, off: cameras.filter((camera) => !camera.enabled).length })}</span>
        <span className="grow" />
        {adds ? <Link to="/cameras/add" className="btn sm main" data-do="add"><kbd>T</kbd>{t('cameras.add')}</Link> : null}
      </div>
      <section className="q panel" aria-label={t('cameras.list')}>
        <div className="search-row"><Search asked={asked} onAsk={setAsked} hint={t('cameras.search')} /></div>
        {search.state === 'fault' ? <div className="gh"><span>{t('cameras.only_faults')}</span><Link to="/cameras" search={{}} className="link">{t('desk.show_all')}</Link></div> : null}
        {shown.length ? <CameraList cameras={shown} current={current?.id ?? null} now={now} search={search} /> : <Empty title={cameras.length === 0 ? t('wall.empty') : search.state === 'fault' && !asked ? t('cameras.no_faults') : t('cameras.nothing_found', { asked })} {...(cameras.length === 0 ? { next: t('cameras.empty_next') } : {})} />}
      </section>
      {shownCamera ? tab === 'rules' ? <RulesPage key={shownCamera.id} camera={shownCamera} now={now} /> : <CameraDetail key={shownCamera.id} camera={shownCamera} now={now} /> : <section className="panel mid none">{params.cameraId ? <Empty title={t('cameras.unknown')} /> : cameras.length ? <Empty title={t('cameras.choose')} /> : adds ? <Empty title={t('wall.empty')}><Link to="/cameras/add" className="btn main">{t('cameras.add')}</Link></Empty> : null}</section>}
    </main>
  )
}

/** The list hears of states by push; the one in view is asked for its packets. Of each stream the later word counts. */
function withFresher(listed: CameraView, watched: CameraView): CameraView {
  const streams = watched.streams.map((stream) => {
    const pushed = listed.streams.find((one) => one.id === stream.id)
    return pushed && pushed.stateSinceMs > stream.stateSinceMs ? { ...pushed, newestAtMs: stream.newestAtMs } : stream
  })
  return { ...watched, streams }
}
