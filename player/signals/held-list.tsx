import { Link } from '@tanstack/react-router'
import { useEffect, useRef, type ReactElement } from 'react'
import type { HeldView } from '../../server/contract/signals.js'
import type { HeldSearch } from '../routes.js'
import { moment, span } from '../words/measures.js'
import { useWords } from '../words/words.js'

interface HeldListProps {
  readonly held: readonly HeldView[]
  readonly current: string | null
  /** Null: nothing can be decided here, so nothing is marked. */
  readonly marked: ReadonlySet<string> | null
  readonly search: HeldSearch
  readonly now: number
  readonly onMark: (incidentId: string) => void
}

export function HeldList({ held, current, marked, search, now, onMark }: HeldListProps): ReactElement {
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    list.current?.querySelector('.sel')?.scrollIntoView({ block: 'nearest' })
  }, [current])
  return <div className="rows"><ol ref={list}>{held.map((one) => <HeldRow key={one.incidentId} held={one} current={one.incidentId === current} marked={marked && marked.has(one.incidentId)} search={search} now={now} onMark={onMark} />)}</ol></div>
}

function HeldRow({ held, current, marked, search, now, onMark }: Omit<HeldListProps, 'held' | 'current' | 'marked'> & { readonly held: HeldView; readonly current: boolean; readonly marked: boolean | null }): ReactElement {
  const { t, pick, language } = useWords()
  const { incidentId, outcome } = held
  return (
    <li className={current ? 'sel' : ''} data-held={incidentId} data-why={held.why} data-outcome={outcome?.is}>
      {marked === null ? null : <label className="mark-box"><input type="checkbox" checked={marked} onChange={() => onMark(incidentId)} aria-label={t('held.mark', { title: pick(held.title), camera: held.cameraName })} /></label>}
      <Link to="/signals/held/$incidentId" params={{ incidentId }} search={search} aria-current={current ? 'true' : undefined}>
        <div className="m">
          <b className="cut">{pick(held.title)}</b>
          <span className="cut">{held.cameraName} · {moment(held.sinceMs, now)}</span>
          <span className="pl cut">{pick(held.said)}</span>
        </div>
        <div className="r">
          {outcome ? <><b className="small">{t(`held.outcome.${outcome.is}`)}</b><span>{outcome.by?.displayName ?? '–'}</span><span className="pr">{moment(outcome.atMs, now)}</span></> : <><b>{span(now - held.heldAtMs, language)}</b><span>{t(`held.short.${held.why}`)}</span></>}
        </div>
      </Link>
    </li>
  )
}
