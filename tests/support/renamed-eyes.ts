import { loadModel } from '../../models/catalogue.js'

/** Our own model as another file: the same network with one more note of its author, so that its SHA-256 is another. */
export async function renamedEyes(note: string): Promise<Uint8Array> {
  const { bytes } = await loadModel('eyes')
  const entry = Buffer.concat([field(1, 'test'), field(2, note)])
  // A protobuf message may be continued: fields that come later are added to those before (metadata_props is field 14).
  return Buffer.concat([bytes, Buffer.from([(14 << 3) | 2, entry.length]), entry])
}

function field(number: number, text: string): Buffer {
  const bytes = Buffer.from(text)
  if (bytes.length > 60) throw new Error('too long a note for one length byte')
  return Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes])
}
