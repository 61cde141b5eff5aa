/**
 * What can be wrong with a virtual camera, one at a time. Each is something real cameras do, and each is seen by a client
 * through the protocols alone: nothing tells it that this is a game.
 */
export const FAULTS = ['none', 'drop', 'stall', 'freeze', 'garbage', 'wrong_password', 'covered', 'blurred', 'turned', 'black', 'clock_skew'] as const
export type Fault = (typeof FAULTS)[number]

/** Pictures that are filmed separately and take the place of the good one. */
export const VARIANTS = ['covered', 'blurred', 'turned', 'black'] as const
export type Variant = (typeof VARIANTS)[number]

export interface FaultOptions {
  /** `clock_skew`: how far the device clock is ahead (or, below zero, behind). Ten minutes unless told. */
  readonly skewMs?: number
  /** `stall`: the device does not even answer requests any more, although its connections stay open. */
  readonly silent?: boolean
}

export const SKEW_MS = 600_000

export function isFault(text: unknown): text is Fault {
  return typeof text === 'string' && (FAULTS as readonly string[]).includes(text)
}

export function variantOf(fault: Fault): Variant | null {
  return (VARIANTS as readonly string[]).includes(fault) ? (fault as Variant) : null
}

/**
 * Damages packets as a failing encoder or a bad cable does: the NAL header survives, so that the stream still looks like
 * H.264, and about one byte in fifty of what follows is wrong. The same frame is damaged in the same way for everyone.
 */
export function damage(body: Buffer, seed: number): Buffer {
  const out = Buffer.from(body)
  let state = (seed * 2_654_435_761) >>> 0 || 1
  for (let at = 1; at < out.length; ) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    out[at] = state & 0xff
    at += 1 + ((state >>> 8) % 100)
  }
  return out
}
