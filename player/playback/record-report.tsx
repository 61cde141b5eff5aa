import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState, type ReactElement } from 'react'
import type { RecordReportView, SpanView } from '../../server/contract/recordings.js'
import { Settled } from '../ui/pieces.js'
import { bytes, clock, day, number, span as length } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { CameraField, type CameraChoice } from './forms.js'
import { past, recordReportUrl } from './playback-api.js'

const DAYS_MAX = 7
/** The server reads so much in one request: the line moves about once a second. */
const SLICE_MS = 10 * 60_000
const GAPS_SHOWN = 12

/** What was recorded of a span and what not, and proof of both: for whoever must vouch for it. */
export function RecordReport({ cameras, span }: CameraChoice & { readonly span: SpanView }): ReactElement {
  const { t } = useWords()
  const [cameraId, setCameraId] = useState(cameras[0]?.id ?? '')
  // The present moves on: the report is of the span as it was when it was asked for.
  const [asked] = useState(span)
  const tooLong = asked.toMs - asked.fromMs > DAYS_MAX * 86_400_000
  const report = useQuery({ queryKey: ['record-report', cameraId, asked], queryFn: () => past.recordReport(cameraId, asked), enabled: !tooLong, staleTime: Infinity, gcTime: 0 })
  return (
    <div className="sheet" data-record-report={report.data?.cameraId}>
      <CameraField cameras={cameras} value={cameraId} onPick={setCameraId} />
      {tooLong ? <p role="alert"><b>{t('record.too_long')}</b></p> : <Settled what={t('record.one')} query={report} rows={5}>{(told) => <Told key={told.cameraId} report={told} />}</Settled>}
    </div>
  )
}

export function Told({ report }: { readonly report: RecordReportView }): ReactElement {
  const { t, pick, language } = useWords()
  const { gaps } = report
  const [whenFrom, whenTo] = [report.fromMs, report.toMs].map((atMs) => `${day(atMs).slice(0, 5)} ${clock(atMs)}`)
  return (
    <>
      <dl className="facts">
        <dt>{t('export.span')}</dt><dd><b>{t('cut.span', { from: whenFrom ?? '', to: whenTo ?? '', span: length(report.toMs - report.fromMs, language) })}</b></dd>
        <dt>{t('record.share')}</dt><dd><progress className="share" max={1} value={report.share} aria-hidden="true" /><span>{t('record.share_of', { percent: number(Math.floor(report.share * 100_000) / 1_000, language, 3), span: length(report.missingMs, language) })}</span></dd>
        <dt>{t('record.files')}</dt><dd>{t('record.files_of', { count: report.files, bytes: bytes(report.bytes, language) })}</dd>
        <dt>{t('record.damaged')}</dt><dd>{report.damaged ? <b className="fault">{report.damaged}</b> : t('record.none_damaged')}</dd>
        <dt>{t('record.gaps')}</dt>
        <dd>
          {gaps.slice(0, GAPS_SHOWN).map((gap) => <span key={`${gap.fromMs} ${gap.cause}`} className="line" data-gap={gap.cause}>{clock(gap.fromMs)}–{clock(gap.toMs)} · {length(gap.toMs - gap.fromMs, language)} · {pick(gap.said)}</span>)}
          {gaps.length > GAPS_SHOWN ? <span className="line text2">{t('record.more_gaps', { count: gaps.length - GAPS_SHOWN })}</span> : null}
          {gaps.length === 0 ? t('record.no_gaps') : null}
        </dd>
        <dt>{t('record.digest')}</dt><dd className="mono small">{report.digest}</dd>
      </dl>
      <p className="text2">{t('record.explain')}</p>
      <Check report={report} />
    </>
  )
}

type Checked = { readonly is: 'idle' } | { readonly is: 'running'; readonly done: number } | { readonly is: 'done'; readonly done: number; readonly damaged: readonly SpanView[] } | { readonly is: 'broken' }

/** Every file of the span is read again by the server, a slice at a time, and compared with the hash of its writing. */
function Check({ report }: { readonly report: RecordReportView }): ReactElement {
  const { t } = useWords()
  const [checked, setChecked] = useState<Checked>({ is: 'idle' })
  const open = useRef(true)
  useEffect(() => {
    open.current = true
    return () => void (open.current = false)
  }, [])
  const check = async (): Promise<void> => {
    const damaged: SpanView[] = []
    let done = 0
    setChecked({ is: 'running', done })
    for (let fromMs = report.fromMs; fromMs < report.toMs && open.current; ) {
      const slice = await past.checkRecord(report.cameraId, { fromMs, toMs: Math.min(report.toMs, fromMs + SLICE_MS) })
      done += slice.checked
      damaged.push(...slice.damaged)
      fromMs = slice.toMs
      setChecked({ is: 'running', done })
    }
    setChecked({ is: 'done', done, damaged })
  }
  return (
    <>
      <div role="status" data-checked={checked.is}>
        {checked.is === 'running' ? <><progress className="share" max={Math.max(1, report.files)} value={checked.done} aria-hidden="true" /><span>{t('record.checking', { done: checked.done, all: Math.max(report.files, checked.done) })}</span></> : null}
        {checked.is === 'done' ? (checked.damaged.length ? <b className="fault">{t('record.not_same', { count: checked.damaged.length, times: checked.damaged.map(({ fromMs }) => clock(fromMs)).join(', ') })}</b> : <b>{t('record.same', { count: checked.done })}</b>) : null}
        {checked.is === 'broken' ? <b className="fault">{t('record.check_failed')}</b> : null}
      </div>
      <div className="do">
        <button type="button" className="btn" disabled={checked.is === 'running' || report.files === 0} onClick={() => void check().catch(() => setChecked({ is: 'broken' }))} data-do="check-record">{t('record.check')}</button>
        <a className="btn main" href={recordReportUrl(report.cameraId, report)} download data-do="take-report">{t('record.download')}</a>
      </div>
    </>
  )
}
