/**
 * A stream's own time line. It only grows: over reconnects, wraps, a camera that sets its clock, one that sends zeros. Each
 * packet starts where the one before ended, so no player ever meets a hole or an overlap (fact: holes made hls.js seek).
 */
export interface TimeLine {
  /** Ticks of `timescale` where the next packet starts. */
  readonly nextTicks: number
  readonly timescale: number
  /** The last duration that we believed, used in place of one that cannot be true. */
  readonly typicalTicks: number
  /** Wall time of the newest packet, or null before the first of a session. */
  readonly lastAtMs: number | null
  /** What was given to pictures that claimed next to nothing; taken from later ones that claim more than usual. */
  readonly owedTicks: number
  /** By whose clock durations are told. */
  readonly pacing: 'camera' | 'arrival'
  readonly watch: RateWatch
}

/** How fast the camera's clock runs against ours, measured over windows of wall time. */
export interface RateWatch {
  /** Wall time at which the session's first packet came; null before it. */
  readonly sinceMs: number | null
  readonly window: { readonly fromMs: number; readonly claimedMs: number; readonly pictures: number } | null
  /** Windows in a row in which the clock ran too fast (positive) or too slow (negative). */
  readonly odd: number
  /** Windows in a row in which it ran well. */
  readonly even: number
  /** Media time against wall time in the last whole window; null before. */
  readonly rate: number | null
  /** Wall time that a picture takes, in the last whole window. */
  readonly pictureMs: number | null
  /** How far media time was ahead of wall time when pacing by arrival began to be steered. */
  readonly aheadMs: number
}

const UNWATCHED: RateWatch = { sinceMs: null, window: null, odd: 0, even: 0, rate: null, pictureMs: null, aheadMs: 0 }

/** 25 frames a second until the camera says better. */
export function startTimeLine(timescale = 90_000): TimeLine {
  return { nextTicks: 0, timescale, typicalTicks: Math.round(timescale / 25), lastAtMs: null, owedTicks: 0, pacing: 'camera', watch: UNWATCHED }
}

/** A new session goes on where the last one ended, in the new session's ticks. What a clock was like is found out again. */
export function resumeTimeLine(line: TimeLine, timescale: number): TimeLine {
  const scale = timescale / line.timescale
  return { ...startTimeLine(timescale), nextTicks: Math.ceil(line.nextTicks * scale), typicalTicks: Math.max(1, Math.round(line.typicalTicks * scale)) }
}

/** A pause of the picture shorter than this is believed whatever the wall clock says: packets come in bursts. */
const BELIEVED_MS = 1_500
/**
 * Shorter than a picture of 240 a second: ffmpeg found a time that did not grow and moved it one tick behind the last
 * ("Non-monotonous DTS"). After a step back of 5 s it does so for five seconds; believed, they would last a millisecond.
 */
const PICTURE_MS_MIN = 1000 / 240
/** A camera whose stamps jitter lends and pays back within two pictures; a step back is not paid back at all. */
const OWED_PICTURES_MAX = 2

/**
 * Where a packet of `claimedTicks` stands, and for how long. A duration is true unless it is next to nothing, or is a jump:
 * much longer than the wall time since the packet before (T10: jumps of 2^31 ticks, backwards, zero). ffmpeg hands a packet
 * on when the next one comes, so that its duration and the wait for it cover the same time.
 */
export function placePacket(line: TimeLine, claimedTicks: number, atMs: number): { readonly line: TimeLine; readonly decodeTime: number; readonly durationTicks: number } {
  const waitedMs = line.lastAtMs === null ? 0 : Math.max(0, atMs - line.lastAtMs)
  const mended = mend(line, claimedTicks, waitedMs)
  const watched = watchRate(line, (mended.durationTicks / line.timescale) * 1000, atMs)
  const paced = watched.pacing === 'arrival' ? paceByArrival(watched, line.timescale, waitedMs) : { durationTicks: mended.durationTicks, watch: watched.watch }
  return {
    decodeTime: line.nextTicks,
    durationTicks: paced.durationTicks,
    line: { ...line, nextTicks: line.nextTicks + paced.durationTicks, typicalTicks: mended.typicalTicks, owedTicks: mended.owedTicks, lastAtMs: atMs, pacing: watched.pacing, watch: paced.watch },
  }
}

interface Mended {
  readonly durationTicks: number
  readonly typicalTicks: number
  readonly owedTicks: number
}

function mend({ typicalTicks, timescale, owedTicks }: TimeLine, claimedTicks: number, waitedMs: number): Mended {
  const claimedMs = (claimedTicks / timescale) * 1000
  const jump = claimedMs > BELIEVED_MS && claimedMs > 2 * waitedMs + BELIEVED_MS
  if (jump) return { durationTicks: typicalTicks, typicalTicks, owedTicks }
  if (claimedTicks <= 0 || claimedMs < PICTURE_MS_MIN) return { durationTicks: typicalTicks, typicalTicks, owedTicks: Math.min(owedTicks + typicalTicks - claimedTicks, OWED_PICTURES_MAX * typicalTicks) }
  const paid = Math.min(owedTicks, Math.max(0, claimedTicks - typicalTicks))
  return { durationTicks: claimedTicks - paid, typicalTicks: claimedMs < 1000 && paid === 0 ? claimedTicks : typicalTicks, owedTicks: owedTicks - paid }
}

/** A new session brings the camera's stored pictures in a burst; its first seconds say nothing about a clock. */
const UNJUDGED_MS = 3_000
const WINDOW_MS = 4_000
/** Longer means that somebody set our clock, or that nothing came for long: no measure of the camera's clock. */
const WINDOW_MS_MAX = 20_000
/** Crystals are off by 0.01 %; a clock beyond these is broken (seen in the field: ten times too fast). */
const RATE_MIN = 0.6
const RATE_MAX = 1.5
/** So much too fast that a second window would only make a longer mess. */
const RATE_ABSURD = 4
const RATE_WELL_MIN = 0.85
const RATE_WELL_MAX = 1.15
const WINDOWS_ODD = 2
const WINDOWS_EVEN = 3

/** Takes a packet into the window; at its end judges the clock. A pause makes one window slow and the next fast: only two of a kind in a row count. */
function watchRate({ pacing, watch }: TimeLine, durationMs: number, atMs: number): { readonly pacing: TimeLine['pacing']; readonly watch: RateWatch } {
  const sinceMs = watch.sinceMs ?? atMs
  const { window } = watch
  if (!window || atMs < window.fromMs || atMs - window.fromMs > WINDOW_MS_MAX) return { pacing, watch: { ...watch, sinceMs, window: atMs >= sinceMs && atMs - sinceMs < UNJUDGED_MS ? null : { fromMs: atMs, claimedMs: 0, pictures: 0 } } }
  const grown = { fromMs: window.fromMs, claimedMs: window.claimedMs + durationMs, pictures: window.pictures + 1 }
  const spanMs = atMs - window.fromMs
  if (spanMs < WINDOW_MS) return { pacing, watch: { ...watch, window: grown } }
  const rate = grown.claimedMs / spanMs
  const sign = rate > RATE_MAX ? 1 : rate < RATE_MIN ? -1 : 0
  const odd = sign === 0 ? 0 : Math.sign(watch.odd) === sign ? watch.odd + sign : sign
  const even = rate >= RATE_WELL_MIN && rate <= RATE_WELL_MAX ? watch.even + 1 : 0
  const judged: RateWatch = { ...watch, window: { fromMs: atMs, claimedMs: 0, pictures: 0 }, odd, even, rate, pictureMs: spanMs / grown.pictures }
  if (pacing === 'camera' && (Math.abs(odd) >= WINDOWS_ODD || rate > RATE_ABSURD)) return { pacing: 'arrival', watch: { ...judged, even: 0, aheadMs: 0 } }
  if (pacing === 'arrival' && even >= WINDOWS_EVEN) return { pacing: 'camera', watch: { ...judged, odd: 0 } }
  return { pacing, watch: judged }
}

/** How hard a picture's duration leans against being ahead of or behind the wall: gently, so that arrival's jitter does not show. */
const LEAN_MS = 1_000

/** Durations for a camera whose clock is worthless: the usual time between arrivals, leaning towards the wall clock. */
function paceByArrival({ watch }: { readonly watch: RateWatch }, timescale: number, waitedMs: number): { readonly durationTicks: number; readonly watch: RateWatch } {
  const usualMs = watch.pictureMs ?? 40
  const lean = Math.min(1.5, Math.max(0.5, 1 - watch.aheadMs / LEAN_MS))
  const durationMs = Math.max(PICTURE_MS_MIN, usualMs * lean)
  // A pause longer than a window is a pause, and no debt of pictures.
  const aheadMs = waitedMs > WINDOW_MS ? 0 : watch.aheadMs + durationMs - waitedMs
  return { durationTicks: Math.max(1, Math.round((durationMs / 1000) * timescale)), watch: { ...watch, aheadMs } }
}
