import type { Report } from '../domain/report.js'

/**
 * What Open311 GeoReport v2 asks and answers, as values; how they look in JSON and XML is open311-format.ts alone.
 * https://wiki.open311.org/GeoReport_v2
 */
export interface Open311Request {
  readonly method: 'get' | 'post'
  /** Below the endpoint's address: `requests.json`, `services/illegal-parking.xml`. */
  readonly path: string
  readonly query: URLSearchParams
  /** The fields of a POST (application/x-www-form-urlencoded). */
  readonly form: URLSearchParams
}

export interface Open311Answer {
  readonly status: 200 | 400 | 403 | 404
  readonly mediaType: 'application/json; charset=utf-8' | 'text/xml; charset=utf-8'
  readonly body: string
}

export type Open311Format = 'json' | 'xml'

/** Several faults may be told at once; the first one's code is the HTTP status. */
export interface Open311Fault {
  readonly code: 400 | 403 | 404
  /** Names the field and the next step. */
  readonly description: string
}

export type Outcome<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly faults: readonly [Open311Fault, ...Open311Fault[]] }

export const refuse = (code: Open311Fault['code'], description: string): { readonly ok: false; readonly faults: readonly [Open311Fault] } => ({ ok: false, faults: [{ code, description }] })

/** A date as the standard wants it (the W3C's subset of ISO 8601), to the second. */
export function writeDate(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d{3}Z$/, 'Z')
}

const W3C_DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/

/** Null when it is no W3C date with a zone. In an address an unescaped "+07:00" arrives as " 07:00": meant is the plus. */
export function readDate(text: string): number | null {
  const meant = text.trim().replace(/ (\d{2}:\d{2})$/, '+$1')
  // JavaScript takes 30 February for 2 March: a date that does not come back as it went in does not exist.
  const day = meant.slice(0, 10)
  const exists = W3C_DATE.test(meant) && !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day)
  const atMs = exists ? Date.parse(meant) : Number.NaN
  return Number.isNaN(atMs) ? null : atMs
}

/** One report in a list; what we do not know is null, as the standard allows. */
export interface Open311Report {
  readonly service_request_id: string
  readonly status: Report['status']
  readonly status_notes: string | null
  readonly service_name: string | null
  readonly service_code: string
  readonly description: string
  readonly agency_responsible: string | null
  readonly service_notice: string | null
  readonly requested_datetime: string
  readonly updated_datetime: string
  readonly expected_datetime: string | null
  readonly address: string | null
  readonly address_id: string | null
  readonly zipcode: string | null
  readonly lat: number | null
  readonly long: number | null
  readonly media_url: string | null
}

export interface Open311Service {
  readonly service_code: string
  readonly service_name: string
  readonly description: string
  readonly metadata: boolean
  readonly type: 'realtime'
  readonly keywords: string
  readonly group: string
}
