/**
 * A redacted copy: what is private in it is covered. Who makes the copy knows no model, and who looks knows no copy; they
 * meet in these shapes, and the wiring hands one to the other.
 */

/** What a redacted copy has covered. Where no model finds plates, they are not, and the copy says so. */
export const COVERS = ['heads', 'heads_and_plates'] as const
export type Cover = (typeof COVERS)[number]

/** Recorded pieces, to be looked at from end to end. */
export interface LookTask {
  /** A list for ffmpeg's concat reader, with its pieces beside it. */
  readonly list: string
  /** The size that all pictures are brought to, as in the copy. */
  readonly picture: { readonly width: number; readonly height: number }
  readonly seconds: number
  /** How long the longest picture stands: between two looks there may be that much, and a little more. */
  readonly pictureSMax: number
  /** Where the masks are to be written. */
  readonly maskFile: string
  readonly signal: AbortSignal
  /** 0..1 */
  readonly onProgress: (part: number) => void
}

/**
 * The masks of a whole copy, one for each slot of time from its beginning: raw pictures of `width` x `height`, a bit a pixel, row
 * by row, the left one in the highest bit; 1 is covered. A mask holds for every instant of its slot.
 */
export interface MaskFilm {
  readonly file: string
  readonly width: number
  readonly height: number
  /** As ffmpeg reads it: "25/2". */
  readonly rate: string
  readonly slotS: number
  readonly slots: number
}

/** There is no third: a copy of which some span was not looked at is not covered. */
export type LookAnswer = { readonly is: 'looked'; readonly cover: Cover; readonly masks: MaskFilm } | { readonly is: 'failed'; readonly why: string }

export type LookForPrivate = (task: LookTask) => Promise<LookAnswer>
