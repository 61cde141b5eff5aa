import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { link, mkdir, open, readFile, rm, stat, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What a secret becomes at rest: AES-256-GCM, the tag at the end of `bytes`. */
export interface SealedSecret {
  readonly keyVersion: number
  readonly nonce: Uint8Array
  readonly bytes: Uint8Array
}

export interface SecretKey {
  readonly version: number
  /** 32 bytes. */
  readonly key: Uint8Array
}

/**
 * Seals small secrets (a camera's user and password). `about` is bound to the seal: what was sealed for one camera opens
 * for no other, so that a row copied to another camera in a stolen or edited database gives nothing.
 */
export interface SecretBox {
  seal(secret: string, about: string): SealedSecret
  /** Throws, saying what to do, when the key is missing or the seal does not fit. Never says anything of the secret. */
  open(sealed: SealedSecret, about: string): string
}

const KEY_BYTES = 32
/** NIST SP 800-38D: 96 random bits, good for some 2^32 secrets under one key; a city has thousands. */
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** The highest version seals; every version given opens, so that a key can be replaced while old seals still stand. */
export function makeSecretBox({ keys }: { readonly keys: readonly SecretKey[] }): SecretBox {
  const byVersion = new Map<number, SecretKey>()
  for (const key of keys) {
    if (key.key.length !== KEY_BYTES) throw new Error(`key version ${key.version} has ${key.key.length} bytes: it must have ${KEY_BYTES}`)
    if (!Number.isInteger(key.version) || key.version < 1 || byVersion.has(key.version)) throw new Error(`key version ${key.version} must be a whole number from 1, given once`)
    byVersion.set(key.version, key)
  }
  const newest = keys.toSorted((a, b) => b.version - a.version)[0]
  if (!newest) throw new Error('no key was given: make one with loadOrMakeKey')
  return {
    seal(secret, about) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', newest.key, nonce, { authTagLength: TAG_BYTES }).setAAD(boundTo(newest.version, about))
      return { keyVersion: newest.version, nonce, bytes: Buffer.concat([cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]) }
    },
    open({ keyVersion, nonce, bytes }, about) {
      const key = byVersion.get(keyVersion)
      if (!key) throw new Error(`the secret of ${about} was sealed with key version ${keyVersion}, which this server does not have: put that key file back, or enter the secret again`)
      try {
        const decipher = createDecipheriv('aes-256-gcm', key.key, nonce, { authTagLength: TAG_BYTES }).setAAD(boundTo(keyVersion, about))
        decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES))
        return Buffer.concat([decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES)), decipher.final()]).toString('utf8')
      } catch (fault) {
        throw new Error(`the secret of ${about} does not open: the key file or the row is not the one it was sealed with; put the right key file back, or enter the secret again`, { cause: fault })
      }
    },
  }
}

function boundTo(version: number, about: string): Buffer {
  return Buffer.from(`vonglau:${version}:${about}`, 'utf8')
}

/**
 * Reads the key from its file, or makes it once. The file stands apart from the database and its backups: who steals one of
 * the two has nothing. Text (base64) rather than bytes, so that it survives a copy through a terminal or a secret store.
 */
export async function loadOrMakeKey(file: string): Promise<SecretKey> {
  if (!existsSync(file)) await makeKey(file)
  const mode = (await stat(file)).mode & 0o777
  if ((mode & 0o077) !== 0) throw new Error(`the key file ${file} can be read by others (mode ${mode.toString(8)}): run chmod 600 ${file}, and enter camera passwords again if others may have read it`)
  const text = (await readFile(file, 'utf8')).trim()
  const key = Buffer.from(text, 'base64')
  if (key.length !== KEY_BYTES || key.toString('base64') !== text) throw new Error(`the key file ${file} does not hold a key (44 base64 characters for 32 bytes): restore it from its backup, or move it away to make a new one and enter camera passwords again`)
  return { version: 1, key }
}

/** Complete or absent, also after a power cut: written aside, synced, linked to its name (never over another), folder synced. */
async function makeKey(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const aside = `${file}.${process.pid}.new`
  await rm(aside, { force: true })
  await withHandle(await open(aside, 'wx', 0o600), async (handle) => {
    await handle.writeFile(`${randomBytes(KEY_BYTES).toString('base64')}\n`)
    await handle.sync()
  })
  try {
    await link(aside, file)
  } catch (fault) {
    // Another start of ours made it between our look and our link: its key is the one, ours was never used.
    if (!existsSync(file)) throw fault
  } finally {
    await rm(aside)
  }
  await withHandle(await open(dirname(file), 'r'), (folder) => folder.sync())
}

async function withHandle(handle: FileHandle, work: (handle: FileHandle) => Promise<void>): Promise<void> {
  try {
    await work(handle)
  } finally {
    await handle.close()
  }
}
