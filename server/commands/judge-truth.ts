import { z } from 'zod'
import { JudgeFault } from './judge-options.js'

/**
 * A truth file: the geometry that rules need (0..1, x right, y down), what the signal showed, what happened, what cannot
 * be decided, and counts over named lines. Times are presentation times in seconds. Unknown fields are notes for people.
 */
const share = z.number().min(-0.001).max(1.001)
const pair = z.tuple([share, share])
const vector = z.tuple([z.number(), z.number()])
const box = z.tuple([share, share, share, share])
const seconds = z.number().min(0)

const shape = z.looseObject({
  pts: z.array(pair).min(2).optional(),
  polygon: z.array(pair).min(3).optional(),
  box: box.optional(),
  name: z.string().optional(),
  order: z.string().optional(),
  note: z.string().optional(),
  travel_direction: vector.optional(),
  allowed_direction: vector.optional(),
  /** The part of the clip in which the shape fits the picture. */
  valid: z.tuple([seconds, seconds]).optional(),
  /** For zones whose name does not say what they forbid: illegal_stop, intrusion or crowd, and their thresholds. */
  rule: z.enum(['illegal_stop', 'intrusion', 'crowd', 'wrong_way']).optional(),
  dwell_s_min: z.number().min(0).optional(),
  hold_s_min: z.number().min(0).optional(),
  count_min: z.number().int().min(1).optional(),
})

const event = z.looseObject({
  kind: z.string().min(1),
  t_start: seconds,
  t_end: seconds,
  class: z.string().optional(),
  box_at_t: z.object({ t: seconds, box }).nullable().optional(),
  boxes: z.array(z.object({ t: seconds, box })).optional(),
  certainty: z.string(),
  id: z.string().optional(),
  line: z.string().optional(),
  direction: z.string().optional(),
  tolerance_s: z.number().min(0).optional(),
  /** How many a claim that counts must tell of each side of its line, from least to most. */
  tells: z.object({ left: vector, right: vector }).optional(),
})

const count = z.looseObject({
  line: z.string(),
  from: seconds,
  to: seconds,
  by_class: z.record(z.string(), z.number()).optional(),
  by_direction: z.record(z.string(), z.number()).optional(),
  direction: z.string().optional(),
  total: z.number().optional(),
  certainty: z.string().optional(),
})

const dwell = z.looseObject({ class: z.string(), from: seconds, to: seconds, t: seconds, box, certainty: z.string() })

const truthShape = z.looseObject({
  clip: z.string().optional(),
  duration_s: seconds.optional(),
  fps: z.number().positive().optional(),
  geometry: z.record(z.string(), z.union([shape, z.array(shape)])),
  /** Whole rules, as the API takes them, for what the geometry's names do not express. */
  rules: z.array(z.unknown()).default([]),
  signal: z.array(z.tuple([seconds, seconds, z.string()])).default([]),
  events: z.array(event),
  undecided: z.array(event).default([]),
  dwell: z.array(dwell).default([]),
  counts: z.array(count).default([]),
  presence: z.array(z.tuple([seconds, seconds]).rest(z.unknown())).default([]),
})

export type Truth = z.infer<typeof truthShape>
export type TruthShape = z.infer<typeof shape>
export type TruthEvent = z.infer<typeof event>

export function parseTruth(text: string): Truth {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    throw new JudgeFault('--truth', `is no JSON: ${error instanceof Error ? error.message : String(error)}`, 'Give the truth file that belongs to the clip.')
  }
  const parsed = truthShape.safeParse(json)
  if (parsed.success) {
    const late = parsed.data.events.findIndex((e) => e.t_end < e.t_start)
    if (late >= 0) throw new JudgeFault(`--truth events[${late}].t_end`, 'lies before t_start', 'Mend the event’s times; they are seconds.')
    return parsed.data
  }
  const issue = parsed.error.issues[0]
  const field = (issue?.path ?? []).reduce<string>((path, part) => (typeof part === 'number' ? `${path}[${part}]` : path ? `${path}.${String(part)}` : String(part)), '')
  throw new JudgeFault(`--truth ${field || 'file'}`, issue?.message ?? 'has the wrong form', 'The format is described in analytics/README.md.')
}

export function isSure(certainty: string | undefined): boolean {
  return certainty?.startsWith('sure') ?? false
}
