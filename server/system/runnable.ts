import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Where a module of ours can be started as a worker or child: the built `.js`, or in development and tests the `.ts`
 * source (through tsx). `entry` is `new URL('./name', import.meta.url)`, without extension.
 */
export function runnable(entry: URL): { readonly path: string; readonly source: boolean } {
  const stem = fileURLToPath(entry)
  if (existsSync(`${stem}.js`)) return { path: `${stem}.js`, source: false }
  if (existsSync(`${stem}.ts`)) return { path: `${stem}.ts`, source: true }
  throw new Error(`no module to run at ${stem}`)
}
