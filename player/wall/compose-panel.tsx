import { useState, type ReactElement } from 'react'
import type { CameraView } from '../../server/contract/cameras.js'
import { Refusal, Segments } from '../ui/pieces.js'
import { found } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { PAGES_MAX, type Compose } from './compose.js'
import { LAYOUT_WORDS, LAYOUTS, type Layout } from './layout.js'
import type { Page } from './pages.js'

/** A wall being put together, not saved yet. `id`: of the wall it will replace. */
export interface Draft {
  readonly id: string | null
  readonly name: string
  readonly dwellS: number
  readonly shared: boolean
  readonly pages: readonly Page[]
}

export const CAMERA_DRAG = 'application/x-vonglau-camera'

export interface ComposeProps {
  readonly draft: Draft
  readonly page: number
  readonly cameras: readonly CameraView[]
  /** From 1; where a camera that is chosen goes. */
  readonly selected: number | null
  readonly onChange: (part: Partial<Draft>) => void
  readonly onStep: (step: Compose) => void
  readonly onPage: (page: number) => void
  readonly onPut: (cameraId: string) => void
  readonly onSave: () => void
  readonly onClose: () => void
  readonly busy: boolean
  readonly fault: unknown
}

export function ComposePanel({ draft, page, cameras, selected, onChange, onStep, onPage, onPut, onSave, onClose, busy, fault }: ComposeProps): ReactElement {
  const { t } = useWords()
  const [asked, setAsked] = useState('')
  const layout: Layout = draft.pages[page]?.layout ?? '2x2'
  const onThisPage = new Set(draft.pages[page]?.cameraIds ?? [])
  return (
    <aside className="side compose" aria-label={t('compose.title')}>
      <section className="card">
        <form onSubmit={(event) => { event.preventDefault(); onSave() }}>
          <label className="field">{t('compose.name')}<input value={draft.name} maxLength={80} required autoFocus onChange={(event) => onChange({ name: event.target.value })} name="wall-name" /></label>
          <div className="two">
            <label className="field">{t('compose.dwell')}<input type="number" min={5} max={600} value={draft.dwellS} onChange={(event) => onChange({ dwellS: Number(event.target.value) })} name="wall-dwell" /></label>
            <label className="check"><input type="checkbox" checked={draft.shared} onChange={(event) => onChange({ shared: event.target.checked })} />{t('compose.shared')}</label>
          </div>
          <Refusal fault={fault} />
          <div className="two">
            <button type="submit" className="btn main" disabled={busy || !draft.name.trim()} data-do="save-draft">{t('compose.save')}</button>
            <button type="button" className="btn" onClick={onClose}>{t('do.cancel')}</button>
          </div>
        </form>
      </section>
      <section className="card">
        <div className="hd"><span>{t('compose.pages')}</span></div>
        <div className="page-row">
          {draft.pages.map((_, at) => <button key={at} type="button" className="btn sm step" aria-pressed={at === page} onClick={() => onPage(at)}>{at + 1}</button>)}
          <button type="button" className="btn sm" disabled={draft.pages.length >= PAGES_MAX} onClick={() => { onStep({ do: 'add_page', layout }); onPage(draft.pages.length) }}>{t('compose.add_page')}</button>
          <button type="button" className="btn sm" disabled={draft.pages.length < 2} onClick={() => { onStep({ do: 'remove_page', page }); onPage(Math.max(0, page - 1)) }}>{t('compose.remove_page')}</button>
        </div>
        <Segments label={t('wall.layout')} value={layout} options={LAYOUTS.map((one) => [one, LAYOUT_WORDS[one]] as const)} onPick={(picked) => onStep({ do: 'layout', page, layout: picked })} />
        <button type="button" className="btn sm" disabled={selected === null} onClick={() => selected !== null && onStep({ do: 'clear', page, place: selected - 1 })}>{t('compose.clear', { tile: selected ?? '–' })}</button>
      </section>
      <section className="card waiting-list">
        <div className="hd"><span>{t('compose.cameras')}</span><span className="text3 small">{selected === null ? t('compose.pick_tile') : t('compose.into', { tile: selected })}</span></div>
        <div className="srch"><input value={asked} onChange={(event) => setAsked(event.target.value)} placeholder={t('compose.search')} aria-label={t('compose.search')} /></div>
        <ol>
          {cameras.filter((camera) => found(asked, [camera.name, camera.place.street, camera.areaName])).map((camera) => (
            <li key={camera.id}>
              <button type="button" className="open" draggable onDragStart={(event) => event.dataTransfer.setData(CAMERA_DRAG, camera.id)} onClick={() => onPut(camera.id)} data-camera={camera.id}>
                <b className="cut">{camera.name}</b><small>{onThisPage.has(camera.id) ? t('compose.on_page') : camera.areaName}</small>
              </button>
            </li>
          ))}
        </ol>
      </section>
    </aside>
  )
}
