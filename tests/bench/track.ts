import { hotaOf } from '../../analytics/track/hota.js'
import { compareTracks, type Sighting } from '../../analytics/track/metrics.js'
import { followMot, MOT_NAMES, motFolder, readMot, thinned } from '../support/mot-files.js'
import { makeFloor, type Figure } from './figure.js'

/** Of 25 a second: every frame, and the five a second that a camera's lane gets. */
const STEPS = [1, 5] as const
/** Never worse than the reference, which saw every frame also where we saw one in five. */
const RATIO_MIN = 1

/**
 * Our tracker on the public detections of two sequences, beside the reference tracker's published output on the same ones,
 * measured by the same ruler. No model and no clock: the figures are the same on every machine, so --quick changes nothing.
 */
export function benchTrack({ root }: { readonly root: string }, say: (line: string) => void): Promise<readonly Figure[]> {
  const folder = motFolder(root)
  if (folder === null) {
    say('skipped: shared/data/labels/mot does not lie beside this checkout')
    return Promise.resolve([])
  }
  return Promise.resolve(MOT_NAMES.flatMap((name) => STEPS.flatMap((step) => {
    const truth = thinned(readMot(folder, name, 'gt'), step)
    const ours = measure(truth, followMot(folder, name, step))
    const theirs = measure(truth, thinned(readMot(folder, name, 'test'), step))
    return (['idf1', 'mota', 'hota'] as const).map((word) =>
      makeFloor(`track.${name}.${step === 1 ? 'every' : `every_${step}th`}.${word}`, `${word.toUpperCase()}, the reference tracker's output`, ours[word], { against: theirs[word], bar: RATIO_MIN }))
  })))
}

function measure(truth: readonly Sighting[], found: readonly Sighting[]): { readonly idf1: number; readonly mota: number; readonly hota: number } {
  return { ...compareTracks(truth, found), hota: hotaOf(truth, found).hota }
}
