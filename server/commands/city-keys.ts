import { randomBytes, randomInt } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { z } from 'zod'

/** What a sandbox city keeps from run to run, so that cameras registered yesterday answer today and the accounts stay. */
const CityKeys = z.strictObject({ password: z.string(), cameraPassword: z.string(), open311Key: z.string(), startPort: z.number().int(), discoveryPort: z.number().int() })
export type CityKeys = z.infer<typeof CityKeys>

/** Two ports a camera and one for discovery. */
const PORTS = 64
const TRIES = 50

/** Reads the keys, or makes them. Made by chance for each data folder: two demos on one machine do not meet. */
export async function loadOrMakeCityKeys(file: string): Promise<CityKeys> {
  if (existsSync(file)) {
    const parsed = CityKeys.safeParse(JSON.parse(readFileSync(file, 'utf8')))
    if (parsed.success) return parsed.data
    throw new Error(`${file} is not what the sandbox wrote (${parsed.error.issues[0]?.path.join('.')}): remove it, with the data folder around it, for a fresh city`)
  }
  const keys: CityKeys = { password: `${randomBytes(6).toString('base64url')}-vong-lau`, cameraPassword: randomBytes(9).toString('base64url'), open311Key: randomBytes(16).toString('hex'), startPort: await freeRange(), discoveryPort: 3702 }
  writeFileSync(file, JSON.stringify(keys, null, 2), { mode: 0o600 })
  return keys
}

async function freeRange(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const start = 20_000 + randomInt(0, 120) * 100
    const free = await Promise.all(Array.from({ length: PORTS }, (_, i) => isFree(start + i)))
    if (free.every(Boolean)) return start
  }
  throw new Error('no free range of ports was found for the virtual cameras between 20000 and 32000')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
