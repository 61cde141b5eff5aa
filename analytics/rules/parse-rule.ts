import { z } from 'zod'
import { polygonFault, type PolygonFault } from '../geometry/polygon.js'
import { minuteOf } from './arming.js'
import { RULE_KINDS, type Rule } from './rule.js'

/** One thing to mend: which field (`zone[2].x`), why it was refused, and what to do next. English; screens word it anew. */
export interface RuleFault {
  readonly field: string
  readonly reason: string
  readonly next: string
}

export type ParsedRule = { readonly ok: Rule } | { readonly faults: readonly RuleFault[] }

/** The only door for rules: the API, settings and the judge all come through here, and trust what comes out. */
export function parseRule(input: unknown): ParsedRule {
  const parsed = ruleShape.safeParse(input, { reportInput: true })
  return parsed.success ? { ok: parsed.data satisfies Rule } : { faults: parsed.error.issues.flatMap(faultsOf) }
}

const MS_MAX = 24 * 3_600_000
/** Shorter lines cannot tell a crossing from the jitter of a box: 0.01 is 6 pixels of 640. */
const LENGTH_MIN = 0.01

const share = z.number('must be a number').min(0, 'lies outside the picture').max(1, 'lies outside the picture')
const point = z.strictObject({ x: share, y: share })
const duration = z.int('must be a whole number of milliseconds').min(0, 'must not be negative').max(MS_MAX, 'must be at most one day')

const POLYGON_REASONS: Record<PolygonFault, string> = {
  too_few_points: 'a zone needs at least three points',
  outside_the_picture: 'lies outside the picture',
  crosses_itself: 'the outline crosses itself',
  no_area: 'the zone encloses almost nothing',
}

const zone = z.array(point).superRefine((points, context) => {
  const fault = polygonFault(points)
  if (fault && fault !== 'outside_the_picture') context.addIssue({ code: 'custom', message: POLYGON_REASONS[fault] })
})

const line = z.tuple([point, point], 'a line needs exactly two points').superRefine(([a, b], context) => {
  if (Math.hypot(b.x - a.x, b.y - a.y) < LENGTH_MIN) context.addIssue({ code: 'custom', message: 'the line has no length' })
})

const component = z.number('must be a number').min(-1000, 'is too large').max(1000, 'is too large')
const direction = z.strictObject({ x: component, y: component }).superRefine((way, context) => {
  if (Math.hypot(way.x, way.y) < 1e-6) context.addIssue({ code: 'custom', message: 'the direction points nowhere' })
})

const timeOfDay = z.string('must be a time of day').refine((text) => minuteOf(text) !== null, 'must be a time of day, HH:MM')
const hours = z.strictObject({
  days: z.array(z.int('must be a weekday, 1 Monday to 7 Sunday').min(1, 'must be a weekday, 1 Monday to 7 Sunday').max(7, 'must be a weekday, 1 Monday to 7 Sunday')).min(1, 'names no day'),
  from: timeOfDay,
  to: timeOfDay,
})

const lampBox = z.strictObject({ x1: share, y1: share, x2: share, y2: share }).superRefine((box, context) => {
  if (!(box.x2 - box.x1 >= 0.004 && box.y2 - box.y1 >= 0.004)) context.addIssue({ code: 'custom', message: 'the lamp region encloses almost nothing' })
})

const core = {
  id: z.string('must be text').regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be 1 to 64 of a-z, 0-9 and -'),
  name: z.string('must be text').trim().min(1, 'is empty').max(120, 'is longer than 120 characters'),
  classes: z.array(z.string('must be text').regex(/^[a-z][a-z0-9_ -]{0,31}$/, 'is no name of a class')).max(32, 'names more than 32 classes').default([]),
  hours: z.array(hours).max(32, 'has more than 32 ranges').default([]),
  exclusions: z.array(zone).max(32, 'has more than 32 areas').default([]),
}

const ruleShape = z.discriminatedUnion('kind', [
  z.strictObject({ ...core, kind: z.literal('line_crossing'), line, direction: z.enum(['left', 'right', 'both'], "must be 'left', 'right' or 'both'") }),
  z.strictObject({ ...core, kind: z.literal('intrusion'), zone, dwellMsMin: duration }),
  z.strictObject({ ...core, kind: z.literal('wrong_way'), zone, allowed: direction, holdMsMin: duration }),
  z.strictObject({ ...core, kind: z.literal('illegal_stop'), zone, dwellMsMin: duration }),
  z.strictObject({
    ...core,
    kind: z.literal('red_light'),
    stopLine: line,
    direction,
    lamp: z.strictObject({ box: lampBox, order: z.enum(['vertical', 'horizontal', 'single'], "must be 'vertical', 'horizontal' or 'single'") }),
    graceMs: duration.max(30_000, 'must be at most 30 seconds'),
  }),
  z.strictObject({ ...core, kind: z.literal('crowd'), zone, countMin: z.int('must be a whole number').min(1, 'must be at least 1').max(1000, 'must be at most 1000'), holdMsMin: duration }),
])

function faultsOf(issue: z.core.$ZodIssue): RuleFault[] {
  const field = fieldOf(issue.path)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: field ? `${field}.${key}` : key, reason: 'this kind of rule has no such field', next: 'Remove the field, or check its spelling.' }))
  }
  if (issue.code === 'invalid_union') {
    return [{ field: 'kind', reason: 'is no kind of rule', next: `Use one of: ${RULE_KINDS.join(', ')}.` }]
  }
  const missing = issue.code === 'invalid_type' && issue.input === undefined
  const reason = missing ? 'is missing' : issue.message
  return [{ field: field || 'rule', reason, next: nextFor(field, reason) }]
}

function fieldOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((field, part) => (typeof part === 'number' ? `${field}[${part}]` : field ? `${field}.${String(part)}` : String(part)), '')
}

function nextFor(field: string, reason: string): string {
  if (/crosses itself/.test(reason)) return 'Draw the zone again so that its edges do not cross.'
  if (/three points|encloses almost nothing/.test(reason)) return 'Draw a larger area on the picture.'
  if (/outside the picture/.test(reason)) return 'Give places as shares of the picture, 0 to 1, not as pixels.'
  if (/no length|two points/.test(reason)) return 'Draw the line from one side of the road to the other.'
  if (/points nowhere/.test(reason)) return 'Draw an arrow in the direction of travel.'
  if (/time of day/.test(reason)) return 'Write hours as 22:00; 24:00 is the end of the day.'
  return `Give ${field || 'the rule'} a value that fits, as listed for this kind of rule.`
}
