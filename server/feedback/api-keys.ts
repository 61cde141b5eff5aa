import { createHash, timingSafeEqual } from 'node:crypto'

/** Knows other systems by the SHA-256 of their key: the settings file gives nobody a key. */
export interface ApiKeys {
  /** A short name of the sender (not secret, not the key), or null for no such key. */
  nameOf(key: string | null): string | null
}

export function makeApiKeys(hashes: readonly string[]): ApiKeys {
  const known = hashes.map((hash) => Buffer.from(hash.toLowerCase(), 'hex'))
  const broken = known.findIndex((hash) => hash.length !== 32)
  if (broken >= 0) throw new Error(`open311.apiKeyHashes[${broken}] is not a SHA-256 in hex (64 characters): make it with  printf %s KEY | sha256sum`)
  return {
    nameOf(key) {
      if (!key) return null
      const hash = createHash('sha256').update(key, 'utf8').digest()
      // Every key is compared, each in constant time: how long it takes tells neither which one nor how nearly.
      return known.reduce<string | null>((found, one) => (timingSafeEqual(one, hash) ? one.toString('hex', 0, 4) : found), null)
    },
  }
}
