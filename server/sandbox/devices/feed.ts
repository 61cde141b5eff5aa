import type { Clock } from '../../system/clock.js'
import type { Log } from '../../system/log.js'
import type { AccessUnit } from './media-file.js'
import { makeProjector, type Frame, type Showing } from './projector.js'
import { within, type Timeline } from './timeline.js'

export interface Viewer {
  /** False when its connection is full: the frame is offered again, until it has become too old. */
  take(frame: Frame): boolean
  /**
   * `newest`: from the newest key frame, so that the first picture is there at once and the rest of the GOP follows in a
   * burst. `next`: from the next key frame, at an even pace, as small cameras do.
   */
  readonly startAt: 'newest' | 'next'
  /** How many frames it may get in one go while it catches up with the present. */
  readonly burstFramesMax: number
  /** The film cannot be read any more. */
  end(): void
}

export interface Feed {
  /** Frames come from `firstFrame` on, a key frame. */
  join(viewer: Viewer): { readonly firstFrame: number; leave(): void }
  /** The key picture on screen at this instant, for a snapshot. */
  keyUnitNow(): Promise<AccessUnit>
  readonly viewers: number
  /** Frames that viewers never got because they read too slowly. */
  readonly skippedFrames: number
  close(): void
}

interface Seat {
  readonly viewer: Viewer
  next: number
}

/**
 * Paces one stream of one camera for all its viewers, who all see the same instant. One that reads too slowly jumps to a
 * later key frame: it costs no memory, and nobody waits for it. Without viewers nothing runs.
 */
export function makeFeed(options: { readonly clock: Clock; readonly timeline: Timeline; readonly showing: () => Showing; readonly log: Log }): Feed {
  const { clock, timeline, showing, log } = options
  const seats = new Set<Seat>()
  let recent: Frame[] = []
  let projector = makeProjector(showing)
  let running = false
  let closed = false
  let skippedFrames = 0
  const nap = makeNap(clock)

  const newestKeyFrame = (): number => recent.findLast((frame) => frame.key)?.number ?? projector.keyFrameBefore(timeline.frameNow())

  const run = async (): Promise<void> => {
    let next = projector.keyFrameBefore(timeline.frameNow())
    recent = []
    while (seats.size > 0 && !closed) {
      const now = timeline.frameNow()
      if (now - next > timeline.fps * BEHIND_S_MAX) {
        // The machine slept. Nobody wants those frames any more.
        recent = []
        next = projector.keyFrameBefore(now)
      }
      for (; next <= now && !closed; next += 1) recent = remember(recent, await projector.frame(next))
      if (!showing().stalled) for (const seat of seats) skippedFrames += serve(seat, recent)
      await nap.sleep(timeline.msUntil(next))
    }
    recent = []
  }
  const start = (): void => {
    if (running) return
    running = true
    run()
      .catch((error: unknown) => {
        log.error({ error }, 'a virtual camera cannot read its film; its viewers are sent away')
        for (const { viewer } of seats) viewer.end()
        seats.clear()
      })
      .finally(() => {
        running = false
        if (seats.size > 0 && !closed) start() // somebody joined while the last one left
      })
  }

  return {
    join(viewer) {
      if (!running) projector = makeProjector(showing)
      const newest = newestKeyFrame()
      const seat: Seat = { viewer, next: viewer.startAt === 'newest' || newest === timeline.frameNow() ? newest : projector.keyFrameAfter(timeline.frameNow()) }
      const firstFrame = seat.next
      seats.add(seat)
      if (running) nap.wake()
      else start()
      return {
        firstFrame,
        leave() {
          seats.delete(seat)
          if (seats.size === 0) nap.wake()
        },
      }
    },
    keyUnitNow() {
      const { film, frozenAt } = showing()
      return film.readUnit(film.keyBefore(within(frozenAt ?? timeline.frameNow(), film.units.length)))
    },
    get viewers() { return seats.size },
    get skippedFrames() { return skippedFrames },
    close() {
      closed = true
      nap.wake()
    },
  }
}

const BEHIND_S_MAX = 4

/** The GOP on screen and the one before are enough: who is further behind begins again at a key picture. */
function remember(recent: Frame[], frame: Frame): Frame[] {
  const previousKey = frame.key ? recent.findLastIndex((earlier) => earlier.key) : -1
  const kept = previousKey > 0 ? recent.slice(previousKey) : recent
  kept.push(frame)
  return kept
}

/** Gives a viewer what it lacks, and says how many frames it had to miss. */
function serve(seat: Seat, recent: readonly Frame[]): number {
  const oldest = recent[0]
  const newest = recent.at(-1)
  if (!oldest || !newest) return 0
  let skipped = 0
  if (seat.next < oldest.number) {
    const key = recent.findLast((frame) => frame.key) ?? oldest
    skipped = key.number - seat.next
    seat.next = key.number
  }
  for (let given = 0; given < seat.viewer.burstFramesMax && seat.next <= newest.number; given += 1) {
    const frame = recent[seat.next - oldest.number]
    if (!frame || !seat.viewer.take(frame)) break
    seat.next += 1
  }
  return skipped
}

/** A sleep that somebody else may end. */
function makeNap(clock: Clock): { sleep(ms: number): Promise<void>; wake(): void } {
  let wake: () => void = () => undefined
  return {
    sleep: (ms) =>
      new Promise((resolve) => {
        const cancel = clock.after(Math.max(1, ms), resolve)
        wake = () => {
          cancel()
          resolve()
        }
      }),
    wake: () => wake(),
  }
}
