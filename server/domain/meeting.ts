import type { CameraId, MeetingId, PersonId } from './ids.js'
import { may, type Person } from './person.js'
import { LAYOUT_TILES, type WallPage } from './wall.js'

/** What the presenter has the room look at. */
export type MeetingShowing = { readonly kind: 'page'; readonly page: number } | { readonly kind: 'camera'; readonly cameraId: CameraId } | { readonly kind: 'blank' }

/** A link that shows some cameras in a meeting room for a while, in the name of whoever made it. */
export interface Meeting {
  readonly id: MeetingId
  readonly by: PersonId
  readonly name: string
  /** A copy of the wall as it was: what is changed there later widens no link that was given away. */
  readonly pages: readonly WallPage[]
  readonly showing: MeetingShowing
  /** Grows with each move of the presenter, so that a room knows whether it has followed. */
  readonly turn: number
  readonly createdAtMs: number
  readonly endsAtMs: number
  /** SHA-256 of what the one browser shows that opened it; null until one did. */
  readonly guestHash: string | null
  readonly openedAtMs: number | null
  readonly revokedAtMs: number | null
}

export const MEETING_MINUTES = { min: 15, usual: 60, max: 240 } as const

export type MeetingStanding = { readonly is: 'running'; readonly leftMs: number } | { readonly is: 'expired' | 'revoked'; readonly atMs: number }

/**
 * Whether a meeting still runs. A link is worth what its maker's rights are worth: whoever may no longer open meetings, or see
 * cameras, has none that run.
 */
export function judgeMeeting(meeting: Pick<Meeting, 'endsAtMs' | 'revokedAtMs'>, maker: Pick<Person, 'role' | 'disabled'> | null, atMs: number): MeetingStanding {
  if (meeting.revokedAtMs !== null) return { is: 'revoked', atMs: meeting.revokedAtMs }
  if (atMs >= meeting.endsAtMs) return { is: 'expired', atMs: meeting.endsAtMs }
  if (!maker || !may(maker, 'meeting.open') || !may(maker, 'camera.view')) return { is: 'revoked', atMs }
  return { is: 'running', leftMs: meeting.endsAtMs - atMs }
}

export type Opening = { readonly is: 'first' } | { readonly is: 'again' } | { readonly is: 'in_use' } | { readonly is: 'expired' | 'revoked'; readonly atMs: number }

/** What a browser that shows the link is told. `browserHash` is of the cookie it brought, or null. */
export function judgeOpening(meeting: Meeting, maker: Pick<Person, 'role' | 'disabled'> | null, browserHash: string | null, atMs: number): Opening {
  const standing = judgeMeeting(meeting, maker, atMs)
  if (standing.is !== 'running') return standing
  if (meeting.guestHash === null) return { is: 'first' }
  return { is: meeting.guestHash === browserHash ? 'again' : 'in_use' }
}

/** Every camera in it, once, in order. */
export function camerasOf({ pages }: Pick<Meeting, 'pages'>): readonly CameraId[] {
  return [...new Set(pages.flatMap(({ cameraIds }) => cameraIds.filter((id) => id !== null)))]
}

/**
 * What the room may see now, if its maker may: every camera in the meeting, because the room turns pages too; and nothing at
 * all while the presenter has blanked it, so that no page of a browser can look past a blank.
 */
export function seenNow(meeting: Pick<Meeting, 'pages' | 'showing'>): ReadonlySet<string> {
  return new Set<string>(meeting.showing.kind === 'blank' ? [] : camerasOf(meeting))
}

/** The pages as its maker may give them away: a place whose camera they may not see is an empty one. */
export function givenPages(pages: readonly WallPage[], sees: (cameraId: string) => boolean): readonly WallPage[] {
  return pages.map(({ layout, cameraIds }) => ({ layout, cameraIds: cameraIds.slice(0, LAYOUT_TILES[layout]).map((id) => (id !== null && sees(id) ? id : null)) }))
}

/** Why this cannot be shown, or null. */
export function showingFault(meeting: Pick<Meeting, 'pages'>, showing: MeetingShowing): { readonly field: string; readonly reason: string } | null {
  if (showing.kind === 'page' && showing.page >= meeting.pages.length) return { field: 'showing.page', reason: `is none of the ${meeting.pages.length} pages` }
  if (showing.kind === 'camera' && !camerasOf(meeting).includes(showing.cameraId)) return { field: 'showing.cameraId', reason: 'is no camera of this meeting' }
  return null
}
