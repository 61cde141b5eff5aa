import { parentPort } from '../../server/system/worker.js'
const answer: number = 42
parentPort?.postMessage(answer)
