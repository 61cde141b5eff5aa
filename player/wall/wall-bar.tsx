import type { ReactElement } from 'react'
import { Segments } from '../ui/pieces.js'
import { useWords } from '../words/words.js'
import { LAYOUT_WORDS, LAYOUTS, type Layout } from './layout.js'
import type { Picture } from './picture.js'
import { secondsLeft, type Tour, type TourNews } from './tour.js'
import type { LinkWidth, PicturesChoice } from './thin-link.js'

export interface BarProps {
  readonly name: string
  readonly onWalls: () => void
  /** Null: no right to give meeting rooms a link, or not now. */
  readonly onMeeting: (() => void) | null
  readonly layout: Layout
  readonly onLayout: (layout: Layout) => void
  readonly tour: Tour
  readonly pages: number
  readonly onTour: (news: TourNews) => void
  readonly pictures: ReadonlyMap<string, Picture['is']>
  readonly big: boolean
  readonly onBack: () => void
  readonly stills: { readonly shown: boolean; readonly choice: PicturesChoice; readonly link: LinkWidth; readonly onChoose: (choice: PicturesChoice) => void }
}

export function WallBar({ name, onWalls, onMeeting, layout, onLayout, tour, pages, onTour, pictures, big, onBack, stills }: BarProps): ReactElement {
  const { t } = useWords()
  const count = (...states: readonly Picture['is'][]): number => [...pictures.values()].filter((is) => states.includes(is)).length
  const [old, gone, still] = [count('lost', 'behind'), count('waiting'), count('still')]
  return (
    <div className="bar">
      <button type="button" className="wall-name" onClick={onWalls} aria-haspopup="dialog" data-do="walls"><h1 className="cut">{name}</h1><kbd className="hint">N</kbd></button>
      {big ? <button type="button" className="btn sm" onClick={onBack}><kbd>Esc</kbd>{t('do.back')}</button> : <div className="wide"><Segments label={t('wall.layout')} value={layout} options={LAYOUTS.map((one) => [one, LAYOUT_WORDS[one]] as const)} onPick={onLayout} /></div>}
      {pages > 1 && !big ? <TourBar tour={tour} pages={pages} onTour={onTour} /> : null}
      <span className="grow" />
      <span className="text2 nowrap wide">{t(still ? 'wall.count_stills' : 'wall.count', { tiles: pictures.size, live: count('playing'), stills: still })}</span>
      {old ? <span className="fault nowrap"><b>{old}</b> {t('wall.old')}</span> : null}
      {gone ? <span className="fault nowrap"><b>{gone}</b> {t('wall.gone')}</span> : null}
      {onMeeting ? <button type="button" className="btn sm wide" onClick={onMeeting} aria-haspopup="dialog" data-do="meetings"><kbd>C</kbd>{t('room.title')}</button> : null}
      <PicturesButton {...stills} />
      <span className="text2 nowrap wide"><kbd>?</kbd> {t('keys.short')}</span>
    </div>
  )
}

export function TourBar({ tour, pages, onTour }: Pick<BarProps, 'tour' | 'pages' | 'onTour'>): ReactElement {
  const { t } = useWords()
  const left = secondsLeft(tour, Date.now())
  return (
    <div className="pager" data-tour={tour.is}>
      <button type="button" className="btn sm" onClick={() => onTour({ is: 'toggle' })} data-do="tour"><kbd>{t('key.space')}</kbd>{t(tour.is === 'stopped' ? 'tour.start' : 'tour.stop')}</button>
      <button type="button" className="btn sm step" onClick={() => onTour({ is: 'go', page: tour.page - 1 })} aria-label={t('wall.page_before')}>‹</button>
      <span className="dots wide" aria-hidden="true">{pages <= 12 ? Array.from({ length: pages }, (_, at) => <i key={at} className={at === tour.page ? 'on' : ''} />) : null}</span>
      <span className="nowrap" data-page={`${tour.page + 1}/${pages}`}>{t('tour.page', { page: tour.page + 1, pages })}{tour.is === 'held' ? <b> · {t('tour.held')}</b> : left === null ? '' : ` · ${t('tour.left', { count: left })}`}</span>
      <button type="button" className="btn sm step" onClick={() => onTour({ is: 'go', page: tour.page + 1 })} aria-label={t('wall.page_after')}>›</button>
    </div>
  )
}

const NEXT: Readonly<Record<PicturesChoice, PicturesChoice>> = { auto: 'stills', stills: 'live', live: 'auto' }

/** What is shown of cameras, and why; pressed, the next choice. */
export function PicturesButton({ shown, choice, link, onChoose }: BarProps['stills']): ReactElement {
  const { t } = useWords()
  const why = choice === 'auto' ? (shown ? t('pictures.thin', { kbps: link.kbps ?? 0 }) : t('pictures.auto')) : t('pictures.chosen')
  return <button type="button" className={shown ? 'btn sm main' : 'btn sm'} data-pictures={shown ? 'stills' : 'live'} title={t('pictures.next')} onClick={() => onChoose(NEXT[choice])}>{t(shown ? 'tile.still' : 'evidence.live')} · {why}</button>
}
