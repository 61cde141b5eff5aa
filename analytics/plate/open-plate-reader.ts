import { openGraph, type Graph } from '../detect/onnx-session.js'
import { ownPlateReader } from './own-plate-reader.js'
import { blaming, formOfPair } from './plate-form.js'
import type { PlateReader } from './plate.js'
import { yoloPlateReader } from './yolo-plate-reader.js'

export interface PlateModels {
  readonly name: string
  /** Both of our own form (models/training/plates/export.py), or both detectors of the families YOLOv5 and YOLOv8. */
  readonly finder: Uint8Array
  readonly reader: Uint8Array
  /** Of a YOLO reader: the letters of its classes, in their order; null or left out: its file notes them. */
  readonly letters?: readonly string[] | null
}

/**
 * The one door for a pair that reads plates, ours or brought: opens both models, tells by themselves of which form they are,
 * and tries them on a grey picture. Rejects with a ModelFault whose `field` says which of the two is at fault.
 */
export async function openPlateReader({ name, finder, reader, letters = null }: PlateModels): Promise<PlateReader> {
  const finds = await blaming('plate-finder', () => openGraph(finder))
  const opened: Graph[] = [finds]
  try {
    const reads = await blaming('plate-reader', () => openGraph(reader))
    opened.push(reads)
    return formOfPair(finds, reads) === 'ours' ? await ownPlateReader(name, finds, reads) : await yoloPlateReader({ name, finds, reads, letters })
  } catch (error) {
    await Promise.all(opened.map((graph) => graph.close()))
    throw error
  }
}
