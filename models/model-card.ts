/** A file beside the catalogue, and how to know that it is the one that was meant. */
interface CardFile {
  readonly file: string
  readonly sha256: string
  readonly bytes: number
}

/** What one must know of any model before trusting it: what it is and whose it is. */
interface Card extends CardFile {
  readonly id: string
  readonly version: string
  readonly licence: string
  /** Credit that its training pictures ask for; the product shows it in its notices. */
  readonly attribution: string
}

/** A detector of objects, and what it was measured to do. */
export interface ModelCard extends Card {
  readonly format: 'eyes' | 'yolox' | 'yolov8' | 'picodet'
  /** The same network in 8 bits: a third of the bytes, faster on some machines, and never used unmeasured. */
  readonly eightBits: CardFile
  readonly classes: readonly string[]
  /** The input it is run at by default, in pixels. */
  readonly input: { readonly width: number; readonly height: number }
  /** Scores from which a claim counts as found, by class. */
  readonly thresholds: Readonly<Record<string, number>> & { readonly other: number }
}

/** One of the pair that reads plates. It sees no objects, so it never stands among the detectors that a person may choose. */
export interface PlateCard extends Card {
  readonly format: 'plate-finder' | 'plate-reader'
}

/** A model file together with its card, proven to be the one that the card speaks of. */
export interface LoadedModel<OfKind extends ModelCard | PlateCard = ModelCard> {
  readonly card: OfKind
  readonly bytes: Uint8Array
}
