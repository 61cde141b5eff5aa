import { z } from 'zod'
import type { ScreenView, WallNews } from './wall.js'
import type { AlertView } from './alerts.js'
import type { SessionStateView, StreamView, TroubleView } from './cameras.js'

/**
 * Socket.IO at /socket.io, namespace `/`, opened by the sign-in cookie. The client says `resume` with its cursor right after
 * connecting and after every gap; the server answers with what follows it, then pushes. Events may come twice: `seq` and
 * `version` tell. Nothing is lost as long as the cursor is kept.
 */
export const Resume = z.strictObject({ cursor: z.number().int().min(0) })

export interface AlertChange {
  readonly seq: number
  readonly what: string
  readonly alert: AlertView
}

/** Answer to `resume`. `reset`: too far behind; fetch /api/alerts anew and take its cursor. */
export interface Resumed {
  readonly changes: readonly AlertChange[]
  readonly cursor: number
  readonly more: boolean
  readonly reset: boolean
}

export interface CameraNews {
  readonly cameraId: string
  readonly streamId: string
  readonly state: SessionStateView
  readonly stateSinceMs: number
  readonly trouble: TroubleView | null
  readonly codec: string | null
  readonly playing: StreamView['playing']
}

export interface ServerEvents {
  alert: (change: AlertChange) => void
  camera: (news: CameraNews) => void
  /** Reports or links changed: fetch what is shown again. */
  report: (news: { readonly reportId: string; readonly seq: number }) => void
  wall: (news: WallNews) => void
  /** The sign-in ended or rights changed: go to the door. */
  signed_out: () => void
}

export interface ClientEvents {
  resume: (ask: { readonly cursor: number }, answer: (resumed: Resumed) => void) => void
  /** This browser shows that big screen, until it disconnects; null: no such screen, or no right to see pictures. */
  show_screen: (ask: { readonly number: number }, answer: (screen: ScreenView | null) => void) => void
}
