import { modelsFetch } from './models-fetch-command.js'

/** `npm run models:fetch -- NAME`: brings a stronger model from its maker's address, and believes only its SHA-256. */
process.exitCode = await modelsFetch(process.argv.slice(2), { env: process.env, say: (text) => void process.stdout.write(text), complain: (text) => void process.stderr.write(text) })
