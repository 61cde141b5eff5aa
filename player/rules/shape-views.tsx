import type { PointerEvent, ReactElement } from 'react'
import type { Spot } from '../../server/contract/cameras.js'
import type { Size } from '../ui/drawn.js'
import { number } from '../words/measures.js'
import { useWords } from '../words/words.js'
import type { DrawingDeed, Grip, Open } from './drawing.js'
import { metresBetween, type Road } from './ground.js'
import { isArea, isClosed, middleOf, type Shape, type Side } from './shape.js'

/** A handle is drawn this large and taken from twice as far (pointer targets: WCAG 2.2, 2.5.8). */
const HANDLE_PX = 14
const HIT_PX = 26
const ARROW_PX = 34
const BARB_PX = 15
const HEAD_SHARE = 0.75
const LETTER_PX = 8.6
const LABEL_PX = 26

type Take = (event: PointerEvent, deed: DrawingDeed) => void

const onGlass = ({ x, y }: Spot, { width, height }: Size): Spot => ({ x: x * width, y: y * height })
const listOf = (points: readonly Spot[]): string => points.map(({ x, y }) => `${x},${y}`).join(' ')

interface ShapeViewProps {
  readonly shape: Shape
  readonly glass: Size
  readonly hatch: string
  readonly look: 'plain' | 'chosen' | 'away' | 'ghost'
  readonly label: string | null
  /** What a stretch on it measures; null: nobody knows the road. */
  readonly road?: Road | null
  readonly onTake?: (event: PointerEvent) => void
}

export function ShapeView({ shape, glass, hatch, look, label, road = null, onTake }: ShapeViewProps): ReactElement {
  const points = shape.points.map((point) => onGlass(point, glass))
  return (
    <g className={`shape ${shape.is} ${look}`} data-shape={look === 'ghost' ? undefined : shape.field} onPointerDown={onTake}>
      <Outline shape={shape} points={points} hatch={hatch} road={road} />
      {label ? <Label text={label} points={points} glass={glass} below={look === 'ghost' || shape.is === 'ground'} /> : null}
    </g>
  )
}

function Outline({ shape, points, hatch, road }: { readonly shape: Shape; readonly points: readonly Spot[]; readonly hatch: string; readonly road: Road | null }): ReactElement {
  const [a, b] = [points[0]!, points[1]!]
  switch (shape.is) {
    case 'zone':
    case 'permit':
      return <polygon className="area" points={listOf(points)} />
    case 'ground':
      return <><polygon className="area" points={listOf(points)} /><Measures points={points} widthM={shape.widthM} lengthM={shape.lengthM} /></>
    case 'check':
      return <><polyline className="edge" points={listOf(points)} /><Metres between={[a, b]} metres={road && metresBetween(road, [shape.points[0]!, shape.points[1]!])} /></>
    case 'exclusion':
      return <polygon className="area hatched" points={listOf(points)} style={{ fill: `url(#${hatch})` }} />
    case 'mask':
      return <polygon className="area solid" points={listOf(points)} />
    case 'lamp':
      return <rect className="area" x={Math.min(a.x, b.x)} y={Math.min(a.y, b.y)} width={Math.abs(b.x - a.x)} height={Math.abs(b.y - a.y)} />
    case 'line':
      return <><polyline className="edge" points={listOf(points)} />{shape.side ? <SideArrows a={a} b={b} side={shape.side} /> : null}</>
    case 'arrow':
      // Its head stands before the end, where the handle would cover it, and behind the middle, where a stop line lies.
      return <path className="edge" d={`M${a.x},${a.y}L${b.x},${b.y}${arrowPath(a, { x: a.x + (b.x - a.x) * HEAD_SHARE, y: a.y + (b.y - a.y) * HEAD_SHARE })}`} />
  }
}

/** Over which side of the line, as seen walking from its first point to its second (the picture's y points down). */
function SideArrows({ a, b, side }: { readonly a: Spot; readonly b: Spot; readonly side: Side }): ReactElement {
  const length = Math.hypot(b.x - a.x, b.y - a.y) || 1
  const [rx, ry] = [(-(b.y - a.y) / length) * ARROW_PX, ((b.x - a.x) / length) * ARROW_PX]
  const middle = middleOf([a, b])
  return (
    <>
      {side === 'left' ? null : <path className="edge" data-side="right" d={arrowPath(middle, { x: middle.x + rx, y: middle.y + ry })} />}
      {side === 'right' ? null : <path className="edge" data-side="left" d={arrowPath(middle, { x: middle.x - rx, y: middle.y - ry })} />}
    </>
  )
}

function arrowPath(from: Spot, to: Spot): string {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1
  const [ux, uy] = [(to.x - from.x) / length, (to.y - from.y) / length]
  const barb = (turn: number): string => `${to.x + BARB_PX * (-ux * 0.8 - turn * uy * 0.6)},${to.y + BARB_PX * (-uy * 0.8 + turn * ux * 0.6)}`
  return `M${from.x},${from.y}L${to.x},${to.y}M${barb(1)}L${to.x},${to.y}L${barb(-1)}`
}

function Measures({ points, widthM, lengthM }: { readonly points: readonly Spot[]; readonly widthM: number; readonly lengthM: number }): ReactElement {
  const { language } = useWords()
  const metres = (value: number): string => `${number(value, language, Number.isInteger(value) ? 0 : 1)} m`
  const [wide, long] = [middleOf(points.slice(0, 2)), middleOf(points.slice(1, 3))]
  return <><text className="measure" x={wide.x} y={wide.y + 18} textAnchor="middle">{metres(widthM)}</text><text className="measure" x={long.x + 10} y={long.y}>{metres(lengthM)}</text></>
}

/** What the known stretch comes to, beside its middle. */
function Metres({ between: [a, b], metres }: { readonly between: readonly [Spot, Spot]; readonly metres: number | null }): ReactElement | null {
  const { language } = useWords()
  const at = middleOf([a, b])
  return metres === null ? null : <text className="measure" x={at.x + 10} y={at.y + 5} data-metres={metres.toFixed(2)}>≈ {number(metres, language, 1)} m</text>
}

/** Above a shape; of what lies beneath it below, and of a rectangle on the road, so that the two do not cover each other. */
function Label({ text, points, glass, below }: { readonly text: string; readonly points: readonly Spot[]; readonly glass: Size; readonly below: boolean }): ReactElement {
  const at = points.reduce((best, one) => (below === one.y > best.y ? one : best))
  const width = text.length * LETTER_PX + 16
  const x = Math.max(2, Math.min(at.x - 8, glass.width - width - 2))
  const above = at.y - LABEL_PX - 10
  const y = below ? Math.min(at.y + 6, glass.height - LABEL_PX - 2) : above > 4 ? above : Math.min(at.y + 12, glass.height - LABEL_PX)
  return <g className="label"><rect x={x} y={y} width={width} height={LABEL_PX} rx={3} /><text x={x + 8} y={y + 18}>{text}</text></g>
}

interface HandlesProps {
  readonly shape: Shape
  readonly at: number
  readonly chosen: Grip | null
  readonly glass: Size
  readonly name: string
  readonly onTake: Take
  readonly act: (deed: DrawingDeed) => void
}

/** Squares are points to drag; dots, on the chosen shape, become points. Each can be reached by Tab and named by a screen reader. */
export function Handles({ shape, at, chosen, glass, name, onTake, act }: HandlesProps): ReactElement {
  const { t } = useWords()
  const mine = chosen?.shape === at
  const points = shape.points.map((point) => onGlass(point, glass))
  const edges = mine && isArea(shape.is) ? points.map((a, edge) => ({ edge, ...middleOf([a, points[(edge + 1) % points.length]!]) })) : []
  return (
    <g className="handles">
      {edges.map(({ edge, x, y }) => (
        <g key={`edge ${edge}`} className="handle dot-handle" tabIndex={0} role="button" aria-label={t('draw.edge', { name, at: edge + 1 })} data-edge={edge} onPointerDown={(event) => onTake(event, { do: 'insert', shape: at, edge })} onKeyDown={(event) => { if (event.code === 'Enter' || event.code === 'Space') { event.preventDefault(); act({ do: 'insert', shape: at, edge }); act({ do: 'let_go' }) } }}>
          <circle className="hit" cx={x} cy={y} r={HIT_PX / 2} /><circle className="seen" cx={x} cy={y} r={6.5} />
        </g>
      ))}
      {points.map(({ x, y }, vertex) => (
        <g key={vertex} className={mine && chosen.vertex === vertex ? 'handle held' : 'handle'} tabIndex={0} role="button" aria-label={t('draw.point', { name, at: vertex + 1 })} aria-pressed={mine && chosen.vertex === vertex} data-vertex={vertex} onFocus={() => act({ do: 'choose', grip: { shape: at, vertex } })} onPointerDown={(event) => onTake(event, { do: 'choose', grip: { shape: at, vertex } })} onContextMenu={(event) => { event.preventDefault(); act({ do: 'choose', grip: { shape: at, vertex } }); act({ do: 'remove' }) }}>
          <rect className="hit" x={x - HIT_PX / 2} y={y - HIT_PX / 2} width={HIT_PX} height={HIT_PX} />
          <rect className="seen" x={x - HANDLE_PX / 2} y={y - HANDLE_PX / 2} width={HANDLE_PX} height={HANDLE_PX} />
        </g>
      ))}
    </g>
  )
}

/** What is being drawn, up to the hand. */
export function OpenShape({ open, hand, glass }: { readonly open: Open; readonly hand: Spot | null; readonly glass: Size }): ReactElement {
  const points = [...open.points, ...(hand ? [hand] : [])].map((point) => onGlass(point, glass))
  const fixed = open.points.map((point) => onGlass(point, glass))
  const [a, b] = [points[0], points[1]]
  return (
    <g className="opening">
      {open.is === 'lamp' && a && b ? <rect x={Math.min(a.x, b.x)} y={Math.min(a.y, b.y)} width={Math.abs(b.x - a.x)} height={Math.abs(b.y - a.y)} /> : isClosed(open.is) ? <polygon points={listOf(points)} /> : <polyline points={listOf(points)} />}
      {fixed.map(({ x, y }, at) => <rect key={at} className={at === 0 ? 'seen first' : 'seen'} x={x - HANDLE_PX / 2} y={y - HANDLE_PX / 2} width={HANDLE_PX} height={HANDLE_PX} />)}
    </g>
  )
}
