import { z } from 'zod'
import type { CameraView } from './cameras.js'
import { LayoutName, type WallPageView } from './wall.js'

/**
 * Links for meeting rooms. Making, listing, presenting and revoking need `meeting.open`:
 *
 *   POST /api/meetings MeetingForm → MeetingMade (the link is told here and nowhere else)   GET /api/meetings → { meetings: MeetingView[] }
 *   PUT /api/meetings/:meetingId/showing ShowForm (its maker)   DELETE /api/meetings/:meetingId (its maker, or who answers for people)
 *
 * The room has no sign-in. Its browser opens the link once and from then on shows a cookie that is sent below `/room` alone:
 *
 *   POST /room/open OpenForm → RoomView   GET /room/board → RoomView   GET /room/now → RoomNow (asked every two seconds)
 *   POST /room/cameras/:cameraId/ticket → TicketView   GET /room/cameras/:cameraId/still.jpg   GET /room/live/:streamId/:file
 *
 * Refusals of `/room/open`: 404 `meeting_unknown`, 409 `meeting_in_use`, 410 `meeting_expired` and `meeting_revoked`, the last
 * two with the fault `ended_at_ms`. After the end all else answers as to nobody: 401.
 */
const id = z.string().min(1).max(64)

export const MeetingForm = z.strictObject({
  /** A saved wall, or the wall as it is now. Either is copied: what is changed there later changes no link. */
  board: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('wall'), wallId: id }),
    z.strictObject({ kind: z.literal('pages'), name: z.string().trim().min(1).max(80), pages: z.array(z.strictObject({ layout: LayoutName, cameraIds: z.array(id.nullable()).max(25) })).min(1).max(20) }),
  ]),
  minutes: z.number().int().min(15).max(240).default(60),
})
export type MeetingForm = z.infer<typeof MeetingForm>

export const RoomShowing = z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('page'), page: z.number().int().min(0).max(19) }), z.strictObject({ kind: z.literal('camera'), cameraId: id }), z.strictObject({ kind: z.literal('blank') })])
export type RoomShowing = z.infer<typeof RoomShowing>

export const ShowForm = z.strictObject({ showing: RoomShowing })
export type ShowForm = z.infer<typeof ShowForm>

/** The link's last word: 128 bits in base64url. */
export const OpenForm = z.strictObject({ token: z.string().regex(/^[A-Za-z0-9_-]{22}$/) })
export type OpenForm = z.infer<typeof OpenForm>

export interface MeetingView {
  readonly id: string
  readonly name: string
  readonly by: string
  readonly mine: boolean
  readonly pages: readonly WallPageView[]
  readonly showing: RoomShowing
  readonly turn: number
  readonly createdAtMs: number
  readonly endsAtMs: number
  /** When a browser first opened it, or null. */
  readonly openedAtMs: number | null
}

export interface MeetingMade {
  readonly meeting: MeetingView
  /** `/meeting#TOKEN`: told once. Behind the `#`, so that no proxy and no log on the way reads it; the server keeps its hash alone. */
  readonly path: string
}

/** What a tile needs of a camera, and no more: not where it stands, nor what watches it. */
export type RoomCamera = Pick<CameraView, 'id' | 'name' | 'enabled' | 'streams'>

export interface RoomNow {
  readonly nowMs: number
  readonly endsAtMs: number
  readonly showing: RoomShowing
  readonly turn: number
}

export interface RoomView extends RoomNow {
  readonly name: string
  /** Who presents. */
  readonly by: string
  readonly pages: readonly WallPageView[]
  readonly cameras: readonly RoomCamera[]
}
