import type { ReactElement } from 'react'
import { clock, pictureAge } from '../words/measures.js'
import { useWords } from '../words/words.js'

/** Older, and the street may look otherwise by now: parked cars gone, the camera turned. */
const OLD_MS_MIN = 60_000

/** How old the picture is that one draws on. Under it, as every caption: what is drawn is not to be covered. */
export function StillAge({ takenAtMs, now }: { readonly takenAtMs: number; readonly now: number }): ReactElement {
  const { t, language } = useWords()
  const ageMs = Math.max(0, now - takenAtMs)
  const age = pictureAge(ageMs, language)
  return ageMs >= OLD_MS_MIN ? <b className="still-age aged">{t('draw.still_old', { time: clock(takenAtMs), age })}</b> : <span className="still-age">{t('draw.still_age', { age })}</span>
}

/** `missing`: the camera was asked and has none; else it is on its way. */
export function NoStill({ missing }: { readonly missing: boolean }): ReactElement {
  const { t } = useWords()
  return <div className="no-still" role="status">{missing ? <><b>{t('draw.no_still')}</b><span>{t('draw.no_still_next')}</span></> : t('draw.still_loading')}</div>
}
