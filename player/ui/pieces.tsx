import { useEffect, useRef, useState, type ReactElement, type ReactNode } from 'react'
import type { Problem } from '../../server/contract/problem.js'
import { problemOf, Refused } from '../api/client.js'
import { clock, span } from '../words/measures.js'
import { useWords } from '../words/words.js'

export function Segments<T extends string>({ label, value, options, onPick }: { readonly label: string; readonly value: T; readonly options: readonly (readonly [value: T, words: ReactNode])[]; readonly onPick: (value: T) => void }): ReactElement {
  return (
    <div className="seg" role="group" aria-label={label}>
      {options.map(([option, words]) => (
        <button key={option} type="button" aria-pressed={option === value} onClick={() => onPick(option)}>{words}</button>
      ))}
    </div>
  )
}

/** Grey blocks in the final size; CSS keeps them unseen for the first 400 ms. */
export function Loading({ rows = 5 }: { readonly rows?: number }): ReactElement {
  const { t } = useWords()
  return (
    <div className="blocks" role="status" aria-label={t('state.loading')}>
      {Array.from({ length: rows }, (_, at) => <i key={at} />)}
    </div>
  )
}

/** What is normal, and the next step. */
export function Empty({ title, next, children }: { readonly title: string; readonly next?: string; readonly children?: ReactNode }): ReactElement {
  return (
    <div className="state">
      <b>{title}</b>
      {next ? <span>{next}</span> : null}
      {children}
    </div>
  )
}

/** What could not be loaded, why, what to do; and the code that names the line in the server's log. No rights is its own state. */
export function Failed({ what, fault, onRetry }: { readonly what: string; readonly fault: unknown; readonly onRetry?: () => void }): ReactElement {
  const { t, pick } = useWords()
  const problem = problemOf(fault)
  if (problem.status === 403) return <NoRights />
  return (
    <div className="state" role="alert">
      <b>{t('state.failed', { what })}</b>
      <span>{pick(problem.title)}. {problem.next ? pick(problem.next) : ''}</span>
      {onRetry ? <button type="button" className="btn sm" onClick={onRetry}>{t('do.retry')}</button> : null}
      {problem.requestId ? <span className="mono text3">{t('state.code', { code: `${problem.code} ${problem.requestId}` })}</span> : null}
    </div>
  )
}

export function NoRights(): ReactElement {
  const { t } = useWords()
  return (
    <div className="state">
      <svg width={28} height={28} viewBox="0 0 24 24" aria-hidden="true"><path d="M6 11V8a6 6 0 0 1 12 0v3M4.500 11h15v10h-15z" fill="none" stroke="currentColor" strokeWidth={2} strokeLinejoin="round" /></svg>
      <b>{t('state.no_rights')}</b>
      <span>{t('state.no_rights_next')}</span>
    </div>
  )
}

/** A query's ends in one place: wait, fail, show; and show the last values with their age when a later try failed. */
export function Settled<T>({ what, query, rows, children }: { readonly what: string; readonly query: { readonly data: T | undefined; readonly error: unknown; readonly dataUpdatedAt: number; readonly refetch: () => unknown }; readonly rows?: number; readonly children: (value: T) => ReactNode }): ReactElement {
  if (query.data !== undefined) return <>{query.error ? <Stale atMs={query.dataUpdatedAt} onRetry={() => void query.refetch()} /> : null}{children(query.data)}</>
  if (query.error) return <Failed what={what} fault={query.error} onRetry={() => void query.refetch()} />
  return <Loading rows={rows ?? 5} />
}

export function Stale({ atMs, onRetry }: { readonly atMs: number; readonly onRetry: () => void }): ReactElement {
  const { t, language } = useWords()
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return <div className="band quiet" role="status" data-band="stale"><b>{t('state.stale', { time: clock(atMs), age: span(now - atMs, language) })}</b><button type="button" className="link" onClick={onRetry}>{t('do.retry')}</button></div>
}

/** The words of a refusal beside the form that caused it. */
export function Refusal({ fault }: { readonly fault: unknown }): ReactElement | null {
  const { pick } = useWords()
  if (!fault) return null
  const problem: Problem = problemOf(fault)
  return (
    <div role="alert" className="refusal">
      <b>{pick(problem.title)}.</b> {problem.next ? pick(problem.next) : ''}
      {problem.faults.length ? <ul>{problem.faults.map((one) => <li key={one.field + one.reason}><code className="mono">{one.field}</code>: {one.reason}</li>)}</ul> : null}
      {fault instanceof Refused && !problem.requestId ? null : <span className="mono text3"> {problem.requestId}</span>}
    </div>
  )
}

/** A modal of the browser's own: it traps focus and closes on Escape by itself. */
export function Modal({ title, onClose, children }: { readonly title: string; readonly onClose: () => void; readonly children: ReactNode }): ReactElement {
  const box = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = box.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog ref={box} aria-label={title} onCancel={(event) => { event.preventDefault(); onClose() }} onClick={(event) => { if (event.target === box.current) onClose() }}>
      <h2>{title}</h2>
      {children}
    </dialog>
  )
}

export function Confirm({ title, text, act, onAct, onClose, busy }: { readonly title: string; readonly text: string; readonly act: string; readonly onAct: () => void; readonly onClose: () => void; readonly busy: boolean }): ReactElement {
  const { t } = useWords()
  return (
    <Modal title={title} onClose={onClose}>
      <p>{text}</p>
      <div className="do">
        <button type="button" className="btn" onClick={onClose}>{t('do.cancel')}</button>
        <button type="button" className="btn main" disabled={busy} onClick={onAct}>{act}</button>
      </div>
    </Modal>
  )
}
