import type { Point } from '../geometry/point.js'

/** Every letter that a Vietnamese plate may carry, in the order of our reader's answers. Never I, J, O or W. */
export const ALPHABET = '0123456789ABCDĐEFGHKLMNPQRSTUVXYZ'

export const PLATE_COLOURS = ['white', 'yellow', 'blue', 'red'] as const
export type PlateColour = (typeof PLATE_COLOURS)[number]

/** A plate as found in one frame. */
export interface PlateFound {
  /** From top left, clockwise as one reads it; 0..1 of the frame. */
  readonly corners: readonly [Point, Point, Point, Point]
  readonly score: number
  readonly rows: 1 | 2
  /** Length of its upper edge in pixels of the frame: what can be read depends on it (models/README.md). */
  readonly widthPx: number
}

/** One letter as seen: how likely each of ALPHABET is, 0..1, and in which row it stands. */
export interface LetterSeen {
  readonly shares: readonly number[]
  readonly row: 0 | 1
}

/** A plate as read in one frame: before the grammar has had its say, and before other frames have. */
export interface PlateSeen extends PlateFound {
  readonly letters: readonly LetterSeen[]
  readonly colour: PlateColour
  readonly colourShare: number
}

/** A picture looked at by itself: 8-bit RGB, row by row. */
export interface Still {
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
}

/** The picture, if it has as many bytes as it says; a RangeError otherwise. */
export function checked(still: Still): Still {
  const wanted = still.width * still.height * 3
  if (still.rgb.length !== wanted) throw new RangeError(`a frame of ${still.width}x${still.height} has ${still.rgb.length} bytes; ${wanted} are wanted`)
  return still
}

/** Whatever finds plates in a frame and reads them. Boxes (of vehicles) are in 0..1 of the frame. */
export interface PlateReader {
  readonly name: string
  /** Plates inside these boxes, or anywhere when `boxes` is "all" (a still; many times the work). */
  read(frame: Still, boxes: readonly { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number }[] | 'all'): Promise<readonly PlateSeen[]>
  close(): Promise<void>
}

/** Whatever finds plates and does not read them: enough to cover them. */
export interface PlateFinder {
  readonly name: string
  find(frame: Still, boxes: readonly { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number }[] | 'all'): Promise<readonly PlateFound[]>
  close(): Promise<void>
}
