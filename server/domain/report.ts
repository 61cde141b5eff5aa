import type { RuleKind } from '../../analytics/rules/rule.js'
import type { AlertId, AreaId, CameraId, LinkId, PersonId, ReportId } from './ids.js'
import type { Place } from './camera.js'
import type { Words } from './words.js'

/** A citizen's message about a place (Open311 "service request"). Contact details are kept out of every list. */
export interface Report {
  readonly id: ReportId
  readonly serviceCode: string
  readonly description: string
  readonly address: string | null
  readonly latitude: number | null
  readonly longitude: number | null
  readonly mediaUrl: string | null
  readonly requestedAtMs: number
  readonly updatedAtMs: number
  readonly status: 'open' | 'closed'
  readonly statusNotes: string | null
  readonly areaId: AreaId | null
  /** Where it came from; (`source`, `sourceId`) is unique, so that a report sent twice is one report. */
  readonly source: string
  readonly sourceId: string | null
}

export interface Service {
  readonly code: string
  readonly name: Words
  readonly description: Words
  readonly group: string
  /** Kinds of incident that such a report may speak of. */
  readonly kinds: readonly RuleKind[]
}

/**
 * The kinds of problem citizens report; the seven topic groups of Long Xuyên's first 102 reports, narrowed to what cameras see. Counts, speeds
 * and a camera's own trouble answer no report; what a model's words mean only its site knows.
 */
export const SERVICES: readonly Service[] = [
  { code: 'traffic-violation', group: 'traffic', name: { vi: 'Vi phạm giao thông', en: 'Traffic violation' }, description: { vi: 'Vượt đèn đỏ, đi ngược chiều, lạng lách', en: 'Red light, wrong way, reckless riding' }, kinds: ['red_light', 'stop_line_over', 'wrong_way', 'no_entry', 'wrong_lane', 'sidewalk_driving', 'u_turn', 'abreast', 'racing', 'weaving', 'line_crossing'] },
  { code: 'illegal-parking', group: 'traffic', name: { vi: 'Dừng đỗ sai quy định', en: 'Illegal parking' }, description: { vi: 'Xe dừng đỗ nơi cấm, chiếm lòng đường', en: 'Vehicles standing where stopping is forbidden' }, kinds: ['illegal_stop', 'stalled_vehicle'] },
  { code: 'traffic-incident', group: 'traffic', name: { vi: 'Ùn tắc, sự cố giao thông', en: 'Traffic jam or incident' }, description: { vi: 'Ùn tắc, va chạm, xe chết máy giữa đường', en: 'Jams, collisions, vehicles broken down in the road' }, kinds: ['congestion', 'queue', 'crash', 'stalled_vehicle'] },
  { code: 'public-order', group: 'order', name: { vi: 'An ninh trật tự', en: 'Public order' }, description: { vi: 'Tụ tập đông người, gây rối', en: 'Crowds and disturbance' }, kinds: ['crowd', 'road_gathering', 'fight', 'loitering', 'racing', 'intrusion'] },
  { code: 'trespass', group: 'order', name: { vi: 'Xâm nhập khu vực cấm', en: 'Trespass' }, description: { vi: 'Người lạ vào kho, bãi, công trình', en: 'Strangers in yards, stores or sites' }, kinds: ['intrusion', 'loitering'] },
  { code: 'street-order', group: 'order', name: { vi: 'Trật tự đô thị', en: 'Street order' }, description: { vi: 'Lấn chiếm vỉa hè, họp chợ tự phát', en: 'Encroachment on pavements, wild markets' }, kinds: ['encroachment', 'left_object', 'removed_object', 'crowd', 'illegal_stop'] },
]

/** A report and an alert may be the same matter: proposed by us, decided by a person. */
export interface Link {
  readonly id: LinkId
  readonly reportId: ReportId
  readonly alertId: AlertId
  readonly state: 'proposed' | 'confirmed' | 'rejected'
  readonly score: number
  readonly distanceM: number | null
  readonly minutesApart: number
  readonly decidedBy: PersonId | null
  readonly decidedAtMs: number | null
}

export interface Sighting {
  readonly alertId: AlertId
  readonly cameraId: CameraId
  readonly kind: RuleKind
  readonly sinceMs: number
  readonly lastSeenAtMs: number
  readonly place: Place
}

export interface Match {
  readonly alertId: AlertId
  readonly score: number
  readonly distanceM: number | null
  readonly minutesApart: number
}

/** People report after the fact: a report may speak of what happened up to an hour before it was sent. */
export const REPORT_DELAY_MS_MAX = 60 * 60_000
/** And a clock may be a little ahead. */
export const REPORT_EARLY_MS_MAX = 5 * 60_000
/** Phones place people within some tens of metres in a street of tall houses. */
export const PLACE_ERROR_M = 60
export const MATCH_SCORE_MIN = 0.35

/** How likely a report and an alert are the same matter: place × time × kind, each 0..1. Null when they cannot be. */
export function matchReport(report: Pick<Report, 'serviceCode' | 'latitude' | 'longitude' | 'requestedAtMs'>, seen: Sighting): Match | null {
  const service = SERVICES.find((known) => known.code === report.serviceCode)
  const kindFits = service ? (service.kinds.includes(seen.kind) ? 1 : 0) : 0.5
  if (kindFits === 0) return null
  const afterMs = report.requestedAtMs - seen.lastSeenAtMs
  const beforeMs = seen.sinceMs - report.requestedAtMs
  if (afterMs > REPORT_DELAY_MS_MAX || beforeMs > REPORT_EARLY_MS_MAX) return null
  const timeFits = afterMs <= 0 ? 1 : 1 - 0.6 * (afterMs / REPORT_DELAY_MS_MAX)
  const distanceM = report.latitude === null || report.longitude === null ? null : metresBetween(report.latitude, report.longitude, seen.place.latitude, seen.place.longitude)
  const reachM = seen.place.reachM + PLACE_ERROR_M
  if (distanceM !== null && distanceM > 3 * reachM) return null
  const placeFits = distanceM === null ? 0.5 : distanceM <= reachM ? 1 : Math.exp(-(distanceM - reachM) / reachM)
  const score = kindFits * timeFits * placeFits
  if (score < MATCH_SCORE_MIN) return null
  return { alertId: seen.alertId, score, distanceM, minutesApart: Math.round(Math.max(0, afterMs, beforeMs) / 60_000) }
}

/** Haversine on a sphere of 6 371 km: within 0.5 % of the ellipsoid, finer than any phone. */
export function metresBetween(latitudeA: number, longitudeA: number, latitudeB: number, longitudeB: number): number {
  const rad = Math.PI / 180
  const half = (degrees: number): number => Math.sin((degrees * rad) / 2) ** 2
  const h = half(latitudeB - latitudeA) + Math.cos(latitudeA * rad) * Math.cos(latitudeB * rad) * half(longitudeB - longitudeA)
  return 2 * 6_371_000 * Math.asin(Math.min(1, Math.sqrt(h)))
}
