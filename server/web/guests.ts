import { randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { asId, type PersonId, type SignInId } from '../domain/ids.js'
import { judgeMeeting, judgeOpening, seenNow, type Meeting } from '../domain/meeting.js'
import type { NewChange, Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { Asker } from './route.js'
import { areasInside, hashOf } from './sign-in.js'

/** The browsers of meeting rooms: who opened which link, and what each may see now. */
export interface Guests {
  /** Null: nobody's cookie, or a meeting that has ended. */
  who(cookie: string | null): Promise<Asker | null>
  /** A browser shows a link and the cookie it has, if any. What became of it is on record before it is told. */
  open(token: string, cookie: string | null): Promise<Opened>
  /** Ends one now, on record. False when it had been revoked. */
  revoke(meeting: Meeting, by: PersonId): Promise<boolean>
  /** Ends all that this person gave away. */
  revokeAllOf(of: PersonId, by: PersonId): Promise<void>
  /** The presenter moved, or rights changed: what was believed is read anew. */
  forget(): void
}

export type Opened =
  | { readonly is: 'open'; readonly meeting: Meeting; readonly cookie: string }
  | { readonly is: 'unknown' | 'in_use' }
  | { readonly is: 'expired' | 'revoked'; readonly atMs: number }

interface Belief {
  readonly found: Promise<Found | null>
  readonly untilMs: number
}

interface Found {
  readonly meeting: Meeting
  readonly asker: Asker
}

/** As long as a sign-in is believed: a right that went is gone within it. The end itself is judged each time, to the millisecond. */
const BELIEF_MS = 1_000
const COOKIE_CHARS_MAX = 128

export function makeGuests({ store, clock }: { readonly store: Store; readonly clock: Clock }): Guests {
  const believed = new LRUCache<string, Belief>({ max: 1_000 })

  const read = async (guestHash: string): Promise<Found | null> => {
    const meeting = await store.meetings.byGuest(guestHash)
    const maker = meeting && (await store.people.get(meeting.by))
    if (!meeting || !maker) return null
    const signIn = { id: asId<SignInId>(meeting.id), personId: maker.id, createdAtMs: meeting.createdAtMs, lastSeenAtMs: meeting.createdAtMs, expiresAtMs: meeting.endsAtMs }
    return { meeting, asker: { person: maker, signIn, areas: areasInside(await store.areas.list(), maker.areas), guest: { meeting, cameras: seenNow(meeting) } } }
  }

  const revoke: Guests['revoke'] = async (meeting, by) => {
    const atMs = clock.wallMs()
    const done = await store.transact(async (tx) => (await tx.meetings.revoke(meeting.id, by, atMs)) && (await tx.changes.append(changeOf(meeting, { what: 'meeting_revoked', by, atMs }))) > 0)
    believed.clear()
    return done
  }

  return {
    async who(cookie) {
      if (!cookie || cookie.length > COOKIE_CHARS_MAX) return null
      const hashed = hashOf(cookie)
      let belief = believed.get(hashed)
      if (!belief || clock.monotonicMs() >= belief.untilMs) {
        const fresh: Belief = { found: read(hashed), untilMs: clock.monotonicMs() + BELIEF_MS }
        believed.set(hashed, fresh)
        fresh.found.catch(() => void (believed.peek(hashed) === fresh && believed.delete(hashed)))
        belief = fresh
      }
      const found = await belief.found
      return found && judgeMeeting(found.meeting, found.asker.person, clock.wallMs()).is === 'running' ? found.asker : null
    },
    async open(token, cookie) {
      const meeting = await store.meetings.byToken(hashOf(token))
      if (!meeting) return { is: 'unknown' }
      const atMs = clock.wallMs()
      const brought = cookie && cookie.length <= COOKIE_CHARS_MAX ? cookie : null
      const opening = judgeOpening(meeting, await store.people.get(meeting.by), brought && hashOf(brought), atMs)
      if (opening.is !== 'first') {
        await store.changes.append(changeOf(meeting, { what: WHAT[opening.is], by: null, atMs }))
        return opening.is === 'again' ? { is: 'open', meeting, cookie: brought! } : opening
      }
      // A new one, whatever the browser brought: a browser shows one meeting at a time, and the next takes the place of the last.
      const fresh = randomBytes(32).toString('base64url')
      const taken = await store.transact(async (tx) => {
        const first = await tx.meetings.take(meeting.id, hashOf(fresh), atMs)
        await tx.changes.append(changeOf(meeting, { what: first ? 'meeting_opened' : 'meeting_refused', by: null, atMs }))
        return first
      })
      believed.clear()
      return taken ? { is: 'open', meeting, cookie: fresh } : { is: 'in_use' }
    },
    revoke,
    async revokeAllOf(of, by) {
      for (const meeting of await store.meetings.running(clock.wallMs())) if (meeting.by === of) await revoke(meeting, by)
    },
    forget: () => believed.clear(),
  }
}

const WHAT = { again: 'meeting_opened_again', in_use: 'meeting_refused', expired: 'meeting_opened_late', revoked: 'meeting_opened_late' } as const

/** A line in the log of the link's maker: it was given away in their name, and never with the token. */
export function changeOf(meeting: Meeting, { what, by, atMs }: Pick<NewChange, 'what' | 'by' | 'atMs'>): NewChange {
  return { topic: 'person', entityId: meeting.by, areaId: null, what, by, atMs, facts: { meetingId: meeting.id, name: meeting.name, endsAtMs: meeting.endsAtMs } }
}
