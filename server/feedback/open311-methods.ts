import { asId, isId, type ReportId } from '../domain/ids.js'
import { SERVICES, type Report } from '../domain/report.js'
import type { Language } from '../domain/words.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import { newId } from '../system/ids.js'
import { findHomeArea } from './home-area.js'
import type { ListQuery, NewRequest } from './open311-form.js'
import { refuse, writeDate, type Open311Report, type Open311Service, type Outcome } from './open311-terms.js'

/** The six methods of GeoReport v2 over our store, on checked values. */
export interface Open311Methods {
  services(language: Language): readonly Open311Service[]
  serviceDefinition(serviceCode: string): Outcome<{ readonly serviceCode: string }>
  /** Idempotent by sender and the sender's own number; `seq` is its line in the change log, null when it was known already. */
  createRequest(request: NewRequest, sender: string): Promise<{ readonly report: Report; readonly seq: number | null }>
  listRequests(query: ListQuery, language: Language): Promise<readonly Open311Report[]>
  getRequest(id: string, language: Language): Promise<Outcome<Open311Report>>
  tokens(token: string): Promise<Outcome<{ readonly service_request_id: string; readonly token: string }>>
}

export function makeOpen311Methods({ store, clock }: { readonly store: Store; readonly clock: Clock }): Open311Methods {
  const find = async (id: string): Promise<Report | null> => (isId(id) ? store.reports.get(asId<ReportId>(id)) : null)
  return {
    services: (language) =>
      SERVICES.map((service) => ({
        service_code: service.code,
        service_name: service.name[language],
        description: service.description[language],
        // No service asks for attributes of its own, and every report gets its number at once.
        metadata: false,
        type: 'realtime',
        keywords: service.kinds.map((kind) => kind.replaceAll('_', ' ')).join(', '),
        group: service.group,
      })),
    serviceDefinition: (serviceCode) => (SERVICES.some((service) => service.code === serviceCode) ? { ok: true, value: { serviceCode } } : refuse(404, 'service_code is not one of ours: take one from GET services')),
    async createRequest(request, sender) {
      const source = `open311:${sender}`
      const known = request.externalId === null ? null : await store.reports.findBySource(source, request.externalId)
      if (known) return { report: known, seq: null }
      const atMs = clock.wallMs()
      const [cameras, areas] = await Promise.all([store.cameras.list(), store.areas.list()])
      const { contact, externalId, ...said } = request
      const report: Report = { ...said, id: newId<ReportId>(), requestedAtMs: atMs, updatedAtMs: atMs, status: 'open', statusNotes: null, areaId: findHomeArea(request, cameras, areas), source, sourceId: externalId }
      try {
        const seq = await store.transact(async (tx) => {
          await tx.reports.add(report, contact)
          return tx.changes.append({ topic: 'report', entityId: report.id, areaId: report.areaId, what: 'received', by: null, atMs, facts: { serviceCode: report.serviceCode, source } })
        })
        return { report, seq }
      } catch (fault) {
        // The same report sent twice at the same moment: the table's own constraint let one in, and that one is the answer.
        const twin = externalId === null ? null : await store.reports.findBySource(source, externalId)
        if (!twin) throw fault
        return { report: twin, seq: null }
      }
    },
    async listRequests({ ids, ...filter }, language) {
      const wanted = ids?.filter((id) => isId(id)).map((id) => asId<ReportId>(id))
      return (await store.reports.list({ ...filter, ids: wanted })).map((report) => show(report, language))
    },
    async getRequest(id, language) {
      const report = await find(id)
      return report ? { ok: true, value: show(report, language) } : refuse(404, 'service_request_id was not found: take it from the answer to POST requests or from GET requests')
    },
    async tokens(token) {
      // Ours are realtime services: the number is known at once and is its own token.
      const report = await find(token)
      return report ? { ok: true, value: { service_request_id: report.id, token: report.id } } : refuse(404, 'token was not found: this server answers POST requests with a service_request_id at once, ask for that')
    },
  }
}

/** What anyone with a key may see of a report: never who sent it. */
function show(report: Report, language: Language): Open311Report {
  return {
    service_request_id: report.id,
    status: report.status,
    status_notes: report.statusNotes,
    service_name: SERVICES.find((service) => service.code === report.serviceCode)?.name[language] ?? null,
    service_code: report.serviceCode,
    description: report.description,
    agency_responsible: null,
    service_notice: null,
    requested_datetime: writeDate(report.requestedAtMs),
    updated_datetime: writeDate(report.updatedAtMs),
    expected_datetime: null,
    address: report.address,
    address_id: null,
    zipcode: null,
    lat: report.latitude,
    long: report.longitude,
    media_url: report.mediaUrl,
  }
}
