import { writeSamples } from '../scenes/samples.js'
import { TRIALS } from './catalogue.js'

/**
 * Frames of the trials' streets with their boxes, for training: people who struggle, riders on the pavement, whoever stops where he must not, by
 * every light. As `scenes/samples.ts` writes them; streets are drawn by seeds of their own, never those that `judge --all` draws.
 *   node --import tsx server/sandbox/trials/samples.ts OUTFOLDER COUNT SEED [ID,ID…]
 */
const [folder, count, seed, ids] = process.argv.slice(2)
if (!folder || !Number(count)) throw new Error('say where and how many: samples.ts OUTFOLDER COUNT SEED [ID,ID…]')
const streets = (ids?.split(',') ?? TRIALS.map(({ id }) => id)).map((id) => {
  const trial = TRIALS.find((one) => one.id === id)
  if (!trial) throw new Error(`no trial is called ${id}: ${TRIALS.map((one) => one.id).join(', ')}`)
  return { scene: trial.scene, loopMs: trial.lengthMs }
})
await writeSamples(folder, Number(count), Number(seed ?? 1), (line) => void process.stderr.write(`${line}\n`), streets)
