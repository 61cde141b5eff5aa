/** What one must know of a model before trusting it: what it is, whose it is, what it was measured to do. */
export interface ModelCard {
  readonly id: string
  readonly version: string
  /** File beside the catalogue. */
  readonly file: string
  readonly sha256: string
  readonly bytes: number
  readonly format: 'eyes' | 'yolox' | 'yolov8' | 'picodet'
  readonly classes: readonly string[]
  /** The input it is run at by default, in pixels. */
  readonly input: { readonly width: number; readonly height: number }
  /** Scores from which a claim counts as found, by class. */
  readonly thresholds: Readonly<Record<string, number>> & { readonly other: number }
  readonly licence: string
  /** Credit that its training pictures ask for; the product shows it in its notices. */
  readonly attribution: string
}

/** A model file together with its card, proven to be the one that the card speaks of. */
export interface LoadedModel {
  readonly card: ModelCard
  readonly bytes: Uint8Array
}
