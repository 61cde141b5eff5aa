import './wall.css'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo, useRef, useState, type ReactElement } from 'react'
import type { AlertView } from '../../server/contract/alerts.js'
import type { CameraView } from '../../server/contract/cameras.js'
import { useCameras, useOpenAlerts } from '../api/queries.js'
import { useClaim } from '../desk/use-claim.js'
import { SECOND_KEY_MS_MAX, tileOf } from '../keys/key-law.js'
import { useKeys } from '../keys/use-keys.js'
import type { WallSearch } from '../routes.js'
import { keep, kept } from '../ui/choices.js'
import { useNow } from '../ui/now.js'
import { Empty, Segments, Settled } from '../ui/pieces.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { clock, day } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { arrange, fittingLayout, LAYOUT_TILES, LAYOUT_WORDS, LAYOUTS, neighbours, pagesOf, readLayout, type Layout } from './layout.js'
import { LiveTile } from './live-tile.js'
import type { Picture } from './picture.js'
import { NeighboursCard, NowCard, QueueCard } from './side.js'
import { EmptyTile } from './tile.js'

/** A critical or high alert holds the spotlight until this long after somebody took it. */
const SPOTLIGHT_AFTER_CLAIM_MS = 20_000

export function WallScreen(): ReactElement {
  const { t } = useWords()
  const cameras = useCameras()
  return <Settled what={t('tab.wall')} query={cameras} rows={8}>{(list) => <Wall cameras={list} />}</Settled>
}

function inOrder(cameras: readonly CameraView[]): readonly CameraView[] {
  return [...cameras].sort((a, b) => a.areaName.localeCompare(b.areaName, 'vi') || a.place.street.localeCompare(b.place.street, 'vi') || a.place.order - b.place.order || a.name.localeCompare(b.name, 'vi'))
}

function Wall({ cameras: all }: { readonly cameras: readonly CameraView[] }): ReactElement {
  const me = useSignedIn()
  const { t } = useWords()
  const search = useSearch({ from: '/shell/wall' })
  const now = useNow()
  const { alerts } = useOpenAlerts()
  const claimOne = useClaim()
  const cameras = useMemo(() => inOrder(all), [all])
  const layoutPlace = `vonglau.wall.${me.id}`
  const layout = search.layout ?? readLayout(kept(layoutPlace)) ?? fittingLayout(cameras.length)
  const pages = pagesOf(cameras.length, layout)
  const page = Math.min(pages, search.page ?? 1) - 1

  const urgent = useMemo(() => alerts.find((alert) => (alert.priority === 'critical' || alert.priority === 'high') && (alert.state === 'new' || now - alert.changedAtMs < SPOTLIGHT_AFTER_CLAIM_MS)) ?? null, [alerts, now])
  const shownAlert = urgent ?? alerts.find((alert) => alert.state === 'new') ?? null
  const spotlight = urgent && cameras.some((camera) => camera.id === urgent.cameraId) ? urgent.cameraId : null
  const tiles = useMemo(() => arrange(cameras.map((camera) => camera.id), layout, page, spotlight), [cameras, layout, page, spotlight])
  const selected = search.tile !== undefined && search.tile <= tiles.length ? search.tile : null
  const selectedCamera = cameras.find((camera) => camera.id === (selected === null ? null : tiles[selected - 1])) ?? null
  const big = search.big === true && selectedCamera !== null
  const ofStreet = selectedCamera ?? cameras.find((camera) => camera.id === shownAlert?.cameraId) ?? null
  const beside = ofStreet ? neighbours(cameras, ofStreet) : { before: null, after: null }
  const [pictures, onPicture] = usePictures()
  const { go, goTo, walking } = useWallKeys({ layout, page, tiles, cameras, selected, big, beside, kiosk: search.kiosk === true, layoutPlace, claim: () => (shownAlert?.state === 'new' ? claimOne.claim(shownAlert) : null) })

  if (!cameras.length) return <main className="wall alone"><Empty title={t('wall.empty')} next={t('wall.empty_next')} /></main>
  const watermark = `${me.name} · ${day(now)} ${clock(now)}`
  const shown = big ? [tiles[(selected ?? 1) - 1] ?? null] : tiles
  return (
    <main className={search.kiosk ? 'wall alone' : 'wall'}>
      {search.kiosk ? <div className="kiosk-note"><b>{t('wall.view_only')}</b><span>{clock(now)}</span></div> : (
        <WallBar layout={layout} onLayout={(picked) => { keep(layoutPlace, picked); go({ layout: picked }) }} page={page} pages={pages} onPage={(to) => go({ layout, page: to + 1 })} pictures={pictures} big={big} onBack={() => go({ ...search, big: undefined })} />
      )}
      <section className={`tiles ${big ? 'big' : `l${layout.replace('+', 'p')}`}`} aria-label={t('wall.tiles')}>
        {shown.map((cameraId, at) => {
          const number = big ? (selected ?? 1) : at + 1
          const camera = cameras.find((one) => one.id === cameraId)
          if (!camera) return <EmptyTile key={`empty ${number}`} number={number} words={t('wall.empty_tile')} />
          const inSpot = big || (layout === '1+12' && at === 0) || layout === '1'
          const alert = alertOf(alerts, camera.id, inSpot ? urgent : null)
          return <LiveTile key={camera.id} number={number} camera={camera} big={big || layout === '1'} spotlight={inSpot} alert={alert} selected={!big && number === selected} watermark={inSpot ? watermark : null} onPick={() => go({ ...search, layout, tile: number })} onEnlarge={() => go({ ...search, layout, tile: number, big: big ? undefined : true })} onPicture={onPicture} />
        })}
      </section>
      {search.kiosk ? null : (
        <aside className="side">
          <NowCard alert={shownAlert} now={now} lastAtMs={alerts[0]?.raisedAtMs ?? null} claim={{ can: may(me, 'alert.act'), waits: shownAlert ? claimOne.waits(shownAlert.id) : false, act: () => shownAlert && claimOne.claim(shownAlert) }} />
          <NeighboursCard camera={ofStreet} before={beside.before} after={beside.after} active={walking} onGo={goTo} />
          <QueueCard alerts={alerts} me={me.id} now={now} />
        </aside>
      )}
    </main>
  )
}

function alertOf(alerts: readonly AlertView[], cameraId: string, urgent: AlertView | null): AlertView | null {
  if (urgent?.cameraId === cameraId) return urgent
  return alerts.find((alert) => alert.cameraId === cameraId && alert.state === 'new') ?? null
}

/** What each tile shows, counted for the bar. */
function usePictures(): readonly [ReadonlyMap<string, Picture['is']>, (cameraId: string, is: Picture['is'] | null) => void] {
  const [pictures, setPictures] = useState<ReadonlyMap<string, Picture['is']>>(new Map())
  const onPicture = useCallback((cameraId: string, is: Picture['is'] | null) => {
    setPictures((known) => {
      const next = new Map(known)
      if (is === null) next.delete(cameraId)
      else next.set(cameraId, is)
      return next
    })
  }, [])
  return [pictures, onPicture]
}

interface BarProps {
  readonly layout: Layout
  readonly onLayout: (layout: Layout) => void
  readonly page: number
  readonly pages: number
  readonly onPage: (page: number) => void
  readonly pictures: ReadonlyMap<string, Picture['is']>
  readonly big: boolean
  readonly onBack: () => void
}

function WallBar({ layout, onLayout, page, pages, onPage, pictures, big, onBack }: BarProps): ReactElement {
  const { t } = useWords()
  const count = (...states: readonly Picture['is'][]): number => [...pictures.values()].filter((is) => states.includes(is)).length
  const [old, gone] = [count('lost', 'behind'), count('waiting')]
  return (
    <div className="bar">
      <h1>{t('tab.wall')}</h1>
      {big ? <button type="button" className="btn sm" onClick={onBack}><kbd>Esc</kbd>{t('do.back')}</button> : <div className="wide"><Segments label={t('wall.layout')} value={layout} options={LAYOUTS.map((one) => [one, LAYOUT_WORDS[one]] as const)} onPick={onLayout} /></div>}
      {pages > 1 && !big ? <div className="pager"><button type="button" className="btn sm" disabled={page === 0} onClick={() => onPage(page - 1)} aria-label={t('wall.page_before')}>‹</button><span>{t('wall.page', { page: page + 1, pages })}</span><button type="button" className="btn sm" disabled={page + 1 >= pages} onClick={() => onPage(page + 1)} aria-label={t('wall.page_after')}>›</button></div> : null}
      <span className="grow" />
      <span className="text2 nowrap">{t('wall.count', { tiles: pictures.size, live: count('playing') })}</span>
      {old ? <span className="fault nowrap"><b>{old}</b> {t('wall.old')}</span> : null}
      {gone ? <span className="fault nowrap"><b>{gone}</b> {t('wall.gone')}</span> : null}
      <span className="text2 nowrap wide"><kbd>?</kbd> {t('keys.short')}</span>
    </div>
  )
}

interface WallKeys {
  readonly layout: Layout
  readonly page: number
  readonly tiles: readonly (string | null)[]
  readonly cameras: readonly CameraView[]
  readonly selected: number | null
  readonly big: boolean
  readonly beside: { readonly before: CameraView | null; readonly after: CameraView | null }
  readonly kiosk: boolean
  readonly layoutPlace: string
  readonly claim: () => void
}

type Going = { readonly [name in keyof WallSearch]: WallSearch[name] | undefined }

/** The wall's keys, and where they lead: all of it into the address. */
function useWallKeys(wall: WallKeys): { readonly go: (to: Going) => void; readonly goTo: (cameraId: string) => void; readonly walking: boolean } {
  const navigate = useNavigate({ from: '/wall' })
  const [walking, setWalking] = useState(false)
  const first = useRef<{ digit: number | null; atMs: number }>({ digit: null, atMs: 0 })
  const layoutAsked = useRef(-Infinity)
  const { layout, page, tiles, cameras, selected, big, beside } = wall
  const go = useCallback((to: Going): void => {
    const search = Object.fromEntries(Object.entries(to).filter(([, value]) => value !== undefined)) as WallSearch
    void navigate({ search, replace: true })
  }, [navigate])
  const here: Going = { layout, page: page ? page + 1 : undefined, tile: selected ?? undefined, big: big || undefined, kiosk: wall.kiosk || undefined }
  const goTo = (cameraId: string): void => {
    const tile = tiles.indexOf(cameraId)
    if (tile >= 0) return go({ ...here, tile: tile + 1 })
    const at = cameras.findIndex((camera) => camera.id === cameraId)
    if (at >= 0) go({ ...here, page: Math.floor(at / LAYOUT_TILES[layout]) + 1, tile: (at % LAYOUT_TILES[layout]) + 1 })
  }
  useKeys((key) => {
    const nowMs = performance.now()
    if (key.is === 'digit') {
      if (nowMs - layoutAsked.current < SECOND_KEY_MS_MAX) {
        layoutAsked.current = -Infinity
        const picked = LAYOUTS[key.digit - 1]
        if (picked) { keep(wall.layoutPlace, picked); go({ layout: picked, kiosk: here.kiosk }) }
        return true
      }
      const read = tileOf(nowMs - first.current.atMs < SECOND_KEY_MS_MAX ? first.current.digit : null, key.digit, tiles.length)
      first.current = { digit: read.first, atMs: nowMs }
      if (read.tile !== null) go({ ...here, tile: read.tile })
      return true
    }
    if (key.is === 'arrow') {
      if (walking && (key.to === 'left' || key.to === 'right')) {
        const to = key.to === 'left' ? beside.before : beside.after
        if (to) goTo(to.id)
      } else go({ ...here, tile: step(selected, key.to, layout, tiles.length) })
      return true
    }
    if (key.is === 'enter') return selected === null ? false : (go({ ...here, big: big ? undefined : true }), true)
    if (key.is === 'escape') return big ? (go({ ...here, big: undefined }), true) : walking ? (setWalking(false), true) : selected !== null ? (go({ ...here, tile: undefined }), true) : wall.kiosk ? (go({ ...here, kiosk: undefined }), true) : false
    if (key.is !== 'letter') return false
    if (key.letter === 'G') layoutAsked.current = nowMs
    else if (key.letter === 'L') setWalking(!walking)
    else if (key.letter === 'T') wall.claim()
    else if (key.letter === 'K') go({ ...here, kiosk: wall.kiosk ? undefined : true })
    else return false
    return true
  })
  return { go, goTo, walking }
}

function step(selected: number | null, to: 'up' | 'down' | 'left' | 'right', layout: Layout, tiles: number): number {
  if (selected === null) return 1
  const across = layout === '1' ? 1 : layout === '2x2' ? 2 : layout === '3x3' ? 3 : 4
  const by = to === 'left' ? -1 : to === 'right' ? 1 : to === 'up' ? -across : across
  return Math.min(tiles, Math.max(1, selected + by))
}
