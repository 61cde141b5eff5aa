import type { TicketView } from '../../server/contract/tickets.js'

/** A ticket as this browser holds it; times are its own monotonic clock's, so that a wrong wall clock costs nothing. */
interface Held {
  readonly ticket: string
  readonly renewAtMs: number
}

interface Slot {
  held: Held | null
  asking: Promise<string> | null
}

export interface Tickets {
  /** The ticket to a camera: one for all its tiles, asked for anew before it ends. Rejects when the server gives none. */
  of(cameraId: string): Promise<string>
  /** The server refused this one (it restarted, or the sign-in is another): the next to ask gets a fresh one. */
  spoil(cameraId: string, ticket: string): void
}

export interface TicketParts {
  readonly ask: (cameraId: string) => Promise<TicketView>
  /** Milliseconds since some fixed instant. */
  readonly monotonicMs: () => number
  /** The server's wall time. */
  readonly serverNowMs: () => number
}

/** A ticket lives a minute at most; what a wrong clock may make of `expiresAtMs` is kept within these. */
const LIFE_MS = { min: 3_000, max: 60_000 } as const
/** Renewed with a third of its life left: time enough for a slow answer. */
const RENEW_AT = 2 / 3

export function makeTickets({ ask, monotonicMs, serverNowMs }: TicketParts): Tickets {
  const slots = new Map<string, Slot>()

  async function askFor(cameraId: string, slot: Slot): Promise<string> {
    const askedAtMs = monotonicMs()
    try {
      const { ticket, expiresAtMs } = await ask(cameraId)
      const lifeMs = Math.min(LIFE_MS.max, Math.max(LIFE_MS.min, expiresAtMs - serverNowMs()))
      slot.held = { ticket, renewAtMs: askedAtMs + lifeMs * RENEW_AT }
      return ticket
    } finally {
      slot.asking = null
    }
  }

  return {
    of(cameraId) {
      const slot = slots.get(cameraId) ?? { held: null, asking: null }
      slots.set(cameraId, slot)
      if (slot.held && monotonicMs() < slot.held.renewAtMs) return Promise.resolve(slot.held.ticket)
      return (slot.asking ??= askFor(cameraId, slot))
    },
    spoil(cameraId, ticket) {
      const slot = slots.get(cameraId)
      if (slot?.held?.ticket === ticket) slot.held = null
    },
  }
}

/** Which camera each stream shows, learned from every list of cameras that comes: a live address names the stream alone. */
const cameraOfStream = new Map<string, string>()

export function learnStreams(cameras: readonly { readonly id: string; readonly streams: readonly { readonly id: string }[] }[]): void {
  for (const camera of cameras) for (const stream of camera.streams) cameraOfStream.set(stream.id, camera.id)
}

/** The camera whose picture or sound an address gives, or null where no ticket is known to be needed. */
export function cameraOf(url: string): string | null {
  const [, kind, id] = /^(?:https?:\/\/[^/]+)?(?:\/room)?\/(live|playback|sound)\/([^/]+)\//.exec(url) ?? []
  if (id === undefined) return null
  return kind === 'live' ? (cameraOfStream.get(id) ?? null) : id
}

/** For hls.js's `shouldRetry`: a refusal is asked again once, with a fresh ticket; all else as hls.js would have it. */
export function askTwice(_policy: unknown, retries: number, _timedOut: boolean, answer: { readonly code?: number } | undefined, wouldRetry: boolean): boolean {
  return wouldRetry || (retries === 0 && isRefused(answer?.code))
}

export function isRefused(status: number | undefined): boolean {
  return status === 401 || status === 403
}
