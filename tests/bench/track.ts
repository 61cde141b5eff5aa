import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { hotaOf } from '../../analytics/track/hota.js'
import { compareTracks, type Sighting } from '../../analytics/track/metrics.js'
import { judge } from '../../server/commands/judge-command.js'
import { systemClock } from '../../server/system/clock.js'
import { EVERY_FRAME, followMot, MOT_NAMES, motFolder, readMot, thinned, type MotName, type Thinning } from '../support/mot-files.js'
import { makeFloor, type Figure } from './figure.js'

/** Never worse than the reference, which saw every frame also where ours saw one in five. */
const RATIO_MIN = 1
/** A camera's lane gets five of 25 frames a second. There are five ways of taking every fifth; a figure is the mean of them. */
const EVERY_FIFTH = [0, 1, 2, 3, 4].map((skipped): Thinning => ({ step: 5, skipped }))
/** The clips whose truth counts passages over a line, and the rate of a camera in service. */
const COUNTED = ['boris_traffic', 'car-detection', 'fede_tunnelligure', 'one-by-one-person-detection', 'yash_traffic']
const SERVICE_FPS = 5

/**
 * Our tracker on the public detections of two sequences, beside the reference tracker's published output on the same ones,
 * measured by the same ruler; then whole eyes counting passages, beside the truth. Nothing here is a time: the figures are
 * the same on every machine, and --quick changes nothing.
 */
export async function benchTrack({ root }: { readonly root: string }, say: (line: string) => void): Promise<readonly Figure[]> {
  const folder = motFolder(root)
  if (folder === null) say('skipped: shared/data/labels/mot does not lie beside this checkout')
  const tracks = folder === null ? [] : MOT_NAMES.flatMap((name) => [...besideReference(folder, name, 'every', [EVERY_FRAME]), ...besideReference(folder, name, 'every_5th', EVERY_FIFTH)])
  return [...tracks, ...(await countPassages(join(root, '..', 'shared', 'data'), say))]
}

type Word = 'idf1' | 'mota' | 'hota'

function besideReference(folder: string, name: MotName, label: string, ways: readonly Thinning[]): Figure[] {
  const both = ways.map((way) => {
    const truth = thinned(readMot(folder, name, 'gt'), way)
    return { ours: measure(truth, followMot(folder, name, way)), theirs: measure(truth, thinned(readMot(folder, name, 'test'), way)) }
  })
  const mean = (whose: 'ours' | 'theirs', word: Word): number => both.reduce((sum, one) => sum + one[whose][word], 0) / both.length
  return (['idf1', 'mota', 'hota'] as const).map((word) => makeFloor(`track.${name}.${label}.${word}`, `${word.toUpperCase()}, the reference tracker's output`, mean('ours', word), { against: mean('theirs', word), bar: RATIO_MIN }))
}

function measure(truth: readonly Sighting[], found: readonly Sighting[]): Readonly<Record<Word, number>> {
  return { ...compareTracks(truth, found), hota: hotaOf(truth, found).hota }
}

/** What `npm run judge` says of each counted clip: passages beside the truth, and the deviation under its bar. */
async function countPassages(shared: string, say: (line: string) => void): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const name of COUNTED) {
    const clip = join(shared, 'videos', `${name}.mp4`)
    if (!existsSync(clip)) {
      say(`skipped: shared/data/videos/${name}.mp4 does not lie beside this checkout`)
      continue
    }
    say(`counting ${name}`)
    const said: string[] = []
    const code = await judge(['--clip', clip, '--truth', join(shared, 'labels', 'events', `${name}.json`), '--fps', String(SERVICE_FPS), '--json'], { clock: systemClock, say: (line) => said.push(line), complain: say })
    if (code !== 0) throw new Error(`judge could not count ${name}`)
    figures.push(...said.map((line) => JSON.parse(line) as Figure).filter(({ figure, against }) => figure.startsWith('count') && against !== 0).map((one) => ({ ...one, figure: `${name} ${one.figure}` })))
  }
  return figures
}
