import { SERVICES } from '../domain/report.js'
import { readDate, type Open311Fault, type Outcome } from './open311-terms.js'

/** A citizen's message as it came in, checked. */
export interface NewRequest {
  readonly serviceCode: string
  readonly description: string
  readonly address: string | null
  readonly latitude: number | null
  readonly longitude: number | null
  readonly mediaUrl: string | null
  /** The sender's own number for it: sent again with the same one, it is the same report. */
  readonly externalId: string | null
  readonly contact: { readonly name: string | null; readonly phone: string | null; readonly email: string | null; readonly deviceId: string | null; readonly accountId: string | null } | null
}

/** "Less than 4,000 characters" (GeoReport v2, POST Service Request). */
const DESCRIPTION_LENGTH_MAX = 4_000
const LENGTH_MAX: Readonly<Record<string, number>> = { address_string: 500, address_id: 100, email: 254, phone: 40, first_name: 100, last_name: 100, device_id: 200, account_id: 200, media_url: 2_000, external_id: 200 }

/**
 * Where senders put their own number. The standard has no field for it; FixMyStreet sends an attribute, and so do we.
 */
const EXTERNAL_ID_FIELDS = ['external_id', 'attribute[external_id]', 'attribute[fixmystreet_id]'] as const

/** Checks the form of POST requests; every fault is told at once, each with its field and next step. */
export function readNewRequest(form: URLSearchParams): Outcome<NewRequest> {
  const faults: Open311Fault[] = []
  const refuse = (code: Open311Fault['code'], description: string): null => {
    faults.push({ code, description })
    return null
  }
  const text = (field: string, lengthMax = LENGTH_MAX[field] ?? 200): string | null => {
    const value = tidy(form.get(field) ?? '')
    if (value.length > lengthMax) return refuse(400, `${field} has ${value.length} characters: send at most ${lengthMax}`)
    return value || null
  }
  const number = (field: string, limit: number): number | null => {
    const value = (form.get(field) ?? '').trim()
    if (value === '') return null
    const read = /^[+-]?\d{1,3}(\.\d{1,17})?$/.test(value) ? Number(value) : Number.NaN
    if (!(Math.abs(read) <= limit)) return refuse(400, `${field} is not a number from -${limit} to ${limit}: send WGS84 degrees with a decimal point`)
    return read
  }

  const serviceCode = text('service_code')
  if (!serviceCode) refuse(400, 'service_code is missing: take one from GET services')
  else if (!SERVICES.some((service) => service.code === serviceCode)) refuse(404, 'service_code is not one of ours: take one from GET services')
  const before = faults.length
  const [latitude, longitude, address] = [number('lat', 90), number('long', 180), text('address_string')]
  if (faults.length === before && (latitude === null) !== (longitude === null)) refuse(400, `${latitude === null ? 'lat' : 'long'} is missing: lat and long belong together`)
  else if (faults.length === before && latitude === null && !address) refuse(400, 'lat, long or address_string is missing: say where it is')
  const mediaUrl = text('media_url')
  if (mediaUrl && !isPlainUrl(mediaUrl)) refuse(400, 'media_url is not an http or https address without user and password: send the address of the picture')
  const email = text('email')
  if (email && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) refuse(400, 'email is not an address: send one like name@example.vn, or leave it out')
  const description = text('description', DESCRIPTION_LENGTH_MAX) ?? ''
  const externalId = EXTERNAL_ID_FIELDS.map((field) => text(field)).find((value) => value !== null) ?? null
  const name = [text('last_name'), text('first_name')].filter((part) => part !== null).join(' ') || null
  const contact = { name, phone: text('phone'), email, deviceId: text('device_id'), accountId: text('account_id') }

  const [first, ...rest] = faults
  if (first) return { ok: false, faults: [first, ...rest] }
  return { ok: true, value: { serviceCode: serviceCode ?? '', description, address, latitude, longitude, mediaUrl, externalId, contact: Object.values(contact).some((value) => value !== null) ? contact : null } }
}

/** Composed letters, no control characters (PostgreSQL refuses NUL, XML most others), no blanks at the ends. */
function tidy(text: string): string {
  return text.normalize('NFC').replaceAll('\r\n', '\n').replaceAll(/[^\P{Cc}\t\n]/gu, ' ').trim()
}

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === ''
}

/** What GET requests asks for. */
export interface ListQuery {
  readonly ids?: readonly string[] | undefined
  readonly serviceCodes?: readonly string[] | undefined
  readonly status?: 'open' | 'closed' | undefined
  readonly fromMs?: number | undefined
  readonly toMs?: number | undefined
  readonly updatedAfterMs?: number | undefined
  readonly limit: number
  readonly offset: number
}

const DAY_MS = 24 * 60 * 60_000
/** The standard's own bounds for GET requests: a span of 90 days, 1000 reports. */
export const SPAN_MS_MAX = 90 * DAY_MS
export const LIST_MAX = 1_000
const PAGE_MAX = 10_000

/** Checks the query of GET requests. `page`, `page_size` and `updated_after` are FixMyStreet's extensions, used by its pollers. */
export function readListQuery(query: URLSearchParams, nowMs: number): Outcome<ListQuery> {
  const faults: Open311Fault[] = []
  const list = (field: string): readonly string[] | undefined => {
    const parts = (query.get(field) ?? '').split(',').map((part) => part.trim()).filter((part) => part !== '')
    if (parts.length > 100) faults.push({ code: 400, description: `${field} names ${parts.length} values: ask for at most 100 at once` })
    return parts.length > 0 ? parts : undefined
  }
  const date = (field: string): number | undefined => {
    const text = query.get(field)
    if (text === null || text === '') return undefined
    const atMs = readDate(text)
    if (atMs === null) faults.push({ code: 400, description: `${field} is not a date with a time zone: write it like ${'2026-11-20T16:00:00+07:00'}` })
    return atMs ?? undefined
  }
  const whole = (field: string, usual: number, max: number): number => {
    const text = query.get(field)
    if (text === null || text === '') return usual
    const read = /^\d{1,9}$/.test(text) ? Number(text) : 0
    if (read < 1 || read > max) faults.push({ code: 400, description: `${field} is not a whole number from 1 to ${max}` })
    return read
  }

  const ids = list('service_request_id')
  const serviceCodes = list('service_code')
  const states = list('status') ?? []
  const strange = states.find((state) => state !== 'open' && state !== 'closed')
  if (strange !== undefined) faults.push({ code: 400, description: 'status is neither open nor closed: name one, or both with a comma' })
  const [start, end, updatedAfterMs] = [date('start_date'), date('end_date'), date('updated_after')]
  if (start !== undefined && end !== undefined && end < start) faults.push({ code: 400, description: 'end_date is before start_date: exchange them' })
  if (start !== undefined && end !== undefined && end - start > SPAN_MS_MAX) faults.push({ code: 400, description: 'start_date and end_date are more than 90 days apart: ask in steps of 90 days' })
  const limit = whole('page_size', LIST_MAX, LIST_MAX)
  const page = whole('page', 1, PAGE_MAX)

  const [first, ...rest] = faults
  if (first) return { ok: false, faults: [first, ...rest] }
  // "service_request_id … overrides all other arguments" (GeoReport v2).
  if (ids) return { ok: true, value: { ids, limit: LIST_MAX, offset: 0 } }
  const status = states.length === 1 ? (states[0] as 'open' | 'closed') : undefined
  return { ok: true, value: { serviceCodes, status, ...spanOf(start, end, updatedAfterMs, nowMs), updatedAfterMs, limit, offset: (page - 1) * limit } }
}

/** One end given: 90 days from there. None: the last 90 days, unless a poller asks by change, which may be of any age. */
function spanOf(start: number | undefined, end: number | undefined, updatedAfterMs: number | undefined, nowMs: number): Pick<ListQuery, 'fromMs' | 'toMs'> {
  if (start !== undefined) return { fromMs: start, toMs: end ?? start + SPAN_MS_MAX }
  if (end !== undefined) return { fromMs: end - SPAN_MS_MAX, toMs: end }
  return updatedAfterMs === undefined ? { fromMs: nowMs - SPAN_MS_MAX } : {}
}
