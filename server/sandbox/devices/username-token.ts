import { createHash } from 'node:crypto'
import type { Credentials } from './digest-gate.js'
import { sameText } from './digest-gate.js'
import { child, textAt, type XmlElement } from './xml-tree.js'

/**
 * WS-Security UsernameToken with PasswordDigest = Base64(SHA-1(nonce + created + password)) (ONVIF Core 5.9.3, WSS 1.1).
 * A token counts once, and only near the device's own time: a client that ignores the device clock is locked out when the
 * two differ, which is the commonest trouble with real cameras (facts in the folder's README).
 */
export type TokenVerdict = 'absent' | 'ok' | 'wrong' | 'too-old-or-new' | 'replayed' | 'not-a-digest'

export interface TokenGate {
  check(header: XmlElement | undefined): TokenVerdict
}

const WINDOW_MS = 60_000
const REMEMBERED_MAX = 5000

export function makeTokenGate(options: { readonly credentials: () => Credentials; readonly deviceWallMs: () => number; readonly windowMs?: number }): TokenGate {
  const windowMs = options.windowMs ?? WINDOW_MS
  /** Nonce and time of each token that was accepted, oldest first. */
  const seen = new Map<string, number>()
  const forget = (nowMs: number): void => {
    for (const [token, atMs] of seen) {
      if (seen.size <= REMEMBERED_MAX && Math.abs(nowMs - atMs) <= windowMs) break
      seen.delete(token)
    }
  }
  return {
    check(header) {
      const token = child(child(header, 'Security'), 'UsernameToken')
      if (!token) return 'absent'
      const password = child(token, 'Password')
      if (!password?.attributes.get('Type')?.endsWith('#PasswordDigest')) return 'not-a-digest'
      const { user, password: secret } = options.credentials()
      const nonce = textAt(token, 'Nonce') ?? ''
      const created = textAt(token, 'Created') ?? ''
      const digest = createHash('sha1').update(Buffer.concat([Buffer.from(nonce, 'base64'), Buffer.from(created + secret, 'utf8')])).digest('base64')
      if (!sameText(password.text, digest) || textAt(token, 'Username') !== user) return 'wrong'
      const nowMs = options.deviceWallMs()
      const createdMs = Date.parse(created)
      if (!(Math.abs(nowMs - createdMs) <= windowMs)) return 'too-old-or-new'
      forget(nowMs)
      const mark = `${nonce} ${created}`
      if (seen.has(mark)) return 'replayed'
      seen.set(mark, createdMs)
      return 'ok'
    },
  }
}
