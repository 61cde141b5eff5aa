import { writeSamples } from '../scenes/samples.js'
import { TRIALS } from './catalogue.js'

/**
 * Frames of the trials' streets with their boxes, for training: people who struggle, riders on the pavement, whoever stops where he must not, by
 * every light. As `scenes/samples.ts` writes them; streets are drawn by seeds of their own, never those that `judge --all` draws.
 *   node --import tsx server/sandbox/trials/samples.ts OUTFOLDER COUNT SEED
 */
const [folder, count, seed] = process.argv.slice(2)
if (!folder || !Number(count)) throw new Error('say where and how many: samples.ts OUTFOLDER COUNT SEED')
await writeSamples(folder, Number(count), Number(seed ?? 1), (line) => void process.stderr.write(`${line}\n`), TRIALS.map(({ scene, lengthMs }) => ({ scene, loopMs: lengthMs })))
