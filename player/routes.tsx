import { createRootRoute, createRoute, createRouter, Navigate } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { AddCamera } from './cameras/add-camera.js'
import { CamerasScreen } from './cameras/cameras-screen.js'
import { DeskScreen } from './desk/desk-screen.js'
import { FirstRun } from './door/first-run.js'
import { SignIn } from './door/sign-in.js'
import { PeopleScreen } from './people/people-screen.js'
import { readPlayback } from './playback/address.js'
import { PlaybackScreen } from './playback/playback-screen.js'
import { RoomScreen } from './room/room-screen.js'
import { ReportsScreen } from './reports/reports-screen.js'
import { ModelsScreen } from './models/models-screen.js'
import { ControllersScreen } from './signals/controllers-screen.js'
import { RepairsScreen } from './signals/repairs-screen.js'
import { SuspensionsScreen } from './signals/suspensions-screen.js'
import { WHYS } from './signals/tray.js'
import { TrayScreen } from './signals/tray-screen.js'
import { Empty } from './ui/pieces.js'
import { Shell } from './ui/shell.js'
import { useSignedIn } from './ui/signed-in.js'
import { readLayout, type Layout } from './wall/layout.js'
import { ScreenShow } from './wall/screen-show.js'
import { WallScreen } from './wall/wall-screen.js'
import { useWords } from './words/words.js'

/** All state of a screen lives in its address, so that it can be sent to a colleague. */
export interface WallSearch {
  readonly layout?: Layout
  readonly tile?: number
  readonly big?: boolean
  readonly page?: number
  readonly kiosk?: boolean
  /** The tour runs. */
  readonly tour?: boolean
}
export interface DeskSearch {
  readonly view?: 'all' | 'new' | 'mine' | 'closed'
  readonly priority?: 'critical' | 'high' | 'medium' | 'low'
}
export interface CamerasSearch {
  readonly state?: 'fault'
}
export interface RulesSearch {
  readonly rule?: string
  /** A rule of this kind is being drawn and has no row yet. */
  readonly fresh?: string
  /** The back-test that is looked at. */
  readonly test?: string
  /** Of the camera, and of no rule: its privacy masks. */
  readonly masks?: 'edit'
}
export interface ModelsSearch {
  /** A trial of mine, while the server keeps it. */
  readonly trial?: string
}
export interface HeldSearch {
  /** What somebody has decided, not what waits. */
  readonly settled?: boolean
  /** Only what is held for this. */
  readonly why?: (typeof WHYS)[number]
}
export interface RepairsSearch {
  readonly closed?: boolean
}
export interface SuspensionsSearch {
  readonly ended?: boolean
  /** One is being begun; at this camera, where one came from it. */
  readonly begin?: boolean
  readonly camera?: string
}

const root = createRootRoute()
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell })

const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: SignIn, validateSearch: (search): { readonly back?: string } => (typeof search['back'] === 'string' && /^\/(?!\/)/.test(search['back']) ? { back: search['back'] } : {}) })
const firstRun = createRoute({ getParentRoute: () => root, path: '/first-run', component: FirstRun })
const meeting = createRoute({ getParentRoute: () => root, path: '/meeting', component: RoomScreen })
const landing = createRoute({ getParentRoute: () => shell, path: '/', component: Landing })

const readWall = (search: Record<string, unknown>): WallSearch => {
  const layout = readLayout(typeof search['layout'] === 'number' ? String(search['layout']) : search['layout'])
  const tile = Number(search['tile'])
  const page = Number(search['page'])
  const on = (name: string): boolean => search[name] === true || search[name] === 1
  return { ...(layout ? { layout } : {}), ...(tile >= 1 && tile <= 99 ? { tile: Math.floor(tile) } : {}), ...(page >= 1 && page <= 99 ? { page: Math.floor(page) } : {}), ...(on('big') ? { big: true } : {}), ...(on('kiosk') ? { kiosk: true } : {}), ...(on('tour') ? { tour: true } : {}) }
}
const wall = createRoute({ getParentRoute: () => shell, path: '/wall', component: WallScreen, validateSearch: readWall })
const savedWall = createRoute({ getParentRoute: () => shell, path: '/wall/$wallId', component: WallScreen, validateSearch: readWall })
const screen = createRoute({ getParentRoute: () => shell, path: '/screen/$number', component: ScreenShow })

const playback = createRoute({ getParentRoute: () => shell, path: '/playback', component: PlaybackScreen, validateSearch: readPlayback })

const readDesk = (search: Record<string, unknown>): DeskSearch => {
  const view = (['new', 'mine', 'closed'] as const).find((known) => known === search['view'])
  const priority = (['critical', 'high', 'medium', 'low'] as const).find((known) => known === search['priority'])
  return { ...(view ? { view } : {}), ...(priority ? { priority } : {}) }
}
const desk = createRoute({ getParentRoute: () => shell, path: '/desk', component: DeskScreen, validateSearch: readDesk })
const deskAlert = createRoute({ getParentRoute: () => shell, path: '/desk/$alertId', component: DeskScreen, validateSearch: readDesk })

const readCameras = (search: Record<string, unknown>): CamerasSearch => (search['state'] === 'fault' ? { state: 'fault' } : {})
const cameras = createRoute({ getParentRoute: () => shell, path: '/cameras', component: CamerasScreen, validateSearch: readCameras })
const camera = createRoute({ getParentRoute: () => shell, path: '/cameras/$cameraId', component: CamerasScreen, validateSearch: readCameras })
const readRules = (search: Record<string, unknown>): RulesSearch => ({ ...(typeof search['rule'] === 'string' ? { rule: search['rule'] } : {}), ...(typeof search['fresh'] === 'string' ? { fresh: search['fresh'] } : {}), ...(typeof search['test'] === 'string' ? { test: search['test'] } : {}), ...(search['masks'] === 'edit' ? { masks: 'edit' as const } : {}) })
const cameraRules = createRoute({ getParentRoute: () => shell, path: '/cameras/$cameraId/rules', component: CamerasScreen, validateSearch: readRules })
const addCamera = createRoute({ getParentRoute: () => shell, path: '/cameras/add', component: AddCamera })
const reports = createRoute({ getParentRoute: () => shell, path: '/reports', component: ReportsScreen })
const report = createRoute({ getParentRoute: () => shell, path: '/reports/$reportId', component: ReportsScreen })
const people = createRoute({ getParentRoute: () => shell, path: '/admin/people', component: PeopleScreen })
const readModels = (search: Record<string, unknown>): ModelsSearch => (typeof search['trial'] === 'string' ? { trial: search['trial'] } : {})
const models = createRoute({ getParentRoute: () => shell, path: '/models', component: ModelsScreen, validateSearch: readModels })
const model = createRoute({ getParentRoute: () => shell, path: '/models/$modelId', component: ModelsScreen, validateSearch: readModels })
const isOn = (value: unknown): boolean => value === true || value === 1
const readHeld = (search: Record<string, unknown>): HeldSearch => {
  const why = WHYS.find((known) => known === search['why'])
  return { ...(isOn(search['settled']) ? { settled: true } : {}), ...(why ? { why } : {}) }
}
const signals = createRoute({ getParentRoute: () => shell, path: '/signals', component: () => <Navigate to="/signals/held" replace /> })
const tray = createRoute({ getParentRoute: () => shell, path: '/signals/held', component: TrayScreen, validateSearch: readHeld })
const heldOne = createRoute({ getParentRoute: () => shell, path: '/signals/held/$incidentId', component: TrayScreen, validateSearch: readHeld })
const repairs = createRoute({ getParentRoute: () => shell, path: '/signals/repairs', component: RepairsScreen, validateSearch: (search): RepairsSearch => (isOn(search['closed']) ? { closed: true } : {}) })
const suspensions = createRoute({ getParentRoute: () => shell, path: '/signals/suspensions', component: SuspensionsScreen, validateSearch: (search): SuspensionsSearch => ({ ...(isOn(search['ended']) ? { ended: true } : {}), ...(isOn(search['begin']) ? { begin: true } : {}), ...(typeof search['camera'] === 'string' ? { camera: search['camera'] } : {}) }) })
const controllers = createRoute({ getParentRoute: () => shell, path: '/signals/controllers', component: ControllersScreen })

/** Where each role's work begins. An administrator's is the wall too: on the first day it shows at a glance what plays. */
function Landing(): ReactElement {
  const me = useSignedIn()
  return me.role === 'ioc' || me.role === 'traffic' ? <Navigate to="/desk" replace /> : <Navigate to="/wall" replace />
}

function Lost(): ReactElement {
  const { t } = useWords()
  return <div className="app"><Empty title={t('state.lost')}><a className="btn sm" href="/">{t('do.home')}</a></Empty></div>
}

export function makeRouter() {
  const tree = root.addChildren([signIn, firstRun, meeting, shell.addChildren([landing, wall, savedWall, screen, playback, desk, deskAlert, cameras, camera, cameraRules, addCamera, reports, report, signals, tray, heldOne, repairs, suspensions, controllers, people, models, model])])
  return createRouter({ routeTree: tree, defaultNotFoundComponent: Lost, defaultPreload: false })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
