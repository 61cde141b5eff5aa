import type { Rule } from '../../analytics/rules/rule.js'
import type { Alert } from '../../server/domain/alert.js'
import { asId, type AlertId, type AreaId, type CameraId, type IncidentId, type PersonId, type ReportId, type RuleId, type SignInId, type StreamId } from '../../server/domain/ids.js'
import type { Incident } from '../../server/domain/incident.js'
import type { Report } from '../../server/domain/report.js'
import type { CameraDraft, Store } from '../../server/storage/store.js'
import { PLAIN } from './plain-rule.js'

/** Rows for tests: a province with two wards, one person, one camera, and makers of whatever else a test speaks of. */
export const T0 = Date.UTC(2026, 10, 20, 9, 0, 0)
export const PROVINCE = asId<AreaId>('an-giang')
export const WARD = asId<AreaId>('long-xuyen')
export const OTHER_WARD = asId<AreaId>('binh-duc')
export const LAN = asId<PersonId>('lan')
export const JUNCTION = asId<CameraId>('junction')
export const SIGN_IN = asId<SignInId>('sign-in-1')

export async function settle(store: Store): Promise<void> {
  await store.areas.add({ id: PROVINCE, name: 'An Giang', parent: null })
  await store.areas.add({ id: WARD, name: 'Phường Long Xuyên', parent: PROVINCE })
  await store.areas.add({ id: OTHER_WARD, name: 'Phường Bình Đức', parent: PROVINCE })
  await store.people.add({ id: LAN, name: 'Lan.Đỗ', displayName: 'Đỗ Thị Lan', role: 'ioc', areas: [WARD, OTHER_WARD], language: 'vi', passwordHash: '$argon2id$lan', createdAtMs: T0 })
  await store.cameras.add(cameraDraft({}), T0)
}

export function cameraDraft(part: Partial<CameraDraft>): CameraDraft {
  const id = part.id ?? JUNCTION
  return {
    id,
    name: 'Ngã tư Hàng Xanh',
    areaId: WARD,
    enabled: true,
    place: { latitude: 10.3711, longitude: 105.4325, street: 'Trần Hưng Đạo', order: 3, heading: 90, reachM: 40 },
    origin: { kind: 'onvif', address: 'http://127.0.0.1:8080/onvif/device_service' },
    streams: [
      { id: asId<StreamId>(`${id}-main`), role: 'main', url: 'rtsp://127.0.0.1:8554/main', codec: 'h264', width: 1920, height: 1080, fps: 25 },
      { id: asId<StreamId>(`${id}-sub`), role: 'sub', url: 'rtsp://127.0.0.1:8554/sub', codec: null, width: null, height: null, fps: null },
    ],
    ...part,
  }
}

export function redLight(id: string): Rule {
  return { id, name: 'Đèn đỏ hướng tây', kind: 'red_light', ...PLAIN, classes: ['two_wheeler'], stopLine: [{ x: 0.1, y: 0.6 }, { x: 0.9, y: 0.6 }], direction: { x: 0, y: -1 }, lamp: { box: { x1: 0.8, y1: 0.1, x2: 0.85, y2: 0.25 }, order: 'vertical' }, graceMs: 500, yellowMsMin: 0, phaseMsMax: 180_000 }
}

export function incident(id: string, part: Partial<Incident> = {}): Incident {
  return {
    id: asId<IncidentId>(id),
    cameraId: JUNCTION,
    ruleId: asId<RuleId>('red-1'),
    kind: 'red_light',
    episode: `red-1:${id}`,
    state: 'ongoing',
    sinceMs: T0 - 1_000,
    openedAtMs: T0,
    lastSeenAtMs: T0 + 500,
    observations: 1,
    reason: { code: 'red_light', class: 'two_wheeler', redForMs: 1_800, yellowMs: null },
    witnesses: [{ trackId: 7, class: 'two_wheeler', score: 0.83, box: { x1: 0.4, y1: 0.5, x2: 0.45, y2: 0.6 }, atMs: T0 }],
    ruleVersion: 1,
    mode: 'live',
    heldWhy: null,
    ...part,
  }
}

export function alert(id: string, part: Partial<Alert> = {}): Alert {
  return { id: asId<AlertId>(id), incidentId: asId<IncidentId>(`of-${id}`), cameraId: JUNCTION, areaId: WARD, kind: 'red_light', priority: 'medium', state: 'new', ownerId: null, raisedAtMs: T0, changedAtMs: T0, rejectReason: null, note: null, version: 1, ...part }
}

/** An alert with the incident that raised it. */
export async function raise(store: Store, id: string, part: Partial<Alert> = {}, of: Partial<Incident> = {}): Promise<Alert> {
  const raised = alert(id, part)
  await store.incidents.save(incident(raised.incidentId, { cameraId: raised.cameraId, kind: raised.kind, ...of }))
  await store.alerts.add(raised)
  return raised
}

export function report(id: string, part: Partial<Report> = {}): Report {
  return { id: asId<ReportId>(id), serviceCode: 'traffic-violation', description: 'Xe máy vượt đèn đỏ', address: 'Ngã tư Hàng Xanh', latitude: 10.3712, longitude: 105.4326, mediaUrl: null, requestedAtMs: T0 + 60_000, updatedAtMs: T0 + 60_000, status: 'open', statusNotes: null, areaId: WARD, source: 'open311:app', sourceId: id, ...part }
}
