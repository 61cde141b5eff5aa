import './wall.css'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, type ReactElement } from 'react'
import type { CameraView } from '../../server/contract/cameras.js'
import type { ScreenView } from '../../server/contract/wall.js'
import { useHere } from '../api/here.js'
import { useCameras, useOpenAlerts } from '../api/queries.js'
import { useKeys } from '../keys/use-keys.js'
import { useNow } from '../ui/now.js'
import { Empty, Settled } from '../ui/pieces.js'
import { useSignedIn } from '../ui/signed-in.js'
import { clock, day } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { arrange } from './layout.js'
import type { Page } from './pages.js'
import { Tiles, usePictures } from './tiles.js'
import { useLinkWidth, useStills } from './use-link.js'
import { useSpotlight } from './use-spotlight.js'
import { useTour } from './use-tour.js'
import { KioskNote } from './wall.js'

/** A big screen of the room: it shows what is sent to it, and nobody can do anything here but look. */
export function ScreenShow(): ReactElement {
  const { t } = useWords()
  const number = Number(useParams({ strict: false }).number)
  const navigate = useNavigate()
  const cameras = useCameras()
  // Told by the socket, when it connects and with each push; never asked for by itself.
  const { data: screen } = useQuery<ScreenView | null>({ queryKey: ['screen', number], queryFn: () => null, enabled: false, staleTime: Infinity })
  useEffect(() => {
    useHere.setState({ screen: number })
    return () => useHere.setState({ screen: null })
  }, [number])
  useKeys((key) => {
    if (key.is !== 'escape') return false
    void navigate({ to: '/wall' })
    return true
  })
  return <Settled what={t('screens.name', { number })} query={cameras} rows={1}>{(list) => <Shown key={JSON.stringify(screen?.showing ?? null)} number={number} screen={screen ?? null} cameras={list} />}</Settled>
}

function Shown({ number, screen, cameras }: { readonly number: number; readonly screen: ScreenView | null; readonly cameras: readonly CameraView[] }): ReactElement {
  const { t } = useWords()
  const me = useSignedIn()
  const now = useNow()
  const stills = useStills()
  const { alerts } = useOpenAlerts()
  const [, onPicture] = usePictures()
  const pages = pagesOfScreen(screen)
  const isWall = screen?.showing?.kind === 'wall'
  // One camera was sent to be looked at: no alert takes its place.
  const spotlight = useSpotlight(isWall ? alerts : [], cameras, now)
  const { tour } = useTour({ page: 0, running: pages.length > 1 }, { pages: Math.max(1, pages.length), dwellMs: (screen?.wall?.dwellS ?? 20) * 1000 }, spotlight.alert !== null)
  const page: Page = pages[tour.page] ?? { layout: '1', cameraIds: [], locked: [] }
  useLinkWidth(page.cameraIds.find((id) => id !== null) ?? null)
  const name = screen?.name ?? t('screens.name', { number })
  return (
    <main className="wall alone" data-shows={screen?.showing ? screen.showing.kind : screen?.withheld ? 'withheld' : 'nothing'}>
      <KioskNote now={now} name={name} tour={pages.length > 1 ? t('tour.page', { page: tour.page + 1, pages: pages.length }) : null} stills={stills} />
      {screen?.showing ? (
        <Tiles layout={page.layout} tiles={arrange(page.cameraIds, page.layout, spotlight.alert?.cameraId ?? null)} locked={page.locked} cameras={cameras} alerts={alerts} urgent={spotlight.alert} selected={null} big={false} stills={stills} watermark={`${me.name} · ${day(now)} ${clock(now)}`} onPick={nothing} onEnlarge={nothing} onPicture={onPicture} drop={null} />
      ) : <NothingSent number={number} withheld={screen?.withheld ?? false} />}
    </main>
  )
}

export function NothingSent({ number, withheld }: { readonly number: number; readonly withheld: boolean }): ReactElement {
  const { t } = useWords()
  return <div className="nothing-sent"><b className="number">{number}</b><Empty title={t(withheld ? 'state.no_rights' : 'screens.nothing')} next={t(withheld ? 'screens.withheld_next' : 'screens.nothing_next', { number })} /></div>
}

function pagesOfScreen(screen: ScreenView | null): readonly Page[] {
  if (screen?.showing?.kind === 'camera') return [{ layout: '1', cameraIds: [screen.showing.cameraId], locked: [] }]
  return screen?.wall?.pages ?? []
}

const nothing = (): void => {}
