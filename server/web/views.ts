import type { AlertLogLine, AlertView, EvidenceView, LinkView, PlateView } from '../contract/alerts.js'
import type { CameraView, RuleView, StreamView, TroubleView } from '../contract/cameras.js'
import type { ReportView } from '../contract/reports.js'
import type { BoundPreset, Rule } from '../domain/seen.js'
import type { Words } from '../domain/words.js'
import type { Alert } from '../domain/alert.js'
import { soundOf, type Camera, type SessionNews, type Stream } from '../domain/camera.js'
import type { EvidenceItem } from '../domain/evidence.js'
import type { CameraId, PersonId, StreamId } from '../domain/ids.js'
import type { PlateReading } from '../domain/plate.js'
import { wordReason } from '../domain/reason.js'
import { KIND_FACTS } from '../domain/rule-kinds.js'
import { SERVICES, type Link, type Report } from '../domain/report.js'
import { TROUBLE_WORDS, type Trouble } from '../domain/trouble.js'
import type { Live } from '../live/open-live.js'
import type { StoredRule } from '../storage/rule-store.js'
import type { Change, Store } from '../storage/store.js'

/** What the server knows of a stream right now, from memory. */
export interface LiveFacts {
  session(streamId: StreamId): SessionNews | null
  newestAtMs(streamId: StreamId): number | null
  playing(streamId: StreamId, codec: string | null): ReturnType<Live['playing']>
  sandboxFault(cameraId: string): { readonly fault: string; readonly faults: readonly string[] } | null
  /** Why rules that are bound to this preset watch nothing now; null: they do, or none is. */
  waits(cameraId: CameraId, preset: BoundPreset): Words | null
}

/** Turns rows into what the player and strangers see. Reads names once per call; holds nothing. */
export interface Views {
  cameras(cameras: readonly Camera[]): Promise<readonly CameraView[]>
  alerts(alerts: readonly Alert[]): Promise<readonly AlertView[]>
  alertLog(changes: readonly Change[]): Promise<readonly AlertLogLine[]>
  links(links: readonly Link[]): Promise<readonly LinkView[]>
  reports(reports: readonly Report[]): Promise<readonly ReportView[]>
}

export function troubleView(trouble: Trouble | null): TroubleView | null {
  return trouble ? { code: trouble.code, ...TROUBLE_WORDS[trouble.code], tried: trouble.tried, on: trouble.on, said: trouble.said } : null
}

export function evidenceView(item: EvidenceItem): EvidenceView {
  return { id: item.id, kind: item.kind, url: `/evidence/${item.id}`, sha256: item.sha256, bytes: item.bytes, fromMs: item.fromMs, toMs: item.toMs }
}

/** For those who may see its alert, or what is held, and for nobody else: what other answers are made of (links, reports, webhooks) does not pass here. */
export function plateView(reading: PlateReading, of: { readonly alertId: string } | { readonly incidentId: string }): PlateView {
  const { kind, looks, atMs, raw, enhanced } = reading
  const crop = (which: 'raw' | 'enhanced'): string => ('alertId' in of ? `/evidence/plates/${of.alertId}/${which}` : `/evidence/held/${of.incidentId}/plate/${which}`)
  const common = { kind, looks, rawUrl: raw && crop('raw'), enhancedUrl: enhanced && crop('enhanced'), rawSha256: raw?.sha256 ?? null, atMs }
  if (reading.kind !== 'read') return { ...common, shown: null, letters: [], wellFormed: false, rows: null, colour: null, agree: 0 }
  const { text, shown, shares, wellFormed, rows, colour, agree } = reading
  return { ...common, shown, letters: Array.from(text, (letter, at) => ({ letter, share: shares[at] ?? 0 })), wellFormed, rows, colour, agree }
}

/** How a browser gets a stream, and, where it does not though the stream itself is well, why. */
export function playingView(streamId: StreamId, codec: string | null, facts: Pick<LiveFacts, 'playing'>): { readonly playing: StreamView['playing']; readonly trouble: TroubleView | null } {
  const playing = facts.playing(streamId, codec)
  if (playing === 'as_sent' || playing === 'transcoded') return { playing, trouble: null }
  const code = playing === 'full' ? 'transcoding_full' : 'tools_missing'
  return { playing: 'barred', trouble: troubleView({ code, tried: 'transcoding', on: streamId, said: `the camera sends ${codec}` }) }
}

function streamView(stream: Stream, enabled: boolean, facts: LiveFacts): StreamView {
  const session = facts.session(stream.id)
  const way = playingView(stream.id, session?.codec ?? stream.codec, facts)
  return {
    id: stream.id,
    role: stream.role,
    codec: session?.codec ?? stream.codec,
    width: session?.width ?? stream.width,
    height: session?.height ?? stream.height,
    fps: session?.fps ?? stream.fps,
    clockRate: session?.clockRate ?? null,
    state: session?.state ?? (enabled ? 'connecting' : 'off'),
    stateSinceMs: session?.sinceMs ?? 0,
    trouble: troubleView(session?.trouble ?? null) ?? way.trouble,
    playing: way.playing,
    playlist: `/live/${stream.id}/index.m3u8`,
    newestAtMs: facts.newestAtMs(stream.id),
  }
}

function ruleView({ cameraId, rule, enabled, standing: { live, approvedAlone } }: StoredRule, facts: LiveFacts): RuleView {
  const waits = rule.preset && facts.waits(cameraId, rule.preset)
  return { id: rule.id, name: rule.name, kind: rule.kind, enabled, zone: 'zone' in rule ? rule.zone : null, line: lineOf(rule), direction: directionOf(rule), rule, ...(waits ? { waits } : {}), ...(live !== null && approvedAlone.includes(live) ? { alone: true as const } : {}) }
}

function lineOf(rule: Rule): RuleView['line'] {
  if ('stopLine' in rule) return rule.stopLine
  return 'line' in rule ? rule.line : null
}

function directionOf(rule: Rule): RuleView['direction'] {
  if ('allowed' in rule) return rule.allowed
  // A rule about a line names a side of it instead of an arrow.
  return 'direction' in rule && typeof rule.direction !== 'string' ? rule.direction : null
}

export function makeViews(store: Store, facts: LiveFacts): Views {
  const areaNames = async (): Promise<ReadonlyMap<string, string>> => new Map((await store.areas.list()).map((area) => [area.id, area.name]))
  const personNames = async (): Promise<ReadonlyMap<string, string>> => new Map((await store.people.list()).map((person) => [person.id, person.displayName]))
  const named = (names: ReadonlyMap<string, string>, id: PersonId | null) => (id ? { id: id as string, displayName: names.get(id) ?? '—' } : null)

  const views: Views = {
    async cameras(cameras) {
      const [areas, rules] = await Promise.all([areaNames(), store.rules.list()])
      return cameras.map((camera) => ({
        id: camera.id,
        name: camera.name,
        areaId: camera.areaId,
        areaName: areas.get(camera.areaId) ?? '—',
        enabled: camera.enabled,
        origin: camera.origin.kind,
        place: camera.place,
        streams: camera.streams.map((stream) => streamView(stream, camera.enabled, facts)),
        rules: rules.filter((stored) => stored.cameraId === camera.id).map((stored) => ruleView(stored, facts)),
        sound: camera.sound && camera.origin.kind !== 'push' ? { playlist: `/sound/${camera.id}/index.m3u8`, trouble: troubleView(facts.session(soundOf(camera.id))?.trouble ?? null) } : null,
        masks: camera.masks.map(({ points, preset }) => ({ points, preset })),
        sandbox: facts.sandboxFault(camera.id),
      }))
    },
    async alerts(alerts) {
      const [areas, people, cameras, rules] = await Promise.all([areaNames(), personNames(), store.cameras.list(), store.rules.list()])
      const cameraOf = new Map(cameras.map((camera) => [camera.id, camera]))
      const ruleNames = new Map(rules.map(({ rule }) => [rule.id, rule.name]))
      const whole = await Promise.all(alerts.map(async (alert) => ({ alert, incident: await store.incidents.get(alert.incidentId), evidence: await store.evidence.of(alert.id), plate: await store.plates.of(alert.incidentId) })))
      return whole.flatMap(({ alert, incident, evidence, plate }): AlertView[] => {
        if (!incident) return []
        const camera = cameraOf.get(alert.cameraId)
        return [
          {
            id: alert.id,
            kind: alert.kind,
            title: KIND_FACTS[alert.kind].title,
            reason: wordReason(incident.reason),
            priority: alert.priority,
            state: alert.state,
            owner: named(people, alert.ownerId),
            cameraId: alert.cameraId,
            cameraName: camera?.name ?? '—',
            street: camera?.place.street ?? '',
            areaId: alert.areaId,
            areaName: areas.get(alert.areaId) ?? '—',
            ruleId: incident.ruleId,
            ruleName: ruleNames.get(incident.ruleId) ?? '',
            sinceMs: incident.sinceMs,
            openedAtMs: incident.openedAtMs,
            raisedAtMs: alert.raisedAtMs,
            changedAtMs: alert.changedAtMs,
            lastSeenAtMs: incident.lastSeenAtMs,
            ongoing: incident.state === 'ongoing',
            observations: incident.observations,
            witnesses: incident.witnesses,
            evidence: evidence.map(evidenceView),
            plate: plate && plateView(plate, { alertId: alert.id }),
            rejectReason: alert.rejectReason,
            note: alert.note,
            version: alert.version,
          },
        ]
      })
    },
    async alertLog(changes) {
      const people = await personNames()
      return changes.map(({ seq, what, by, atMs, facts: told }) => ({ seq, what, by: named(people, by), atMs, facts: told }))
    },
    async links(links) {
      const cameras = new Map((await store.cameras.list()).map((camera) => [camera.id, camera]))
      return Promise.all(
        links.map(async (link): Promise<LinkView> => {
          const [report, alert, evidence] = await Promise.all([store.reports.get(link.reportId), store.alerts.get(link.alertId), store.evidence.of(link.alertId)])
          const still = evidence.find(({ kind }) => kind === 'still')
          return {
            id: link.id,
            reportId: link.reportId,
            alertId: link.alertId,
            state: link.state,
            score: link.score,
            distanceM: link.distanceM,
            minutesApart: link.minutesApart,
            report: report && { description: report.description, address: report.address, requestedAtMs: report.requestedAtMs, status: report.status },
            alert: alert && { title: KIND_FACTS[alert.kind].title, cameraName: cameras.get(alert.cameraId)?.name ?? '—', raisedAtMs: alert.raisedAtMs, state: alert.state, stillUrl: still ? `/evidence/${still.id}` : null },
          }
        }),
      )
    },
    async reports(reports) {
      const areas = await areaNames()
      return Promise.all(
        reports.map(async (report): Promise<ReportView> => {
          const links = await store.links.ofReport(report.id)
          const service = SERVICES.find(({ code }) => code === report.serviceCode)
          return {
            id: report.id,
            serviceCode: report.serviceCode,
            serviceName: service?.name ?? { vi: report.serviceCode, en: report.serviceCode },
            description: report.description,
            address: report.address,
            latitude: report.latitude,
            longitude: report.longitude,
            requestedAtMs: report.requestedAtMs,
            updatedAtMs: report.updatedAtMs,
            status: report.status,
            statusNotes: report.statusNotes,
            areaId: report.areaId,
            areaName: report.areaId ? (areas.get(report.areaId) ?? null) : null,
            source: report.source,
            proposed: links.filter(({ state }) => state === 'proposed').length,
            confirmed: links.filter(({ state }) => state === 'confirmed').length,
          }
        }),
      )
    },
  }
  return views
}
