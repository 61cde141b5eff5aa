import { SILENT_MS_MAX } from '../domain/aim.js'
import type { Camera } from '../domain/camera.js'
import type { CameraId } from '../domain/ids.js'
import { everyMask, hasBoundMask, masksAt, masksThrough, type Mask } from '../domain/privacy-mask.js'
import { isKnown } from '../domain/stand.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { Aims } from './aims.js'
import type { StandLog } from './stands.js'

interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** Which of a camera's masks cover what it showed. Where nobody knows its view, all of them do. */
export interface Covers {
  /** Of the picture of this very moment, as far as the newest answer reaches: asked for each frame, so nobody is waited for. */
  now(camera: Pick<Camera, 'id' | 'masks'>): readonly Mask[]
  /** Of a picture or film of this span; of one that is newer than the newest answer the camera is asked. With the masks as they are now. */
  during(cameraId: CameraId, span: Span): Promise<readonly Mask[]>
}

/** Two questions and their answers: who has not been heard for longer may have turned. */
const ANSWER_MS_MAX = 10_000

export function makeCovers({ store, clock, aims, stands }: { readonly store: Store; readonly clock: Clock; readonly aims: Pick<Aims, 'ask' | 'standing'>; readonly stands: Pick<StandLog, 'between'> }): Covers {
  return {
    now({ id, masks }) {
      if (!hasBoundMask(masks)) return everyMask(masks)
      const stand = aims.standing(id)
      return masksAt(masks, stand && isKnown(stand) && clock.wallMs() - stand.toMs <= ANSWER_MS_MAX ? stand : null)
    },
    async during(cameraId, span) {
      const camera = await store.cameras.get(cameraId)
      if (!camera || !hasBoundMask(camera.masks)) return everyMask(camera?.masks ?? [])
      const known = aims.standing(cameraId)
      // Of one that has long been silent another question brings nothing, and cameras lock accounts.
      if (known && known.toMs < span.toMs && clock.wallMs() - known.toMs <= SILENT_MS_MAX) await aims.ask(camera, span.toMs)
      return masksThrough(camera.masks, await stands.between(cameraId, span.fromMs, span.toMs + 1), span)
    },
  }
}
