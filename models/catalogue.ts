import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LoadedModel, ModelCard, PlateCard } from './model-card.js'

/** Our own detector, the embedded default. How it was made and what it cannot do: README.md beside this file. */
export const EYES: ModelCard = {
  id: 'eyes',
  version: '6',
  file: 'eyes.onnx',
  sha256: 'baa5a3d32eff9f0ce19a2b38dfab482e6e97a2aa15043e0978b8b5b09236f0f7',
  bytes: 3007378,
  format: 'eyes',
  classes: ['person', 'two_wheeler', 'car', 'bus', 'truck'],
  input: { width: 640, height: 384 },
  thresholds: { person: 0.45, two_wheeler: 0.4, car: 0.4, bus: 0.45, truck: 0.45, other: 0.45 },
  licence: 'Apache-2.0',
  eightBits: { file: 'eyes-8.onnx', sha256: 'ea19002edffe7497926ef03b69aec788ea3be2286a1ec770d5b7f5fe681ea329', bytes: 1188783 },
  attribution: 'Detector trained on vehicle_detection_project by luong-duc and ATL-version-2 by finalproject-bqip3 (Roboflow Universe, CC BY 4.0) and on sample-videos by Intel (CC BY 4.0); labels changed and pictures resized.',
}

/** Detectors. */
export const CATALOGUE: readonly ModelCard[] = [EYES]

/** The pair that reads plates (analytics/plate). Where a file is missing, no plate is read, and nothing else changes. */
export const PLATE_FINDER: PlateCard = {
  id: 'plate-finder',
  version: '1',
  file: 'plate-finder.onnx',
  sha256: '92f8030573c9b19e65c49cf048b1bb0b05f01cb1447577f880c7d4ed80d94b3f',
  bytes: 1_894_175,
  format: 'plate-finder',
  licence: 'Apache-2.0',
  attribution: 'Plate finder trained on vehicle_detection_project by luong-duc (Roboflow Universe, CC BY 4.0), plates drawn by us pasted into it, and on our own rendered streets.',
}

export const PLATE_READER: PlateCard = {
  id: 'plate-reader',
  version: '1',
  file: 'plate-reader.onnx',
  sha256: 'e10693669bf75580179691e813e29feb71c4f3ba02853ad469e5967b7d69d673',
  bytes: 2_987_446,
  format: 'plate-reader',
  licence: 'Apache-2.0',
  attribution: 'Plate reader trained on plates drawn by us alone.',
}

/** A model that the catalogue promises is not there or not itself. */
export class CatalogueFault extends Error {
  constructor(
    readonly field: string,
    message: string,
    readonly next: string,
  ) {
    super(message)
    this.name = 'CatalogueFault'
  }
}

/** The model's bytes, after its SHA-256 was found to be the one on its card. */
export async function loadModel(id: string, folder: string = modelsFolder()): Promise<LoadedModel> {
  const card = CATALOGUE.find((entry) => entry.id === id)
  if (!card) throw new CatalogueFault('model', `no model is called “${id}”`, `Choose one of: ${CATALOGUE.map((entry) => entry.id).join(', ')}.`)
  return load(card, folder)
}

/**
 * The same network as `EYES` in 8 bits, under a card that speaks of its file. Who watches with it measures first whether it is the
 * better one on this machine (README, "In 8 bits"); where it is missing, the float file watches as it always did.
 */
export async function loadEightBits(folder: string = modelsFolder()): Promise<LoadedModel> {
  return load({ ...EYES, ...EYES.eightBits }, folder)
}

/** Both halves, or the fault of the first that is missing: alone neither is of use. */
export async function loadPlateModels(folder: string = modelsFolder()): Promise<{ readonly finder: LoadedModel<PlateCard>; readonly reader: LoadedModel<PlateCard> }> {
  return { finder: await load(PLATE_FINDER, folder), reader: await load(PLATE_READER, folder) }
}

/** The half that finds plates, alone: enough to cover them in a copy that leaves the house. */
export async function loadPlateFinder(folder: string = modelsFolder()): Promise<LoadedModel<PlateCard>> {
  return load(PLATE_FINDER, folder)
}

async function load<OfKind extends ModelCard | PlateCard>(card: OfKind, folder: string): Promise<LoadedModel<OfKind>> {
  const bytes = await readFile(`${folder}/${card.file}`).catch((error: Error) => {
    throw new CatalogueFault('model.file', `models/${card.file} cannot be read: ${error.message}`, 'Restore the file from the release you installed.')
  })
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (sha256 !== card.sha256) throw new CatalogueFault('model.sha256', `models/${card.file} is not the file on its card: its SHA-256 is ${sha256}, the card says ${card.sha256}`, 'Restore the file from the release you installed.')
  return { card, bytes }
}

/** Where a model of the catalogue lies. */
export function modelFile(card: ModelCard): string {
  return join(modelsFolder(), card.file)
}

/** Drawn streets, crowded enough that two files of one network have much to agree on. */
const PROOF_PICTURES = ['day.jpg', 'dusk.jpg', 'rain.jpg'] as const

/** Where the pictures lie that both files of our detector are shown before one of them is chosen. */
export function proofPictures(): readonly string[] {
  return PROOF_PICTURES.map((name) => join(modelsFolder(), 'proof', name))
}

/** The compiler copies no model: from dist/models the files lie two floors up, in the project's own models folder. */
function modelsFolder(): string {
  const beside = fileURLToPath(new URL('.', import.meta.url))
  return existsSync(`${beside}/${EYES.file}`) ? beside : fileURLToPath(new URL('../../models', import.meta.url))
}
