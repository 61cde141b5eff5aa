import { useEffect, useId, useMemo, useRef, useState, type PointerEvent, type ReactElement, type ReactNode } from 'react'
import type { Spot } from '../../server/contract/cameras.js'
import type { Size } from '../ui/drawn.js'
import { useWords } from '../words/words.js'
import type { Drawing, DrawingDeed } from './drawing.js'
import { roadOf } from './ground.js'
import { RoadGrid } from './road-grid.js'
import { faultOf, isClosed, type Shape } from './shape.js'
import { Handles, OpenShape, ShapeView } from './shape-views.js'

interface CanvasProps {
  readonly picture: string | null
  readonly size: Size
  readonly drawing: Drawing
  /** The shapes of the version that is live, where they differ: shown beneath, not to be touched. */
  readonly live: readonly Shape[]
  readonly liveLabel: string
  readonly edits: boolean
  readonly nameOf: (shape: Shape) => string
  /** Drawn on another view than the picture shows. */
  readonly isElsewhere?: (shape: Shape) => boolean
  readonly pen: Spot | null
  readonly act: (deed: DrawingDeed) => void
  readonly children?: ReactNode
}

/** The picture and what is drawn on it. Everything is laid out in the pixels of the screen, so that handles keep their size. */
export function Canvas({ picture, size, drawing, live, liveLabel, edits, nameOf, isElsewhere = () => false, pen, act, children }: CanvasProps): ReactElement {
  const { t } = useWords()
  const hatch = useId()
  const box = useRef<HTMLDivElement>(null)
  const [glass, setGlass] = useState<Size>({ width: 960, height: 540 })
  const [hand, setHand] = useState<Spot | null>(null)
  useEffect(() => {
    const element = box.current
    if (!element) return
    const seen = new ResizeObserver(() => setGlass({ width: Math.max(1, element.clientWidth), height: Math.max(1, element.clientHeight) }))
    seen.observe(element)
    return () => seen.disconnect()
  }, [])
  const { open, chosen, shapes } = drawing
  const ground = shapes.find((shape) => shape.is === 'ground')
  const road = useMemo(() => (ground && faultOf(ground) === null ? roadOf(ground) : null), [ground])
  // An arrow belongs to what it lies on and has no label of its own.
  const labels = shapes.map((shape, at) => (shape.is === 'arrow' ? null : `${shapes.slice(0, at + 1).filter(({ is }) => is !== 'arrow').length} ${nameOf(shape)}`))
  const isOpen = open !== null
  // Enter and Space belong to what is drawn now, and not to the button that began it.
  useEffect(() => {
    if (isOpen) box.current?.querySelector('svg')?.focus({ preventScroll: true })
  }, [isOpen])
  const spotOf = (event: PointerEvent): Spot => {
    const { left, top, width, height } = box.current!.getBoundingClientRect()
    return { x: (event.clientX - left) / width, y: (event.clientY - top) / height }
  }
  const press = (event: PointerEvent<SVGSVGElement>): void => {
    if (!edits || event.button !== 0) return
    if (open) return act({ do: 'add', at: spotOf(event) })
    act({ do: 'choose', grip: null })
  }
  /** The glass keeps the pointer: a drag goes on outside the picture, and ends at its edge. */
  const take = (event: PointerEvent, deed: DrawingDeed): void => {
    if (!edits || open || event.button !== 0) return
    event.stopPropagation()
    box.current?.querySelector('svg')?.setPointerCapture(event.pointerId)
    act(deed)
  }
  const move = (event: PointerEvent): void => {
    if (!edits) return
    if (open) setHand(spotOf(event))
    else if (chosen?.vertex !== null && chosen && event.buttons === 1) act({ do: 'drag', to: spotOf(event) })
  }
  return (
    <div ref={box} className={['frame drawing', edits ? 'edits' : '', open ? 'opened' : ''].join(' ')} style={{ aspectRatio: `${size.width} / ${size.height}`, ['--shape' as string]: size.width / size.height }}>
      {picture ? <img src={picture} alt="" draggable={false} /> : null}
      <svg className="canvas" tabIndex={-1} viewBox={`0 0 ${glass.width} ${glass.height}`} role="group" aria-label={t('draw.picture')} onPointerDown={press} onPointerMove={move} onPointerUp={() => act({ do: 'let_go' })} onPointerLeave={() => setHand(null)} onDoubleClick={() => { if (open && isClosed(open.is)) act({ do: 'close' }) }}>
        <defs><pattern id={hatch} width={10} height={10} patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect className="hatch-ground" width={10} height={10} /><line className="hatch-line" x1={0} y1={0} x2={0} y2={10} /></pattern></defs>
        {ground && road ? <RoadGrid ground={ground} road={road} glass={glass} /> : null}
        {live.map((shape, at) => <ShapeView key={`live ${at}`} shape={shape} glass={glass} hatch={hatch} look="ghost" label={at === 0 ? liveLabel : null} />)}
        {shapes.map((shape, at) => <ShapeView key={at} shape={shape} glass={glass} hatch={hatch} look={chosen?.shape === at ? 'chosen' : isElsewhere(shape) ? 'away' : 'plain'} road={road} label={labels[at] ?? null} onTake={(event) => take(event, { do: 'choose', grip: { shape: at, vertex: null } })} />)}
        {edits && !open ? shapes.map((shape, at) => <Handles key={at} shape={shape} at={at} chosen={chosen} glass={glass} name={nameOf(shape)} onTake={take} act={act} />) : null}
        {open ? <OpenShape open={open} hand={hand ?? pen} glass={glass} /> : null}
        {open && pen ? <path className="pen" d={`M${pen.x * glass.width - 14},${pen.y * glass.height}h28M${pen.x * glass.width},${pen.y * glass.height - 14}v28`} /> : null}
      </svg>
      {children}
    </div>
  )
}
