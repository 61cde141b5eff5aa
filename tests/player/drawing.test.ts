import { beginDrawing, draw, faultsOf, type Drawing, type DrawingDeed } from '../../player/rules/drawing.js'
import { crossesItself, faultOf, type Shape } from '../../player/rules/shape.js'

const spot = (x: number, y: number) => ({ x, y })
const after = (drawing: Drawing, ...deeds: readonly DrawingDeed[]): Drawing => deeds.reduce(draw, drawing)
const blank = beginDrawing([])
const add = (x: number, y: number): DrawingDeed => ({ do: 'add', at: spot(x, y) })
const begin = (is: Shape['is'], field: string, sided = false): DrawingDeed => ({ do: 'begin', is, field, sided })
const SQUARE: Shape = { is: 'zone', field: 'zone', points: [spot(0.2, 0.2), spot(0.6, 0.2), spot(0.6, 0.6), spot(0.2, 0.6)] }
const square = beginDrawing([SQUARE])
const vertex = (at: number | null): DrawingDeed => ({ do: 'choose', grip: { shape: 0, vertex: at } })
const points = ({ shapes }: Drawing, at = 0): readonly (readonly number[])[] => (shapes[at]?.points ?? []).map(({ x, y }) => [x, y])

describe('what is drawn', () => {
  test.each<[string, Drawing, readonly unknown[]]>([
    ['three clicks and Enter are a zone', after(blank, begin('zone', 'zone'), add(0.1, 0.1), add(0.5, 0.1), add(0.3, 0.5), { do: 'close' }), [{ is: 'zone', field: 'zone', points: [spot(0.1, 0.1), spot(0.5, 0.1), spot(0.3, 0.5)] }]],
    ['a click on the first point closes it', after(blank, begin('zone', 'zone'), add(0.1, 0.1), add(0.5, 0.1), add(0.3, 0.5), add(0.105, 0.1)), [{ is: 'zone', field: 'zone', points: [spot(0.1, 0.1), spot(0.5, 0.1), spot(0.3, 0.5)] }]],
    ['two points are no zone', after(blank, begin('zone', 'zone'), add(0.1, 0.1), add(0.5, 0.1), { do: 'close' }), []],
    ['a line is done at its second point', after(blank, begin('line', 'line', true), add(0.1, 0.5), add(0.9, 0.5)), [{ is: 'line', field: 'line', points: [spot(0.1, 0.5), spot(0.9, 0.5)], side: 'right' }]],
    ['of a stop line no side counts', after(blank, begin('line', 'stopLine'), add(0.1, 0.5), add(0.9, 0.5)), [{ is: 'line', field: 'stopLine', points: [spot(0.1, 0.5), spot(0.9, 0.5)], side: null }]],
    ['an arrow is where it begins and where it points', after(blank, begin('arrow', 'direction'), add(0.5, 0.9), add(0.5, 0.3)), [{ is: 'arrow', field: 'direction', points: [spot(0.5, 0.9), spot(0.5, 0.3)] }]],
    ['a lamp is two corners', after(blank, begin('lamp', 'lamp'), add(0.8, 0.1), add(0.84, 0.22)), [{ is: 'lamp', field: 'lamp', points: [spot(0.8, 0.1), spot(0.84, 0.22)], order: 'vertical' }]],
    ['a measured rectangle is done at its fourth corner', after(blank, begin('ground', 'ground'), add(0.3, 0.8), add(0.6, 0.8), add(0.55, 0.4), add(0.35, 0.4)), [{ is: 'ground', field: 'ground', points: [spot(0.3, 0.8), spot(0.6, 0.8), spot(0.55, 0.4), spot(0.35, 0.4)], widthM: 3.5, lengthM: 10 }]],
    ['a double click makes no second vertex', after(blank, begin('line', 'line'), add(0.1, 0.5), add(0.101, 0.5)), []],
    ['nobody draws outside the picture', after(blank, begin('line', 'line'), add(-0.3, 0.5), add(0.9, 1.7)), [{ is: 'line', field: 'line', points: [spot(0, 0.5), spot(0.9, 1)], side: null }]],
  ])('%s', (_name, drawing, expected) => expect(drawing.shapes).toEqual(expected))

  test('a zone drawn anew takes the old one’s place', () => expect(points(after(square, begin('zone', 'zone'), add(0.1, 0.1), add(0.5, 0.1), add(0.3, 0.5), { do: 'close' }))).toEqual([[0.1, 0.1], [0.5, 0.1], [0.3, 0.5]]))
  test('exclusions are as many as are drawn', () => {
    const one: readonly DrawingDeed[] = [begin('exclusion', 'exclusions'), add(0.1, 0.1), add(0.5, 0.1), add(0.3, 0.5), { do: 'close' }]
    expect(after(square, ...one, ...one).shapes.map(({ is }) => is)).toEqual(['zone', 'exclusion', 'exclusion'])
  })
  test('Escape gives up what is being drawn and nothing else', () => expect(after(square, begin('exclusion', 'exclusions'), add(0.1, 0.1), { do: 'cancel' })).toMatchObject({ open: null, shapes: [SQUARE] }))
})

describe('what is changed', () => {
  test.each<[string, Drawing, readonly (readonly number[])[]]>([
    ['a vertex goes where it is dragged', after(square, vertex(2), { do: 'drag', to: spot(0.7, 0.7) }), [[0.2, 0.2], [0.6, 0.2], [0.7, 0.7], [0.2, 0.6]]],
    ['without a vertex in hand nothing is dragged', after(square, vertex(null), { do: 'drag', to: spot(0.7, 0.7) }), [[0.2, 0.2], [0.6, 0.2], [0.6, 0.6], [0.2, 0.6]]],
    ['the middle of an edge becomes a vertex', after(square, { do: 'insert', shape: 0, edge: 3 }), [[0.2, 0.2], [0.6, 0.2], [0.6, 0.6], [0.2, 0.6], [0.2, 0.4]]],
    ['an arrow key moves the vertex', after(square, vertex(0), { do: 'nudge', by: spot(0.002, 0) }), [[0.202, 0.2], [0.6, 0.2], [0.6, 0.6], [0.2, 0.6]]],
    ['or the whole shape', after(square, vertex(null), { do: 'nudge', by: spot(0, 0.1) }), [[0.2, 0.3], [0.6, 0.3], [0.6, 0.7], [0.2, 0.7]]],
    ['a vertex is removed', after(square, vertex(1), { do: 'remove' }), [[0.2, 0.2], [0.6, 0.6], [0.2, 0.6]]],
    ['of a triangle none can be spared: it goes as a whole', after(square, vertex(1), { do: 'remove' }, vertex(1), { do: 'remove' }), []],
  ])('%s', (_name, drawing, expected) => expect(points(drawing)).toEqual(expected))

  test('a line’s side goes round', () => {
    const line = after(blank, begin('line', 'line', true), add(0.1, 0.5), add(0.9, 0.5))
    const sides = [0, 1, 2, 3].map((turns) => after(line, ...Array.from({ length: turns }, (): DrawingDeed => ({ do: 'turn_side' }))).shapes[0])
    expect(sides.map((shape) => shape?.is === 'line' && shape.side)).toEqual(['right', 'left', 'both', 'right'])
  })
  test('a rectangle is measured, a lamp has an order', () => {
    expect(after(beginDrawing([{ is: 'ground', field: 'ground', points: SQUARE.points, widthM: 1, lengthM: 1 }]), { do: 'measure', shape: 0, widthM: 7, lengthM: 20 }).shapes[0]).toMatchObject({ widthM: 7, lengthM: 20 })
    expect(after(beginDrawing([{ is: 'lamp', field: 'lamp', points: SQUARE.points.slice(0, 2), order: 'vertical' }]), { do: 'order', shape: 0, order: 'single' }).shapes[0]).toMatchObject({ order: 'single' })
  })
})

test('a known length is told to its line, and another line has another length', () => {
  const drawn = after(beginDrawing([{ is: 'ground', field: 'ground', points: SQUARE.points, widthM: 7, lengthM: 20 }]), begin('check', 'check'), add(0.3, 0.5), add(0.5, 0.5), { do: 'know', shape: 1, knownM: 6 })
  expect(drawn.shapes[1]).toEqual({ is: 'check', field: 'check', points: [spot(0.3, 0.5), spot(0.5, 0.5)], knownM: 6 })
  expect(after(drawn, begin('check', 'check'), add(0.3, 0.4), add(0.5, 0.4)).shapes.slice(1)).toEqual([{ is: 'check', field: 'check', points: [spot(0.3, 0.4), spot(0.5, 0.4)], knownM: null }])
})

describe('undo', () => {
  const dragged = after(square, vertex(0), { do: 'drag', to: spot(0.1, 0.1) }, { do: 'drag', to: spot(0.05, 0.05) }, { do: 'let_go' })
  test('a drag is one step, however far', () => expect(points(after(dragged, { do: 'undo' }))).toEqual(points(square)))
  test('redo brings it back', () => expect(points(after(dragged, { do: 'undo' }, { do: 'redo' }))).toEqual(points(dragged)))
  test('a new deed forgets what was undone', () => expect(after(dragged, { do: 'undo' }, vertex(1), { do: 'remove' }, { do: 'redo' }).shapes[0]?.points.length).toBe(3))
  test('while drawing it takes the last point, then the drawing', () => {
    const open = after(square, begin('exclusion', 'exclusions'), add(0.1, 0.1), add(0.2, 0.2), { do: 'undo' })
    expect(open.open?.points).toEqual([spot(0.1, 0.1)])
    expect(after(open, { do: 'undo' }, { do: 'undo' }).open).toBeNull()
  })
  test('an edge’s new vertex and its drag are one step', () => expect(points(after(square, { do: 'insert', shape: 0, edge: 0 }, { do: 'drag', to: spot(0.4, 0.1) }, { do: 'let_go' }, { do: 'undo' }))).toEqual(points(square)))
  test('with nothing to undo nothing happens', () => expect(after(square, { do: 'undo' }, { do: 'redo' })).toEqual(square))
})

describe('what is wrong', () => {
  const bow = [spot(0.2, 0.2), spot(0.6, 0.6), spot(0.6, 0.2), spot(0.2, 0.6)]
  test.each<[string, Parameters<typeof faultOf>[0], string | null]>([
    ['a square is none', SQUARE, null],
    ['a bow tie crosses itself', { is: 'zone', points: bow }, 'crosses'],
    ['two points are too few', { is: 'zone', points: bow.slice(0, 2) }, 'too_few'],
    ['a sliver encloses nothing', { is: 'exclusion', points: [spot(0.1, 0.1), spot(0.9, 0.1), spot(0.5, 0.1001)] }, 'small'],
    ['a line of no length', { is: 'line', points: [spot(0.1, 0.1), spot(0.104, 0.1)] }, 'small'],
    ['a lamp of no width', { is: 'lamp', points: [spot(0.1, 0.1), spot(0.101, 0.3)] }, 'small'],
  ])('%s', (_name, shape, expected) => expect(faultOf(shape)).toBe(expected))
  test('a crossing is told while drawing', () => expect(faultsOf(after(blank, begin('zone', 'zone'), ...bow.map(({ x, y }) => add(x, y)), add(0.9, 0.3)))).toEqual([{ field: 'zone', fault: 'crosses' }]))
  test('an open outline has no last edge yet', () => expect([crossesItself(bow.slice(0, 3), false), crossesItself([...bow, spot(0.9, 0.9)], false)]).toEqual([false, true]))
})
