import type { ReactElement } from 'react'
import type { SpanView, TimelineView } from '../../server/contract/recordings.js'
import { PrioritySymbol } from '../ui/symbol.js'
import { clock, day } from '../words/measures.js'
import { useWords } from '../words/words.js'
import type { CameraMark } from './marks.js'
import { lengthOf, partOf, ticksOf } from './scale.js'

interface LaneProps {
  readonly name: string
  readonly timeline: TimelineView | null
  readonly view: SpanView
  readonly marks: readonly CameraMark[]
  readonly onMark: (mark: CameraMark) => void
}

/** Positions are set through the style object, which the content policy allows. */
const span = (view: SpanView, one: SpanView): { readonly left: string; readonly width: string } => {
  const [from, to] = [Math.max(0, partOf(view, one.fromMs)), Math.min(1, partOf(view, one.toMs))]
  return { left: `${from * 100}%`, width: `${Math.max(0, to - from) * 100}%` }
}
const touches = (view: SpanView, one: SpanView): boolean => one.toMs > view.fromMs && one.fromMs < view.toMs
/** A gap this wide of the lane has room for its words. */
const WORDS_PART_MIN = 0.09
/** Marks closer than this are one symbol wide: the first stands for the rest, the list shows all. */
const MARK_PART_MIN = 0.012

/** One camera's past at a glance: recorded grey, motion drawn in it, gaps hatched with their cause, holds bracketed, marks by shape. */
export function Lane({ name, timeline, view, marks, onMark }: LaneProps): ReactElement {
  const { t, pick } = useWords()
  if (!timeline) return <div className="lane loading" aria-label={t('lane.label', { camera: name })}><span className="who-lane cut">{name}</span><div className="track"><i className="wait" /></div></div>
  const expired = timeline.expiredBeforeMs !== null && timeline.expiredBeforeMs > view.fromMs ? { fromMs: view.fromMs, toMs: Math.min(view.toMs, timeline.expiredBeforeMs) } : null
  const gaps = timeline.gaps.filter((gap) => gap.cause !== 'expired' && touches(view, gap))
  const empty = !timeline.recorded.some((one) => touches(view, one)) && gaps.length === 0 && !expired
  const wide = (one: SpanView, partMin = WORDS_PART_MIN): boolean => (Math.min(one.toMs, view.toMs) - Math.max(one.fromMs, view.fromMs)) / lengthOf(view) > partMin
  return (
    <div className="lane" role="group" aria-label={t('lane.label', { camera: name })} data-lane={timeline.cameraId}>
      <span className="who-lane cut" title={name}>{name}</span>
      <div className="track">
        {timeline.recorded.filter((one) => touches(view, one)).map((one) => <i key={one.fromMs} className="rec" style={span(view, one)} data-recorded="" />)}
        <Motion timeline={timeline} view={view} />
        {expired ? <i className="exp" style={span(view, expired)} title={t('lane.expired')}>{wide(expired) ? <em>{t('lane.expired')}</em> : null}</i> : null}
        {gaps.map((gap) => <i key={`${gap.fromMs} ${gap.cause}`} className="gap" style={span(view, gap)} title={t('past.gap', { from: clock(gap.fromMs), to: clock(gap.toMs), cause: pick(gap.said) })} data-gap={gap.cause}>{wide(gap) ? <em className="cut">{pick(gap.said)}</em> : null}</i>)}
        {timeline.holds.filter((one) => touches(view, one)).map((one) => <i key={one.id} className="held" style={span(view, one)} title={t('lane.hold', { day: day(one.untilMs), reason: one.reason })} data-hold={one.id}>{wide(one, 0.16) ? <em className="cut">{t('lane.hold_short', { day: day(one.untilMs).slice(0, 5) })}</em> : null}</i>)}
        {empty ? <span className="none">{t('lane.none')}</span> : null}
        {apart(marks.filter(({ atMs }) => atMs >= view.fromMs && atMs <= view.toMs), view).map((mark) => (
          <button key={mark.id} type="button" className="pin-mark" style={{ left: `${partOf(view, mark.atMs) * 100}%` }} title={`${clock(mark.atMs)} ${mark.title}`} aria-label={`${clock(mark.atMs)} ${mark.title || t('lane.bookmark')}`} onClick={(event) => { event.stopPropagation(); onMark(mark) }} data-mark={mark.kind}>
            <MarkSymbol mark={mark} size={18} />
          </button>
        ))}
      </div>
    </div>
  )
}

function apart(marks: readonly CameraMark[], view: SpanView): readonly CameraMark[] {
  const shown: CameraMark[] = []
  for (const mark of marks) {
    const last = shown.at(-1)
    if (!last || (mark.atMs - last.atMs) / lengthOf(view) > MARK_PART_MIN) shown.push(mark)
  }
  return shown
}

export function MarkSymbol({ mark, size }: { readonly mark: Pick<CameraMark, 'kind' | 'priority'>; readonly size: number }): ReactElement {
  const { t } = useWords()
  if (mark.kind === 'alert' && mark.priority) return <PrioritySymbol priority={mark.priority} taken size={size} quiet />
  return (
    <svg className="sym" width={`${size / 16}rem`} height={`${size / 16}rem`} viewBox="0 0 24 24" role="img" aria-label={t('lane.bookmark')}>
      <path d="M6 2h12v20l-6-5-6 5z" fill="var(--bg)" stroke="var(--text)" strokeWidth={2.2} strokeLinejoin="round" />
    </svg>
  )
}

/** How much the picture changed, as a curve in the recorded bar. */
function Motion({ timeline, view }: { readonly timeline: TimelineView; readonly view: SpanView }): ReactElement | null {
  const { t } = useWords()
  const { motion } = timeline
  if (!motion.some((level) => level > 0)) return null
  const step = lengthOf(timeline) / motion.length
  const points = motion.map((level, at) => `${((partOf(view, timeline.fromMs + at * step)) * 1000).toFixed(1)},${(24 - level * 22).toFixed(1)} ${((partOf(view, timeline.fromMs + (at + 1) * step)) * 1000).toFixed(1)},${(24 - level * 22).toFixed(1)}`)
  const [from, to] = [partOf(view, timeline.fromMs) * 1000, partOf(view, timeline.toMs) * 1000]
  return <svg className="motion" viewBox="0 0 1000 24" preserveAspectRatio="none" role="img" aria-label={t('lane.motion')}><polygon points={`${from.toFixed(1)},24 ${points.join(' ')} ${to.toFixed(1)},24`} fill="var(--text2)" /></svg>
}

/** Round times above the lanes; the day is written where it changes and at the left edge. */
export function Axis({ view, nowMs, most }: { readonly view: SpanView; readonly nowMs: number; readonly most: number }): ReactElement {
  const { t } = useWords()
  const offsetMs = -new Date(view.fromMs).getTimezoneOffset() * 60_000
  const seconds = lengthOf(view) < 20 * 60_000
  const ticks = ticksOf(view, most, offsetMs)
  const now = partOf(view, nowMs)
  return (
    <div className="lane axis">
      <span className="who-lane">{day(view.fromMs)}</span>
      <div className="track">
        {ticks.filter(({ atMs }) => partOf(view, atMs) < 0.96).map(({ atMs, day: midnight }) => <span key={atMs} className={midnight ? 'tick day' : 'tick'} style={{ left: `${partOf(view, atMs) * 100}%` }}>{midnight ? day(atMs).slice(0, 5) : clock(atMs).slice(0, seconds ? 8 : 5)}</span>)}
        {now > 0 && now < 1 ? <span className="tick now" style={{ left: `${now * 100}%` }} title={t('playback.now')} /> : null}
      </div>
    </div>
  )
}
