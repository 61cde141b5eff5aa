/** One asking of the server's time: when we asked, when the answer came, what it said. */
export interface ClockSample {
  readonly askedAtMs: number
  readonly heardAtMs: number
  readonly serverMs: number
}

export interface ServerClock {
  /** Server time minus ours. */
  readonly offsetMs: number
  /** How far off the offset can be: half the way there and back. */
  readonly errorMs: number
  readonly knownAtMs: number
}

/** A clock drifts some milliseconds a minute at worst; after this long any fresh sample is better than a good old one. */
const TRUSTED_MS = 600_000

/** The sample with the shortest way wins (as in NTP): under load an answer may be a second late, and would make every age wrong. */
export function betterClock(known: ServerClock | null, sample: ClockSample): ServerClock {
  const errorMs = Math.max(0, sample.heardAtMs - sample.askedAtMs) / 2
  if (known && errorMs > known.errorMs && sample.heardAtMs - known.knownAtMs < TRUSTED_MS) return known
  return { offsetMs: Math.round(sample.serverMs - (sample.askedAtMs + errorMs)), errorMs, knownAtMs: sample.heardAtMs }
}
