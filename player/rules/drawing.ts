import type { MaskView, Spot } from '../../server/contract/cameras.js'
import { crossesItself, faultOf, isClosed, POINTS, type Fault, type LampOrder, type Shape, type Side } from './shape.js'

/** What is being drawn and cannot be a shape yet. */
export interface Open {
  readonly is: Shape['is']
  readonly field: string
  readonly points: readonly Spot[]
  /** A line of which a side counts. */
  readonly sided: boolean
}

export interface Grip {
  readonly shape: number
  /** Null: the shape as a whole. */
  readonly vertex: number | null
}

/** The drawing of one rule: a state, and deeds that change it. Nothing here knows a mouse or a key. */
export interface Drawing {
  readonly shapes: readonly Shape[]
  readonly open: Open | null
  readonly chosen: Grip | null
  /** Whether the vertex in hand has moved: a drag is one step to undo, however many pixels it went. */
  readonly dragged: boolean
  readonly past: readonly (readonly Shape[])[]
  readonly future: readonly (readonly Shape[])[]
}

export type DrawingDeed =
  | { readonly do: 'begin'; readonly is: Shape['is']; readonly field: string; readonly sided?: boolean }
  /** A click on the picture while something is being drawn. On the first point it closes an outline. */
  | { readonly do: 'add'; readonly at: Spot }
  | { readonly do: 'close' | 'cancel' | 'undo' | 'redo' | 'let_go' | 'turn_side' }
  | { readonly do: 'choose'; readonly grip: Grip | null }
  | { readonly do: 'drag'; readonly to: Spot }
  /** By the handle in the middle of an edge; the new vertex is in hand. */
  | { readonly do: 'insert'; readonly shape: number; readonly edge: number }
  /** The vertex that is chosen; of a shape that has none to spare, the whole shape. */
  | { readonly do: 'remove' }
  /** What was drawn for something that is gone. */
  | { readonly do: 'drop'; readonly field: string }
  | { readonly do: 'nudge'; readonly by: Spot }
  | { readonly do: 'order'; readonly shape: number; readonly order: LampOrder }
  | { readonly do: 'measure'; readonly shape: number; readonly widthM: number; readonly lengthM: number }
  | { readonly do: 'bind'; readonly shape: number; readonly preset: MaskView['preset'] }
  | { readonly do: 'know'; readonly shape: number; readonly knownM: number | null }

/** Steps that can be undone. */
const PAST_MAX = 200
/** A click this near to the first point closes: 12 px of 800. */
const CLOSE_DISTANCE = 0.015
/** A measured rectangle on the road begins as a lane's width and a dash with its gap. */
const GROUND = { widthM: 3.5, lengthM: 10 } as const

export function beginDrawing(shapes: readonly Shape[]): Drawing {
  return { shapes, open: null, chosen: null, dragged: false, past: [], future: [] }
}

/** One deed. What makes no sense now changes nothing. */
export function draw(drawing: Drawing, deed: DrawingDeed): Drawing {
  const { open, chosen, shapes } = drawing
  switch (deed.do) {
    case 'begin':
      return { ...drawing, open: { is: deed.is, field: deed.field, points: [], sided: deed.sided ?? false }, chosen: null, dragged: false }
    case 'add':
      return open ? addPoint(drawing, open, clamp(deed.at)) : drawing
    case 'close':
      return open && open.points.length >= POINTS[open.is][0] ? finish(drawing, open) : drawing
    case 'cancel':
      return open ? { ...drawing, open: null } : { ...drawing, chosen: null }
    case 'choose':
      return open ? drawing : { ...drawing, chosen: deed.grip && shapes[deed.grip.shape] ? deed.grip : null, dragged: false }
    case 'drag':
      return drag(drawing, clamp(deed.to))
    case 'let_go':
      return { ...drawing, dragged: false }
    case 'insert':
      return insert(drawing, deed)
    case 'remove':
      return remove(drawing)
    case 'drop':
      return drop(drawing, deed.field)
    case 'nudge':
      return nudge(drawing, deed.by)
    case 'turn_side':
      return chosen ? changeShape(drawing, chosen.shape, (shape) => (shape.is === 'line' && shape.side ? { ...shape, side: nextSide(shape.side) } : shape)) : drawing
    case 'order':
      return changeShape(drawing, deed.shape, (shape) => (shape.is === 'lamp' ? { ...shape, order: deed.order } : shape))
    case 'measure':
      return changeShape(drawing, deed.shape, (shape) => (shape.is === 'ground' ? { ...shape, widthM: deed.widthM, lengthM: deed.lengthM } : shape))
    case 'bind':
      return changeShape(drawing, deed.shape, (shape) => (shape.is === 'mask' ? { ...shape, preset: deed.preset } : shape))
    case 'know':
      return changeShape(drawing, deed.shape, (shape) => (shape.is === 'check' ? { ...shape, knownM: deed.knownM } : shape))
    case 'undo':
    case 'redo':
      return goBack(drawing, deed.do)
  }
}

/** What is wrong with each shape, and with what is being drawn as far as it has come. */
export function faultsOf({ shapes, open }: Pick<Drawing, 'shapes' | 'open'>): readonly { readonly field: string; readonly fault: Fault }[] {
  const drawn = open && isClosed(open.is) && open.points.length > 3 && crossesItself(open.points, false) ? [{ field: open.field, fault: 'crosses' as const }] : []
  return [...shapes.flatMap((shape) => {
    const fault = faultOf(shape)
    return fault ? [{ field: shape.field, fault }] : []
  }), ...drawn]
}

function addPoint(drawing: Drawing, open: Open, at: Spot): Drawing {
  const [least, most] = POINTS[open.is]
  const first = open.points[0]
  if (first && isClosed(open.is) && open.points.length >= least && Math.hypot(at.x - first.x, at.y - first.y) < CLOSE_DISTANCE) return finish(drawing, open)
  const last = open.points.at(-1)
  // The second click of a double click is no second vertex.
  if (last && Math.hypot(at.x - last.x, at.y - last.y) < CLOSE_DISTANCE / 3) return drawing
  const grown: Open = { ...open, points: [...open.points, at] }
  return grown.points.length === most ? finish(drawing, grown) : { ...drawing, open: grown }
}

/** A field of a rule holds one shape: what is drawn anew takes the old one's place. Exclusions and masks are as many as are drawn. */
function finish(drawing: Drawing, open: Open): Drawing {
  const old = drawing.shapes.findIndex((shape) => shape.field === open.field && open.is !== 'exclusion' && open.is !== 'mask')
  const made = madeOf(open, drawing.shapes[old])
  const shapes = old < 0 ? [...drawing.shapes, made] : drawing.shapes.with(old, made)
  return { ...keep(drawing, shapes), open: null, chosen: { shape: old < 0 ? shapes.length - 1 : old, vertex: null } }
}

function madeOf({ is, field, points, sided }: Open, old: Shape | undefined): Shape {
  switch (is) {
    case 'zone':
    case 'permit':
    case 'arrow':
      return { is, field, points }
    case 'exclusion':
      return { is, field: 'exclusions', points }
    case 'mask':
      // In doubt it covers too much.
      return { is, field: 'masks', points, preset: null }
    case 'line':
      return { is, field, points, side: old?.is === 'line' ? old.side : sided ? 'right' : null }
    case 'lamp':
      return { is, field, points, order: old?.is === 'lamp' ? old.order : 'vertical' }
    case 'ground':
      return { is, field, points, ...(old?.is === 'ground' ? { widthM: old.widthM, lengthM: old.lengthM } : GROUND) }
    case 'check':
      // Another stretch has another length.
      return { is, field: 'check', points, knownM: null }
  }
}

function drag(drawing: Drawing, to: Spot): Drawing {
  const { chosen } = drawing
  if (!chosen || chosen.vertex === null) return drawing
  const moved = drawing.shapes.map((shape, at) => (at === chosen.shape ? { ...shape, points: shape.points.with(chosen.vertex!, to) } : shape))
  return drawing.dragged ? { ...drawing, shapes: moved } : { ...keep(drawing, moved), chosen, dragged: true }
}

function insert(drawing: Drawing, { shape: at, edge }: { readonly shape: number; readonly edge: number }): Drawing {
  const shape = drawing.shapes[at]
  const [a, b] = [shape?.points[edge], shape?.points[(edge + 1) % shape.points.length]]
  if (!shape || !a || !b || shape.points.length >= POINTS[shape.is][1]) return drawing
  const points = shape.points.toSpliced(edge + 1, 0, { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })
  // To insert and to drag the new vertex is one step.
  return { ...keep(drawing, drawing.shapes.with(at, { ...shape, points })), chosen: { shape: at, vertex: edge + 1 }, dragged: true }
}

function remove(drawing: Drawing): Drawing {
  const { open, chosen } = drawing
  if (open) return { ...drawing, open: { ...open, points: open.points.slice(0, -1) } }
  const shape = chosen && drawing.shapes[chosen.shape]
  if (!chosen || !shape) return drawing
  if (chosen.vertex === null || shape.points.length <= POINTS[shape.is][0]) return { ...keep(drawing, drawing.shapes.toSpliced(chosen.shape, 1)), chosen: null }
  return { ...keep(drawing, drawing.shapes.with(chosen.shape, { ...shape, points: shape.points.toSpliced(chosen.vertex, 1) })), chosen: { shape: chosen.shape, vertex: null } }
}

function drop(drawing: Drawing, field: string): Drawing {
  const left = drawing.shapes.filter((shape) => shape.field !== field)
  const open = drawing.open?.field === field ? null : drawing.open
  return left.length === drawing.shapes.length ? { ...drawing, open } : { ...keep(drawing, left), open, chosen: null }
}

function nudge(drawing: Drawing, by: Spot): Drawing {
  const { chosen } = drawing
  const shape = chosen && drawing.shapes[chosen.shape]
  if (!chosen || !shape) return drawing
  const moved = shape.points.map((point, at) => (chosen.vertex === null || chosen.vertex === at ? clamp({ x: point.x + by.x, y: point.y + by.y }) : point))
  return { ...keep(drawing, drawing.shapes.with(chosen.shape, { ...shape, points: moved })), chosen }
}

function changeShape(drawing: Drawing, at: number, change: (shape: Shape) => Shape): Drawing {
  const shape = drawing.shapes[at]
  const changed = shape && change(shape)
  return !changed || changed === shape ? drawing : { ...keep(drawing, drawing.shapes.with(at, changed)), chosen: drawing.chosen }
}

function goBack(drawing: Drawing, to: 'undo' | 'redo'): Drawing {
  // While something is being drawn, the last point is the last step.
  if (drawing.open) return to === 'undo' ? (drawing.open.points.length > 0 ? remove(drawing) : { ...drawing, open: null }) : drawing
  const [from, onto] = to === 'undo' ? [drawing.past, drawing.future] : [drawing.future, drawing.past]
  const shapes = from.at(-1)
  if (!shapes) return drawing
  const [less, more] = [from.slice(0, -1), [...onto, drawing.shapes]]
  return { ...drawing, shapes, chosen: null, dragged: false, past: to === 'undo' ? less : more, future: to === 'undo' ? more : less }
}

function keep(drawing: Drawing, shapes: readonly Shape[]): Drawing {
  return { ...drawing, shapes, dragged: false, past: [...drawing.past, drawing.shapes].slice(-PAST_MAX), future: [] }
}

const SIDES: readonly Side[] = ['right', 'left', 'both']
function nextSide(side: Side): Side {
  return SIDES[(SIDES.indexOf(side) + 1) % SIDES.length]!
}

const share = (value: number): number => Math.round(Math.min(1, Math.max(0, value)) * 10_000) / 10_000
/** Nobody draws outside the picture; a ten-thousandth is a fifth of a pixel of a full-HD picture. */
function clamp({ x, y }: Spot): Spot {
  return { x: share(x), y: share(y) }
}
