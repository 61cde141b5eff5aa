import { ExponentialBackoff, handleWhenResult, retry } from 'cockatiel'
import type { Clock } from '../system/clock.js'
import { redactUrls } from '../system/log.js'
import { readJsonList, readXmlList, type Row } from './open311-answer.js'
import { readDate } from './open311-terms.js'

/** What goes wrong between two servers, and whether trying again may help. */
export interface RemoteTrouble {
  readonly code: 'unreachable' | 'timed_out' | 'redirected' | 'too_big' | 'not_understood' | 'refused' | 'not_found' | 'server_fault'
  /** Method and address, without key and credentials. */
  readonly tried: string
  /** The other side's last words. */
  readonly said: string
  readonly mayPass: boolean
}
export type Remote<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly trouble: RemoteTrouble }

/** A report on its way to another Open311 server. */
export interface OutgoingRequest {
  readonly serviceCode: string
  readonly description: string
  readonly latitude: number | null
  readonly longitude: number | null
  readonly address: string | null
  readonly mediaUrl: string | null
  /** Our own number, so that the same letter delivered twice is one report over there (where the other side knows the field). */
  readonly externalId: string
}

/** Some servers give a number at once, others a token that becomes one later. */
export type Receipt = { readonly is: 'request'; readonly requestId: string } | { readonly is: 'token'; readonly token: string }

export interface RemoteStatus {
  readonly requestId: string
  readonly status: 'open' | 'closed'
  readonly statusNotes: string | null
  readonly updatedAtMs: number | null
}

export interface Open311Client {
  services(): Promise<Remote<readonly { readonly code: string; readonly name: string; readonly needsAttributes: boolean }[]>>
  send(request: OutgoingRequest): Promise<Remote<Receipt>>
  /** Null: no number has been given yet. */
  redeem(token: string): Promise<Remote<string | null>>
  follow(requestId: string): Promise<Remote<RemoteStatus>>
}

export interface ClientOptions {
  /** The endpoint's address, below which `services.json` and `requests.json` stand. */
  readonly url: string
  readonly apiKey: string
  readonly format: 'json' | 'xml'
  readonly jurisdictionId?: string | undefined
  readonly clock: Clock
  readonly timeoutMs?: number | undefined
  readonly bytesMax?: number | undefined
  readonly firstRetryMs?: number | undefined
}

const TIMEOUT_MS = 15_000
const BYTES_MAX = 4 << 20
const FIRST_RETRY_MS = 500
const RETRIES_MAX = 2
const SAID_LENGTH_MAX = 300

export function makeOpen311Client(options: ClientOptions): Open311Client {
  if (!/^https?:\/\//.test(options.url) || !URL.canParse(options.url)) throw new Error(`the Open311 address "${redactUrls(options.url)}" is not an http or https address: write the one below which services.${options.format} stands`)
  const base = options.url.endsWith('/') ? options.url : `${options.url}/`
  const firstRetryMs = options.firstRetryMs ?? FIRST_RETRY_MS

  /** Asks again by itself after short faults. A POST only when it cannot have arrived: twice sent could be two reports there. */
  const ask = (method: 'GET' | 'POST', path: string, fields: Readonly<Record<string, string>>): Promise<Remote<readonly Row[]>> => {
    const again = retry(
      handleWhenResult((result) => {
        const { ok, trouble } = result as Remote<unknown> & { trouble: RemoteTrouble }
        return !ok && trouble.mayPass && (method === 'GET' || trouble.code === 'unreachable')
      }),
      { maxAttempts: RETRIES_MAX, backoff: new ExponentialBackoff({ initialDelay: firstRetryMs, maxDelay: firstRetryMs * 8 }) },
    )
    return again.execute(() => askOnce(options, new URL(`${path}.${options.format}`, base), method, fields))
  }

  return {
    async services() {
      const answer = await ask('GET', 'services', {})
      return answer.ok ? { ok: true, value: answer.value.flatMap((row) => (row['service_code'] ? [{ code: row['service_code'], name: row['service_name'] ?? '', needsAttributes: row['metadata'] === 'true' }] : [])) } : answer
    },
    async send(request) {
      const answer = await ask('POST', 'requests', { api_key: options.apiKey, ...fieldsOf(request) })
      if (!answer.ok) return answer
      const [row] = answer.value
      if (row?.['service_request_id']) return { ok: true, value: { is: 'request', requestId: row['service_request_id'] } }
      if (row?.['token']) return { ok: true, value: { is: 'token', token: row['token'] } }
      return notUnderstood('POST requests', 'the answer has neither service_request_id nor token')
    },
    async redeem(token) {
      const answer = await ask('GET', `tokens/${encodeURIComponent(token)}`, { api_key: options.apiKey })
      return answer.ok ? { ok: true, value: answer.value[0]?.['service_request_id'] ?? null } : answer
    },
    async follow(requestId) {
      const answer = await ask('GET', `requests/${encodeURIComponent(requestId)}`, { api_key: options.apiKey })
      if (!answer.ok) return answer
      const [row] = answer.value
      const status = row?.['status']?.toLowerCase()
      if (!row || (status !== 'open' && status !== 'closed')) return notUnderstood('GET request', `the answer has no status open or closed but "${status ?? ''}"`)
      return { ok: true, value: { requestId: row['service_request_id'] ?? requestId, status, statusNotes: row['status_notes'] ?? null, updatedAtMs: row['updated_datetime'] ? readDate(row['updated_datetime']) : null } }
    },
  }
}

function fieldsOf(request: OutgoingRequest): Readonly<Record<string, string>> {
  const fields = { service_code: request.serviceCode, description: request.description, lat: request.latitude, long: request.longitude, address_string: request.address, media_url: request.mediaUrl, 'attribute[external_id]': request.externalId }
  return Object.fromEntries(Object.entries(fields).flatMap(([name, value]) => (value === null || value === '' ? [] : [[name, String(value)]])))
}

async function askOnce(options: ClientOptions, address: URL, method: 'GET' | 'POST', fields: Readonly<Record<string, string>>): Promise<Remote<readonly Row[]>> {
  const tried = `${method} ${redactUrls(address.href)}`
  const all = new URLSearchParams({ ...(options.jurisdictionId ? { jurisdiction_id: options.jurisdictionId } : {}), ...fields })
  if (method === 'GET') address.search = all.toString()
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS
  const limit = new AbortController()
  // It holds until the last byte is read: a server that sends one byte a minute is cut off too.
  const cancel = options.clock.after(timeoutMs, () => limit.abort())
  try {
    // Redirects are not followed: where the key and a citizen's words go is what the settings say, nothing else.
    const response = await fetch(address, { method, redirect: 'manual', signal: limit.signal, headers: { accept: options.format === 'json' ? 'application/json' : 'text/xml' }, ...(method === 'POST' ? { body: all } : {}) })
    const text = await readBody(response, options.bytesMax ?? BYTES_MAX)
    if (text === null) return fail({ code: 'too_big', tried, said: `more than ${options.bytesMax ?? BYTES_MAX} bytes`, mayPass: false })
    return judge(response.status, text, options.format, tried)
  } catch (fault) {
    if (limit.signal.aborted) return fail({ code: 'timed_out', tried, said: `no whole answer in ${timeoutMs} ms`, mayPass: true })
    return fail({ code: 'unreachable', tried, said: lastWords(fault), mayPass: true })
  } finally {
    cancel()
  }
}

/** What an answer means. Pure, so that each kind is a line in a test. */
export function judge(status: number, text: string, format: 'json' | 'xml', tried: string): Remote<readonly Row[]> {
  const list = format === 'json' ? readJsonList(text) : readXmlList(text)
  const said = list?.of === 'errors' ? list.rows.map((row) => `${row['code'] ?? ''} ${row['description'] ?? ''}`.trim()).join('; ') : `HTTP ${status}: ${text.slice(0, SAID_LENGTH_MAX).replaceAll(/\s+/g, ' ')}`
  if (status >= 300 && status < 400) return fail({ code: 'redirected', tried, said, mayPass: false })
  if (status === 404) return fail({ code: 'not_found', tried, said, mayPass: false })
  if (status === 429 || status >= 500) return fail({ code: 'server_fault', tried, said, mayPass: true })
  if (status >= 400 || list?.of === 'errors') return fail({ code: 'refused', tried, said, mayPass: false })
  return list ? { ok: true, value: list.rows } : fail({ code: 'not_understood', tried, said, mayPass: false })
}

async function readBody(response: Response, bytesMax: number): Promise<string | null> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of response.body ?? []) {
    parts.push(part as Uint8Array)
    bytes += (part as Uint8Array).length
    if (bytes > bytesMax) return null // leaving the loop closes the connection
  }
  return Buffer.concat(parts).toString('utf8')
}

/** fetch says only "fetch failed"; the reason is in its cause. */
function lastWords(fault: unknown): string {
  const cause = typeof fault === 'object' && fault !== null && 'cause' in fault ? fault.cause : fault
  const [code, message] = typeof cause === 'object' && cause !== null ? [(cause as { code?: string }).code, (cause as { message?: string }).message] : [undefined, String(cause)]
  return redactUrls([code, message].filter(Boolean).join(': ')).slice(0, SAID_LENGTH_MAX)
}

const fail = (trouble: RemoteTrouble): { readonly ok: false; readonly trouble: RemoteTrouble } => ({ ok: false, trouble })
const notUnderstood = (tried: string, said: string): { readonly ok: false; readonly trouble: RemoteTrouble } => fail({ code: 'not_understood', tried, said, mayPass: false })
