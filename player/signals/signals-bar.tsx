import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import type { ReactElement, ReactNode } from 'react'
import { useKeys } from '../keys/use-keys.js'
import { may, useSignedIn, type Permission } from '../ui/signed-in.js'
import { useWords } from '../words/words.js'
import { useHeld } from './signals-api.js'

const PAGES = [
  { to: '/signals/held', words: 'signals.held', needs: 'alert.view' },
  { to: '/signals/repairs', words: 'signals.repairs', needs: 'camera.view' },
  { to: '/signals/suspensions', words: 'signals.suspensions', needs: 'camera.view' },
  { to: '/signals/controllers', words: 'signals.controllers', needs: 'signal.manage' },
] as const satisfies readonly { readonly to: string; readonly words: string; readonly needs: Permission }[]

/** The pages of lamps and of what is held; those without rights are absent. M turns to the next. */
export function SignalsBar({ children }: { readonly children?: ReactNode }): ReactElement {
  const me = useSignedIn()
  const { t } = useWords()
  const navigate = useNavigate()
  const path = useLocation({ select: ({ pathname }) => pathname })
  const pages = PAGES.filter(({ needs }) => may(me, needs))
  const waiting = useHeld(false, may(me, 'alert.view')).data?.length
  useKeys((key) => {
    if (key.is !== 'letter' || key.letter !== 'M') return false
    const next = pages[(pages.findIndex(({ to }) => path.startsWith(to)) + 1) % pages.length]
    if (next) void navigate({ to: next.to })
    return next !== undefined
  })
  return (
    <div className="bar">
      <h1 className="wide">{t('tab.signals')}</h1>
      <nav className="pages" aria-label={t('signals.pages')}>
        {pages.map(({ to, words }) => <Link key={to} to={to} activeOptions={{ includeSearch: false }} data-page={to}>{t(words)}{to === '/signals/held' && waiting ? <b>{waiting}</b> : null}</Link>)}
      </nav>
      {children}
    </div>
  )
}
