import type { ReactElement } from 'react'
import { useLinkWidth } from '../wall/use-link.js'
import { arrange } from '../wall/layout.js'
import type { Page } from '../wall/pages.js'
import { Tiles, usePictures } from '../wall/tiles.js'
import { clock, day } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { leftOf, shownOf, type Room, type Shown } from './room-state.js'

type Running = Extract<Room, { is: 'running' }>

/** What the presenter shows, with the line that says what it is, how long it lasts and who presents. */
export function RoomBoard({ room, now, stills }: { readonly room: Running; readonly now: number; readonly stills: boolean }): ReactElement {
  const { t } = useWords()
  const { board } = room
  const shown = shownOf(room)
  const [, onPicture] = usePictures()
  const page: Page = shown.is === 'camera' ? { layout: '1', cameraIds: [shown.cameraId], locked: [] } : ((shown.is === 'page' ? board.pages[shown.page] : null) ?? { layout: '1', cameraIds: [], locked: [] })
  useLinkWidth(shown.is === 'blank' ? null : (page.cameraIds.find((id) => id !== null) ?? null))
  return (
    <main className="wall alone" data-shown={shown.is} data-page={shown.is === 'page' ? shown.page + 1 : undefined}>
      <RoomLine room={room} shown={shown} now={now} stills={stills} />
      {shown.is === 'blank' ? <Blank by={shown.by} /> : (
        <Tiles layout={page.layout} tiles={arrange(page.cameraIds, page.layout, null)} locked={page.locked} cameras={board.cameras.map((camera) => ({ ...camera, rules: [] }))} alerts={[]} urgent={null} selected={null} big={false} stills={stills} watermark={`${t('room.mark', { who: board.by })} · ${day(now)} ${clock(now)}`} onPick={nothing} onEnlarge={nothing} onPicture={onPicture} drop={null} />
      )}
    </main>
  )
}

export function RoomLine({ room: { board, now: told }, shown, now, stills }: { readonly room: Running; readonly shown: Shown; readonly now: number; readonly stills: boolean }): ReactElement {
  const { t } = useWords()
  const left = leftOf(told.endsAtMs, now)
  const name = shown.is === 'camera' ? (board.cameras.find(({ id }) => id === shown.cameraId)?.name ?? board.name) : board.name
  return (
    <header className="room-line">
      <b className="cut">{name}</b>
      {shown.is === 'page' && board.pages.length > 1 ? <span className="nowrap">{t('room.page', { page: shown.page + 1, pages: board.pages.length })}</span> : null}
      {stills ? <span className="nowrap">{t('tile.still')}</span> : null}
      <span className="grow" />
      <span className="left nowrap">{t(left.words, { count: left.count })}</span>
      <span className="cut">{t('room.by', { who: board.by })}</span>
    </header>
  )
}

export function Blank({ by }: { readonly by: 'presenter' | 'room' }): ReactElement {
  const { t } = useWords()
  return <div className="room-blank" role="status"><b>{t('room.blank')}</b><span>{t(by === 'presenter' ? 'room.blank_presenter' : 'room.blank_here')}</span></div>
}

const nothing = (): void => {}
