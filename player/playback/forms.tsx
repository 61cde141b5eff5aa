import { useState, type FormEvent, type ReactElement } from 'react'
import type { GapView, HoldView, SpanView } from '../../server/contract/recordings.js'
import { DayField } from '../ui/moment-field.js'
import { Refusal } from '../ui/pieces.js'
import { bytes, clock, day, span } from '../words/measures.js'
import { readTyped } from '../words/typed.js'
import { useWords } from '../words/words.js'

interface Sending {
  readonly busy: boolean
  readonly fault: unknown
  readonly onClose: () => void
}
export interface CameraChoice {
  readonly cameras: readonly { readonly id: string; readonly name: string }[]
}

function Buttons({ busy, can, act, onClose }: { readonly busy: boolean; readonly can: boolean; readonly act: string; readonly onClose: () => void }): ReactElement {
  const { t } = useWords()
  return <div className="do"><button type="button" className="btn" onClick={onClose}>{t('do.cancel')}</button><button type="submit" className="btn main" disabled={busy || !can} data-do="send">{act}</button></div>
}

export function CameraField({ cameras, value, onPick }: CameraChoice & { readonly value: string; readonly onPick: (id: string) => void }): ReactElement | null {
  const { t } = useWords()
  if (cameras.length < 2) return null
  return <label className="field">{t('bookmark.camera')}<select name="camera" value={value} onChange={(event) => onPick(event.target.value)}>{cameras.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}</select></label>
}

const sendBy = (send: () => void) => (event: FormEvent): void => {
  event.preventDefault()
  send()
}

export function BookmarkFields({ cameras, busy, fault, onClose, onSend }: CameraChoice & Sending & { readonly onSend: (cameraId: string, form: { readonly note: string; readonly tags: string[] }) => void }): ReactElement {
  const { t } = useWords()
  const [cameraId, setCameraId] = useState(cameras[0]?.id ?? '')
  const [note, setNote] = useState('')
  const [tags, setTags] = useState('')
  const list = tags.split(',').map((tag) => tag.trim().slice(0, 40)).filter(Boolean).slice(0, 10)
  return (
    <form className="sheet" onSubmit={sendBy(() => onSend(cameraId, { note: note.trim(), tags: list }))}>
      <CameraField cameras={cameras} value={cameraId} onPick={setCameraId} />
      <label className="field">{t('bookmark.note')}<textarea name="note" value={note} maxLength={500} onChange={(event) => setNote(event.target.value)} autoFocus /></label>
      <label className="field">{t('bookmark.tags')}<input name="tags" value={tags} onChange={(event) => setTags(event.target.value)} /></label>
      <Refusal fault={fault} />
      <Buttons busy={busy} can={cameraId !== ''} act={t('bookmark.save')} onClose={onClose} />
    </form>
  )
}

const dayOf = (atMs: number): number => new Date(atMs).setHours(0, 0, 0, 0)
/** A day that is none ends never, and is not sent. */
const endOfDay = (dayMs: number | null): number => (dayMs === null ? Number.NaN : new Date(dayMs).setHours(23, 59, 59, 0))
/** A hold is reviewed at its end: a month is long enough to ask for more. */
const DAY_MS = 86_400_000
const HOLD_MS_USUAL = 30 * DAY_MS

export function HoldFields({ cameras, cut, nowMs, busy, fault, onClose, onSend }: CameraChoice & Sending & { readonly cut: SpanView; readonly nowMs: number; readonly onSend: (cameraId: string, form: { readonly untilMs: number; readonly reason: string }) => void }): ReactElement {
  const { t, language } = useWords()
  const [cameraId, setCameraId] = useState(cameras[0]?.id ?? '')
  const [until, setUntil] = useState<number | null>(() => dayOf(nowMs + HOLD_MS_USUAL))
  const [reason, setReason] = useState('')
  const untilMs = endOfDay(until)
  return (
    <form className="sheet" onSubmit={sendBy(() => onSend(cameraId, { untilMs, reason: reason.trim() }))}>
      <p className="text2">{t('hold.explain')}</p>
      <dl className="facts"><dt>{t('export.span')}</dt><dd><b>{t('cut.span', { from: clock(cut.fromMs), to: clock(cut.toMs), span: span(cut.toMs - cut.fromMs, language) })}</b></dd></dl>
      <CameraField cameras={cameras} value={cameraId} onPick={setCameraId} />
      <DayField label={t('hold.until')} name="until" atMs={until} onMoment={setUntil} />
      <label className="field">{t('hold.reason')}<textarea name="reason" value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} autoFocus /></label>
      <Refusal fault={fault} />
      <Buttons busy={busy} can={reason.trim() !== '' && untilMs > nowMs} act={t('hold.save')} onClose={onClose} />
    </form>
  )
}

/** A hold near its end is kept for longer, with the reason why still. */
export function ExtendFields({ hold, nowMs, busy, fault, onClose, onSend }: Sending & { readonly hold: HoldView; readonly nowMs: number; readonly onSend: (form: { readonly untilMs: number; readonly reason: string }) => void }): ReactElement {
  const { t } = useWords()
  const [until, setUntil] = useState<number | null>(() => dayOf(Math.max(nowMs, hold.untilMs) + HOLD_MS_USUAL))
  const [reason, setReason] = useState('')
  const untilMs = endOfDay(until)
  return (
    <form className="sheet" onSubmit={sendBy(() => onSend({ untilMs, reason: reason.trim() }))}>
      <p className="text2">{t('hold.by', { who: hold.by, reason: hold.reason })}</p>
      <DayField label={t('hold.until')} name="until" atMs={until} onMoment={setUntil} />
      <label className="field">{t('hold.still')}<textarea name="reason" value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} autoFocus /></label>
      <Refusal fault={fault} />
      <Buttons busy={busy} can={reason.trim() !== '' && untilMs > hold.untilMs} act={t('hold.extend')} onClose={onClose} />
    </form>
  )
}

/** What a court or a colleague can still open at once; also the server's limit. */
const EXPORT_MS_MAX = 2 * 3_600_000
const REASON_CHARS_MIN = 3

export function ExportFields({ cameras, cut, gapsOf, bytesOf, busy, fault, onClose, onSend }: CameraChoice & Sending & { readonly cut: SpanView; readonly gapsOf: (cameraId: string) => readonly GapView[]; readonly bytesOf: (cameraId: string) => number | null; readonly onSend: (cameraId: string, form: { readonly reason: string; readonly watermark: boolean; readonly redact: boolean }) => void }): ReactElement {
  const { t, pick, language } = useWords()
  const [cameraId, setCameraId] = useState(cameras[0]?.id ?? '')
  const [reason, setReason] = useState('')
  const [watermark, setWatermark] = useState(true)
  const [redact, setRedact] = useState(false)
  const lengthMs = cut.toMs - cut.fromMs
  const size = bytesOf(cameraId)
  const gaps = gapsOf(cameraId).filter((gap) => gap.toMs > cut.fromMs && gap.fromMs < cut.toMs)
  return (
    <form className="sheet" onSubmit={sendBy(() => onSend(cameraId, { reason: reason.trim(), watermark, redact }))}>
      <dl className="facts">
        <dt>{t('export.span')}</dt><dd><b>{t('cut.span', { from: `${day(cut.fromMs).slice(0, 5)} ${clock(cut.fromMs)}`, to: clock(cut.toMs), span: span(lengthMs, language) })}</b></dd>
        <dt>{t('export.size')}</dt><dd>{size === null ? t('export.size_unknown') : `≈ ${bytes(size, language)}`}</dd>
        <dt>{t('export.gaps')}</dt><dd>{gaps.length ? gaps.map((gap) => <span key={gap.fromMs} className="line">{t('past.gap', { from: clock(Math.max(gap.fromMs, cut.fromMs)), to: clock(Math.min(gap.toMs, cut.toMs)), cause: pick(gap.said) })}</span>) : t('export.no_gaps')}</dd>
      </dl>
      <CameraField cameras={cameras} value={cameraId} onPick={setCameraId} />
      <label className="field">{t('export.reason')}<textarea name="reason" value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} autoFocus /></label>
      <label className="tick-row"><input type="checkbox" name="watermark" checked={watermark} onChange={(event) => setWatermark(event.target.checked)} />{t('export.watermark')}</label>
      <label className="tick-row"><input type="checkbox" name="redact" checked={redact} onChange={(event) => setRedact(event.target.checked)} />{t('export.redact')}</label>
      {watermark || redact ? null : <p className="text2">{t('export.no_watermark')}</p>}
      <p className="text2">{t(redact ? 'export.redact_explain' : 'export.redaction')}</p>
      {lengthMs > EXPORT_MS_MAX ? <p role="alert"><b>{t('export.too_long')}</b></p> : reason.trim().length < REASON_CHARS_MIN ? <p className="text2" role="status">{t('export.reason_first')}</p> : null}
      <Refusal fault={fault} />
      <Buttons busy={busy} can={reason.trim().length >= REASON_CHARS_MIN && lengthMs <= EXPORT_MS_MAX && cameraId !== ''} act={t('export.start')} onClose={onClose} />
    </form>
  )
}

export function GoToFields({ atMs, onClose, onGo }: { readonly atMs: number; readonly onClose: () => void; readonly onGo: (atMs: number) => void }): ReactElement {
  const { t } = useWords()
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState(false)
  const go = (): void => {
    const to = readTyped(text, atMs)
    if (to === null) setWrong(true)
    else onGo(to)
  }
  return (
    <form className="sheet" onSubmit={sendBy(go)}>
      <label className="field">{t('playback.go_to_label')}<input name="moment" value={text} placeholder={t('playback.go_to_hint')} aria-invalid={wrong} onChange={(event) => { setText(event.target.value); setWrong(false) }} autoFocus />{wrong ? <em role="alert">{t('playback.go_to_wrong')}</em> : null}</label>
      <Buttons busy={false} can={text.trim() !== ''} act={t('playback.go')} onClose={onClose} />
    </form>
  )
}
