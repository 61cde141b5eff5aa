import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { ModelFault } from '../../analytics/detect/detector.js'

/** The file's bytes, after they were found to be those that were taken in. */
export async function readModel(file: string, sha256: string): Promise<Uint8Array> {
  const bytes = await readFile(file).catch((error: Error) => {
    throw new ModelFault('model.file', `the model's file cannot be read: ${error.message}`, 'Remove the model and upload it again.')
  })
  const found = createHash('sha256').update(bytes).digest('hex')
  if (found !== sha256) throw new ModelFault('model.sha256', `the model's file has SHA-256 ${found}; ${sha256} was taken in`, 'Remove the model and upload it again.')
  return bytes
}
