import type { ReactElement } from 'react'
import type { SystemView } from '../../server/contract/system.js'
import { useHere, type Link } from '../api/here.js'
import { elapsed } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { useNow } from './now.js'

/** A reconnect that takes less than this is nobody's business. */
const QUIET_MS = 1500

export function OfflineBand({ link, claims }: { readonly link: Link; readonly claims: number }): ReactElement | null {
  const { t, language } = useWords()
  const now = useNow()
  const offsetMs = useHere((here) => here.offsetMs)
  if (link.is !== 'down') return null
  const lostMs = now - offsetMs - link.sinceMs
  if (lostMs < QUIET_MS) return null
  return (
    <div className="band" role="alert" data-band="offline">
      <b>{t('offline.lost', { time: elapsed(lostMs, language) })}</b>
      <span>{t('offline.next')}</span>
      {claims ? <span>{t('offline.claims', { count: claims })}</span> : null}
    </div>
  )
}

/** What the server lacks, in its own words, and what to type. */
export function SystemBands({ system }: { readonly system: SystemView | null | undefined }): ReactElement | null {
  const { pick, t } = useWords()
  const lacking = system?.parts.filter((part) => !part.ok) ?? []
  if (!lacking.length) return null
  return (
    <>
      {lacking.map((part) => (
        <div className="band quiet" role="status" key={part.name} data-band={part.name}>
          <svg width={18} height={18} viewBox="0 0 24 24" aria-hidden="true" className="sym"><path d="M7 2h10l6 10-6 10H7L1 12z" fill="var(--fault)" /></svg>
          <b>{pick(part.said)}</b>
          {part.next ? <span>{t('system.next')} <code>{part.next}</code></span> : null}
        </div>
      ))}
    </>
  )
}

export function Notices(): ReactElement {
  const notices = useHere((here) => here.notices)
  return <div className="notices" role="status" aria-live="polite">{notices.map((notice) => <p key={notice.id} className={notice.tone}>{notice.text}</p>)}</div>
}
