import { createHash } from 'node:crypto'
import type { AlertList, AlertView, AlertWhole, DeedForm, LinkView } from '../contract/alerts.js'
import type { CameraView, DiscoveryView } from '../contract/cameras.js'
import type { ReportWhole } from '../contract/reports.js'
import { TICKET_HEADER, type TicketView } from '../contract/tickets.js'

/** A person's side of the API, as a program: signs in, keeps the cookie, and speaks the contract. */
export interface DeskClient {
  readonly cookie: string
  cameras(): Promise<readonly CameraView[]>
  discover(): Promise<DiscoveryView>
  alerts(state: 'open' | 'closed' | 'all'): Promise<readonly AlertView[]>
  alert(id: string): Promise<AlertWhole>
  act(id: string, deed: DeedForm): Promise<AlertWhole>
  /** The bytes of an evidence item and their own SHA-256. */
  evidence(url: string): Promise<{ readonly bytes: Uint8Array; readonly sha256: string; readonly told: string | null }>
  text(path: string): Promise<{ readonly status: number; readonly body: string }>
  /** A file of a camera's picture, live or past, shown with a fresh ticket as the player would. */
  media(cameraId: string, path: string): Promise<{ readonly status: number; readonly body: string }>
  report(id: string): Promise<ReportWhole>
  decideLink(id: string, verdict: 'confirmed' | 'rejected'): Promise<LinkView>
  answer(id: string, notes: string, close: boolean): Promise<ReportWhole>
}

const WAIT_MS_MAX = 30_000

export async function signIn(url: string, account: { readonly name: string; readonly password: string }): Promise<DeskClient> {
  const answered = await fetch(`${url}/api/sign-in`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-vonglau': '1' }, body: JSON.stringify({ name: account.name, password: account.password }), signal: AbortSignal.timeout(WAIT_MS_MAX) })
  const cookie = answered.headers.get('set-cookie')?.split(';')[0]
  if (!answered.ok || !cookie) throw new Error(`${account.name} could not sign in: ${answered.status} ${await answered.text()}`)

  const ask = async (path: string, body?: unknown): Promise<Response> => {
    const response = await fetch(`${url}${path}`, { headers: { cookie, ...(body === undefined ? {} : { 'content-type': 'application/json', 'x-vonglau': '1' }) }, ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }), signal: AbortSignal.timeout(WAIT_MS_MAX) })
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${(await response.text()).slice(0, 400)}`)
    return response
  }
  const json = async <T>(path: string, body?: unknown): Promise<T> => (await ask(path, body)).json() as Promise<T>

  return {
    cookie,
    cameras: async () => (await json<{ cameras: CameraView[] }>('/api/cameras')).cameras,
    discover: () => json('/api/cameras/discover', { addresses: [] }),
    alerts: async (state) => (await json<AlertList>(`/api/alerts?state=${state}`)).alerts,
    alert: (id) => json(`/api/alerts/${id}`),
    act: (id, deed) => json(`/api/alerts/${id}/deeds`, deed),
    async evidence(path) {
      const response = await ask(path)
      const bytes = new Uint8Array(await response.arrayBuffer())
      return { bytes, sha256: createHash('sha256').update(bytes).digest('hex'), told: response.headers.get('x-content-sha256') }
    },
    async text(path) {
      const response = await fetch(`${url}${path}`, { headers: { cookie }, signal: AbortSignal.timeout(WAIT_MS_MAX) })
      return { status: response.status, body: await response.text() }
    },
    async media(cameraId, path) {
      const { ticket } = await json<TicketView>(`/api/cameras/${cameraId}/ticket`, {})
      const response = await fetch(`${url}${path}`, { headers: { cookie, [TICKET_HEADER]: ticket }, signal: AbortSignal.timeout(WAIT_MS_MAX) })
      return { status: response.status, body: await response.text() }
    },
    report: (id) => json(`/api/reports/${id}`),
    decideLink: (id, verdict) => json(`/api/links/${id}/verdict`, { verdict }),
    answer: (id, notes, close) => json(`/api/reports/${id}/answer`, { notes, close }),
  }
}
