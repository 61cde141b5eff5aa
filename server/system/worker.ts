import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { runnable } from './runnable.js'

/**
 * Starts one of our own modules in a thread. `entry` is written without extension (see runnable). From source, tsx has to
 * be registered inside the thread: Node 20 does not hand `--import` hooks on to workers (tried).
 */
export function startWorker(entry: URL, workerData: unknown): Worker {
  const { path, source } = runnable(entry)
  if (!source) return new Worker(path, { workerData })
  const boot = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(pathToFileURL(path).href)}) })`
  return new Worker(boot, { eval: true, workerData })
}

export { parentPort, workerData, type MessagePort } from 'node:worker_threads'
