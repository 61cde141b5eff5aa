import { createHash, randomBytes } from 'node:crypto'

export interface Login {
  readonly user: string
  readonly password: string
}

/** One WWW-Authenticate challenge that we can answer. Digest: RFC 7616 (and its elder RFC 2069: no qop), Basic: RFC 7617. */
export type Challenge =
  | { readonly scheme: 'basic' }
  | { readonly scheme: 'digest'; readonly realm: string; readonly nonce: string; readonly opaque: string | null; readonly algorithm: Algorithm; readonly qop: boolean; readonly stale: boolean }

type Algorithm = 'MD5' | 'MD5-sess' | 'SHA-256' | 'SHA-256-sess'

const STRENGTH: readonly Algorithm[] = ['SHA-256', 'SHA-256-sess', 'MD5', 'MD5-sess']

/** The strongest challenge that we can answer; Basic, which shows the password to the wire, only where nothing else is offered. */
export function readChallenge(values: readonly string[]): Challenge | null {
  const found = values.flatMap(splitChallenges).map(readOne).filter((challenge) => challenge !== null)
  const digests = found.filter((challenge) => challenge.scheme === 'digest').toSorted((a, b) => STRENGTH.indexOf(a.algorithm) - STRENGTH.indexOf(b.algorithm))
  return digests[0] ?? found[0] ?? null
}

/** Several challenges may stand in one header, parted by the same comma as their parameters. */
function splitChallenges(value: string): readonly string[] {
  return value.split(/,\s*(?=(?:Digest|Basic)\s)/i).filter((part) => part !== '')
}

function readOne(text: string): Challenge | null {
  const scheme = /^\s*(\w+)/.exec(text)?.[1]?.toLowerCase()
  if (scheme === 'basic') return { scheme: 'basic' }
  if (scheme !== 'digest') return null
  const given = new Map<string, string>()
  for (const [, name = '', quoted, plain] of text.matchAll(/(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)) given.set(name.toLowerCase(), (quoted ?? plain ?? '').replace(/\\(.)/g, '$1'))
  const realm = given.get('realm')
  const nonce = given.get('nonce')
  const algorithm = STRENGTH.find((known) => known.toLowerCase() === (given.get('algorithm') ?? 'MD5').toLowerCase())
  if (realm === undefined || nonce === undefined || algorithm === undefined) return null
  const qops = (given.get('qop') ?? '').split(',').map((one) => one.trim().toLowerCase())
  // Only auth-int offered: nobody's camera does; we cannot.
  if (given.has('qop') && !qops.includes('auth')) return null
  return { scheme: 'digest', realm, nonce, algorithm, opaque: given.get('opaque') ?? null, qop: given.has('qop'), stale: given.get('stale')?.toLowerCase() === 'true' }
}

export interface Signed {
  readonly method: string
  readonly uri: string
  /** How often this nonce was used, from 1 (RFC 7616 nc). */
  readonly count: number
  /** Random; given in by tests. */
  readonly cnonce?: string
}

/** The value of the Authorization header. User and password are hashed as UTF-8. */
export function signRequest(challenge: Challenge, login: Login, request: Signed): string {
  if (challenge.scheme === 'basic') return `Basic ${Buffer.from(`${login.user}:${login.password}`, 'utf8').toString('base64')}`
  const hash = (text: string): string => createHash(challenge.algorithm.startsWith('SHA') ? 'sha256' : 'md5').update(text, 'utf8').digest('hex')
  const cnonce = request.cnonce ?? randomBytes(8).toString('hex')
  const count = request.count.toString(16).padStart(8, '0')
  const plain = hash(`${login.user}:${challenge.realm}:${login.password}`)
  const first = challenge.algorithm.endsWith('-sess') ? hash(`${plain}:${challenge.nonce}:${cnonce}`) : plain
  const second = hash(`${request.method}:${request.uri}`)
  const response = challenge.qop ? hash(`${first}:${challenge.nonce}:${count}:${cnonce}:auth:${second}`) : hash(`${first}:${challenge.nonce}:${second}`)
  const quote = (text: string): string => `"${text.replace(/[\r\n]/g, '').replace(/["\\]/g, '\\$&')}"`
  return [
    `Digest username=${quote(login.user)}`,
    `realm=${quote(challenge.realm)}`,
    `nonce=${quote(challenge.nonce)}`,
    `uri=${quote(request.uri)}`,
    `response="${response}"`,
    ...(challenge.algorithm === 'MD5' ? [] : [`algorithm=${challenge.algorithm}`]),
    ...(challenge.qop ? ['qop=auth', `nc=${count}`, `cnonce="${cnonce}"`] : challenge.algorithm.endsWith('-sess') ? [`cnonce="${cnonce}"`] : []),
    ...(challenge.opaque === null ? [] : [`opaque=${quote(challenge.opaque)}`]),
  ].join(', ')
}
