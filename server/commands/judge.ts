import { systemClock } from '../system/clock.js'
import { judge } from './judge-command.js'

/** `npm run judge`: the eyes alone on a video file, compared with its truth. 0 done, 2 wrong input, 1 anything else. */
process.exitCode = await judge(process.argv.slice(2), { clock: systemClock, say: (line) => void process.stdout.write(`${line}\n`), complain: (line) => void process.stderr.write(`${line}\n`) })
