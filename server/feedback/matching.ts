import type { Alert } from '../domain/alert.js'
import type { Camera } from '../domain/camera.js'
import type { AlertId, LinkId, ReportId } from '../domain/ids.js'
import { matchReport, metresBetween, PLACE_ERROR_M, REPORT_DELAY_MS_MAX, REPORT_EARLY_MS_MAX, SERVICES, type Link, type Match, type Report, type Sighting } from '../domain/report.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import { newId } from '../system/ids.js'

/**
 * Proposes that a report and an alert are the same matter. Whichever of the two comes second finds the first: each is
 * matched after its own rows are committed, so of two that arrive at one moment at least one sees the other. A pair is
 * proposed once, ever; people decide.
 */
export interface Matching {
  proposeForReport(id: ReportId): Promise<readonly Link[]>
  proposeForAlert(id: AlertId): Promise<readonly Link[]>
  /** Looks again at everything of the last while: what a crash or a fault between storing and matching left out. */
  catchUp(): Promise<number>
}

/** A state may last (a vehicle parked for hours) and be reported late: alerts this old are still looked at. */
const LOOK_BACK_MS = 6 * 60 * 60_000
const CAMERAS_MAX = 30
const ALERTS_MAX = 500
const REPORTS_MAX = 1_000
/** More proposals than a person will read help nobody. */
const PROPOSALS_MAX = 5

export function makeMatching({ store, clock, onLinked }: { readonly store: Store; readonly clock: Clock; readonly onLinked: (seq: number) => void }): Matching {
  const sightingOf = async (alert: Alert, cameras: ReadonlyMap<string, Camera>): Promise<Sighting | null> => {
    const [incident, camera] = [await store.incidents.get(alert.incidentId), cameras.get(alert.cameraId)]
    return incident && camera ? { alertId: alert.id, cameraId: camera.id, kind: alert.kind, sinceMs: incident.sinceMs, lastSeenAtMs: incident.lastSeenAtMs, place: camera.place } : null
  }
  const listCameras = async (): Promise<ReadonlyMap<string, Camera>> => new Map((await store.cameras.list()).map((camera) => [camera.id, camera]))

  const propose = async (pairs: readonly { readonly report: Report; readonly match: Match }[]): Promise<readonly Link[]> => {
    const made: Link[] = []
    for (const { report, match } of pairs.toSorted((a, b) => b.match.score - a.match.score).slice(0, PROPOSALS_MAX)) {
      const link: Link = { id: newId<LinkId>(), reportId: report.id, alertId: match.alertId, state: 'proposed', score: match.score, distanceM: match.distanceM, minutesApart: match.minutesApart, decidedBy: null, decidedAtMs: null }
      const seq = await store.transact(async (tx) => {
        if (!(await tx.links.propose(link))) return null
        const facts = { reportId: link.reportId, alertId: link.alertId, score: Math.round(link.score * 100) / 100, distanceM: link.distanceM === null ? null : Math.round(link.distanceM), minutesApart: link.minutesApart }
        return tx.changes.append({ topic: 'link', entityId: link.id, areaId: report.areaId, what: 'proposed', by: null, atMs: clock.wallMs(), facts })
      })
      if (seq === null) continue
      made.push(link)
      onLinked(seq)
    }
    return made
  }

  const proposeForReport = async (id: ReportId): Promise<readonly Link[]> => {
    const report = await store.reports.get(id)
    if (!report || report.status === 'closed') return []
    const cameras = await listCameras()
    const kinds = SERVICES.find((service) => service.code === report.serviceCode)?.kinds
    const filter = { kinds, raisedAfterMs: report.requestedAtMs - LOOK_BACK_MS, limit: ALERTS_MAX }
    const near = camerasNear(report, [...cameras.values()])
    const alerts = near === null ? await store.alerts.list(filter) : (await Promise.all(near.map((camera) => store.alerts.list({ ...filter, cameraId: camera.id })))).flat()
    const sightings = await Promise.all(alerts.filter(mayBeTrue).map((alert) => sightingOf(alert, cameras)))
    return propose(sightings.flatMap((seen) => matchOne(report, seen)))
  }

  const proposeForAlert = async (id: AlertId): Promise<readonly Link[]> => {
    const alert = await store.alerts.get(id)
    const seen = alert && mayBeTrue(alert) ? await sightingOf(alert, await listCameras()) : null
    if (!seen) return []
    const serviceCodes = SERVICES.filter((service) => service.kinds.includes(seen.kind)).map((service) => service.code)
    const reports = await store.reports.list({ status: 'open', serviceCodes, fromMs: seen.sinceMs - REPORT_EARLY_MS_MAX, toMs: seen.lastSeenAtMs + REPORT_DELAY_MS_MAX, limit: REPORTS_MAX })
    return propose(reports.flatMap((report) => matchOne(report, seen)))
  }

  return {
    proposeForReport,
    proposeForAlert,
    async catchUp() {
      const fromMs = clock.wallMs() - REPORT_DELAY_MS_MAX
      const reports = await store.reports.list({ status: 'open', fromMs, limit: REPORTS_MAX })
      let made = 0
      for (const report of reports) made += (await proposeForReport(report.id)).length
      return made
    },
  }
}

/** What a person has called no event is not offered as somebody's report. */
function mayBeTrue(alert: Alert): boolean {
  return alert.state !== 'rejected'
}

function matchOne(report: Report, seen: Sighting | null): readonly { readonly report: Report; readonly match: Match }[] {
  const match = seen && matchReport(report, seen)
  return match ? [{ report, match }] : []
}

/** Null when the report has no point: then every camera may have seen it. The bound is matchReport's own: three reaches. */
function camerasNear({ latitude, longitude }: Report, cameras: readonly Camera[]): readonly Camera[] | null {
  if (latitude === null || longitude === null) return null
  return cameras
    .map((camera) => ({ camera, distanceM: metresBetween(latitude, longitude, camera.place.latitude, camera.place.longitude) }))
    .filter(({ camera, distanceM }) => distanceM <= 3 * (camera.place.reachM + PLACE_ERROR_M))
    .toSorted((a, b) => a.distanceM - b.distanceM)
    .slice(0, CAMERAS_MAX)
    .map(({ camera }) => camera)
}
