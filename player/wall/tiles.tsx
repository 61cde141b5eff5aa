import { useCallback, useState, type DragEvent, type ReactElement } from 'react'
import type { AlertView } from '../../server/contract/alerts.js'
import { useWords } from '../words/words.js'
import { CAMERA_DRAG } from './compose-panel.js'
import type { Layout } from './layout.js'
import { CameraTile, type TileCamera } from './live-tile.js'
import type { Hearing } from './use-sound.js'
import type { Picture } from './picture.js'
import { EmptyTile, LockedTile, type TileSound } from './tile.js'

export interface TilesProps {
  readonly layout: Layout
  /** By place: camera ids, null for an empty tile. */
  readonly tiles: readonly (string | null)[]
  readonly locked: readonly number[]
  readonly cameras: readonly TileCamera[]
  readonly alerts: readonly AlertView[]
  /** The alert that holds the first tile. */
  readonly urgent: AlertView | null
  /** From 1. */
  readonly selected: number | null
  /** Only the selected tile is shown, large. */
  readonly big: boolean
  readonly stills: boolean
  readonly watermark: string
  readonly onPick: (tile: number) => void
  readonly onEnlarge: (tile: number) => void
  readonly onPicture: (cameraId: string, is: Picture['is'] | null) => void
  /** Null where nobody sits who could want to hear. */
  readonly hearing?: Hearing | null
  /** While the wall is put together: a camera dropped on a tile, or a tile on another. Places from 0. */
  readonly drop: { readonly camera: (cameraId: string, place: number) => void; readonly tile: (from: number, to: number) => void } | null
}

const TILE_DRAG = 'application/x-vonglau-tile'

/** All tiles of one page. A camera keeps its tile element wherever it stands, so it plays on when it moves or grows. */
export function Tiles(props: TilesProps): ReactElement {
  const { t } = useWords()
  const { layout, tiles, locked, cameras, alerts, urgent, selected, big, drop } = props
  const places = big ? [(selected ?? 1) - 1] : tiles.map((_, place) => place)
  return (
    <section className={`tiles ${big ? 'big' : `l${layout.replace('+', 'p')}`}${drop ? ' composing' : ''}`} aria-label={t('wall.tiles')} onDragOver={drop ? allow : undefined} onDrop={drop ? (event) => dropped(event, drop) : undefined} onDragStart={drop ? dragged : undefined}>
      {places.map((place) => {
        const number = place + 1
        const camera = cameras.find((one) => one.id === tiles[place])
        if (locked.includes(place) && !camera) return <LockedTile key={`locked ${place}`} number={number} />
        if (!camera) return <EmptyTile key={`empty ${place}`} number={number} words={t(drop ? 'compose.drop_here' : 'wall.empty_tile')} selected={!big && number === selected} onPick={() => props.onPick(number)} />
        const isUrgent = urgent !== null && urgent.cameraId === camera.id && (place === 0 || big)
        const large = big || layout === '1' || (place === 0 && (layout === '1+12' || (isUrgent && (layout === '2x2' || layout === '3x3'))))
        const alert = isUrgent ? urgent : (alerts.find((one) => one.cameraId === camera.id) ?? null)
        return <CameraTile key={camera.id} number={number} camera={camera} stills={props.stills} big={big || layout === '1'} spotlight={large} urgent={isUrgent} alert={alert} selected={!big && number === selected} watermark={props.watermark} onPick={() => props.onPick(number)} onEnlarge={() => props.onEnlarge(number)} onPicture={props.onPicture} sound={soundOf(camera, props.hearing ?? null)} />
      })}
    </section>
  )
}

function soundOf(camera: TileCamera, hearing: Hearing | null): TileSound | null {
  if (!hearing || !camera.sound) return null
  return { is: hearing.cameraId === camera.id ? hearing.state : 'off', onToggle: () => hearing.toggle(camera) }
}

/** The place of the tile under the pointer, from 0. */
function placeOf(event: DragEvent): number | null {
  const number = event.target instanceof Element ? Number(event.target.closest<HTMLElement>('[data-tile]')?.dataset['tile']) : NaN
  return Number.isInteger(number) ? number - 1 : null
}

function allow(event: DragEvent): void {
  if (placeOf(event) !== null) event.preventDefault()
}

function dragged(event: DragEvent): void {
  const place = placeOf(event)
  if (place !== null) event.dataTransfer.setData(TILE_DRAG, String(place))
}

function dropped(event: DragEvent, drop: NonNullable<TilesProps['drop']>): void {
  const to = placeOf(event)
  if (to === null) return
  event.preventDefault()
  const cameraId = event.dataTransfer.getData(CAMERA_DRAG)
  const from = event.dataTransfer.getData(TILE_DRAG)
  if (cameraId) drop.camera(cameraId, to)
  else if (from !== '') drop.tile(Number(from), to)
}

/** What each camera's tile shows, for the counts in the bar. */
export function usePictures(): readonly [ReadonlyMap<string, Picture['is']>, (cameraId: string, is: Picture['is'] | null) => void] {
  const [pictures, setPictures] = useState<ReadonlyMap<string, Picture['is']>>(new Map())
  const onPicture = useCallback((cameraId: string, is: Picture['is'] | null) => {
    setPictures((known) => {
      if ((known.get(cameraId) ?? null) === is) return known
      const grown = new Map(known)
      if (is === null) grown.delete(cameraId)
      else grown.set(cameraId, is)
      return grown
    })
  }, [])
  return [pictures, onPicture]
}
