import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..')

/** Every file of ours below a folder, as paths from the root. */
export function filesBelow(folder: string, ending = /\.(ts|tsx|mts)$/): readonly string[] {
  const found: string[] = []
  const walk = (path: string): void => {
    for (const entry of readdirSync(join(ROOT, path), { withFileTypes: true })) {
      if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.startsWith('.') || entry.name === '__pycache__') continue
      if (entry.isDirectory()) walk(join(path, entry.name))
      else if (ending.test(entry.name)) found.push(join(path, entry.name))
    }
  }
  walk(folder)
  return found.sort()
}

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

export interface Import {
  readonly from: string
  /** A path from the root for ours, a package name for others (`node:` kept). */
  readonly to: string
  readonly ours: boolean
  readonly typesOnly: boolean
}

const IMPORT = /(?:^|\n)\s*(import|export)\s+(type\s+)?([^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g

/** Static and dynamic imports of one file. Comments are taken out first, so that an example in prose is no import. */
export function importsOf(path: string): readonly Import[] {
  const text = textOf(path)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|[^:'"])\/\/.*$/gm, '$1')
  return [...text.matchAll(IMPORT)].map((match) => {
    const written = match[4] ?? match[5] ?? ''
    const ours = written.startsWith('.')
    const names = match[3] ?? ''
    const typesOnly = match[2] !== undefined || (names.trim().startsWith('{') && names.replace(/\sfrom\s+$/, '').replace(/[{}]/g, '').split(',').filter((name) => name.trim()).every((name) => name.trim().startsWith('type ')))
    return { from: path, to: ours ? relative(ROOT, join(ROOT, dirname(path), written)) : packageOf(written), ours, typesOnly }
  })
}

function packageOf(written: string): string {
  if (written.startsWith('node:')) return written
  return written.split('/').slice(0, written.startsWith('@') ? 2 : 1).join('/')
}
