import { useState, type ReactElement } from 'react'
import type { CameraView } from '../../server/contract/cameras.js'
import type { WallView } from '../../server/contract/wall.js'
import { tell } from '../api/here.js'
import { useOpenAlerts } from '../api/queries.js'
import { useClaim } from '../desk/use-claim.js'
import { boardNow } from '../room/meeting-board.js'
import { MeetingsDialog } from '../room/meetings-dialog.js'
import { PresenterCard } from '../room/presenter-card.js'
import { useMeetings } from '../room/use-meetings.js'
import { useNow } from '../ui/now.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { clock, day } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { ComposePanel } from './compose-panel.js'
import { metresBetween, neighbours } from './layout.js'
import { groupsOf, inOrder, type Source } from './pages.js'
import { ScreensCard } from './screens-card.js'
import { NeighboursCard, NowCard, QueueCard } from './side.js'
import { Tiles, usePictures } from './tiles.js'
import { useCompose } from './use-compose.js'
import { choosePictures, useLinkWidth, usePictures as usePicturesChoice, useStills } from './use-link.js'
import { usePast } from './use-past.js'
import { usePush } from './use-screens.js'
import { useSound } from './use-sound.js'
import { useWallDeeds } from './use-wall-deeds.js'
import { useWallView } from './use-wall-view.js'
import { WallBar } from './wall-bar.js'
import { WallsList } from './walls-list.js'

export interface WallProps {
  readonly source: Source
  readonly saved: WallView | null
  readonly cameras: readonly CameraView[]
  readonly walls: readonly WallView[]
  readonly onOpen: (source: Source) => void
}

/** The wall of one source: what it shows stands in `useWallView`, what is done to it in `useWallDeeds`; here it is laid out. */
export function Wall({ source, saved, cameras, walls, onOpen }: WallProps): ReactElement {
  const { t } = useWords()
  const me = useSignedIn()
  const now = useNow()
  const { alerts } = useOpenAlerts()
  const claiming = useClaim()
  const making = useCompose((wall) => onOpen({ is: 'saved', wallId: wall.id }))
  const view = useWallView({ source, saved, cameras, alerts, draft: making.draft, now })
  const { here, layout, page, tiles, selected, selectedCamera, big, spotlight, tour } = view
  const [pictures, onPicture] = usePictures()
  const [listed, setListed] = useState(false)
  const pushing = usePush()
  const mayMeet = may(me, 'meeting.open')
  const meeting = useMeetings(mayMeet)
  const [inviting, setInviting] = useState(false)
  const past = usePast()
  const sound = useSound(cameras)
  const stills = useStills()
  const { choice, link } = usePicturesChoice()
  const shownIds = view.ofPage.filter((id) => id !== null)
  useLinkWidth(shownIds[0] ?? null)

  const shownAlert = spotlight.alert ?? alerts.find((alert) => alert.state === 'new') ?? null
  const ofStreet = selectedCamera ?? cameras.find((camera) => camera.id === shownAlert?.cameraId) ?? null
  const beside = ofStreet ? neighbours(cameras, ofStreet) : { before: null, after: null, turn: null }
  const name = nameOf(source, saved, cameras) ?? t('walls.all')
  const deeds = useWallDeeds({ view, making, beside, cameras, alert: shownAlert, claim: claiming.claim, push: pushing.push, past, listen: sound.toggle, wall: saved, name, onWalls: () => setListed(true), onMeeting: () => (mayMeet ? setInviting(true) : tell(t('state.no_rights'), 'bad')), mayPush: may(me, 'wall.push'), mayAct: may(me, 'alert.act') })
  const kiosk = here.kiosk === true
  const composing = making.draft

  const side = composing ? (
    <ComposePanel draft={composing} page={page} cameras={inOrder(cameras)} selected={selected} onChange={making.change} onStep={making.step} onPage={(to) => view.onTour({ is: 'go', page: to })} onPut={deeds.put} onSave={making.save} onClose={making.stop} busy={making.busy} fault={making.fault} />
  ) : (
    <aside className="side">
      <NowCard alert={shownAlert} now={now} lastAtMs={alerts[0]?.raisedAtMs ?? null} claim={{ can: may(me, 'alert.act'), waits: shownAlert ? claiming.waits(shownAlert.id) : false, act: () => shownAlert && claiming.claim(shownAlert) }} onReplay={deeds.alertCamera ? deeds.replay : null} returnsInS={spotlight.untilMs === null ? null : Math.max(0, Math.ceil((spotlight.untilMs - now) / 1000))} />
      <NeighboursCard camera={ofStreet} before={beside.before} after={beside.after} turn={beside.turn} metres={(camera) => (ofStreet ? metresBetween(ofStreet.place, camera.place) : 0)} active={deeds.walking} onGo={deeds.goTo} />
      <QueueCard alerts={alerts} me={me.id} now={now} />
      <ScreensCard screens={pushing.screens} cameras={cameras} canPush={may(me, 'wall.push')} onPush={deeds.push} onClear={(number) => pushing.push(number, null, '')} />
      <PresenterCard meetings={meeting.meetings} cameras={cameras} now={now} onShow={meeting.present} />
    </aside>
  )
  return (
    <main className={kiosk ? 'wall alone' : 'wall'} data-layout={layout} data-page={page + 1}>
      {kiosk ? <KioskNote now={now} name={name} tour={tour.is === 'stopped' ? null : t('tour.page', { page: page + 1, pages: view.pages.length })} stills={stills} /> : (
        <WallBar name={composing ? composing.name || t('compose.title') : name} onWalls={() => setListed(true)} onMeeting={mayMeet && !composing ? () => setInviting(true) : null} layout={layout} onLayout={deeds.setLayout} tour={tour} pages={view.pages.length} onTour={view.onTour} pictures={pictures} big={big} onBack={() => view.go({ ...here, big: undefined })} stills={{ shown: stills, choice, link, onChoose: choosePictures }} />
      )}
      <Tiles layout={layout} tiles={tiles} locked={view.locked} cameras={cameras} alerts={alerts} urgent={spotlight.alert} selected={selected} big={big} stills={stills} watermark={`${me.name} · ${day(now)} ${clock(now)}`} onPick={(tile) => kiosk || view.go({ ...here, tile })} onEnlarge={(tile) => kiosk || composing || view.go({ ...here, tile, big: big ? undefined : true })} onPicture={onPicture} hearing={kiosk ? null : sound} drop={composing ? { camera: (cameraId, place) => making.step({ do: 'put', page, place, cameraId }), tile: (from, to) => making.step({ do: 'swap', page, from, to }) } : null} />
      {kiosk ? null : side}
      {inviting ? <MeetingsDialog board={boardNow(name, view.pages, page)} shownWall={saved} walls={walls} meetings={meeting.meetings} made={meeting.made} now={now} busy={meeting.busy} fault={meeting.fault} onMake={meeting.make} onRevoke={meeting.revoke} onClose={() => { setInviting(false); meeting.forgetMade() }} /> : null}
      {listed ? <WallsList walls={walls} groups={groupsOf(cameras)} cameras={cameras.length} shown={source} onClose={() => setListed(false)} onOpen={(to) => { setListed(false); onOpen(to) }} onSaveShown={() => { setListed(false); deeds.composeShown() }} onEdit={(wall) => { setListed(false); making.begin({ ...wall }); if (saved?.id !== wall.id) view.onTour({ is: 'go', page: 0 }) }} onShare={making.share} onRemove={(wall) => { making.remove(wall); if (saved?.id === wall.id) onOpen({ is: 'all' }) }} onOrder={making.order} /> : null}
    </main>
  )
}

function nameOf(source: Source, saved: WallView | null, cameras: readonly CameraView[]): string | null {
  switch (source.is) {
    case 'all':
      return null
    case 'area':
      return cameras.find((camera) => camera.areaId === source.areaId)?.areaName ?? null
    case 'street':
      return source.street
    case 'saved':
      return saved?.name ?? null
  }
}

/** All that a kiosk says of itself: that one can only look, what it is, and the time. */
export function KioskNote({ now, name, tour, stills }: { readonly now: number; readonly name: string; readonly tour: string | null; readonly stills: boolean }): ReactElement {
  const { t } = useWords()
  return <div className="kiosk-note"><b>{t('wall.view_only')}</b><span className="cut">{name}</span>{tour ? <span>{tour}</span> : null}{stills ? <span>{t('tile.still')}</span> : null}<time>{clock(now)}</time></div>
}
