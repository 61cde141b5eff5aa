import sharp from 'sharp'
import { ModelFault } from '../../analytics/detect/detector.js'
import type { Frame } from '../domain/seen.js'

const GREY = { r: 114, g: 114, b: 114 }

/** A still picture of the disk as a lane gives one to the model: already of its size, grey below, so that only the model is measured. */
export async function readProofFrame(file: string, { width, height }: { readonly width: number; readonly height: number }): Promise<Frame> {
  const rgb = await sharp(file).resize({ width, height, fit: 'contain', position: 'top', background: GREY }).removeAlpha().raw().toBuffer().catch((error: Error) => {
    throw new ModelFault('proof.file', `${file} cannot be read: ${error.message}`, 'Restore the file from the release you installed.')
  })
  return { atMs: 0, width, height, rgb }
}
