import type { AlertList, AlertWhole, DeedForm, LinkView, RedactedView } from '../../server/contract/alerts.js'
import type { AddCameraForm, AddedCameraView, AreaView, CameraChangeForm, CameraView, DiscoveryView, InspectForm, InspectionView, PushView } from '../../server/contract/cameras.js'
import type { MeetingForm, MeetingMade, MeetingView, RoomNow, RoomShowing, RoomView } from '../../server/contract/meetings.js'
import type { AlertTrialForm, CameraTrialForm, ModelForm, ModelsView, ModelView, TrialForm, TrialView, UploadForm, UploadView } from '../../server/contract/models.js'
import type { Problem } from '../../server/contract/problem.js'
import type { FindingsView, LampLookQuery, LampLookView, PrecisionView, PresetsView, RuleDeedForm, RuleKindsView, RuleLogView, RuleStandingView, RulesView } from '../../server/contract/rules.js'
import type { AnswerForm, ForwardForm, ReportView, ReportWhole } from '../../server/contract/reports.js'
import type { FirstAdministratorForm, Me, NewPersonForm, PersonChangeForm, PersonView, SignInForm, Welcome } from '../../server/contract/sign-in.js'
import type { TicketView } from '../../server/contract/tickets.js'
import type { SystemView } from '../../server/contract/system.js'
import type { ScreenForm, ScreenView, WallAsked, WallView } from '../../server/contract/wall.js'
import { learnStreams } from './tickets.js'
import { en } from '../words/en.js'
import { vi, type WordKey } from '../words/vi.js'

/** What a call that failed throws: the server's own words, or ours when it never answered. */
export class Refused extends Error {
  readonly problem: Problem
  /** The server's `Retry-After`, when it asks us to wait. */
  readonly waitMs: number | null
  constructor(problem: Problem, waitMs: number | null = null) {
    super(`${problem.code} ${problem.title.en}`)
    this.problem = problem
    this.waitMs = waitMs
  }
}

export function problemOf(fault: unknown): Problem {
  if (fault instanceof Refused) return fault.problem
  return ours('player', both('fault.browser'), both('fault.browser_next'), String(fault))
}

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

export async function ask<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' }
  // The server takes writes only with this header: a form of another site cannot send it.
  if (method !== 'GET') headers['x-vonglau'] = '1'
  const bytes = body instanceof Blob ? body : null
  if (body !== undefined) headers['content-type'] = bytes ? 'application/octet-stream' : 'application/json'
  const reply = await fetch(path, { method, headers, credentials: 'same-origin', ...(body === undefined ? {} : { body: bytes ?? JSON.stringify(body) }) }).catch(() => null)
  if (!reply) throw new Refused(ours('offline', both('door.unreachable'), both('fault.unreachable_next')))
  const text = await reply.text()
  const parsed = parse(text)
  if (reply.ok) return parsed as T
  const waitS = Number(reply.headers.get('retry-after'))
  throw new Refused(isProblem(parsed) ? parsed : ours(`http_${reply.status}`, both('fault.answered', String(reply.status)), null, reply.headers.get('x-request-id') ?? '', reply.status), Number.isFinite(waitS) && waitS > 0 ? waitS * 1000 : null)
}

function parse(text: string): unknown {
  if (!text) return null
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null // A proxy's HTML page; the status speaks for itself.
  }
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value && 'title' in value
}

function ours(code: string, title: Problem['title'], next: Problem['next'], requestId = '', status = 0): Problem {
  return { status, code, title, next, faults: [], requestId }
}

/** Our own refusals speak both languages, as the server's do. */
function both(key: WordKey, status = ''): Problem['title'] {
  return { vi: vi[key].replace('{{status}}', status), en: en[key].replace('{{status}}', status) }
}

const at = (id: string): string => encodeURIComponent(id)

function learned(cameras: CameraView[]): CameraView[] {
  learnStreams(cameras)
  return cameras
}

function learnedRoom(room: RoomView): RoomView {
  learnStreams(room.cameras)
  return room
}

/** Where stills and tickets are asked for: by a sign-in, or by a meeting room, which has no other way in. */
let picturesAt: '/api' | '/room' = '/api'
export function askPicturesAt(place: typeof picturesAt): void {
  picturesAt = place
}

/** Every call of the API that this player makes, by what it is for. */
export const api = {
  welcome: () => ask<Welcome>('GET', '/api/welcome'),
  me: () => ask<Me>('GET', '/api/me'),
  signIn: (form: SignInForm) => ask<Me>('POST', '/api/sign-in', form),
  signOut: () => ask<unknown>('POST', '/api/sign-out', {}),
  language: (language: 'vi' | 'en') => ask<unknown>('POST', '/api/me/language', { language }),
  firstAdministrator: (form: FirstAdministratorForm) => ask<unknown>('POST', '/api/first-administrator', form),
  areas: async () => (await ask<{ areas: AreaView[] }>('GET', '/api/areas')).areas,
  cameras: async () => learned((await ask<{ cameras: CameraView[] }>('GET', '/api/cameras')).cameras),
  camera: async (id: string) => learned([await ask<CameraView>('GET', `/api/cameras/${at(id)}`)])[0]!,
  ticket: (cameraId: string) => ask<TicketView>('POST', `${picturesAt}/cameras/${at(cameraId)}/ticket`, {}),
  changeCamera: (id: string, form: CameraChangeForm) => ask<CameraView>('PATCH', `/api/cameras/${at(id)}`, form),
  removeCamera: (id: string) => ask<unknown>('DELETE', `/api/cameras/${at(id)}`),
  addCamera: (form: AddCameraForm) => ask<AddedCameraView>('POST', '/api/cameras', form),
  newPushKey: (id: string) => ask<PushView>('POST', `/api/cameras/${at(id)}/push-key`, {}),
  discover: (addresses: string[]) => ask<DiscoveryView>('POST', '/api/cameras/discover', { addresses }),
  inspect: (form: InspectForm) => ask<InspectionView>('POST', '/api/cameras/inspect', form),
  putRule: (cameraId: string, ruleId: string, rule: unknown, enabled: boolean) => ask<unknown>('PUT', `/api/cameras/${at(cameraId)}/rules/${at(ruleId)}`, { rule, enabled }),
  removeRule: (cameraId: string, ruleId: string) => ask<unknown>('DELETE', `/api/cameras/${at(cameraId)}/rules/${at(ruleId)}`),
  ruleKinds: async () => (await ask<RuleKindsView>('GET', '/api/rule-kinds')).kinds,
  rules: async (cameraId: string) => (await ask<RulesView>('GET', `/api/cameras/${at(cameraId)}/rules`)).rules,
  saveRule: (cameraId: string, ruleId: string, rule: unknown, from: number | null) => ask<RuleStandingView>('POST', `/api/cameras/${at(cameraId)}/rules/${at(ruleId)}/versions`, { rule, ...(from === null ? {} : { from }) }),
  ruleDeed: (cameraId: string, ruleId: string, form: RuleDeedForm) => ask<RuleStandingView>('POST', `/api/cameras/${at(cameraId)}/rules/${at(ruleId)}/deeds`, form),
  ruleLog: async (cameraId: string, ruleId: string) => (await ask<RuleLogView>('GET', `/api/cameras/${at(cameraId)}/rules/${at(ruleId)}/log`)).log,
  presets: (cameraId: string) => ask<PresetsView>('GET', `/api/cameras/${at(cameraId)}/presets`),
  lamp: (cameraId: string, region: LampLookQuery) => ask<LampLookView>('GET', `/api/cameras/${at(cameraId)}/lamp?${new URLSearchParams(Object.entries(region).map(([field, value]) => [field, String(value)]))}`),
  findings: async (cameraId: string, ruleId: string, mode: 'live' | 'shadow') => (await ask<FindingsView>('GET', `/api/cameras/${at(cameraId)}/rules/${at(ruleId)}/findings?mode=${mode}`)).findings,
  precision: (cameraId: string, ruleId: string) => ask<PrecisionView>('GET', `/api/cameras/${at(cameraId)}/rules/${at(ruleId)}/precision`),
  judge: (incidentId: string, right: boolean) => ask<unknown>('POST', `/api/incidents/${at(incidentId)}/verdict`, { right, blind: false }),
  sandboxFault: (cameraId: string, fault: string) => ask<unknown>('POST', `/api/cameras/${at(cameraId)}/sandbox-fault`, { fault }),
  alerts: (state: 'open' | 'closed' | 'all') => ask<AlertList>('GET', `/api/alerts?state=${state}`),
  alert: (id: string) => ask<AlertWhole>('GET', `/api/alerts/${at(id)}`),
  redacted: (evidenceId: string) => ask<RedactedView>('GET', `/api/evidence/${at(evidenceId)}/redacted`),
  makeRedacted: (evidenceId: string) => ask<RedactedView>('POST', `/api/evidence/${at(evidenceId)}/redacted`, {}),
  deed: (id: string, form: DeedForm) => ask<AlertWhole>('POST', `/api/alerts/${at(id)}/deeds`, form),
  reports: async () => (await ask<{ reports: ReportView[] }>('GET', '/api/reports')).reports,
  report: (id: string) => ask<ReportWhole>('GET', `/api/reports/${at(id)}`),
  answer: (id: string, form: AnswerForm) => ask<ReportWhole>('POST', `/api/reports/${at(id)}/answer`, form),
  forward: (id: string, form: ForwardForm) => ask<ReportWhole>('POST', `/api/reports/${at(id)}/forward`, form),
  linkVerdict: (id: string, verdict: 'confirmed' | 'rejected') => ask<LinkView>('POST', `/api/links/${at(id)}/verdict`, { verdict }),
  people: async () => {
    const answer = await ask<{ people: PersonView[] } | PersonView[]>('GET', '/api/people')
    return 'people' in answer ? answer.people : answer
  },
  addPerson: (form: NewPersonForm) => ask<PersonView>('POST', '/api/people', form),
  changePerson: (id: string, form: PersonChangeForm) => ask<PersonView>('PATCH', `/api/people/${at(id)}`, form),
  models: () => ask<ModelsView>('GET', '/api/models'),
  addModel: (form: ModelForm) => ask<ModelView>('POST', '/api/models', form),
  takeOffer: (name: string) => ask<ModelView>('POST', `/api/model-offers/${at(name)}`, {}),
  useModel: (id: string) => ask<ModelsView>('POST', `/api/models/${at(id)}/use`, {}),
  removeModel: (id: string) => ask<unknown>('DELETE', `/api/models/${at(id)}`),
  beginUpload: (form: UploadForm) => ask<UploadView>('POST', '/api/uploads', form),
  putPiece: (id: string, from: number, piece: Blob) => ask<{ received: number }>('PUT', `/api/uploads/${at(id)}/${from}`, piece),
  dropUpload: (id: string) => ask<unknown>('DELETE', `/api/uploads/${at(id)}`),
  tryOnClip: (form: TrialForm) => ask<TrialView>('POST', '/api/model-trials', form),
  tryOnCamera: (cameraId: string, form: CameraTrialForm) => ask<TrialView>('POST', `/api/cameras/${at(cameraId)}/model-trials`, form),
  tryOnAlert: (alertId: string, form: AlertTrialForm) => ask<TrialView>('POST', `/api/alerts/${at(alertId)}/model-trials`, form),
  trial: (id: string) => ask<TrialView>('GET', `/api/model-trials/${at(id)}`),
  endTrial: (id: string) => ask<unknown>('DELETE', `/api/model-trials/${at(id)}`),
  walls: async () => (await ask<{ walls: WallView[] }>('GET', '/api/walls')).walls,
  addWall: (form: WallAsked) => ask<WallView>('POST', '/api/walls', form),
  changeWall: (id: string, form: WallAsked) => ask<WallView>('PUT', `/api/walls/${at(id)}`, form),
  removeWall: (id: string) => ask<unknown>('DELETE', `/api/walls/${at(id)}`),
  orderWalls: async (wallIds: string[]) => (await ask<{ walls: WallView[] }>('POST', '/api/walls/order', { wallIds })).walls,
  screens: async () => (await ask<{ screens: ScreenView[] }>('GET', '/api/screens')).screens,
  pushScreen: (number: number, form: ScreenForm) => ask<ScreenView>('PUT', `/api/screens/${number}`, form),
  clearScreen: (number: number) => ask<ScreenView>('DELETE', `/api/screens/${number}`),
  meetings: async () => (await ask<{ meetings: MeetingView[] }>('GET', '/api/meetings')).meetings,
  makeMeeting: (form: MeetingForm) => ask<MeetingMade>('POST', '/api/meetings', form),
  present: (id: string, showing: RoomShowing) => ask<MeetingView>('PUT', `/api/meetings/${at(id)}/showing`, { showing }),
  revokeMeeting: (id: string) => ask<unknown>('DELETE', `/api/meetings/${at(id)}`),
  openRoom: async (token: string) => learnedRoom(await ask<RoomView>('POST', '/room/open', { token })),
  roomBoard: async () => learnedRoom(await ask<RoomView>('GET', '/room/board')),
  roomNow: () => ask<RoomNow>('GET', '/room/now'),
  bookmark: (cameraId: string, atMs: number) => ask<unknown>('POST', `/api/cameras/${at(cameraId)}/bookmarks`, { atMs, note: '', tags: [] }),
  /** `/readyz` answers anyone, with 503 and the same words when a part is missing. */
  system: async (): Promise<SystemView | null> => {
    const reply = await fetch('/readyz', { headers: { accept: 'application/json' } }).catch(() => null)
    const parsed = reply ? parse(await reply.text()) : null
    return typeof parsed === 'object' && parsed !== null && 'parts' in parsed ? (parsed as SystemView) : null
  },
}

export function trialClipUrl(id: string): string {
  return `/api/model-trials/${at(id)}/clip`
}

export function stillUrl(cameraId: string): string {
  return `${picturesAt}/cameras/${at(cameraId)}/still.jpg`
}

export interface TakenStill {
  readonly picture: Blob
  readonly takenAtMs: number
}

/** A still with its true age, or null where there is none now. */
export async function fetchStill(cameraId: string, signal: AbortSignal, size: 'small' | 'whole' = 'small'): Promise<TakenStill | null> {
  const reply = await fetch(`${stillUrl(cameraId)}${size === 'small' ? '?size=small' : ''}`, { credentials: 'same-origin', cache: 'no-store', signal })
  const takenAtMs = Number(reply.headers.get('x-taken-at-ms'))
  return reply.ok && takenAtMs ? { picture: await reply.blob(), takenAtMs } : null
}

/** The bytes of a piece of evidence and their SHA-256, counted here, in this browser. */
export async function weigh(url: string): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const reply = await fetch(url, { credentials: 'same-origin', cache: 'no-store' })
  if (!reply.ok) throw new Refused(ours(`http_${reply.status}`, both('fault.answered', String(reply.status)), null, '', reply.status))
  const bytes = await reply.arrayBuffer()
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return { bytes: bytes.byteLength, sha256: [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('') }
}

/** Browsers count hashes only on HTTPS or on this very machine. */
export function canWeigh(): boolean {
  return globalThis.isSecureContext && typeof crypto.subtle?.digest === 'function'
}
