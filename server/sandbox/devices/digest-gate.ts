import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../system/clock.js'

/**
 * Digest authentication (RFC 2617, MD5) as cameras do it, for RTSP and for HTTP. Most cameras offer RTSP without qop and
 * HTTP with qop="auth"; clients of either kind are accepted by both, as RFC 2617 asks of a server.
 */
export interface Credentials {
  readonly user: string
  readonly password: string
}

export type DigestVerdict = 'ok' | 'missing' | 'wrong' | 'stale'

export interface DigestGate {
  /** Value of WWW-Authenticate. */
  challenge(stale: boolean): string
  check(request: { readonly authorization: string | undefined; readonly method: string; readonly uri: string }): DigestVerdict
}

export interface DigestOptions {
  readonly realm: string
  readonly credentials: () => Credentials
  readonly clock: Clock
  readonly qop: 'absent' | 'auth'
  readonly nonceMsMax?: number
  /** HTTP: the address in the answer must be the one asked for, and no answer may be used twice. RTSP clients vary too much. */
  readonly strict: boolean
}

const NONCE_MS_MAX = 60_000
const COUNTED_NONCES_MAX = 1000

/** Nonces are a time and its seal, so that strangers who ask again and again cost no memory. */
export function makeDigestGate({ realm, credentials, clock, qop, nonceMsMax = NONCE_MS_MAX, strict }: DigestOptions): DigestGate {
  const secret = randomBytes(32)
  const counts = new Map<string, number>()
  const seal = (time: string): string => createHmac('sha256', secret).update(time).digest('hex').slice(0, 32)
  const makeNonce = (): string => {
    const time = Math.floor(clock.monotonicMs()).toString(16).padStart(12, '0') + randomBytes(4).toString('hex')
    return time + seal(time)
  }
  const nonceState = (nonce: string): 'fresh' | 'old' | 'strange' => {
    const time = nonce.slice(0, 20)
    if (nonce.length !== 52 || !sameText(nonce.slice(20), seal(time))) return 'strange'
    return clock.monotonicMs() - Number.parseInt(time.slice(0, 12), 16) <= nonceMsMax ? 'fresh' : 'old'
  }
  const repeats = (nonce: string, nc: string): boolean => {
    const count = Number.parseInt(nc, 16)
    if (!(count > (counts.get(nonce) ?? 0))) return true
    counts.delete(nonce)
    counts.set(nonce, count)
    for (const oldest of counts.keys()) if (counts.size > COUNTED_NONCES_MAX) counts.delete(oldest)
    return false
  }
  return {
    challenge: (stale) => `Digest realm="${realm}", nonce="${makeNonce()}"${qop === 'auth' ? ', qop="auth"' : ''}, algorithm=MD5${stale ? ', stale=true' : ''}`,
    check({ authorization, method, uri }) {
      const answer = authorization === undefined ? null : parseDigest(authorization)
      if (!answer) return authorization === undefined ? 'missing' : 'wrong'
      const { user, password } = credentials()
      const nonce = answer['nonce'] ?? ''
      const state = nonceState(nonce)
      const ha1 = md5(`${user}:${realm}:${password}`)
      const ha2 = md5(`${method}:${answer['uri'] ?? ''}`)
      const counted = answer['qop'] === 'auth'
      const middle = counted ? `${nonce}:${answer['nc'] ?? ''}:${answer['cnonce'] ?? ''}:auth` : nonce
      const right = sameText(answer['response'] ?? '', md5(`${ha1}:${middle}:${ha2}`)) && answer['username'] === user && answer['realm'] === realm
      if (!right || state === 'strange') return 'wrong'
      if (strict && answer['uri'] !== uri) return 'wrong'
      if (state === 'old') return 'stale'
      return strict && counted && repeats(nonce, answer['nc'] ?? '') ? 'stale' : 'ok'
    },
  }
}

function parseDigest(header: string): Readonly<Record<string, string>> | null {
  if (!/^digest\s/i.test(header) || header.length > 4096) return null
  const fields: Record<string, string> = Object.create(null) as Record<string, string>
  for (const [, name, quoted, bare] of header.slice(7).matchAll(/([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi)) {
    if (name) fields[name.toLowerCase()] = quoted === undefined ? (bare ?? '') : quoted.replace(/\\(.)/g, '$1')
  }
  return fields
}

function md5(text: string): string {
  return createHash('md5').update(text, 'utf8').digest('hex')
}

export function sameText(left: string, right: string): boolean {
  const a = Buffer.from(left)
  const b = Buffer.from(right)
  return a.length === b.length && timingSafeEqual(a, b)
}
