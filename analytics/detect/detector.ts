import type { Detection } from '../detection.js'
import type { Frame } from '../frame.js'

/**
 * Whatever finds objects in pictures. Frames of one call have the same size; the answer has one list per frame, in order.
 * Boxes are in 0..1 of the frame given. Rejects with a ModelFault when the model itself is at fault.
 */
export interface Detector {
  readonly name: string
  detect(frames: readonly Frame[]): Promise<readonly (readonly Detection[])[]>
  close(): Promise<void>
}

/** Why a model was refused or gave up: `field` names what to mend, `next` says how, in English for the log and API. */
export class ModelFault extends Error {
  constructor(
    readonly field: string,
    message: string,
    readonly next: string,
  ) {
    super(message)
    this.name = 'ModelFault'
  }
}
