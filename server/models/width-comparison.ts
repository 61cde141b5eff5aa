import { modelFile, proofPictures } from '../../models/catalogue.js'
import type { ModelCard } from '../../models/model-card.js'
import type { ModelTrouble } from '../domain/model.js'
import type { ModelOnDisk } from './child-messages.js'
import { chooseWidth, type Width } from './eight-bits.js'
import { askChild, type ProbeOptions } from './probe.js'

/** What came of comparing: a file chosen, or the float one because the 8-bit one could not even be tried. */
export type Compared = Width | { readonly use: 'float'; readonly because: 'refused'; readonly trouble: ModelTrouble }

/** Two seconds of a core; beside cores that are full a polite process gets a tenth of one. Nobody waits for it but whoever changes the model. */
const DEADLINE_MS = 120_000

/**
 * Shows both files of our network the same pictures, in a process that may die of the second: which of them this machine is to
 * watch with. A child that dies, hangs or refuses a file means float.
 */
export async function compareWidths({ float, eight }: { readonly float: ModelOnDisk; readonly eight: ModelOnDisk }, options: ProbeOptions): Promise<Compared> {
  const asked = await askChild({ do: 'compare', float, eight, pictures: proofPictures() }, { deadlineMs: DEADLINE_MS, ...options }, (said) => (said.says === 'pairs' ? said.pairs : null))
  return 'trouble' in asked ? { use: 'float', because: 'refused', trouble: asked.trouble } : chooseWidth(asked.answer)
}

/** A model of the catalogue as a child opens it. */
export function cardOnDisk(card: ModelCard): ModelOnDisk {
  const { id, sha256, format, input, thresholds } = card
  return { name: id, file: modelFile(card), sha256, format, input, thresholds }
}
