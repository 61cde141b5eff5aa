import type { MouseEvent, ReactElement } from 'react'
import type { EvidenceView } from '../../server/contract/alerts.js'
import { clock } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { partOf, spanOf, type KeptMoment } from './clip-time.js'

/** The clip as a bar, the start as a cyan mark, the alert as its own symbol, and where we look now. */
export function Timeline({ alert, clip, atMs, onSeek }: { readonly alert: KeptMoment; readonly clip: EvidenceView | null; readonly atMs: number | null; readonly onSeek: (atMs: number) => void }): ReactElement {
  const { t } = useWords()
  const marks = spanOf(clip, alert.sinceMs, alert.raisedAtMs)
  const x = (at: number): number => partOf(marks, at) * 1000
  const seek = (event: MouseEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect()
    onSeek(marks.fromMs + ((event.clientX - box.left) / box.width) * (marks.toMs - marks.fromMs))
  }
  const seconds: number[] = []
  for (let at = Math.ceil(marks.fromMs / 1000) * 1000; at < marks.toMs && seconds.length < 120; at += 1000) seconds.push(at)
  // Two marks closer than their words are wide would print over each other; the start then gives way.
  const apart = Math.abs(x(alert.raisedAtMs) - x(alert.sinceMs)) > 280
  return (
    <div className="tlw">
      <svg className="tl" viewBox="0 0 1000 46" preserveAspectRatio="none" role="img" aria-label={t('desk.timeline')} onClick={seek}>
        <rect x={0} y={22} width={1000} height={10} fill="var(--raised)" />
        {clip ? <rect x={x(clip.fromMs)} y={22} width={Math.max(2, x(clip.toMs) - x(clip.fromMs))} height={10} fill="var(--edge)" /> : null}
        {seconds.map((at) => <line key={at} x1={x(at)} x2={x(at)} y1={(at / 1000) % 5 === 0 ? 8 : 15} y2={22} stroke="var(--line)" vectorEffect="non-scaling-stroke" />)}
        {atMs !== null ? <line x1={x(atMs)} x2={x(atMs)} y1={4} y2={40} stroke="var(--text)" strokeWidth={3} vectorEffect="non-scaling-stroke" /> : null}
      </svg>
      <Pin part={partOf(marks, alert.sinceMs)} className="since" />
      <Pin part={partOf(marks, alert.raisedAtMs)} className={alert.priority ? `raised ${alert.priority}` : 'raised held'} />
      <div className="tls">
        {apart ? <Words part={partOf(marks, alert.sinceMs)}>{clock(alert.sinceMs)} {t('desk.began')}</Words> : null}
        <Words part={partOf(marks, alert.raisedAtMs)}>{clock(alert.raisedAtMs)} {t(alert.priority ? 'desk.raised' : 'held.pin')}</Words>
      </div>
    </div>
  )
}

/* Positions are set through the style object, which the content policy allows; a style attribute it would not. */
function Pin({ part, className }: { readonly part: number; readonly className: string }): ReactElement {
  return <i className={`pin ${className}`} style={{ left: `calc(1rem + (100% - 2rem) * ${part})` }} aria-hidden="true" />
}

function Words({ part, children }: { readonly part: number; readonly children: React.ReactNode }): ReactElement {
  return <span style={{ left: `${part * 100}%`, transform: `translateX(${-part * 100}%)` }}>{children}</span>
}
