/**
 * Whether a stream that runs runs well. A narrow or lossy link does not end a session: it thins the picture out, and an
 * operator who sees a street stutter must be told that it is the link and not the street.
 */
export interface Quality {
  /** Pictures a second that this stream has when it is well; null until that was seen. */
  readonly ownFps: number | null
  /** Windows in a row that were far below, or well again. */
  readonly below: number
  readonly well: number
  /** How it was when it became bad; null while it is good. */
  readonly degraded: { readonly fps: number; readonly ownFps: number } | null
}

/** What came in one window: pictures a second of monotonic time, and the times between two by the camera's own clock. */
export interface Window {
  readonly fps: number
  readonly gapsMs: readonly number[]
}

export const WINDOW_MS = 5_000
/** Two windows, so that one lost key picture is no alarm and 10 s of stutter are. */
const WINDOWS_MIN = 2
const BAD_SHARE_MAX = 0.7
const GOOD_SHARE_MIN = 0.85
/** Cameras halve their rate at night, evenly; an even rate far below that is a server that sends its key pictures alone. */
const LEARN_DOWN_MIN = 0.4

export function startQuality(): Quality {
  return { ownFps: null, below: 0, well: 0, degraded: null }
}

/** Pure: the quality after one more window. */
export function judgeWindow(quality: Quality, window: Window): Quality {
  const ownFps = learn(quality.ownFps, window)
  if (ownFps === null) return quality
  const share = window.fps / ownFps
  const below = share < BAD_SHARE_MAX ? quality.below + 1 : 0
  const well = share >= GOOD_SHARE_MIN ? quality.well + 1 : 0
  const fresh = below >= WINDOWS_MIN ? { fps: round(window.fps), ownFps: round(ownFps) } : null
  return { ownFps, below, well, degraded: quality.degraded ? (well >= WINDOWS_MIN ? null : quality.degraded) : fresh }
}

/** The camera's own rate is what it sends evenly; what comes in fits and starts teaches nothing. */
function learn(knownFps: number | null, { fps, gapsMs }: Window): number | null {
  const sorted = gapsMs.toSorted((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)]
  const wide = sorted[Math.floor(sorted.length * 0.9)]
  if (middle === undefined || wide === undefined || middle <= 0) return knownFps
  const evenFps = 1_000 / middle
  const even = wide <= 1.5 * middle && Math.abs(fps / evenFps - 1) < 0.15
  if (knownFps === null) return even || sorted.length >= 10 ? evenFps : null
  return even && evenFps >= LEARN_DOWN_MIN * knownFps ? evenFps : knownFps
}

export interface PictureQuality {
  /** `gapMs` is how long this picture stands by the camera's clock; `atMs` is monotonic. */
  add(gapMs: number, atMs: number): void
  /** Words while it is bad, the same words as long as it is. */
  read(): string | null
  /** A new session: what the stream is like when it is well is known already. */
  resume(): void
  reset(): void
}

export function openPictureQuality(): PictureQuality {
  let quality = startQuality()
  let fromMs: number | null = null
  let gapsMs: number[] = []
  return {
    add(gapMs, atMs) {
      fromMs ??= atMs
      const spanMs = atMs - fromMs
      if (spanMs >= WINDOW_MS) {
        quality = judgeWindow(quality, { fps: (gapsMs.length * 1_000) / spanMs, gapsMs })
        fromMs = atMs
        gapsMs = []
      }
      gapsMs.push(gapMs)
    },
    read: () => quality.degraded && `${quality.degraded.fps} of ${quality.degraded.ownFps} pictures a second arrive`,
    resume() {
      quality = { ...startQuality(), ownFps: quality.ownFps }
      fromMs = null
      gapsMs = []
    },
    reset() {
      quality = startQuality()
      fromMs = null
      gapsMs = []
    },
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
