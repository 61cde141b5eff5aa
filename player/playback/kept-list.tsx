import type { ReactElement } from 'react'
import type { ExportView, HoldView } from '../../server/contract/recordings.js'
import { bytes, clock, day, moment, span } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { exportFileUrl } from './playback-api.js'

/** What is kept beyond its time, by whom, why, until when. */
export function HoldList({ holds, nameOf, onEnd }: { readonly holds: readonly HoldView[]; readonly nameOf: (cameraId: string) => string; readonly onEnd: ((hold: HoldView) => void) | null }): ReactElement | null {
  const { t } = useWords()
  if (!holds.length) return null
  return (
    <section className="kept-list" aria-label={t('hold.list')}>
      <div className="gh"><span>{t('hold.list')}</span><span>{holds.length}</span></div>
      <ul>
        {holds.map((hold) => (
          <li key={hold.id} data-hold-row={hold.id}>
            <b className="cut">{nameOf(hold.cameraId)} {clock(hold.fromMs).slice(0, 5)}–{clock(hold.toMs).slice(0, 5)}</b>
            <span>{t('lane.hold_short', { day: day(hold.untilMs) })} · {t('hold.by', { who: hold.by, reason: hold.reason })}</span>
            {onEnd ? <button type="button" className="link small" onClick={() => onEnd(hold)}>{t('hold.end')}</button> : null}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Each export from its first second to its file: nothing is done behind the person's back. */
export function ExportList({ exports, nameOf, nowMs, onEnd }: { readonly exports: readonly ExportView[]; readonly nameOf: (cameraId: string) => string; readonly nowMs: number; readonly onEnd: (one: ExportView) => void }): ReactElement {
  const { t } = useWords()
  return (
    <section className="kept-list" aria-label={t('export.list')}>
      <div className="gh"><span>{t('export.list')}</span><span>{exports.length || ''}</span></div>
      {exports.length ? <ul>{exports.map((one) => <ExportRow key={one.id} one={one} name={nameOf(one.cameraId)} nowMs={nowMs} onEnd={() => onEnd(one)} />)}</ul> : <p className="text2 pad">{t('export.none')}</p>}
    </section>
  )
}

function ExportRow({ one, name, nowMs, onEnd }: { readonly one: ExportView; readonly name: string; readonly nowMs: number; readonly onEnd: () => void }): ReactElement {
  const { t, pick, language } = useWords()
  const missingMs = one.gaps.reduce((sum, gap) => sum + gap.toMs - gap.fromMs, 0)
  const percent = Math.floor(one.progress * 100)
  return (
    <li data-export={one.id} data-state={one.state}>
      <b className="cut">{t('export.of', { camera: name, from: moment(one.fromMs, nowMs), to: clock(one.toMs) })}</b>
      <span>{t(`export.state.${one.state}`, { percent })}{one.bytes === null ? '' : ` · ${bytes(one.bytes, language)}`}{missingMs ? ` · ${t('export.lacks', { span: span(missingMs, language) })}` : ''}</span>
      {one.state === 'running' ? <progress max={1} value={one.progress} aria-label={t('export.state.running', { percent })} /> : null}
      {one.trouble ? <span className="fault">{pick(one.trouble)}</span> : null}
      {one.redaction ? <span data-redaction={one.redaction.covered ?? 'wanted'}><b>{t('export.redacted')}</b>{one.redaction.said ? ` · ${pick(one.redaction.said)}` : ''}</span> : null}
      {one.sha256 ? <span className="mono text3">SHA-256 {one.sha256}</span> : null}
      <span className="do-row">
        {one.state === 'ready' ? <a className="btn sm" href={exportFileUrl(one.id)} download>{t('export.download')}</a> : null}
        <button type="button" className="link small" onClick={onEnd}>{t(one.state === 'queued' || one.state === 'running' ? 'export.cancel' : 'export.remove')}</button>
      </span>
    </li>
  )
}
