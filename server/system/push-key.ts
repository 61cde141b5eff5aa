import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * The key that an encoder pushes with: 128 random bits, in hex because people type it on the remote control of a recorder.
 * It is shown once; what we keep is its SHA-256 (a plain hash is enough for 128 random bits: there is nothing to guess).
 */
export function makePushKey(): string {
  return randomBytes(16).toString('hex')
}

export function hashOfPushKey(key: string): string {
  return createHash('sha256').update(key, 'utf8').digest('hex')
}

const SHAPE = /^[0-9a-f]{32}$/

/**
 * Who this key belongs to. Every hash is compared, each in constant time, so that the time of an answer tells neither
 * which camera was nearly met nor how many there are before it.
 */
export function ownerOfPushKey<T extends { readonly keyHash: string }>(offered: string, owners: readonly T[]): T | null {
  if (!SHAPE.test(offered)) return null
  const hash = Buffer.from(hashOfPushKey(offered), 'hex')
  let found: T | null = null
  for (const owner of owners) {
    const kept = Buffer.from(owner.keyHash, 'hex')
    if (kept.length === hash.length && timingSafeEqual(kept, hash)) found = owner
  }
  return found
}
