import { systemClock } from '../system/clock.js'
import { doctor } from './doctor-command.js'

/** `npm run doctor`: compares the recordings on the disk with their rows, tells what is missing and why, and mends what is safe. */
process.exitCode = await doctor(process.argv.slice(2), { clock: systemClock, env: process.env, say: (text) => void process.stdout.write(text), complain: (text) => void process.stderr.write(text) })
