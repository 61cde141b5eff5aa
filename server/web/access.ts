import type { Alert } from '../domain/alert.js'
import { KIND_FACTS } from '../domain/rule-kinds.js'
import { asId, isId, type AlertId, type AreaId, type CameraId, type EvidenceId, type ExportId, type IncidentId, type LinkId, type MeetingId, type RepairId, type ReportId, type SignalId } from '../domain/ids.js'
import type { Camera } from '../domain/camera.js'
import { may } from '../domain/person.js'
import type { Report } from '../domain/report.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { Asker, Scope } from './route.js'

/** Whether this person may see this thing at all: the one place where area and role meet an object. */
export interface Access {
  camera(asker: Asker, camera: Pick<Camera, 'id' | 'areaId'>): boolean
  alert(asker: Asker, alert: Pick<Alert, 'areaId' | 'kind'>): boolean
  report(asker: Asker, report: Pick<Report, 'areaId'>): boolean
  /** Resolves a route's scope; false when the thing does not exist or is foreign: the same 404. */
  scope(asker: Asker, scope: Scope, params: Readonly<Record<string, string>>): Promise<boolean>
  /** The camera that media of this scope shows, when this person may see it; null when not, or when there is none. Believed for a second. */
  shown(asker: Asker, scope: Scope, params: Readonly<Record<string, string>>): Promise<CameraId | null>
}

interface Hung {
  readonly streams: ReadonlyMap<string, Place>
  readonly cameras: ReadonlyMap<string, Place>
}

type Place = Pick<Camera, 'id' | 'areaId'>

/** A viewer asks for five parts a second: where a stream hangs is read anew after this long (S2 allows five seconds). */
const BELIEF_MS = 1_000

export function makeAccess(store: Store, clock: Clock): Access {
  let hung: { readonly read: Promise<Hung>; readonly untilMs: number } | null = null
  const places = (how?: 'anew'): Promise<Hung> => {
    if (how || !hung || clock.monotonicMs() >= hung.untilMs) hung = { read: store.cameras.list().then(hang), untilMs: clock.monotonicMs() + BELIEF_MS }
    return hung.read
  }
  /** A camera just added is not in what was read a moment ago: only what is unknown is read anew. */
  const find = async (of: (hung: Hung) => Place | undefined): Promise<Place | undefined> => of(await places()) ?? of(await places('anew'))
  const sees = (asker: Asker, areaId: AreaId | null): boolean => areaId !== null && asker.areas.has(areaId)
  const access: Access = {
    camera: (asker, camera) => sees(asker, camera.areaId) && (!asker.guest || asker.guest.cameras.has(camera.id)),
    alert: (asker, alert) => sees(asker, alert.areaId) && KIND_FACTS[alert.kind].roles.includes(asker.person.role),
    // A report whose place is not known yet belongs to whoever answers reports, not to nobody.
    report: (asker, report) => report.areaId === null || sees(asker, report.areaId),
    async scope(asker, scope, params) {
      if (scope === 'none') return true
      const id = params[scope.param]
      if (!isId(id)) return false
      switch (scope.kind) {
        case 'camera': {
          const camera = await store.cameras.get(asId<CameraId>(id))
          return camera !== null && access.camera(asker, camera)
        }
        case 'stream': {
          const place = await find(({ streams }) => streams.get(id))
          return place !== undefined && access.camera(asker, place)
        }
        case 'alert': {
          const alert = await store.alerts.get(asId<AlertId>(id))
          return alert !== null && access.alert(asker, alert)
        }
        case 'incident': {
          // As its alert would be, whether it has one or not.
          const incident = await store.incidents.get(asId<IncidentId>(id))
          const camera = incident && (await store.cameras.get(incident.cameraId))
          return incident !== null && camera !== null && access.alert(asker, { areaId: camera.areaId, kind: incident.kind })
        }
        case 'evidence': {
          const item = await store.evidence.get(asId<EvidenceId>(id))
          if (!item) return false
          // As what it shows would be: an alert, an incident that called nobody, a camera's lamp.
          const [camera, incident, alert] = await Promise.all([store.cameras.get(item.cameraId), item.incidentId && store.incidents.get(item.incidentId), item.incidentId && store.alerts.ofIncident(item.incidentId)])
          if (alert) return access.alert(asker, alert)
          if (!camera) return false
          return incident ? access.alert(asker, { areaId: camera.areaId, kind: incident.kind }) : access.camera(asker, camera)
        }
        case 'report': {
          const report = await store.reports.get(asId<ReportId>(id))
          return report !== null && access.report(asker, report)
        }
        case 'export': {
          // Whoever made a copy answers for it; others see it only where they answer for people.
          const one = await store.exports.get(asId<ExportId>(id))
          const camera = one && (await store.cameras.get(one.cameraId))
          return one !== null && one.removedAtMs === null && camera !== null && access.camera(asker, camera) && (one.by === asker.person.id || may(asker.person, 'people.manage'))
        }
        case 'meeting': {
          // Whoever gave a link away answers for it; others meet it only where they answer for that person.
          const meeting = await store.meetings.get(asId<MeetingId>(id))
          if (!meeting || meeting.by === asker.person.id) return meeting !== null
          const maker = may(asker.person, 'people.manage') ? await store.people.get(meeting.by) : null
          return maker !== null && maker.areas.some((area) => asker.areas.has(area))
        }
        case 'repair': {
          const repair = await store.repairs.get(asId<RepairId>(id))
          const camera = repair && (await store.cameras.get(repair.cameraId))
          return camera !== null && access.camera(asker, camera)
        }
        case 'signal': {
          const signal = await store.signals.get(asId<SignalId>(id))
          return signal !== null && sees(asker, signal.areaId)
        }
        case 'link': {
          const link = await store.links.get(asId<LinkId>(id))
          const [report, alert] = link ? await Promise.all([store.reports.get(link.reportId), store.alerts.get(link.alertId)]) : [null, null]
          return report !== null && alert !== null && access.report(asker, report) && access.alert(asker, alert)
        }
      }
    },
    async shown(asker, scope, params) {
      const id = scope === 'none' ? undefined : params[scope.param]
      if (scope === 'none' || !isId(id)) return null
      const place = await find(({ streams, cameras }) => (scope.kind === 'stream' ? streams : cameras).get(id))
      return place && access.camera(asker, place) ? place.id : null
    },
  }
  return access
}

function hang(cameras: readonly Camera[]): Hung {
  return {
    streams: new Map(cameras.flatMap((camera) => camera.streams.map(({ id }) => [id as string, placeOf(camera)] as const))),
    cameras: new Map(cameras.map((camera) => [camera.id as string, placeOf(camera)] as const)),
  }
}

const placeOf = ({ id, areaId }: Camera): Place => ({ id, areaId })
