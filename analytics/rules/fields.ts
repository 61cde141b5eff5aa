import { z } from 'zod'
import { groundFault, type GroundFault } from '../geometry/ground-plane.js'
import { polygonFault, type PolygonFault } from '../geometry/polygon.js'
import { minuteOf } from './arming.js'
import { USES } from './rule-core.js'

/** The pieces of which rules are made, with what is said when one is wrong. `parse-rule.ts` adds the next step. */

const MS_MAX = 24 * 3_600_000
/** Shorter lines cannot tell a crossing from the jitter of a box: 0.01 is 6 pixels of 640. */
const LENGTH_MIN = 0.01

const share = z.number('must be a number').min(0, 'lies outside the picture').max(1, 'lies outside the picture')
const point = z.strictObject({ x: share, y: share })
export const duration = z.int('must be a whole number of milliseconds').min(0, 'must not be negative').max(MS_MAX, 'must be at most one day')

const POLYGON_REASONS: Record<PolygonFault, string> = {
  too_few_points: 'a zone needs at least three points',
  outside_the_picture: 'lies outside the picture',
  crosses_itself: 'the outline crosses itself',
  no_area: 'the zone encloses almost nothing',
}

export const zone = z.array(point).superRefine((points, context) => {
  const fault = polygonFault(points)
  if (fault && fault !== 'outside_the_picture') context.addIssue({ code: 'custom', message: POLYGON_REASONS[fault] })
})

export const line = z.tuple([point, point], 'a line needs exactly two points').superRefine(([a, b], context) => {
  if (Math.hypot(b.x - a.x, b.y - a.y) < LENGTH_MIN) context.addIssue({ code: 'custom', message: 'the line has no length' })
})

const component = z.number('must be a number').min(-1000, 'is too large').max(1000, 'is too large')
/** An arrow: a direction in the picture, of any length. */
export const arrow = z.strictObject({ x: component, y: component }).superRefine((way, context) => {
  if (Math.hypot(way.x, way.y) < 1e-6) context.addIssue({ code: 'custom', message: 'the direction points nowhere' })
})

export const side = z.enum(['left', 'right', 'both'], "must be 'left', 'right' or 'both'")

/** So many things at once, people or vehicles. */
export function count(least: number): z.ZodInt {
  return z.int('must be a whole number').min(least, `must be at least ${least}`).max(1000, 'must be at most 1000')
}

export function amount(least: number, most: number): z.ZodNumber {
  return z.number('must be a number').min(least, `must be at least ${least}`).max(most, `must be at most ${most}`)
}

/** Three minutes: the longest programmes of our cities turn round in less. A day: a lamp that waits for whoever presses its button. */
const PHASE_MS_MAX = 180_000
export const phaseMsMax = duration.min(10_000, 'must be at least 10 seconds').default(PHASE_MS_MAX)

const lampBox = z.strictObject({ x1: share, y1: share, x2: share, y2: share }).superRefine((box, context) => {
  if (!(box.x2 - box.x1 >= 0.004 && box.y2 - box.y1 >= 0.004)) context.addIssue({ code: 'custom', message: 'the lamp region encloses almost nothing' })
})
const shortName = z.string('must be text').regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be 1 to 64 of a-z, 0-9 and -')
/** A place in the picture, the controller's word, or both (lamp-source.ts). */
export const lamp = z
  .strictObject({ box: lampBox.optional(), order: z.enum(['vertical', 'horizontal', 'single'], "must be 'vertical', 'horizontal' or 'single'").optional(), signal: shortName.optional(), approach: shortName.optional() })
  .superRefine((given, context) => {
    const isSeen = given.box !== undefined || given.order !== undefined
    const isTold = given.signal !== undefined || given.approach !== undefined
    const wanted = [...(isSeen || !isTold ? (['box', 'order'] as const) : []), ...(isTold ? (['signal', 'approach'] as const) : [])]
    for (const field of wanted) if (given[field] === undefined) context.addIssue({ code: 'custom', path: [field], message: 'is missing' })
  })

const GROUND_REASONS: Record<GroundFault, string> = {
  crosses_itself: 'the corners cross: mark them round the rectangle, one after the other',
  on_a_line: 'three corners lie on a line',
  dented: 'the corners are no picture of a rectangle: one lies within the others',
}

/** A rectangle on the road, marked in the picture and measured on the spot. */
export const ground = z.strictObject({
  corners: z.tuple([point, point, point, point], 'a rectangle has exactly four corners').superRefine((corners, context) => {
    const fault = groundFault(corners)
    if (fault) context.addIssue({ code: 'custom', message: GROUND_REASONS[fault] })
  }),
  widthM: amount(0.5, 100),
  lengthM: amount(0.5, 500),
  check: z.strictObject({ line, lengthM: amount(0.5, 500) }).optional(),
})

/** For kinds that accuse nobody, or have no right to. */
export const statisticsAlone = z.literal('statistics', "must be 'statistics' for this kind of rule")

const timeOfDay = z.string('must be a time of day').refine((text) => minuteOf(text) !== null, 'must be a time of day, HH:MM')
const weekday = z.int('must be a weekday, 1 Monday to 7 Sunday').min(1, 'must be a weekday, 1 Monday to 7 Sunday').max(7, 'must be a weekday, 1 Monday to 7 Sunday')
const hours = z.strictObject({ days: z.array(weekday).min(1, 'names no day'), from: timeOfDay, to: timeOfDay })

const instant = z.int('must be a whole number of milliseconds since 1970').min(0, 'must not be negative')
const permit = z.strictObject({ area: zone.nullable().default(null), fromMs: instant, toMs: instant, reference: z.string('must be text').trim().min(1, 'is empty').max(200, 'is longer than 200 characters') }).refine((one) => one.toMs > one.fromMs, 'ends before it begins')

const turn = z.number('must be a number').min(-1, 'is no position: must be at least -1').max(1, 'is no position: must be at most 1')
/** Names and tokens are the camera's own words; they are shown, and compared by nobody but the camera. */
const preset = z.strictObject({
  token: z.string('must be text').min(1, 'is empty').max(128, 'is longer than 128 characters'),
  name: z.string('must be text').trim().min(1, 'is empty').max(120, 'is longer than 120 characters'),
  at: z.strictObject({ pan: turn, tilt: turn, zoom: turn.min(0, 'is no position: must be at least 0') }),
})

/** Words of a model for what it finds. */
export const classNames = z.array(z.string('must be text').regex(/^[a-z][a-z0-9_ -]{0,31}$/, 'is no name of a class')).max(32, 'names more than 32 classes')

/** The fields that every rule has, without its kind. */
export const coreFields = {
  id: z.string('must be text').regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be 1 to 64 of a-z, 0-9 and -'),
  name: z.string('must be text').trim().min(1, 'is empty').max(120, 'is longer than 120 characters'),
  use: z.enum(USES, "must be 'evidence', 'screening' or 'statistics'").default('screening'),
  classes: classNames.default([]),
  hours: z.array(hours).max(32, 'has more than 32 ranges').default([]),
  exclusions: z.array(zone).max(32, 'has more than 32 areas').default([]),
  permits: z.array(permit).max(64, 'has more than 64 permits').default([]),
  holdForClasses: classNames.default([]),
  armedFromMs: instant.nullable().default(null),
  armedToMs: instant.nullable().default(null),
  preset: preset.optional(),
}
