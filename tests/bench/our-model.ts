import { EYES, loadEightBits, loadModel } from '../../models/catalogue.js'
import type { LoadedModel } from '../../models/model-card.js'
import type { Width } from '../../server/models/eight-bits.js'
import { cardOnDisk, compareWidths } from '../../server/models/width-comparison.js'
import { systemClock } from '../../server/system/clock.js'
import { makeFigure, type Figure } from './figure.js'

/** In which of its two files our detector watches on this machine: compared as the server does after its start. */
export async function chooseOurs(say: (line: string) => void): Promise<{ readonly use: Width['use']; readonly figures: readonly Figure[] }> {
  const eight = await loadEightBits()
  const width = await compareWidths({ float: cardOnDisk(EYES), eight: cardOnDisk(eight.card) }, { clock: systemClock, runId: `bench:${process.pid}` })
  const measured = 'trouble' in width ? width.trouble.message : `8 bits are ${width.gain.toFixed(2)} times faster, ${Math.round(width.agreement * 100)} % of what is seen is the same`
  say(`watched with ${width.use === 'eight_bits' ? eight.card.file : `${EYES.file} (${width.because})`}: ${measured}`)
  return {
    use: width.use,
    figures: [
      makeFigure('watch.eight_bits', '1: the 8-bit file of our detector watched, 0: the float one', width.use === 'eight_bits' ? 1 : 0),
      ...('gain' in width ? [makeFigure('watch.eight_bits.gain', 'times faster than the float file on the proof pictures', width.gain)] : []),
    ],
  }
}

export function loadOurs(use: Width['use']): Promise<LoadedModel> {
  return use === 'eight_bits' ? loadEightBits() : loadModel(EYES.id)
}
