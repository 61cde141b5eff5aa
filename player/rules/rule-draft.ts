import type { Spot } from '../../server/contract/cameras.js'
import type { PoseView, RuleKindView } from '../../server/contract/rules.js'
import { middleOf, permitField, type LampOrder, type Shape, type Side } from './shape.js'
import { hoursOf, weekOf, type HoursOfRule, type Week } from './week.js'

/** Where it holds is drawn (a shape of `permitField(key)`), and whatever has no such shape holds in all of the picture. */
export interface Permit {
  /** Its own among the permits of this draft. */
  readonly key: number
  readonly fromMs: number
  readonly toMs: number
  readonly reference: string
}
interface PermitOfRule {
  readonly area: readonly Spot[] | null
  readonly fromMs: number
  readonly toMs: number
  readonly reference: string
}
interface GroundOfRule {
  readonly corners: readonly Spot[]
  readonly widthM: number
  readonly lengthM: number
  readonly check?: { readonly line: readonly Spot[]; readonly lengthM: number }
}
/** The view of a camera that turns on which the rule is drawn: its name on the camera, and where it stood. */
export interface BoundPreset {
  readonly token: string
  readonly name: string
  readonly at: PoseView
}
export type Use = RuleKindView['uses'][number]

/** What a controller tells of the rule's lamp. `approach` null: a controller was chosen, and which way into its junction not yet. */
export interface LampFeed {
  readonly signal: string
  readonly approach: string | null
}

/** A rule under somebody's hands, without what is drawn for it. */
export interface RuleDraft {
  readonly name: string
  readonly use: Use
  readonly classes: readonly string[]
  readonly words: readonly string[]
  readonly numbers: Readonly<Record<string, number | null>>
  readonly week: Week
  readonly permits: readonly Permit[]
  /** Null: its lamp is seen alone, or it has none. */
  readonly feed: LampFeed | null
  readonly armedFromMs: number | null
  readonly armedToMs: number | null
  /** Null: it watches whatever the camera shows. */
  readonly preset: BoundPreset | null
}

/** The whole rule as the contract carries it: the parser checked it, so its fields have the shapes that its kind's form names. */
export type RuleBody = Readonly<Record<string, unknown>>

export function bodyOf(rule: unknown): RuleBody {
  return typeof rule === 'object' && rule !== null ? (rule as RuleBody) : {}
}

/** When a version watches. */
export function armedOf(body: RuleBody): { readonly week: Week; readonly armedFromMs: number | null; readonly armedToMs: number | null } {
  const moment = (field: string): number | null => (typeof body[field] === 'number' ? body[field] : null)
  return { week: weekOf(Array.isArray(body['hours']) ? (body['hours'] as readonly HoursOfRule[]) : []), armedFromMs: moment('armedFromMs'), armedToMs: moment('armedToMs') }
}

/** A rule of this kind as it is proposed, with nothing drawn yet. */
export function proposedBody(kind: RuleKindView, name: string): RuleBody {
  return { kind: kind.kind, name, use: kind.uses[0], classes: kind.classes.proposed, ...(kind.words ? { words: kind.words.proposed } : {}), ...Object.fromEntries(kind.numbers.map(({ field, proposed }) => [field, proposed])) }
}

export function readDraft(body: RuleBody, kind: RuleKindView): RuleDraft {
  const list = <T>(field: string): readonly T[] => (Array.isArray(body[field]) ? (body[field] as readonly T[]) : [])
  const number = (field: string): number | null => (typeof body[field] === 'number' ? body[field] : null)
  return {
    name: typeof body['name'] === 'string' ? body['name'] : '',
    use: kind.uses.find((use) => use === body['use']) ?? kind.uses[0]!,
    classes: list('classes'),
    words: list('words'),
    numbers: Object.fromEntries(kind.numbers.map(({ field }) => [field, number(field)])),
    week: weekOf(list<HoursOfRule>('hours')),
    feed: feedOf(body),
    permits: list<PermitOfRule>('permits').map(({ area: _area, ...permit }, key) => ({ key, ...permit })),
    armedFromMs: number('armedFromMs'),
    armedToMs: number('armedToMs'),
    preset: presetOf(body),
  }
}

export function presetOf(body: RuleBody): BoundPreset | null {
  return (body['preset'] as BoundPreset | null | undefined) ?? null
}

/** Half the length at which an arrow is shown: a rule keeps its direction alone. */
const ARROW_REACH = 0.09
const CENTRE: Spot = { x: 0.5, y: 0.5 }

/** What a rule has drawn. An arrow is shown in the middle of the zone or line that it belongs to. */
export function readShapes(body: RuleBody, kind: RuleKindView): readonly Shape[] {
  const drawn = kind.shapes.filter(({ is }) => is !== 'arrow').flatMap((form): readonly Shape[] => {
    const value = body[form.field]
    if (!value) return []
    if (form.is === 'zone') return [{ is: 'zone', field: form.field, points: value as readonly Spot[] }]
    if (form.is === 'line') return [{ is: 'line', field: form.field, points: value as readonly Spot[], side: form.side ? ((body[form.side] as Side | undefined) ?? 'right') : null }]
    if (form.is === 'ground') {
      const { corners, widthM, lengthM, check } = value as GroundOfRule
      return [{ is: 'ground', field: form.field, points: corners, widthM, lengthM }, ...(check ? [{ is: 'check' as const, field: 'check' as const, points: check.line, knownM: check.lengthM }] : [])]
    }
    const { box, order } = value as { readonly box?: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number }; readonly order?: LampOrder }
    // A lamp that only a controller tells of is drawn nowhere.
    return !box || !order ? [] : [{ is: 'lamp', field: form.field, points: [{ x: box.x1, y: box.y1 }, { x: box.x2, y: box.y2 }], order }]
  })
  const owner = drawn.find(({ is }) => is === 'zone' || is === 'line')
  const at = owner ? middleOf(owner.points) : CENTRE
  const arrows = kind.shapes.flatMap((form): readonly Shape[] => {
    const way = body[form.field] as Spot | undefined
    const length = form.is === 'arrow' && way ? Math.hypot(way.x, way.y) : 0
    if (!way || length === 0) return []
    const by = { x: (way.x / length) * ARROW_REACH, y: (way.y / length) * ARROW_REACH }
    return [{ is: 'arrow', field: form.field, points: [{ x: at.x - by.x, y: at.y - by.y }, { x: at.x + by.x, y: at.y + by.y }] }]
  })
  const exclusions = Array.isArray(body['exclusions']) ? (body['exclusions'] as readonly (readonly Spot[])[]) : []
  const permits = (Array.isArray(body['permits']) ? (body['permits'] as readonly PermitOfRule[]) : []).flatMap(({ area }, key): readonly Shape[] => (area ? [{ is: 'permit', field: permitField(key), points: area }] : []))
  return [...drawn, ...arrows, ...permits, ...exclusions.map((points): Shape => ({ is: 'exclusion', field: 'exclusions', points }))]
}

/** The rule that draft and drawing make together. What they do not touch stays as `begun` has it, so that nothing differs that nobody changed. */
export function writeBody({ draft, shapes, kind, begun }: { readonly draft: RuleDraft; readonly shapes: readonly Shape[]; readonly kind: RuleKindView; readonly begun: RuleBody }): RuleBody {
  const { week, words, numbers, permits, feed, preset, ...plain } = draft
  const hours = isSame(week, weekOf((begun['hours'] as readonly HoursOfRule[] | undefined) ?? [])) ? (begun['hours'] ?? []) : hoursOf(week)
  const drawn = Object.assign({}, lampTold(feed), ...shapes.map((shape) => fieldsOf(shape, { kind, begun, feed })), checked(shapes)) as RuleBody
  const written = {
    kind: kind.kind,
    ...plain,
    ...(kind.words ? { words } : {}),
    ...numbers,
    hours,
    permits: permits.map(({ key, ...permit }) => ({ area: shapes.find(({ field }) => field === permitField(key))?.points ?? null, ...permit })),
    exclusions: shapes.filter(({ is }) => is === 'exclusion').map(({ points }) => points),
    ...(preset ? { preset } : {}),
    ...(begun['holdForClasses'] ? { holdForClasses: begun['holdForClasses'] } : {}),
    ...drawn,
  }
  return typeof begun['id'] === 'string' ? { id: begun['id'], ...written } : written
}

function feedOf(body: RuleBody): LampFeed | null {
  const { signal, approach } = (body['lamp'] ?? {}) as { readonly signal?: unknown; readonly approach?: unknown }
  return typeof signal === 'string' ? { signal, approach: typeof approach === 'string' ? approach : null } : null
}

/** Beside where it is drawn, or instead of it. An approach that is not chosen yet is left out: the server says what is missing. */
function lampTold(feed: LampFeed | null): { readonly lamp?: RuleBody } {
  return feed ? { lamp: { signal: feed.signal, ...(feed.approach === null ? {} : { approach: feed.approach }) } } : {}
}

function fieldsOf(shape: Shape, { kind, begun, feed }: { readonly kind: RuleKindView; readonly begun: RuleBody; readonly feed: LampFeed | null }): RuleBody {
  const { points, field } = shape
  const [a, b] = [points[0]!, points[1]!]
  switch (shape.is) {
    case 'exclusion':
    case 'permit':
    case 'mask':
    case 'check':
      return {}
    case 'zone':
      return { [field]: points }
    case 'line': {
      const side = kind.shapes.find((form) => form.field === field)?.side
      return { [field]: points, ...(side ? { [side]: shape.side ?? 'right' } : {}) }
    }
    case 'arrow':
      return { [field]: sameWay(begun[field] as Spot | undefined, { x: b.x - a.x, y: b.y - a.y }) }
    case 'lamp':
      return { [field]: { ...lampTold(feed).lamp, box: { x1: Math.min(a.x, b.x), y1: Math.min(a.y, b.y), x2: Math.max(a.x, b.x), y2: Math.max(a.y, b.y) }, order: shape.order } }
    case 'ground':
      return { [field]: { corners: points, widthM: shape.widthM, lengthM: shape.lengthM } }
  }
}

/** A rectangle keeps the known length by which it was checked. */
function checked(shapes: readonly Shape[]): RuleBody {
  const check = shapes.find((shape) => shape.is === 'check')
  const ground = shapes.find((shape) => shape.is === 'ground')
  if (!ground || !check || check.knownM === null) return {}
  return { [ground.field]: { corners: ground.points, widthM: ground.widthM, lengthM: ground.lengthM, check: { line: check.points, lengthM: check.knownM } } }
}

/** An arrow that nobody turned keeps its numbers: how long it is drawn says nothing. */
function sameWay(old: Spot | undefined, drawn: Spot): Spot {
  if (!old) return drawn
  const [lengths, cross, dot] = [Math.hypot(old.x, old.y) * Math.hypot(drawn.x, drawn.y), old.x * drawn.y - old.y * drawn.x, old.x * drawn.x + old.y * drawn.y]
  return dot > 0 && Math.abs(cross) < 1e-6 * Math.max(lengths, 1e-9) ? old : drawn
}

/** The fields of the rule that say otherwise. */
export function changedFields(a: RuleBody, b: RuleBody): ReadonlySet<string> {
  return new Set([...Object.keys(a), ...Object.keys(b)].filter((field) => field !== 'id' && !isSame(a[field] ?? null, b[field] ?? null)))
}

export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false
  const [left, right] = [a as RuleBody, b as RuleBody]
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => isSame(left[key], right[key]))
}

/** Eight hex digits are enough: an id of another camera's rule is refused by the server. `crypto.randomUUID` exists only on HTTPS. */
export function newRuleId(kind: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(4))
  return `${kind.replaceAll('_', '-')}-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
