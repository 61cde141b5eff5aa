/** What is usual at each hour of the day, 0 to 23, learned one sample a minute. */
export interface Usual {
  readonly sampledMs: number | null
  readonly hours: Readonly<Partial<Record<number, UsualHour>>>
}

interface UsualHour {
  readonly mean: number
  readonly samples: number
}

export const NOTHING_USUAL: Usual = { sampledMs: null, hours: {} }

const SAMPLE_EVERY_MS = 60_000
/** One day gives an hour 60 samples; a few are lost to the seconds between frames and to a camera that starts late. */
const SAMPLES_MIN = 55
/** An hour forgets half of what it knew in five days: a school year's beginning is learned in a week, one fair in none. */
const HALF_LIFE_SAMPLES = 5 * 60
const SHARE_OF_NEWEST = 1 - 2 ** (-1 / HALF_LIFE_SAMPLES)

/** The value now, if the last sample is a minute old. Until a half-life's worth is there, the plain mean. */
export function learnUsual(usual: Usual, value: number, now: { readonly atMs: number; readonly hour: number }): Usual {
  const sinceMs = usual.sampledMs === null ? Infinity : now.atMs - usual.sampledMs
  // A clock set back starts the minute anew; what was learned stays.
  if (sinceMs >= 0 && sinceMs < SAMPLE_EVERY_MS) return usual
  const { mean, samples } = usual.hours[now.hour] ?? { mean: 0, samples: 0 }
  const share = Math.max(SHARE_OF_NEWEST, 1 / (samples + 1))
  return { sampledMs: now.atMs, hours: { ...usual.hours, [now.hour]: { mean: mean + (value - mean) * share, samples: samples + 1 } } }
}

/** Null until at least a day has shown this hour. */
export function usualAt(usual: Usual, hour: number): number | null {
  const known = usual.hours[hour]
  return known && known.samples >= SAMPLES_MIN ? known.mean : null
}
