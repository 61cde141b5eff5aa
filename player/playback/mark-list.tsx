import { Link } from '@tanstack/react-router'
import { useEffect, useRef, type ReactElement } from 'react'
import { Search } from '../desk/desk-bar.js'
import { Empty, Segments } from '../ui/pieces.js'
import { moment } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { MarkSymbol } from './lane.js'
import type { CameraMark, MarkFilter } from './marks.js'

interface MarkListProps {
  readonly marks: readonly CameraMark[]
  /** How many there are before the filter: an empty list of many is another thing than none. */
  readonly all: number
  readonly filter: MarkFilter
  readonly asked: string
  readonly atMs: number
  readonly nowMs: number
  readonly onFilter: (filter: MarkFilter) => void
  readonly onAsk: (text: string) => void
  readonly onGo: (mark: CameraMark) => void
  readonly onRemove: ((mark: CameraMark) => void) | null
}

/** The marks of the cameras shown, in order of time; the one being watched is marked and kept in sight. */
export function MarkList(props: MarkListProps): ReactElement {
  const { t } = useWords()
  const { marks, atMs, nowMs } = props
  const current = marks.findLast((mark) => mark.atMs <= atMs + 3_500)?.id ?? null
  const row = useRef<HTMLLIElement>(null)
  useEffect(() => row.current?.scrollIntoView({ block: 'nearest' }), [current])
  return (
    <section className="marks" aria-label={t('marks.title')}>
      <div className="marks-head">
        <Segments label={t('marks.title')} value={props.filter} onPick={props.onFilter} options={[['all', t('marks.all')], ['alert', t('marks.alert')], ['bookmark', t('marks.bookmark')]]} />
        <Search asked={props.asked} onAsk={props.onAsk} hint={t('marks.search')} />
      </div>
      {marks.length ? (
        <ol className="mark-rows">
          {marks.map((mark) => (
            <li key={mark.id} ref={mark.id === current ? row : null} className={mark.id === current ? 'on' : ''} data-mark-row={mark.kind}>
              <button type="button" className="go" onClick={() => props.onGo(mark)} aria-current={mark.id === current}>
                <MarkSymbol mark={mark} size={24} />
                <span className="grow"><b className="cut">{mark.title || t('lane.bookmark')}</b><span className="cut">{mark.cameraName}{mark.by ? ` · ${mark.by}` : ''}</span>{mark.tags.length ? <span className="tags">{mark.tags.map((tag) => <i key={tag} className="chip">{tag}</i>)}</span> : null}</span>
                <time>{moment(mark.atMs, nowMs)}</time>
              </button>
              {mark.alertId ? <Link to="/desk/$alertId" params={{ alertId: mark.alertId }} className="link small">{t('marks.open_desk')}</Link> : null}
              {mark.kind === 'bookmark' && props.onRemove ? <button type="button" className="link small" onClick={() => props.onRemove?.(mark)}>{t('marks.remove')}</button> : null}
            </li>
          ))}
        </ol>
      ) : props.all > 0 && props.asked ? <Empty title={t('marks.nothing_found', { asked: props.asked })} /> : <Empty title={t('marks.none')} next={t('marks.none_next')} />}
    </section>
  )
}
