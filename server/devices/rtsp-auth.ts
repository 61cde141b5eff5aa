import { createHash, randomBytes } from 'node:crypto'
import type { Credentials } from './secrets.js'

/** A device's demand for a name and password: digest (RFC 2617, RFC 7616) or basic. */
export type Challenge =
  | { readonly kind: 'digest'; readonly algorithm: 'MD5' | 'SHA-256'; readonly realm: string; readonly nonce: string; readonly qop: boolean; readonly opaque: string | null; readonly stale: boolean; readonly named: boolean }
  | { readonly kind: 'basic'; readonly realm: string }

/** The strongest of the challenges we can answer: SHA-256, then MD5, then basic (which shows the password to the wire). */
export function chooseChallenge(headers: readonly string[]): Challenge | null {
  const known = headers.map(readChallenge).filter((challenge) => challenge !== null)
  const rank = (challenge: Challenge): number => (challenge.kind === 'basic' ? 0 : challenge.algorithm === 'MD5' ? 1 : 2)
  return known.toSorted((a, b) => rank(b) - rank(a))[0] ?? null
}

function readChallenge(header: string): Challenge | null {
  const scheme = /^\s*(digest|basic)\b(.*)$/is.exec(header.slice(0, 4_096))
  if (!scheme) return null
  const fields = new Map<string, string>()
  for (const field of (scheme[2] ?? '').matchAll(/([a-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]*))/gi)) {
    fields.set((field[1] ?? '').toLowerCase(), field[2]?.replace(/\\(.)/g, '$1') ?? field[3] ?? '')
  }
  const realm = fields.get('realm') ?? ''
  if ((scheme[1] ?? '').toLowerCase() === 'basic') return { kind: 'basic', realm }
  const named = fields.get('algorithm')
  const algorithm = named === undefined || named.toUpperCase() === 'MD5' ? 'MD5' : named.toUpperCase() === 'SHA-256' ? 'SHA-256' : null
  const nonce = fields.get('nonce')
  if (!algorithm || nonce === undefined) return null
  const qop = (fields.get('qop') ?? '').split(',').some((one) => one.trim().toLowerCase() === 'auth')
  return { kind: 'digest', algorithm, realm, nonce, qop, opaque: fields.get('opaque') ?? null, stale: fields.get('stale')?.toLowerCase() === 'true', named: named !== undefined }
}

/** The Authorization header for one request. `count` grows with each use of the same nonce. */
export function answerChallenge(challenge: Challenge, credentials: Credentials, request: { readonly method: string; readonly uri: string }, count: number, cnonce = randomBytes(8).toString('hex')): string {
  const { user, password } = credentials
  if (challenge.kind === 'basic') return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const hash = (text: string): string => createHash(challenge.algorithm === 'MD5' ? 'md5' : 'sha256').update(text, 'utf8').digest('hex')
  const secret = hash(`${user}:${challenge.realm}:${password}`)
  const deed = hash(`${request.method}:${request.uri}`)
  const nc = count.toString(16).padStart(8, '0')
  const response = challenge.qop ? hash([secret, challenge.nonce, nc, cnonce, 'auth', deed].join(':')) : hash([secret, challenge.nonce, deed].join(':'))
  const quoted = (text: string): string => `"${text.replace(/[\r\n]/g, '').replace(/["\\]/g, '\\$&')}"`
  return [
    `Digest username=${quoted(user)}`,
    `realm=${quoted(challenge.realm)}`,
    `nonce=${quoted(challenge.nonce)}`,
    `uri=${quoted(request.uri)}`,
    `response="${response}"`,
    ...(challenge.named ? [`algorithm=${challenge.algorithm}`] : []),
    ...(challenge.qop ? [`qop=auth`, `nc=${nc}`, `cnonce="${cnonce}"`] : []),
    ...(challenge.opaque === null ? [] : [`opaque=${quoted(challenge.opaque)}`]),
  ].join(', ')
}
