import type { Frame } from '../../analytics/frame.js'
import { readLamp, type LampState } from '../../analytics/lamp.js'
import type { LampRegion } from '../../analytics/rules/lamp-source.js'
import type { Box } from '../../analytics/geometry/box.js'
import type { CameraId } from '../domain/ids.js'

/** As wide as a lane's own picture of 16:9 (picture-plan.ts): a lamp that is told here is one that a rule would read. */
const WIDTH_MAX = 640

/** What a lamp drawn here shows in the newest picture, for whoever draws it: before any rule watches, and whether or not one does. */
export function makeLampLook(pixels: (cameraId: CameraId, widthMax: number) => Promise<Frame | null>): (cameraId: CameraId, region: Box & Pick<LampRegion, 'order'>) => Promise<{ readonly state: LampState; readonly atMs: number } | null> {
  return async (cameraId, { order, ...box }) => {
    const picture = await pixels(cameraId, WIDTH_MAX)
    return picture && { state: readLamp(picture, { box, order }), atMs: picture.atMs }
  }
}
