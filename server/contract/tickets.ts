/**
 * Media addresses open with a ticket besides the sign-in cookie: signed, bound to person, sign-in and camera, at most 60 s
 * old, sent as a header and never in an address (J7, S4). The player asks for one before it plays, and again before it ends.
 *
 *   POST /api/cameras/:cameraId/ticket → TicketView      then every playlist, part, segment and init: `x-vonglau-ticket: TICKET`
 */
export interface TicketView {
  readonly ticket: string
  /** Server's wall time at which it ends. */
  readonly expiresAtMs: number
}

export const TICKET_HEADER = 'x-vonglau-ticket'
