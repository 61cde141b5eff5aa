import type { Box } from './geometry/box.js'

/** The classes of our own model. Other models may bring any other word; rules name the classes they watch. */
export const STREET_CLASSES = ['person', 'two_wheeler', 'car', 'bus', 'truck'] as const
export type StreetClass = (typeof STREET_CLASSES)[number]
/** A two_wheeler is a bicycle or motorbike in one box with its rider. */
export type ObjectClass = StreetClass | (string & {})

/** A model's claim about one frame: what, how sure (0..1), where (0..1 of the frame). */
export interface Detection {
  readonly class: ObjectClass
  readonly score: number
  readonly box: Box
}
