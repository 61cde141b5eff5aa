import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Settings } from '../../config/settings.js'
import { openApp, type App, type AppOptions } from '../../server/app.js'
import { TICKET_HEADER, type TicketView } from '../../server/contract/tickets.js'
import { asId, type AreaId, type CameraId, type PersonId } from '../../server/domain/ids.js'
import type { Observation } from '../../server/domain/seen.js'
import { ROLES, type Role } from '../../server/domain/person.js'
import { systemClock } from '../../server/system/clock.js'
import { newId } from '../../server/system/ids.js'
import { silentLog } from '../../server/system/log.js'

export const PASSWORD = 'một-mật-khẩu-dài-2026'
export const API_KEY = 'khoa-thu-nghiem'
/** SHA-256 of API_KEY. */
import { createHash } from 'node:crypto'
const API_KEY_HASH = createHash('sha256').update(API_KEY).digest('hex')

export interface SmallHouse {
  readonly app: App
  readonly folder: string
  readonly areas: { readonly own: AreaId; readonly inner: AreaId; readonly foreign: AreaId }
  /** The cookie of a person of this role whose area is `own` (with `inner` inside it). */
  cookie(role: Role): string
  addCamera(areaId: AreaId, name?: string): Promise<CameraId>
  /** A rule's claim as the watching stage would send it; resolves when its alert stands. */
  raise(cameraId: CameraId, part?: Partial<Observation>): Promise<string>
  ask(path: string, options?: { readonly method?: string; readonly cookie?: string | undefined; readonly body?: unknown; readonly headers?: Record<string, string> }): Promise<Response>
  /** Asks for media of a camera as its player does: with a ticket besides the cookie. */
  watch(cameraId: CameraId, path: string, role: Role): Promise<Response>
  close(): Promise<void>
}

/** The whole server on a temporary folder, with people of each role and two wards; without ffmpeg, so it is quick and degraded. */
export async function openSmallHouse(part: { readonly settings?: object; readonly env?: Readonly<Record<string, string | undefined>>; readonly model?: AppOptions['model'] } = {}): Promise<SmallHouse> {
  const folder = mkdtempSync(join(tmpdir(), 'vonglau-web-'))
  const settings = Settings.parse({ dataFolder: folder, http: { port: 0 }, cameras: { networks: ['127.0.0.0/8'], multicast: false }, open311: { apiKeyHashes: [API_KEY_HASH] }, log: { level: 'silent' }, ...part.settings })
  const app = await openApp({ settings, clock: systemClock, log: silentLog, runId: `test:${newId()}`, version: '0', env: part.env ?? {}, model: part.model ?? { fault: 'no model in this test', next: '' }, playerFolder: null, sandbox: null })
  const { store, registry, bus, passwords } = app.parts
  const root = await app.parts.firstArea('IOC thử')
  const own = (await store.areas.add({ id: newId<AreaId>(), name: 'Phường của mình', parent: root })).id
  const inner = (await store.areas.add({ id: newId<AreaId>(), name: 'Khóm trong phường', parent: own })).id
  const foreign = (await store.areas.add({ id: newId<AreaId>(), name: 'Phường khác', parent: root })).id
  const passwordHash = await passwords.hash(PASSWORD)
  const cookies = new Map<Role, string>()
  const ask: SmallHouse['ask'] = (path, { method = 'GET', cookie, body, headers } = {}) =>
    fetch(`${app.url}${path}`, { method, redirect: 'manual', headers: { ...(cookie ? { cookie } : {}), ...(method === 'GET' ? {} : { 'x-vonglau': '1', 'content-type': 'application/json' }), ...headers }, ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }) })
  for (const role of ROLES) {
    await store.people.add({ id: newId<PersonId>(), name: role, displayName: `Người ${role}`, role, areas: [own], language: 'vi', passwordHash, createdAtMs: systemClock.wallMs() })
    const answered = await ask('/api/sign-in', { method: 'POST', body: { name: role, password: PASSWORD } })
    cookies.set(role, answered.headers.get('set-cookie')?.split(';')[0] ?? '')
  }
  let count = 0
  return {
    app,
    folder,
    areas: { own, inner, foreign },
    cookie: (role) => cookies.get(role) ?? '',
    async addCamera(areaId, name = 'Trần Hưng Đạo 214') {
      count += 1
      const added = await registry.add({ name, areaId, place: { latitude: 10.3866, longitude: 105.4352, street: 'Trần Hưng Đạo', order: count, heading: 0, reachM: 80 }, origin: { kind: 'rtsp' }, mainUrl: `rtsp://127.0.0.1:9/${count}`, user: 'admin', password: 'bí-mật-camera' }, null)
      if (!added.ok) throw new Error(JSON.stringify(added.faults))
      return added.camera.id
    },
    async raise(cameraId, part = {}) {
      const nowMs = systemClock.wallMs()
      const raised = new Promise<string>((resolve) => {
        const stop = bus.subscribe('alert.raised', (message) => {
          if (message.cameraId !== cameraId) return
          stop()
          resolve(message.alertId)
        })
      })
      bus.publish('observation.seen', { cameraId, seenBy: { ruleVersion: null, mode: 'live' }, observation: { ruleId: 'rule-1', kind: 'red_light', episode: `e-${newId()}`, phase: 'began', atMs: nowMs, sinceMs: nowMs, witnesses: [{ trackId: 1, class: 'two_wheeler', score: 0.9, box: { x1: 0.4, y1: 0.4, x2: 0.5, y2: 0.6 }, atMs: nowMs }], reason: { code: 'red_light', class: 'two_wheeler', redForMs: 4200, yellowMs: null }, ...part } })
      return asId(await raised)
    },
    ask,
    async watch(cameraId, path, role) {
      const cookie = cookies.get(role)
      const { ticket } = (await (await ask(`/api/cameras/${cameraId}/ticket`, { method: 'POST', cookie, body: {} })).json()) as TicketView
      return ask(path, { cookie, headers: { [TICKET_HEADER]: ticket } })
    },
    async close() {
      await app.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
