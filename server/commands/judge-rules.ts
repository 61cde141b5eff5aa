import { parseRule } from '../../analytics/rules/parse-rule.js'
import type { Rule } from '../../analytics/rules/rule.js'
import { JudgeFault } from './judge-options.js'
import type { Truth, TruthShape } from './judge-truth.js'

/** A rule made from the truth's geometry, and which events and instants it is answerable for. */
export interface JudgedRule {
  readonly rule: Rule
  /** The truth's word for the events it should claim; several rules may share one. */
  readonly kind: string
  /** The name of the line or zone in the truth. */
  readonly source: string
  readonly validS: readonly [number, number]
}

/** Thresholds where the truth names none: what the product proposes for a new rule. */
const HOLD_MS = 800
const STOP_MS = 10_000
const LOITER_MS = 5_000
const INTRUSION_MS = 1_000
const CROWD_MS = 3_000
const CROWD_COUNT = 5
const GRACE_MS = 1_000
const VEHICLES = ['two_wheeler', 'car', 'bus', 'truck', 'van', 'auto_rickshaw']

/** Lines, zones and lamps by their names and fields, the same for every clip; nothing here knows a clip. */
export function rulesFromTruth(truth: Truth): readonly JudgedRule[] {
  const shapes = Object.entries(truth.geometry).flatMap(([name, entry]) => (Array.isArray(entry) ? entry : [entry]).map((shape, i) => ({ name: i === 0 ? name : `${name}-${i + 1}`, shape })))
  const usable = shapes.filter(({ shape }) => !/not used/i.test(shape.note ?? ''))
  return [...given(truth), ...redLights(truth, usable), ...usable.flatMap((entry) => fromShape(truth, entry)), ...dwells(truth)]
}

interface Named {
  readonly name: string
  readonly shape: TruthShape
}

function fromShape(truth: Truth, { name, shape }: Named): JudgedRule[] {
  const zone = shape.polygon?.map(toPoint)
  const validS: readonly [number, number] = shape.valid ?? [0, Infinity]
  const make = (kind: string, fields: Record<string, unknown>): JudgedRule => ({ rule: checked(name, { id: idOf(kind, name), name, ...fields }), kind, source: name, validS })
  if (shape.pts && name.startsWith('counting_line')) {
    const classes = countedClasses(truth, name)
    const [line, span] = [ends(shape.pts), countedSpan(truth, name)]
    return classes.length > 0 ? [{ ...make('line_crossing', { kind: 'line_crossing', line, direction: 'both', classes }), validS: span }] : []
  }
  if (!zone) return []
  const kind = shape.rule ?? kindByName(name)
  const holdMsMin = ms(shape.hold_s_min)
  const dwellMsMin = ms(shape.dwell_s_min)
  if (kind === 'illegal_stop') return [make('illegal_stop', { kind, zone, dwellMsMin: dwellMsMin ?? STOP_MS })]
  if (kind === 'crowd') return [make('crowd', { kind, zone, countMin: shape.count_min ?? CROWD_COUNT, holdMsMin: holdMsMin ?? CROWD_MS })]
  if (kind === 'loitering') return [make('loitering', { kind: 'intrusion', zone, dwellMsMin: dwellMsMin ?? LOITER_MS, classes: ['person'] })]
  if (kind === 'intrusion') return [make('intrusion', { kind, zone, dwellMsMin: dwellMsMin ?? INTRUSION_MS })]
  if (shape.allowed_direction) return [make('wrong_way', { kind: 'wrong_way', zone, allowed: toPoint(shape.allowed_direction), holdMsMin: holdMsMin ?? HOLD_MS })]
  return []
}

function kindByName(name: string): string | null {
  if (/^(no_stopping|illegal_stop|kerb_no_stop)/.test(name)) return 'illegal_stop'
  if (/^(crowd|square)/.test(name)) return 'crowd'
  if (name.startsWith('dwell_zone')) return 'loitering'
  return /^(intrusion|forbidden|closed|no_entry)/.test(name) ? 'intrusion' : null
}

/** A stop line with a direction and a lamp to read. Pieces of one straight line are one rule, else a rider at the joint counts twice. */
function redLights(truth: Truth, shapes: readonly Named[]): JudgedRule[] {
  const lamps = shapes.filter(({ name, shape }) => name.startsWith('lamp_region') && shape.box)
  const lamp = lamps.find(({ shape }) => /main/i.test(shape.name ?? '')) ?? lamps[0]
  const box = lamp?.shape.box
  if (!box) return []
  const lines = joined(shapes.filter(({ name, shape }) => name.startsWith('stop_line') && shape.pts && shape.travel_direction))
  return lines.map(({ name, shape }) => ({
    rule: checked(name, {
      id: idOf('red_light', name),
      name,
      kind: 'red_light',
      stopLine: ends(shape.pts ?? []),
      direction: toPoint(shape.travel_direction ?? [0, -1]),
      lamp: { box: { x1: box[0], y1: box[1], x2: box[2], y2: box[3] }, order: orderOf(lamp.shape) },
      graceMs: GRACE_MS,
    }),
    kind: 'red_light',
    source: name,
    validS: shape.valid ?? [0, truth.duration_s ?? Infinity],
  }))
}

const JOINT_MAX = 0.01
const STRAIGHT_MAX = 0.01

function joined(lines: readonly Named[]): readonly Named[] {
  const [first, ...rest] = lines
  if (!first) return []
  const [a, b] = ends(first.shape.pts ?? [])
  for (const other of rest) {
    const [c, d] = ends(other.shape.pts ?? [])
    const whole = near(a, d) ? [c, b, a] : near(b, c) ? [a, d, b] : null
    const [from, to, joint] = whole ?? []
    if (!from || !to || !joint) continue
    const off = Math.abs((to.x - from.x) * (joint.y - from.y) - (to.y - from.y) * (joint.x - from.x)) / Math.hypot(to.x - from.x, to.y - from.y)
    if (off > STRAIGHT_MAX) continue
    const one = { name: `${first.name}+${other.name}`, shape: { ...first.shape, pts: [[from.x, from.y], [to.x, to.y]] as [number, number][] } }
    return joined([one, ...rest.filter((line) => line !== other)])
  }
  return [first, ...joined(rest)]
}

function near(a: { x: number; y: number }, b: { x: number; y: number }): boolean {
  return Math.hypot(a.x - b.x, a.y - b.y) <= JOINT_MAX
}

function orderOf(shape: TruthShape): 'vertical' | 'horizontal' | 'single' {
  if (/top|bottom/i.test(shape.order ?? '')) return 'vertical'
  if (/left|right/i.test(shape.order ?? '')) return 'horizontal'
  if (shape.order === 'vertical' || shape.order === 'horizontal' || shape.order === 'single') return shape.order
  const [x1, y1, x2, y2] = shape.box ?? [0, 0, 0, 1]
  return y2 - y1 >= 1.5 * (x2 - x1) ? 'vertical' : x2 - x1 >= 1.5 * (y2 - y1) ? 'horizontal' : 'single'
}

/** A thing known to stand still, and where: its place, half as large again, is a zone in which nothing may stop. */
function dwells(truth: Truth): JudgedRule[] {
  return truth.dwell.map(({ box: [x1, y1, x2, y2] }, i) => {
    const [w, h] = [(x2 - x1) / 4, (y2 - y1) / 4]
    const [left, top, right, bottom] = [Math.max(0, x1 - w), Math.max(0, y1 - h), Math.min(1, x2 + w), Math.min(1, y2 + h)]
    // The feet of a box cut by the picture's lower edge lie on that edge, which a zone that ends there would not hold.
    const zone = [{ x: left, y: top }, { x: right, y: top }, { x: right, y: bottom }, { x: left, y: bottom }]
    return { rule: checked(`dwell[${i}]`, { id: `dwell-${i + 1}`, name: `dwell ${i + 1}`, kind: 'illegal_stop', zone, dwellMsMin: STOP_MS }), kind: 'dwell', source: `dwell[${i}]`, validS: [0, Infinity] as const }
  })
}

function given(truth: Truth): JudgedRule[] {
  return truth.rules.map((input, i) => {
    const rule = checked(`rules[${i}]`, input)
    return { rule, kind: rule.kind, source: rule.id, validS: [0, Infinity] as const }
  })
}

function checked(source: string, input: unknown): Rule {
  const parsed = parseRule(input)
  if ('ok' in parsed) return parsed.ok
  const [fault] = parsed.faults
  throw new JudgeFault(`--truth ${source}.${fault?.field ?? ''}`, fault?.reason ?? 'makes no rule', fault?.next ?? 'Mend the geometry.')
}

/** What the truth counted on this line: vehicles, people, or both. */
function countedClasses(truth: Truth, name: string): string[] {
  const words = [...truth.counts.filter((c) => c.line === name).flatMap((c) => Object.keys(c.by_class ?? {})), ...truth.events.filter((e) => e.kind === 'line_crossing' && (e.line ?? name) === name).flatMap((e) => (e.class ? [e.class] : []))]
  const people = words.includes('person') ? ['person'] : []
  return words.some((word) => word !== 'person') ? [...people, ...VEHICLES] : people
}

/** The part of the clip that was counted on this line; outside it nobody looked. */
function countedSpan(truth: Truth, name: string): readonly [number, number] {
  const counts = truth.counts.filter((c) => c.line === name)
  return counts.length > 0 ? [Math.min(...counts.map((c) => c.from)), Math.max(...counts.map((c) => c.to))] : [0, Infinity]
}

function ends(pts: readonly (readonly [number, number])[]): [{ x: number; y: number }, { x: number; y: number }] {
  return [toPoint(pts[0] ?? [0, 0]), toPoint(pts.at(-1) ?? [0, 0])]
}

function toPoint([x, y]: readonly [number, number]): { x: number; y: number } {
  return { x, y }
}

function ms(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * 1000)
}

function idOf(kind: string, name: string): string {
  return `${kind}-${name}`.toLowerCase().replace(/[^a-z0-9]+/g, '-').slice(0, 64)
}
