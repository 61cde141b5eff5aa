import { createHash, hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Area } from '../domain/area.js'
import type { PersonId, SignInId } from '../domain/ids.js'
import type { Person } from '../domain/person.js'
import type { SignIn, Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import { newId } from '../system/ids.js'
import type { Asker } from './route.js'

/** One shift (reliability S15): no sign-in outlives it. */
export const SIGN_IN_MS_MAX = 12 * 60 * 60_000
/** Without a request for this long the sign-in ends; an open wall asks all the time. */
export const IDLE_MS_MAX = 30 * 60_000
/** How long an answer about a cookie is believed: revoking takes effect on streams within it (S2: at most 5 s). */
const BELIEF_MS = 1_000
const TOUCH_MS_MIN = 60_000
const SIGN_INS_MAX = 3
const NOBODY: Promise<Asker | null> = Promise.resolve(null)

export interface SignIns {
  /** Makes a sign-in and the token for the cookie; the token itself is kept nowhere. */
  begin(person: Person): Promise<{ readonly token: string; readonly signIn: SignIn }>
  who(token: string | null): Promise<Asker | null>
  end(token: string): Promise<void>
  /** Rights or password changed: forget what was believed, end what must end. */
  endAllOf(personId: PersonId): Promise<void>
  forget(): void
}

export function makeSignIns({ store, clock }: { readonly store: Store; readonly clock: Clock }): SignIns {
  const believed = new LRUCache<string, { readonly asker: Promise<Asker | null>; readonly untilMs: number }>({ max: 5_000 })

  const read = async (hash: string): Promise<Asker | null> => {
    const found = await store.signIns.find(hash)
    const nowMs = clock.wallMs()
    if (!found || found.person.disabled || nowMs >= found.expiresAtMs || nowMs - found.lastSeenAtMs > IDLE_MS_MAX) return null
    if (nowMs - found.lastSeenAtMs > TOUCH_MS_MIN) await store.signIns.touch(found.id, nowMs)
    return { person: found.person, signIn: found, areas: areasInside(await store.areas.list(), found.person.areas) }
  }

  return {
    async begin(person) {
      const token = randomBytes(32).toString('base64url')
      const nowMs = clock.wallMs()
      const signIn: SignIn = { id: newId<SignInId>(), personId: person.id, createdAtMs: nowMs, lastSeenAtMs: nowMs, expiresAtMs: nowMs + SIGN_IN_MS_MAX }
      const older = [...(await store.signIns.listOf(person.id))].sort((a, b) => a.createdAtMs - b.createdAtMs)
      for (const one of older.slice(0, Math.max(0, older.length - SIGN_INS_MAX + 1))) await store.signIns.end(one.id)
      await store.signIns.add({ ...signIn, tokenHash: hashOf(token) })
      believed.clear()
      return { token, signIn }
    },
    who(token) {
      if (!token || token.length > 128) return NOBODY
      const hashed = hashOf(token)
      const held = believed.get(hashed)
      if (held && clock.monotonicMs() < held.untilMs) return held.asker
      // All who come while it is being read wait for the one reading: a part frees thousands of held requests in one turn.
      const asker = read(hashed)
      const belief = { asker, untilMs: clock.monotonicMs() + BELIEF_MS }
      believed.set(hashed, belief)
      asker.catch(() => void (believed.peek(hashed) === belief && believed.delete(hashed)))
      return asker
    },
    async end(token) {
      const asker = await this.who(token)
      if (asker) await store.signIns.end(asker.signIn.id)
      believed.delete(hashOf(token))
    },
    async endAllOf(personId) {
      await store.signIns.endAllOf(personId)
      believed.clear()
    },
    forget: () => believed.clear(),
  }
}

/** The areas granted, and every area that lies inside one of them. */
export function areasInside(all: readonly Area[], granted: readonly string[]): ReadonlySet<string> {
  return new Set(all.filter((area) => area.path.some((id) => granted.includes(id))).map((area) => area.id))
}

export function hashOf(token: string): string {
  return hash('sha256', token, 'hex')
}

export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
}
