import { useRef, useState } from 'react'
import type { AlertView } from '../../server/contract/alerts.js'
import type { CameraView } from '../../server/contract/cameras.js'
import type { Showing, WallView } from '../../server/contract/wall.js'
import { tell } from '../api/here.js'
import { useKeys } from '../keys/use-keys.js'
import { keep } from '../ui/choices.js'
import { useWords } from '../words/words.js'
import type { useCompose } from './use-compose.js'
import type { usePast } from './use-past.js'
import type { WallSight } from './use-wall-view.js'
import { NO_KEYS, readWallKey, type WallDeed } from './wall-keys.js'
import type { Layout } from './layout.js'

interface DeedParts {
  readonly view: WallSight
  readonly making: ReturnType<typeof useCompose>
  readonly beside: { readonly before: CameraView | null; readonly after: CameraView | null; readonly turn: CameraView | null }
  readonly cameras: readonly CameraView[]
  readonly alert: AlertView | null
  readonly claim: (alert: AlertView) => void
  readonly push: (number: number, showing: Showing | null, name: string) => void
  readonly past: ReturnType<typeof usePast>
  readonly listen: (camera: CameraView) => void
  readonly wall: WallView | null
  readonly name: string
  readonly onWalls: () => void
  readonly onMeeting: () => void
  readonly mayPush: boolean
  readonly mayAct: boolean
}

interface Deeds {
  readonly walking: boolean
  readonly alertCamera: CameraView | null
  readonly goTo: (cameraId: string) => void
  readonly setLayout: (layout: Layout) => void
  readonly push: (screen: number) => void
  readonly replay: () => void
  readonly put: (cameraId: string) => void
  readonly composeShown: () => void
}

/** What can be done to the wall, by key or by hand: both come here. */
export function useWallDeeds(parts: DeedParts): Deeds {
  const { t } = useWords()
  const { view, making, cameras, alert, name } = parts
  const { here, go, page, tiles, selected } = view
  const [walking, setWalking] = useState(false)
  const keys = useRef(NO_KEYS)
  const alertCamera = cameras.find((camera) => camera.id === alert?.cameraId) ?? null
  const target = view.selectedCamera ?? alertCamera
  const kiosk = here.kiosk === true

  const goTo = (cameraId: string): void => {
    const tile = tiles.indexOf(cameraId)
    if (tile >= 0) return go({ ...here, tile: tile + 1 })
    const at = view.pages.findIndex((one) => one.cameraIds.includes(cameraId))
    if (at < 0) return tell(t('wall.not_here'), 'bad')
    view.onTour({ is: 'go', page: at })
    go({ ...here, page: at + 1, tile: (view.pages[at]?.cameraIds.indexOf(cameraId) ?? 0) + 1 })
  }
  const setLayout = (layout: Layout): void => {
    if (making.draft) return making.step({ do: 'layout', page, layout })
    keep(view.layoutPlace, layout)
    view.onTour({ is: 'go', page: 0 })
    go({ ...here, layout, page: undefined, tile: undefined, big: undefined })
  }
  const push = (screen: number): void => {
    if (!parts.mayPush) return tell(t('state.no_rights'), 'bad')
    if (view.selectedCamera) return parts.push(screen, { kind: 'camera', cameraId: view.selectedCamera.id }, view.selectedCamera.name)
    if (view.spotlight.alert && alertCamera) return parts.push(screen, { kind: 'camera', cameraId: alertCamera.id }, alertCamera.name)
    if (parts.wall) return parts.push(screen, { kind: 'wall', wallId: parts.wall.id }, name)
    tell(t('screens.pick_first'), 'bad')
  }
  const replay = (): void => (target ? parts.past.replay(target) : tell(t('wall.pick_first'), 'bad'))
  const put = (cameraId: string): void => {
    const place = (selected ?? tiles.findIndex((id) => id === null) + 1) - 1
    if (place < 0) return tell(t('compose.pick_tile'), 'bad')
    making.step({ do: 'put', page, place, cameraId })
    go({ ...here, tile: Math.min(tiles.length, place + 2) })
  }
  const composeShown = (): void => {
    // Cameras that stand behind a lock cannot be saved by somebody who may not see them.
    making.begin({ id: null, name: '', dwellS: parts.wall?.dwellS ?? 20, shared: false, pages: view.pages.map((one) => ({ ...one, locked: [] })) })
  }

  const back = (): boolean => {
    if (view.big) go({ ...here, big: undefined })
    else if (making.draft) making.stop()
    else if (walking) setWalking(false)
    else if (kiosk) leaveKiosk(() => go({ ...here, kiosk: undefined }))
    else if (selected !== null) go({ ...here, tile: undefined })
    else return false
    return true
  }
  const act = (deed: WallDeed): boolean => {
    switch (deed.do) {
      case 'pick':
        return go({ ...here, tile: deed.tile }), true
      case 'enlarge':
        return making.draft ? false : (go({ ...here, big: view.big ? undefined : true }), true)
      case 'swap':
        if (selected !== null) making.step({ do: 'swap', page, from: selected - 1, to: deed.tile - 1 })
        return true
      case 'walk':
        if (parts.beside[deed.to]) goTo(parts.beside[deed.to]!.id)
        return true
      case 'layout':
        return setLayout(deed.layout), true
      case 'push':
        return push(deed.screen), true
      case 'claim':
        if (alert?.state === 'new' && parts.mayAct) parts.claim(alert)
        return true
      case 'replay':
        return replay(), true
      case 'bookmark':
        if (!target) tell(t('wall.pick_first'), 'bad')
        else if (parts.past.bookmarks) parts.past.bookmark(target)
        return true
      case 'tour':
        return view.onTour({ is: 'toggle' }), true
      case 'kiosk':
        return enterKiosk(() => go({ ...here, kiosk: true, tile: undefined, big: undefined })), true
      case 'neighbours':
        return setWalking(!walking), true
      case 'listen':
        return target ? parts.listen(target) : tell(t('wall.pick_first'), 'bad'), true
      case 'walls':
        return parts.onWalls(), true
      case 'meeting':
        return parts.onMeeting(), true
      case 'back':
        return back()
      case 'wait':
        return true
    }
  }
  useKeys((key) => {
    const [kept, deed] = readWallKey(keys.current, key, { layout: view.layout, tiles: tiles.length, selected, walking, composing: making.draft !== null }, performance.now())
    keys.current = kept
    if (deed === null) return false
    // A kiosk is looked at: the only way out of it is out of it.
    if (kiosk) return deed.do === 'kiosk' || deed.do === 'back' ? (leaveKiosk(() => go({ ...here, kiosk: undefined })), true) : true
    return act(deed)
  })
  return { walking, alertCamera, goTo, setLayout, push, replay, put, composeShown }
}

function enterKiosk(then: () => void): void {
  // A browser may refuse the whole screen (a frame, a policy); the kiosk is one without it, too.
  document.documentElement.requestFullscreen().catch(() => null)
  then()
}

function leaveKiosk(then: () => void): void {
  if (document.fullscreenElement) void document.exitFullscreen().catch(() => null)
  then()
}
