import { useQueryClient } from '@tanstack/react-query'
import { Navigate, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState, type ReactElement } from 'react'
import { Refused } from '../api/client.js'
import { tell, useHere } from '../api/here.js'
import { useMe, useOpenAlerts, useSystem } from '../api/queries.js'
import { openSession } from '../api/session.js'
import { SECOND_KEY_MS_MAX } from '../keys/key-law.js'
import { useKeys } from '../keys/use-keys.js'
import { kept } from './choices.js'
import { speak, useWords } from '../words/words.js'
import { Notices, OfflineBand, SystemBands } from './bands.js'
import { useChime } from './chime.js'
import { useLook } from './choices.js'
import { KeysHelp } from './keys-help.js'
import { Failed, Loading } from './pieces.js'
import { may, SignedIn } from './signed-in.js'
import { TABS, TopBar } from './top-bar.js'

/** Everything behind the door: who sits here, the one connection, the bar, and the screen in question. */
export function Shell(): ReactElement {
  const me = useMe()
  const path = useLocation({ select: (location) => location.pathname })
  const { t } = useWords()
  const dark = ['/wall', '/desk', '/screen', '/playback', '/signals'].some((one) => path.startsWith(one))
  useLook(dark ? 'dark' : 'light', useIsKiosk() ? '150' : '100')
  useEffect(() => {
    // Someone who switched the language at this screen keeps it; otherwise the person's own choice comes with sign-in.
    if (me.data && !kept('vonglau.language')) speak(me.data.language)
  }, [me.data])
  if (me.data) {
    return (
      <SignedIn.Provider value={me.data}>
        <Connected screen={path.split('/')[1] ?? ''} key={me.data.id} />
      </SignedIn.Provider>
    )
  }
  if (me.error instanceof Refused && me.error.problem.status === 401) return <Navigate to="/sign-in" search={path === '/' ? {} : { back: path }} />
  if (me.error) return <div className="app"><Failed what={t('door.account')} fault={me.error} onRetry={() => void me.refetch()} /></div>
  return <div className="app"><Loading rows={4} /></div>
}

function Connected({ screen }: { readonly screen: string }): ReactElement {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const { t, pick } = useWords()
  const system = useSystem()
  const link = useHere((here) => here.link)
  const claims = useHere((here) => Object.keys(here.claims).length)
  const kiosk = useIsKiosk()
  const [help, setHelp] = useState(false)
  const words = useRef({ t, pick })
  words.current = { t, pick }
  useChime()
  useTitle(screen)

  useEffect(() => openSession(
    queries,
    () => {
      queries.clear()
      tell(words.current.t('door.ended'), 'bad')
      void navigate({ to: '/sign-in', search: { back: window.location.pathname } })
    },
    (fault, title) => tell(fault ? `${title}: ${words.current.pick(fault.problem.title)}` : words.current.t('offline.claimed', { title }), fault ? 'bad' : 'plain'),
  ), [queries, navigate])

  useTabKeys(() => setHelp(true))
  return (
    <div className={kiosk ? 'app kiosk' : 'app'}>
      <OfflineBand link={link} claims={claims} />
      {kiosk ? null : <SystemBands system={system.data} />}
      {kiosk ? null : <TopBar />}
      {/* Ages are told by the server's clock: no picture before we know it. */}
      {system.isFetched ? <Outlet /> : <main><Loading rows={4} /></main>}
      <Notices />
      {help ? <KeysHelp screen={screen} onClose={() => setHelp(false)} /> : null}
    </div>
  )
}

/** A screen that is only looked at: no bars, and words to be read from across the room. */
function useIsKiosk(): boolean {
  return useLocation({ select: ({ pathname, search }) => pathname.startsWith('/screen/') || (search as { kiosk?: boolean }).kiosk === true })
}

/** A tab in the background still tells how many alerts nobody has taken. */
function useTitle(screen: string): void {
  const { t } = useWords()
  const unclaimed = useOpenAlerts().alerts.filter((alert) => alert.state === 'new').length
  const tab = TABS.find(({ to }) => to === `/${screen}`)
  const title = [unclaimed ? `(${unclaimed})` : '', tab ? `${t(tab.words)} –` : '', t('brand.name')].filter(Boolean).join(' ')
  useEffect(() => {
    document.title = title
  }, [title])
}

/** `?` anywhere; and `` ` `` then a digit, which goes to the tab of that place before any screen takes the digit. */
function useTabKeys(onHelp: () => void): void {
  const navigate = useNavigate()
  const armedAtMs = useRef(-Infinity)
  const me = useMe().data
  useKeys((key) => {
    if (key.is === 'help') {
      onHelp()
      return true
    }
    if (key.is === 'tab') {
      armedAtMs.current = performance.now()
      return true
    }
    const armed = performance.now() - armedAtMs.current < SECOND_KEY_MS_MAX
    armedAtMs.current = -Infinity
    if (!armed || key.is !== 'digit' || !me) return false
    const tab = TABS.filter((one) => may(me, one.needs))[key.digit - 1]
    if (tab) void navigate({ to: tab.to })
    return true
  }, true)
}
