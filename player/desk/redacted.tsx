import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'
import type { AlertView, EvidenceView, RedactedView } from '../../server/contract/alerts.js'
import { api } from '../api/client.js'
import { useHere } from '../api/here.js'
import { Modal, Refusal } from '../ui/pieces.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { bytes } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { stillsOf } from './clip-time.js'

/** Asked by the half second while it is made: somebody waits for it. */
const ASKED_EVERY_MS = 500

/** What may be sent to a citizen: the still and the clip with faces and plates covered, each made when somebody asks. */
export function Redacted({ evidence }: Pick<AlertView, 'evidence'>): ReactElement | null {
  const me = useSignedIn()
  const online = useHere((here) => here.link.is !== 'down')
  const { marked, plain } = stillsOf(evidence)
  const items = [marked ?? plain, evidence.find((item) => item.kind === 'clip')].filter((item) => item !== undefined && item !== null)
  return items.length > 0 ? <RedactedSection rights={may(me, 'evidence.view')}>{items.map((item) => <RedactedOf key={item.id} item={item} online={online} />)}</RedactedSection> : null
}

export function RedactedSection({ rights, children }: { readonly rights: boolean; readonly children: ReactElement | readonly ReactElement[] }): ReactElement {
  const { t } = useWords()
  return (
    <section className="redacted" aria-label={t('redacted.title')}>
      <div className="hd"><span>{t('redacted.title')}</span></div>
      <p className="text2">{t(rights ? 'redacted.explain' : 'redacted.no_rights')}</p>
      {rights ? children : null}
    </section>
  )
}

function RedactedOf({ item, online }: { readonly item: EvidenceView; readonly online: boolean }): ReactElement {
  const queries = useQueryClient()
  const key = ['redacted', item.id]
  const seen = useQuery({ queryKey: key, queryFn: () => api.redacted(item.id), refetchInterval: ({ state: { data } }) => (data?.state === 'making' ? ASKED_EVERY_MS : false) })
  const make = useMutation({ mutationFn: () => api.makeRedacted(item.id), onSuccess: (view) => queries.setQueryData(key, view) })
  return <RedactedRow item={item} view={seen.data ?? null} fault={make.error ?? seen.error} online={online} busy={make.isPending} onMake={() => make.mutate()} />
}

interface RedactedRowProps {
  readonly item: EvidenceView
  /** Null: the server has not said yet. */
  readonly view: RedactedView | null
  readonly fault: unknown
  readonly online: boolean
  readonly busy: boolean
  readonly onMake: () => void
}

/** The copy of one item, from being asked for to being taken away. */
export function RedactedRow({ item, view, fault, online, busy, onMake }: RedactedRowProps): ReactElement {
  const { t, pick, language } = useWords()
  const name = t(item.kind === 'clip' ? 'evidence.clip' : 'evidence.still')
  return (
    <div className="hash" data-redacted={view?.state ?? 'unknown'} data-redacted-of={item.kind}>
      <div className="hash-line">
        <b>{name}</b>
        {view?.state === 'ready' ? <span className="text2">{bytes(view.bytes, language)}</span> : null}
        {view?.state === 'ready' ? <Taking item={item} ready={view} name={name} online={online} /> : null}
        {view?.state === 'none' || view?.state === 'failed' ? <button type="button" className="btn sm" disabled={busy || !online} onClick={onMake} data-do="redact">{t(view.state === 'none' ? 'redacted.make' : 'redacted.again')}</button> : null}
      </div>
      {view?.state === 'making' ? <Making progress={view.progress} /> : null}
      {view?.state === 'failed' ? <p role="alert" className="fault">{pick(view.said)}</p> : null}
      {view?.state === 'ready' ? <p><b>{pick(view.said)}</b></p> : null}
      {view?.state === 'ready' ? <code className="mono text3" title={view.sha256}>SHA-256 {view.sha256.slice(0, 16)}…{view.sha256.slice(-8)}</code> : null}
      {online ? <Refusal fault={fault} /> : <p role="status">{t('redacted.offline')}</p>}
    </div>
  )
}

function Making({ progress }: { readonly progress: number }): ReactElement {
  const { t } = useWords()
  // Until the first picture was looked at nobody knows how far it is: it waits its turn, or the model is being loaded.
  const words = progress > 0 ? t('redacted.making', { percent: Math.floor(progress * 100) }) : t('redacted.waiting')
  return <p role="status">{words}<progress max={1} aria-label={words} {...(progress > 0 ? { value: progress } : {})} /></p>
}

type Ready = Extract<RedactedView, { readonly state: 'ready' }>

/** Looked through first, then taken away. */
function Taking({ item, ready, name, online }: { readonly item: EvidenceView; readonly ready: Ready; readonly name: string; readonly online: boolean }): ReactElement {
  const { t } = useWords()
  const [looking, setLooking] = useState(false)
  const close = (): void => setLooking(false)
  return (
    <span className="do-row">
      <button type="button" className="btn sm" disabled={!online} onClick={() => setLooking(true)} data-do="look">{t('redacted.look')}</button>
      {online ? <a className="btn sm" href={ready.fileUrl} download>{t('redacted.download')}</a> : null}
      {looking ? <Modal title={t('redacted.look_through', { name })} onClose={close}><LookThrough item={item} ready={ready} name={name} online={online} onClose={close} /></Modal> : null}
    </span>
  )
}

/** The copy as it would leave the house, with what was covered beside it: a person has the last look. */
export function LookThrough({ item, ready, name, online, onClose }: { readonly item: Pick<EvidenceView, 'kind'>; readonly ready: Ready; readonly name: string; readonly online: boolean; readonly onClose: () => void }): ReactElement {
  const { t, pick } = useWords()
  const [broken, setBroken] = useState(false)
  return (
    <>
      <div className="redacted-look">
        {broken ? <p role="alert"><b>{t(item.kind === 'clip' ? 'evidence.unplayable' : 'redacted.unseen')}</b></p> : item.kind === 'clip' ? <video src={ready.url} controls muted autoPlay playsInline onError={() => setBroken(true)} /> : <img src={ready.url} alt={name} onError={() => setBroken(true)} />}
        <p><b>{pick(ready.said)}</b></p>
        {online ? null : <p role="status">{t('redacted.offline')}</p>}
      </div>
      <div className="do">
        <button type="button" className="btn" onClick={onClose}>{t('do.close')}</button>
        {online ? <a className="btn main" href={ready.fileUrl} download>{t('redacted.download')}</a> : null}
      </div>
    </>
  )
}
