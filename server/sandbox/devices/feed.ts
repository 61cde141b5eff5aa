import type { Clock } from '../../system/clock.js'
import type { Log } from '../../system/log.js'
import { damage } from './fault.js'
import type { AccessUnit, MediaFile } from './media-file.js'
import type { Payload } from './rtp-packets.js'
import { within, type Timeline } from './timeline.js'

/** One picture as it leaves the camera. Numbers grow by one for ever; they do not know that the film is a loop. */
export interface Frame {
  readonly number: number
  readonly key: boolean
  readonly payloads: readonly Payload[]
}

/** What the camera shows at the moment; changes take effect at the next frame at which they can be decoded. */
export interface Showing {
  readonly film: MediaFile
  /** Frame number at which the picture froze; null while it moves. */
  readonly frozenAt: number | null
  readonly garbage: boolean
  readonly stalled: boolean
}

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
  let wake: () => void = () => undefined

  const newestKeyFrame = (): number => recent.findLast((frame) => frame.key)?.number ?? projector.keyFrameBefore(timeline.frameNow())

  const run = async (): Promise<void> => {
    projector = makeProjector(showing)
    let next = projector.keyFrameBefore(timeline.frameNow())
    recent = []
    while (seats.size > 0 && !closed) {
      const now = timeline.frameNow()
      if (now - next > timeline.fps * BEHIND_S_MAX) {
        // The machine slept. Nobody wants those frames any more.
        recent = []
        next = projector.keyFrameBefore(now)
      }
      for (; next <= now && !closed; next += 1) keep(await projector.frame(next))
      if (!showing().stalled) for (const seat of seats) skippedFrames += serve(seat, recent)
      await sleep(timeline.msUntil(next))
    }
    recent = []
  }
  const keep = (frame: Frame): void => {
    if (frame.key) {
      const previousKey = recent.findLastIndex((earlier) => earlier.key)
      if (previousKey > 0) recent = recent.slice(previousKey)
    }
    recent.push(frame)
  }
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.after(Math.max(1, ms), resolve)
      wake = () => {
        cancel()
        resolve()
      }
    })
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
      const newest = newestKeyFrame()
      const seat: Seat = { viewer, next: viewer.startAt === 'newest' || newest === timeline.frameNow() ? newest : projector.keyFrameAfter(timeline.frameNow()) }
      const firstFrame = seat.next
      seats.add(seat)
      if (running) wake()
      else start()
      return {
        firstFrame,
        leave() {
          seats.delete(seat)
          if (seats.size === 0) wake()
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
      wake()
    },
  }
}

const BEHIND_S_MAX = 4

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

interface Projector {
  keyFrameBefore(frame: number): number
  keyFrameAfter(frame: number): number
  frame(number: number): Promise<Frame>
}

/**
 * Decides which picture a frame number shows. A change of film waits for a key picture of the new film, because the
 * pictures between would refer to ones the viewer never had. Freezing needs no wait: it repeats a key picture.
 */
function makeProjector(showing: () => Showing): Projector {
  let film = showing().film
  let still: AccessUnit | null = null
  let stillOf: number | null = null
  return {
    keyFrameBefore(frame) {
      const unit = within(frame, film.units.length)
      return frame - (unit - film.keyBefore(unit))
    },
    keyFrameAfter(frame) {
      let after = frame + 1
      while (!film.units[within(after, film.units.length)]?.key) after += 1 // ends: the first picture of a film is a key
      return after
    },
    async frame(number) {
      const wanted = showing()
      if (wanted.frozenAt !== null && (still === null || stillOf !== wanted.frozenAt)) {
        stillOf = wanted.frozenAt
        still = await film.readUnit(film.keyBefore(within(wanted.frozenAt, film.units.length)))
      }
      if (wanted.frozenAt === null) {
        const mayChange = wanted.film.units[within(number, wanted.film.units.length)]?.key === true
        if (mayChange) {
          film = wanted.film
          still = null
        }
      }
      const unit = still ?? (await film.readUnit(within(number, film.units.length)))
      const payloads = wanted.garbage ? unit.payloads.map((payload) => ({ ...payload, body: damage(payload.body, number) })) : unit.payloads
      return { number, key: unit.key, payloads }
    },
  }
}
