import type { ReactElement } from 'react'
import type { CameraView } from '../../server/contract/cameras.js'
import type { ScreenView } from '../../server/contract/wall.js'
import { useWords } from '../words/words.js'

/** Screens that a digit reaches and that nobody has opened or named yet are offered, too. */
const OFFERED = 4

/** Numbers 1 to 4, and every other screen that is known. */
export function withOffered(screens: readonly ScreenView[]): readonly ScreenView[] {
  const unknown = Array.from({ length: OFFERED }, (_, at) => at + 1).filter((number) => !screens.some((screen) => screen.number === number))
  return [...screens, ...unknown.map((number): ScreenView => ({ number, name: '', showing: null, wall: null, withheld: false, by: null, sinceMs: null, connected: false }))].sort((a, b) => a.number - b.number)
}

/** The big screens of the room: what each shows, and whether anybody is there to show it. */
export function ScreensCard({ screens, cameras, canPush, onPush, onClear }: { readonly screens: readonly ScreenView[]; readonly cameras: readonly CameraView[]; readonly canPush: boolean; readonly onPush: (number: number) => void; readonly onClear: (number: number) => void }): ReactElement {
  const { t } = useWords()
  return (
    <section className="card screens" aria-label={t('screens.title')}>
      <div className="hd"><span>{t('screens.title')}</span>{canPush ? <span className="text3"><kbd className="hint">M</kbd> {t('screens.then_digit')}</span> : null}</div>
      <ol>
        {withOffered(screens).map((screen) => {
          const { number, showing, wall, withheld, connected } = screen
          const shown = withheld ? t('state.no_rights') : showing === null ? t('screens.empty') : showing.kind === 'wall' ? (wall?.name ?? t('screens.empty')) : (cameras.find((camera) => camera.id === showing.cameraId)?.name ?? t('screens.empty'))
          return (
            <li key={number} className={connected ? 'on' : 'off'} data-screen={number} data-connected={connected || undefined}>
              <button type="button" disabled={!canPush} onClick={() => onPush(number)} title={screen.name || t('screens.name', { number })}>
                <kbd>{number}</kbd><span className="cut">{shown}<small className="cut">{screen.name && screen.name !== t('screens.name', { number }) ? `${screen.name} · ` : ''}{t(connected ? 'screens.open' : 'screens.closed')}</small></span>
              </button>
              {canPush && showing !== null ? <button type="button" className="clear" onClick={() => onClear(number)} aria-label={t('screens.clear', { number })}>✕</button> : null}
            </li>
          )
        })}
      </ol>
    </section>
  )
}
