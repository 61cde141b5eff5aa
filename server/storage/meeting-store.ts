import type { MeetingId, PersonId } from '../domain/ids.js'
import type { Meeting, MeetingShowing } from '../domain/meeting.js'

/** Links for meeting rooms. Whether one still runs is judged by the caller, who has the clock and asks its maker's rights. */
export interface MeetingStore {
  /** `tokenHash` is SHA-256 of the link's token: a stolen database opens no room. */
  add(meeting: Meeting, tokenHash: string): Promise<void>
  get(id: MeetingId): Promise<Meeting | null>
  byToken(tokenHash: string): Promise<Meeting | null>
  byGuest(guestHash: string): Promise<Meeting | null>
  /** Neither ended by then nor revoked, newest first. */
  running(atMs: number): Promise<readonly Meeting[]>
  /** The first browser takes it; false when another was first. */
  take(id: MeetingId, guestHash: string, atMs: number): Promise<boolean>
  /** The presenter's move. Null when there is no such meeting. */
  show(id: MeetingId, showing: MeetingShowing): Promise<Meeting | null>
  /** False when it was revoked already. */
  revoke(id: MeetingId, by: PersonId, atMs: number): Promise<boolean>
  /** Forgets those that ended before; the change log keeps what became of them. */
  sweep(endedBeforeMs: number): Promise<number>
}
