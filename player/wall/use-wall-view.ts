import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useRef } from 'react'
import type { AlertView } from '../../server/contract/alerts.js'
import type { CameraView } from '../../server/contract/cameras.js'
import type { WallView } from '../../server/contract/wall.js'
import type { WallSearch } from '../routes.js'
import { kept } from '../ui/choices.js'
import { useSignedIn } from '../ui/signed-in.js'
import type { Draft } from './compose-panel.js'
import { arrange, fittingLayout, readLayout, type Layout } from './layout.js'
import { pagesOf, type Page, type Source } from './pages.js'
import type { SpotlightVerdict } from './spotlight.js'
import type { Tour, TourNews } from './tour.js'
import { useSpotlight } from './use-spotlight.js'
import { useTour } from './use-tour.js'

/** A change of the address; undefined takes a part out of it. */
export type Going = { readonly [name in keyof WallSearch]: WallSearch[name] | undefined }

export interface WallSight {
  readonly here: Going
  readonly go: (to: Going) => void
  readonly pages: readonly Page[]
  readonly page: number
  readonly layout: Layout
  /** The page as it is saved, and as it is shown: with the spotlight in the first tile. */
  readonly ofPage: readonly (string | null)[]
  readonly tiles: readonly (string | null)[]
  readonly locked: readonly number[]
  readonly selected: number | null
  readonly selectedCamera: CameraView | null
  readonly big: boolean
  readonly spotlight: SpotlightVerdict
  readonly tour: Tour
  readonly onTour: (news: TourNews) => void
  /** Where the layout that was picked for walls that nobody saved is kept. */
  readonly layoutPlace: string
}

const USUAL_DWELL_S = 20
const DARK_VERDICT: SpotlightVerdict = { alert: null, why: 'dark', untilMs: null }

/** What the wall shows now: the source's pages, the tour's page, the spotlight over it, and what the address says is picked. */
export function useWallView({ source, saved, cameras, alerts, draft, now }: { readonly source: Source; readonly saved: WallView | null; readonly cameras: readonly CameraView[]; readonly alerts: readonly AlertView[]; readonly draft: Draft | null; readonly now: number }): WallSight {
  const me = useSignedIn()
  const search: WallSearch = useSearch({ strict: false })
  const go = useGo()
  const layoutPlace = `vonglau.wall.${me.id}`
  const asked = search.layout ?? (source.is === 'all' ? readLayout(kept(layoutPlace)) : null)
  const pages = useMemo(() => draft?.pages ?? pagesOf(source, { cameras, saved, layout: asked }, fittingLayout), [draft, source, cameras, saved, asked])
  const found = useSpotlight(alerts, cameras, now)
  const spotlight = draft ? DARK_VERDICT : found
  const dwellMs = (draft?.dwellS ?? saved?.dwellS ?? USUAL_DWELL_S) * 1000
  const { tour, say } = useTour({ page: (search.page ?? 1) - 1, running: search.tour === true }, { pages: pages.length, dwellMs }, spotlight.alert !== null || draft !== null || search.big === true)
  const page = Math.min(tour.page, pages.length - 1)
  const running = tour.is !== 'stopped'
  const { layout, cameraIds, locked } = pages[page] ?? { layout: '2x2', cameraIds: [], locked: [] }
  const tiles = useMemo(() => arrange(cameraIds, layout, spotlight.alert?.cameraId ?? null), [cameraIds, layout, spotlight.alert?.cameraId])
  const selected = search.tile !== undefined && search.tile <= tiles.length ? search.tile : null
  const selectedCamera = cameras.find((camera) => camera.id === (selected === null ? null : tiles[selected - 1])) ?? null
  const here: Going = { ...search, page: page ? page + 1 : undefined, tour: running || undefined, tile: selected ?? undefined }

  const written = useRef(`${page} ${running}`)
  useEffect(() => {
    if (written.current === `${page} ${running}`) return
    written.current = `${page} ${running}`
    go(here)
  })
  return { here, go, pages, page, layout, ofPage: cameraIds, tiles, locked: spotlight.alert ? locked.filter((place) => place !== 0) : locked, selected, selectedCamera, big: search.big === true && selectedCamera !== null && draft === null, spotlight, tour, onTour: say, layoutPlace }
}

/** All state of the screen lives in its address. */
function useGo(): (to: Going) => void {
  const navigate = useNavigate()
  return useCallback((to) => {
    const search = Object.fromEntries(Object.entries(to).filter(([, value]) => value !== undefined)) as WallSearch
    void navigate({ to: '.', search: search as never, replace: true })
  }, [navigate])
}
