import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { useWords } from '../words/words.js'
import { useHeld } from './signals-api.js'

/** From the desk to what was kept off it. */
export function HeldLink(): ReactElement {
  const { t } = useWords()
  const waiting = useHeld(false).data?.length
  return <Link to="/signals/held" className="btn sm" data-held-count={waiting}>{t('held.link')}{waiting === undefined ? '' : ` ${waiting}`}</Link>
}
