import { damage } from './fault.js'
import type { AccessUnit, MediaFile } from './media-file.js'
import type { Payload } from './rtp-packets.js'
import { within } from './timeline.js'

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

export interface Projector {
  keyFrameBefore(frame: number): number
  keyFrameAfter(frame: number): number
  frame(number: number): Promise<Frame>
}

/**
 * Decides which picture a frame number shows. A change of film waits for a key picture of the new film, because the
 * pictures between would refer to ones the viewer never had. Freezing needs no wait: it repeats a key picture.
 */
export function makeProjector(showing: () => Showing): Projector {
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
