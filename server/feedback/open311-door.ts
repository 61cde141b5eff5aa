import type { Report } from '../domain/report.js'
import type { Language } from '../domain/words.js'
import type { ApiKeys } from './api-keys.js'
import { format, type Body } from './open311-format.js'
import { readListQuery, readNewRequest } from './open311-form.js'
import type { Open311Methods } from './open311-methods.js'
import { refuse, type Open311Answer, type Open311Format, type Open311Request, type Outcome } from './open311-terms.js'

export interface Open311DoorParts {
  readonly methods: Open311Methods
  readonly keys: ApiKeys
  /** Reports are people's own words about people: without a key only the list of services is told, unless a city opens it. */
  readonly publicReading: boolean
  readonly nowMs: () => number
  /** Called once for each report that is new, after it is stored. */
  readonly onCreated: (report: Report, seq: number) => Promise<void>
}

/** One request in, one answer out: HTTP itself stays outside, so that any server (and a test) can put this behind its door. */
export function makeOpen311Door(parts: Open311DoorParts): (request: Open311Request) => Promise<Open311Answer> {
  return async (request) => {
    const [, path = '', extension = ''] = /^\/?(.*?)(?:\.(json|xml))?$/.exec(request.path) ?? []
    const as: Open311Format = extension === 'xml' ? 'xml' : 'json'
    const outcome = extension === '' ? refuse(404, 'the format is missing: end the address with .json or .xml') : await answer(parts, request, path)
    const body: Body = outcome.ok ? outcome.value : { is: 'errors', faults: outcome.faults }
    return { status: outcome.ok ? 200 : outcome.faults[0].code, mediaType: as === 'xml' ? 'text/xml; charset=utf-8' : 'application/json; charset=utf-8', body: format(body, as) }
  }
}

async function answer(parts: Open311DoorParts, request: Open311Request, path: string): Promise<Outcome<Body>> {
  const { methods, keys } = parts
  const language: Language = request.query.get('locale')?.startsWith('en') ? 'en' : 'vi'
  const [noun = '', id, ...more] = path.split('/')
  if (more.length > 0 || id === '') return nowhere()
  const sender = keys.nameOf(request.form.get('api_key') ?? request.query.get('api_key'))
  const forbidden = refuse(403, 'api_key is missing or not known: ask the operation centre for a key and send it as api_key')

  if (request.method === 'post') {
    if (noun !== 'requests' || id !== undefined) return nowhere()
    return sender === null ? forbidden : createRequest(parts, request.form, sender)
  }
  if (noun === 'services' && id === undefined) return { ok: true, value: { is: 'list', of: 'services', each: 'service', items: methods.services(language) } }
  if (noun === 'services') return mapValue(methods.serviceDefinition(decode(id ?? '')), ({ serviceCode }) => ({ is: 'definition', serviceCode }))
  if (noun !== 'requests' && noun !== 'tokens') return nowhere()
  if (sender === null && !parts.publicReading) return forbidden
  if (noun === 'tokens') return id === undefined ? nowhere() : mapValue(await methods.tokens(decode(id)), (found) => requests([found]))
  if (id !== undefined) return mapValue(await methods.getRequest(decode(id), language), (found) => requests([found]))
  const query = readListQuery(request.query, parts.nowMs())
  return query.ok ? { ok: true, value: requests(await methods.listRequests(query.value, language)) } : query
}

async function createRequest({ methods, onCreated }: Open311DoorParts, form: URLSearchParams, sender: string): Promise<Outcome<Body>> {
  const read = readNewRequest(form)
  if (!read.ok) return read
  const { report, seq } = await methods.createRequest(read.value, sender)
  if (seq !== null) await onCreated(report, seq)
  return { ok: true, value: requests([{ service_request_id: report.id, service_notice: null, account_id: null }]) }
}

const requests = (items: readonly object[]): Body => ({ is: 'list', of: 'service_requests', each: 'request', items })
const nowhere = (): Outcome<never> => refuse(404, 'there is nothing at this address: try services, services/{service_code}, requests, requests/{service_request_id} or tokens/{token}')

function mapValue<From, To>(outcome: Outcome<From>, turn: (value: From) => To): Outcome<To> {
  return outcome.ok ? { ok: true, value: turn(outcome.value) } : outcome
}

/** A broken escape in an address is simply an id that does not exist. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
