import { useEffect, useRef, useState, type PointerEvent, type ReactElement } from 'react'
import type { SpanView, TimelineView } from '../../server/contract/recordings.js'
import { clock } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { Axis, Lane } from './lane.js'
import type { CameraMark } from './marks.js'
import { drag, momentAt, partOf, zoomBy } from './scale.js'
import { recordedStillUrl } from './playback-api.js'

export interface LaneCamera {
  readonly id: string
  readonly name: string
  readonly timeline: TimelineView | null
}
export type Cut = { readonly is: 'none' } | { readonly is: 'begun'; readonly fromMs: number } | { readonly is: 'whole'; readonly fromMs: number; readonly toMs: number }

interface LanesProps {
  readonly cameras: readonly LaneCamera[]
  readonly marks: readonly CameraMark[]
  readonly view: SpanView
  readonly atMs: number
  readonly nowMs: number
  readonly cut: Cut
  readonly onView: (view: SpanView) => void
  readonly onSeek: (atMs: number) => void
  readonly onMark: (mark: CameraMark) => void
}

/** A drag begins only after so many pixels: a hand that clicks is never quite still. */
const DRAG_PX_MIN = 4
const WHEEL_STEP = 1.25

/** One lane a camera on one scale. Click: that moment. Drag: other times. Wheel: more or less time, around the hand. */
export function Lanes(props: LanesProps): ReactElement {
  const { t } = useWords()
  const { view, atMs, cut } = props
  const box = useRef<HTMLDivElement>(null)
  const tracks = useTracks(box)
  const [hover, setHover] = useState<{ readonly part: number; readonly lane: number } | null>(null)
  const hand = useHand(props, tracks, setHover)
  useWheel(box, tracks, props)
  const at = partOf(view, atMs)
  const cutTo = cut.is === 'whole' ? cut.toMs : atMs
  const cutParts = cut.is === 'none' ? null : [partOf(view, Math.min(cut.fromMs, cutTo)), partOf(view, Math.max(cut.fromMs, cutTo))].map((part) => Math.min(1, Math.max(0, part)))
  return (
    <div className="lanes" ref={box} role="group" aria-label={t('lane.all')} {...hand}>
      <Axis view={view} nowMs={props.nowMs} most={10} />
      {props.cameras.map(({ id, name, timeline }) => <Lane key={id} name={name} timeline={timeline} view={view} marks={props.marks.filter(({ cameraId }) => cameraId === id)} onMark={props.onMark} />)}
      <div className="over-lanes" aria-hidden="true">
        {cutParts ? <i className="cut-span" style={{ left: `${(cutParts[0] ?? 0) * 100}%`, width: `${((cutParts[1] ?? 0) - (cutParts[0] ?? 0)) * 100}%` }} data-cut={cut.is} /> : null}
        {at >= 0 && at <= 1 ? <i className="cursor" style={{ left: `${at * 100}%` }} /> : null}
        {hover ? <Hover part={hover.part} camera={props.cameras[hover.lane] ?? props.cameras[0] ?? null} view={view} /> : null}
      </div>
    </div>
  )
}

/** Where the tracks begin and end on the screen: names stand to the left of them. */
function useTracks(box: React.RefObject<HTMLDivElement | null>): () => { readonly left: number; readonly width: number } {
  return () => {
    const rect = box.current?.querySelector('.track')?.getBoundingClientRect()
    return { left: rect?.left ?? 0, width: Math.max(1, rect?.width ?? 1) }
  }
}

type Tracks = ReturnType<typeof useTracks>

function useHand({ view, onView, onSeek }: LanesProps, tracks: Tracks, setHover: (hover: { readonly part: number; readonly lane: number } | null) => void) {
  const held = useRef<{ readonly x: number; readonly view: SpanView; moved: boolean } | null>(null)
  const partAt = (x: number): number => (x - tracks().left) / tracks().width
  const inTracks = (event: PointerEvent): boolean => partAt(event.clientX) >= 0 && partAt(event.clientX) <= 1
  return {
    onPointerDown(event: PointerEvent<HTMLDivElement>): void {
      if (event.button !== 0 || !inTracks(event) || (event.target as Element).closest('button')) return
      held.current = { x: event.clientX, view, moved: false }
      event.currentTarget.setPointerCapture(event.pointerId)
    },
    onPointerMove(event: PointerEvent<HTMLDivElement>): void {
      const from = held.current
      if (from && (from.moved || Math.abs(event.clientX - from.x) >= DRAG_PX_MIN)) {
        from.moved = true
        setHover(null)
        return onView(drag(from.view, (from.x - event.clientX) / tracks().width))
      }
      const lane = [...event.currentTarget.querySelectorAll('[data-lane]')].findIndex((one) => one.getBoundingClientRect().bottom >= event.clientY)
      setHover(inTracks(event) && event.pointerType === 'mouse' ? { part: partAt(event.clientX), lane: Math.max(0, lane) } : null)
    },
    onPointerUp(event: PointerEvent<HTMLDivElement>): void {
      const from = held.current
      held.current = null
      if (from && !from.moved && inTracks(event)) onSeek(momentAt(view, partAt(event.clientX)))
    },
    onPointerCancel(): void {
      held.current = null
    },
    onPointerLeave(): void {
      setHover(null)
    },
  }
}

/** React listens to wheels passively; ours must not scroll the page. */
function useWheel(box: React.RefObject<HTMLDivElement | null>, tracks: Tracks, props: LanesProps): void {
  const latest = useRef(props)
  latest.current = props
  useEffect(() => {
    const element = box.current
    if (!element) return
    const turn = (event: WheelEvent): void => {
      event.preventDefault()
      const { view, onView } = latest.current
      const { left, width } = tracks()
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return onView(drag(view, (event.deltaX || event.deltaY) / width))
      onView(zoomBy(view, event.deltaY > 0 ? WHEEL_STEP : 1 / WHEEL_STEP, Math.min(1, Math.max(0, (event.clientX - left) / width))))
    }
    element.addEventListener('wheel', turn, { passive: false })
    return () => element.removeEventListener('wheel', turn)
  }, [box, tracks])
}

/** A hand that rests is answered; one that passes asks for nothing. */
const REST_MS = 180

function Hover({ part, camera, view }: { readonly part: number; readonly camera: LaneCamera | null; readonly view: SpanView }): ReactElement {
  const atMs = momentAt(view, part)
  const [asked, setAsked] = useState<{ readonly cameraId: string; readonly atMs: number } | null>(null)
  const [missing, setMissing] = useState(false)
  const there = camera?.timeline?.recorded.some((one) => one.fromMs <= atMs && atMs < one.toMs) ?? false
  const cameraId = camera?.id ?? null
  useEffect(() => {
    const timer = window.setTimeout(() => {
      setMissing(false)
      setAsked(cameraId === null ? null : { cameraId, atMs })
    }, REST_MS)
    return () => window.clearTimeout(timer)
  }, [cameraId, atMs])
  return (
    <div className="hover" style={{ left: `${part * 100}%` }}>
      <div className="peek" style={{ transform: `translateX(${-Math.min(1, Math.max(0, part)) * 100}%)` }}>
        {there && asked && !missing ? <img src={recordedStillUrl(asked.cameraId, asked.atMs)} alt="" onError={() => setMissing(true)} /> : null}
        <b>{clock(atMs)}</b>{camera ? <span className="cut">{camera.name}</span> : null}
      </div>
    </div>
  )
}
