import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { CameraId, PersonId, SignInId } from '../domain/ids.js'
import type { Clock } from '../system/clock.js'

/** Whom a ticket lets in, and to which camera's pictures. */
export interface TicketBearer {
  readonly personId: PersonId
  readonly signInId: SignInId
  readonly cameraId: CameraId
}

/** What a ticket says, once its signature was found to be ours. */
export interface TicketWords extends TicketBearer {
  /** On this process's monotonic clock: the key dies with the process, and a clock that somebody set back gives no extra time. */
  readonly endsAtMs: number
}

export type TicketVerdict = { readonly is: 'good' } | { readonly is: 'missing' | 'unreadable' | 'forged' | 'expired' | 'foreign' | 'other_camera' }

/** S4: at most 60 s. The player asks again at two thirds of it. */
export const TICKET_MS = 60_000
/** A key signs for ten minutes and is believed for ten more, so that no ticket outlives its key. */
const KEY_MS = 10 * 60_000
/** Says what the signature is for, so that no other thing ever signed with such a key can pass for a ticket. */
const AUDIENCE = 'vonglau.media.1'
const TICKET_CHARS_MAX = 320
const READ_MAX = 10_000

export interface TicketKey {
  readonly id: string
  readonly secret: Uint8Array
  readonly madeAtMs: number
}

/** The newest signs; the one before it is still believed. */
export type TicketKeys = readonly [newest: TicketKey, before?: TicketKey]

/** The key that signs after ten minutes is a new one; what is older than the one before it is forgotten. */
export function turnKeys(keys: TicketKeys, atMs: number, make: (atMs: number) => TicketKey): TicketKeys {
  const ageMs = atMs - keys[0].madeAtMs
  if (ageMs < KEY_MS) return keys
  // After a long silence even the newest signed nothing that could still be valid.
  return ageMs < 2 * KEY_MS ? [make(atMs), keys[0]] : [make(atMs)]
}

/** `KEY.END.PERSON.SIGN-IN.CAMERA.SIGNATURE`: ids hold no dot, so it needs no further coding. */
export function writeTicket(words: TicketWords, key: TicketKey): string {
  const said = `${key.id}.${Math.floor(words.endsAtMs).toString(36)}.${words.personId}.${words.signInId}.${words.cameraId}`
  return `${said}.${sign(said, key)}`
}

export function readTicket(text: string, keys: TicketKeys): TicketWords | 'unreadable' | 'forged' {
  const cut = text.lastIndexOf('.')
  const said = text.slice(0, cut)
  const [keyId, end, personId, signInId, cameraId, ...more] = said.split('.')
  if (text.length > TICKET_CHARS_MAX || cut < 0 || !cameraId || more.length > 0) return 'unreadable'
  const key = keys.find((one) => one?.id === keyId)
  if (!key || !same(text.slice(cut + 1), sign(said, key))) return 'forged'
  return { personId: personId as PersonId, signInId: signInId as SignInId, cameraId: cameraId as CameraId, endsAtMs: parseInt(end ?? '', 36) }
}

/** A ticket is good for the sign-in that asked for it and for one camera, until it ends. */
export function judgeTicket(words: TicketWords, bearer: TicketBearer, atMs: number): TicketVerdict {
  if (words.signInId !== bearer.signInId || words.personId !== bearer.personId) return { is: 'foreign' }
  if (words.cameraId !== bearer.cameraId) return { is: 'other_camera' }
  return atMs < words.endsAtMs ? { is: 'good' } : { is: 'expired' }
}

export interface Tickets {
  issue(bearer: TicketBearer): { readonly ticket: string; readonly expiresAtMs: number }
  check(ticket: string | undefined, bearer: TicketBearer): TicketVerdict
}

/** Tickets of this process: its key is made at start, kept in memory alone and turned every ten minutes. */
export function makeTickets(clock: Clock, makeKey: (atMs: number) => TicketKey = newKey): Tickets {
  let keys: TicketKeys = [makeKey(clock.monotonicMs())]
  // A viewer shows the same ticket ten times a second: its signature is counted once. Signed words never become untrue.
  const read = new LRUCache<string, TicketWords>({ max: READ_MAX })
  return {
    issue(bearer) {
      keys = turnKeys(keys, clock.monotonicMs(), makeKey)
      return { ticket: writeTicket({ ...bearer, endsAtMs: clock.monotonicMs() + TICKET_MS }, keys[0]), expiresAtMs: Math.floor(clock.wallMs() + TICKET_MS) }
    },
    check(ticket, bearer) {
      if (!ticket) return { is: 'missing' }
      let words = read.get(ticket)
      if (!words) {
        keys = turnKeys(keys, clock.monotonicMs(), makeKey)
        const found = readTicket(ticket, keys)
        if (typeof found === 'string') return { is: found }
        words = found
        read.set(ticket, words)
      }
      return judgeTicket(words, bearer, clock.monotonicMs())
    },
  }
}

function newKey(madeAtMs: number): TicketKey {
  return { id: randomBytes(6).toString('base64url'), secret: randomBytes(32), madeAtMs }
}

function sign(said: string, key: TicketKey): string {
  return createHmac('sha256', key.secret).update(`${AUDIENCE}\n${said}`).digest('base64url')
}

function same(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)]
  return one.length === other.length && timingSafeEqual(one, other)
}
