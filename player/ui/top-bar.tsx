import { Link, useLocation } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react'
import type { PriorityView } from '../../server/contract/alerts.js'
import type { CameraView } from '../../server/contract/cameras.js'
import type { Me } from '../../server/contract/sign-in.js'
import { unclaimedCounts } from '../api/alert-book.js'
import { useCameras, useOpenAlerts } from '../api/queries.js'
import { worstOf } from '../wall/picture.js'
import { clock } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { useNow } from './now.js'
import { PersonMenu } from './person-menu.js'
import { may, useSignedIn, type Permission } from './signed-in.js'
import { FaultSymbol, Mark, PrioritySymbol } from './symbol.js'

export const TABS = [
  { to: '/wall', words: 'tab.wall', needs: 'camera.view' },
  { to: '/playback', words: 'tab.playback', needs: 'recording.view' },
  { to: '/desk', words: 'tab.desk', needs: 'alert.view' },
  { to: '/reports', words: 'tab.reports', needs: 'report.view' },
  { to: '/cameras', words: 'tab.cameras', needs: 'camera.view' },
  { to: '/signals', words: 'tab.signals', needs: 'camera.view' },
] as const satisfies readonly { readonly to: string; readonly words: string; readonly needs: Permission }[]

const PRIORITIES: readonly PriorityView[] = ['critical', 'high', 'medium', 'low']

export function faultsOf(cameras: readonly CameraView[]): readonly CameraView[] {
  return cameras.filter((camera) => ['stalled', 'waiting'].includes(worstOf(camera.streams, camera.enabled).state))
}

export function TopBar(): ReactElement {
  const me = useSignedIn()
  const { t } = useWords()
  const tabs = useRef<HTMLElement>(null)
  const screen = useLocation({ select: ({ pathname }) => pathname.split('/')[1] })
  // A phone has no room for all of them: the one that is open is in sight.
  useEffect(() => tabs.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }), [screen])
  return (
    <header className="top">
      <Link to="/" className="brand" aria-label={t('brand.name')}>
        <Mark />
        <div><b>{t('brand.name')}</b><small>{me.siteName}</small></div>
      </Link>
      <nav ref={tabs} className="tabs" aria-label={t('tab.all')}>
        {TABS.filter((tab) => may(me, tab.needs)).map((tab) => (
          <Link key={tab.to} to={tab.to} activeProps={{ 'aria-current': 'page' }}>{t(tab.words)}</Link>
        ))}
      </nav>
      <Counts me={me} />
      <Who me={me} />
    </header>
  )
}

/** Every number opens its rows. */
function Counts({ me }: { readonly me: Me }): ReactElement {
  const { t } = useWords()
  const { alerts } = useOpenAlerts()
  const cameras = useCameras().data
  const counts = useMemo(() => unclaimedCounts(alerts), [alerts])
  const faults = useMemo(() => faultsOf(cameras ?? []).length, [cameras])
  return (
    <div className="strip" aria-label={t('strip.label')}>
      {may(me, 'alert.view') ? PRIORITIES.map((priority) => (
        <Link key={priority} to="/desk" search={{ priority }} className={counts[priority] ? '' : 'zero'} data-count={priority}>
          <PrioritySymbol priority={priority} taken={counts[priority] === 0} size={22} />{counts[priority]}
        </Link>
      )) : null}
      <Link to="/cameras" search={{ state: 'fault' }} className={faults ? 'fault' : 'zero'} data-count="fault">
        <FaultSymbol open={faults === 0} />{faults}
      </Link>
    </div>
  )
}

function Who({ me }: { readonly me: Me }): ReactElement {
  const now = useNow()
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  return (
    <div className="who">
      <time>{clock(now)}</time>
      <button type="button" aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)} data-menu="person">
        {me.displayName}<small>{t(`role.${me.role}`)}</small>
      </button>
      {open ? <PersonMenu me={me} onClose={() => setOpen(false)} /> : null}
    </div>
  )
}
