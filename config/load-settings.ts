import { existsSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { Settings } from './settings.js'

/** A setting that cannot be used: which one, why, and what to write instead. */
export class SettingsFault extends Error {
  constructor(readonly faults: readonly { readonly field: string; readonly reason: string }[], file: string) {
    super(`settings in ${file}: ${faults.map(({ field, reason }) => `${field}: ${reason}`).join('; ')}`)
    this.name = 'SettingsFault'
  }
}

const BYTES_MAX = 256 * 1024

/**
 * The file (YAML 1.2 core schema: no tags, at most 50 aliases, no duplicate keys), then the environment: VONGLAU_PORT,
 * VONGLAU_HOST, VONGLAU_DATA, VONGLAU_STORAGE_URL, VONGLAU_LOG. Without a file, the defaults.
 */
export function loadSettings(file: string | undefined, env: Readonly<Record<string, string | undefined>>): Settings {
  const name = file ?? (existsSync('vonglau.yaml') ? 'vonglau.yaml' : 'the defaults')
  const written = file || existsSync('vonglau.yaml') ? readYaml(file ?? 'vonglau.yaml') : {}
  const parsed = Settings.safeParse(withEnvironment(written, env))
  if (parsed.success) return parsed.data
  throw new SettingsFault(
    parsed.error.issues.map((issue) => ({ field: issue.path.join('.') || '(top)', reason: issue.message })),
    name,
  )
}

function readYaml(file: string): Record<string, unknown> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (fault) {
    throw new SettingsFault([{ field: '(file)', reason: `cannot be read: ${(fault as Error).message}` }], file)
  }
  if (text.length > BYTES_MAX) throw new SettingsFault([{ field: '(file)', reason: `is larger than ${BYTES_MAX} bytes` }], file)
  try {
    const value: unknown = parse(text, { schema: 'core', maxAliasCount: 50, uniqueKeys: true, strict: true, customTags: [] })
    if (value === null || value === undefined) return {}
    if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
    throw new Error('must be a map of settings')
  } catch (fault) {
    throw new SettingsFault([{ field: '(file)', reason: (fault as Error).message }], file)
  }
}

function withEnvironment(written: Record<string, unknown>, env: Readonly<Record<string, string | undefined>>): Record<string, unknown> {
  const section = (name: string): Record<string, unknown> => {
    const value = written[name]
    return typeof value === 'object' && value !== null ? { ...value } : {}
  }
  const result = { ...written }
  if (env['VONGLAU_DATA']) result['dataFolder'] = env['VONGLAU_DATA']
  if (env['VONGLAU_PORT']) result['http'] = { ...section('http'), port: Number(env['VONGLAU_PORT']) }
  if (env['VONGLAU_HOST']) result['http'] = { ...section('http'), ...(result['http'] as object | undefined), host: env['VONGLAU_HOST'] }
  if (env['VONGLAU_STORAGE_URL']) result['storage'] = { url: env['VONGLAU_STORAGE_URL'] }
  if (env['VONGLAU_LOG']) result['log'] = { level: env['VONGLAU_LOG'] }
  return result
}
