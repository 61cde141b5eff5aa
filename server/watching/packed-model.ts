/** A model on its way to a process of ours: messages between processes are JSON, which knows no bytes. */
export type Packed<Model extends { readonly bytes: Uint8Array }> = Omit<Model, 'bytes'> & { readonly base64: string }

export function packModel<Model extends { readonly bytes: Uint8Array }>({ bytes, ...rest }: Model): Packed<Model> {
  return { ...rest, base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64') }
}

export function unpackBytes({ base64 }: { readonly base64: string }): Uint8Array {
  return Buffer.from(base64, 'base64')
}
