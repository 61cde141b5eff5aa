import { useState, type KeyboardEvent, type ReactElement } from 'react'
import type { WallView } from '../../server/contract/wall.js'
import { Confirm, Modal } from '../ui/pieces.js'
import { found } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { moved } from './compose.js'
import type { Group, Source } from './pages.js'

export interface WallsListProps {
  readonly walls: readonly WallView[]
  readonly groups: { readonly areas: readonly Group[]; readonly streets: readonly Group[] }
  readonly cameras: number
  readonly shown: Source
  readonly onOpen: (source: Source) => void
  readonly onSaveShown: () => void
  readonly onEdit: (wall: WallView) => void
  readonly onShare: (wall: WallView) => void
  readonly onRemove: (wall: WallView) => void
  readonly onOrder: (ids: readonly string[]) => void
}

/** Every wall there is to show: what the person keeps, what others share, and what areas and streets make by themselves. */
export function WallsList(props: WallsListProps & { readonly onClose: () => void }): ReactElement {
  const { t } = useWords()
  return <Modal title={t('walls.title')} onClose={props.onClose}><WallsRows {...props} /></Modal>
}

export function WallsRows({ walls, groups, cameras, shown, onOpen, onSaveShown, onEdit, onShare, onRemove, onOrder }: WallsListProps): ReactElement {
  const { t } = useWords()
  const [asked, setAsked] = useState('')
  const [removing, setRemoving] = useState<WallView | null>(null)
  const [dragged, setDragged] = useState<string | null>(null)
  const mine = walls.filter((wall) => wall.mine)
  const shared = walls.filter((wall) => !wall.mine)
  const ids = mine.map((wall) => wall.id)
  const order = (id: string, to: number): void => onOrder(moved(ids, ids.indexOf(id), to))
  const is = (source: Source): boolean => JSON.stringify(source) === JSON.stringify(shown)
  const group = (one: Group): ReactElement | null => found(asked, [one.name]) ? <Row key={`${one.source.is} ${one.name}`} name={one.name} detail={t('walls.cameras', { count: one.cameras })} on={is(one.source)} onOpen={() => onOpen(one.source)} /> : null
  return (
    <div className="walls-list" onKeyDown={walk}>
      <div className="srch"><input autoFocus value={asked} onChange={(event) => setAsked(event.target.value)} placeholder={t('walls.search')} aria-label={t('walls.search')} /></div>
      <button type="button" className="btn sm" onClick={onSaveShown} data-do="save-wall">{t('walls.save_shown')}</button>
      <h3>{t('walls.mine')}</h3>
      {mine.length ? null : <p className="text3">{t('walls.none')}</p>}
      <ol>
        {mine.filter((wall) => found(asked, [wall.name])).map((wall) => (
          <li key={wall.id} draggable data-wall={wall.id} className={dragged === wall.id ? 'dragged' : ''} onDragStart={() => setDragged(wall.id)} onDragEnd={() => setDragged(null)} onDragOver={(event) => event.preventDefault()} onDrop={() => { if (dragged) order(dragged, ids.indexOf(wall.id)) }}>
            <button type="button" className="open" aria-current={is({ is: 'saved', wallId: wall.id }) || undefined} onClick={() => onOpen({ is: 'saved', wallId: wall.id })} onKeyDown={(event) => { if (event.shiftKey && /^Arrow(Up|Down)$/.test(event.code)) { event.preventDefault(); event.stopPropagation(); order(wall.id, ids.indexOf(wall.id) + (event.code === 'ArrowUp' ? -1 : 1)) } }}>
              <b className="cut">{wall.name}</b><small>{t('walls.pages', { count: wall.pages.length })}{wall.shared ? ` · ${t('walls.shared')}` : ''}</small>
            </button>
            <button type="button" className="btn sm" onClick={() => onEdit(wall)} data-do="edit-wall">{t('walls.edit')}</button>
            <button type="button" className="btn sm" aria-pressed={wall.shared} onClick={() => onShare(wall)}>{t(wall.shared ? 'walls.unshare' : 'walls.share')}</button>
            <button type="button" className="btn sm step" disabled={ids[0] === wall.id} onClick={() => order(wall.id, ids.indexOf(wall.id) - 1)} aria-label={t('walls.up')}>↑</button>
            <button type="button" className="btn sm step" disabled={ids.at(-1) === wall.id} onClick={() => order(wall.id, ids.indexOf(wall.id) + 1)} aria-label={t('walls.down')}>↓</button>
            <button type="button" className="btn sm" onClick={() => setRemoving(wall)}>{t('walls.remove')}</button>
          </li>
        ))}
      </ol>
      {shared.length ? <h3>{t('walls.of_others')}</h3> : null}
      {shared.filter((wall) => found(asked, [wall.name, wall.by])).map((wall) => <Row key={wall.id} name={wall.name} detail={wall.by} on={is({ is: 'saved', wallId: wall.id })} onOpen={() => onOpen({ is: 'saved', wallId: wall.id })} />)}
      <h3>{t('walls.ready')}</h3>
      <Row name={t('walls.all')} detail={t('walls.cameras', { count: cameras })} on={is({ is: 'all' })} onOpen={() => onOpen({ is: 'all' })} />
      {groups.areas.length > 1 ? groups.areas.map(group) : null}
      {groups.streets.map(group)}
      {removing ? <Confirm title={t('walls.remove')} text={t('walls.remove_sure', { name: removing.name })} act={t('walls.remove')} busy={false} onClose={() => setRemoving(null)} onAct={() => { onRemove(removing); setRemoving(null) }} /> : null}
    </div>
  )
}

function Row({ name, detail, on, onOpen }: { readonly name: string; readonly detail: string; readonly on: boolean; readonly onOpen: () => void }): ReactElement {
  return <button type="button" className="open" aria-current={on || undefined} onClick={onOpen}><b className="cut">{name}</b><small>{detail}</small></button>
}

/** Arrows go from wall to wall, past their buttons. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  if (event.shiftKey || (event.code !== 'ArrowDown' && event.code !== 'ArrowUp')) return
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('.open')]
  const at = rows.findIndex((row) => row === document.activeElement || row.parentElement?.contains(document.activeElement))
  const to = rows[event.code === 'ArrowDown' ? at + 1 : Math.max(0, at - 1)]
  if (!to) return
  event.preventDefault()
  to.focus()
}
