import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { startChild, type PipedChild } from '../system/child.js'

/** What `main --sandbox --announce json` says when it is ready. */
const Announced = z.object({
  url: z.string(),
  port: z.number(),
  accounts: z.array(z.object({ role: z.enum(['police', 'traffic', 'ioc', 'admin']), name: z.string(), password: z.string() })),
  cameras: z.array(z.object({ cameraId: z.string(), scene: z.string(), truthFile: z.string(), loopMs: z.number(), onvifUrl: z.string() })),
  epochMs: z.number().nullable(),
  open311Key: z.string().nullable(),
})
export type Announced = z.infer<typeof Announced>

export interface RunningCity {
  readonly announced: Announced
  readonly pid: number
  /** As a crash would: no farewell. Resolves when the process is gone. */
  kill(): Promise<void>
  stop(): Promise<void>
}

/** From dist/server/commands three floors up; from the source, two. */
const ROOT = [2, 3].map((up) => resolve(dirname(fileURLToPath(import.meta.url)), '../'.repeat(up))).find((folder) => existsSync(join(folder, 'package.json'))) ?? process.cwd()

/** Starts the built server with its sandbox in a process of its own, and waits until it says that it is ready. */
export async function startCity(folder: string, options: { readonly scenes?: string | undefined; readonly onProgress: (line: string) => void }): Promise<RunningCity> {
  const main = join(ROOT, 'dist/server/main.js')
  if (!existsSync(main)) throw new Error(`${main} is not built: npm run build`)
  const args = [main, '--sandbox', '--data', folder, '--port', '0', '--announce', 'json', ...(options.scenes ? ['--scenes', options.scenes] : [])]
  const child = startChild(process.execPath, args, { runId: `prove:${process.pid}` })
  createInterface({ input: child.stderr }).on('line', options.onProgress)
  const gone = new Promise<void>((resolveGone) => child.once('exit', () => resolveGone()))
  return { announced: await firstLine(child), pid: child.pid ?? 0, kill: () => end(child, gone, 'SIGKILL'), stop: () => end(child, gone, 'SIGTERM') }
}

async function firstLine(child: PipedChild): Promise<Announced> {
  for await (const line of createInterface({ input: child.stdout })) if (line.startsWith('{')) return Announced.parse(JSON.parse(line))
  throw new Error('the server ended before it was ready: see vonglau.log in its data folder')
}

async function end(child: PipedChild, gone: Promise<void>, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal)
  await gone
}

/** Processes that still carry the mark of a run's data folder: after a crash there must be none. */
export function leftBehind(folder: string): readonly number[] {
  const mark = `VONGLAU_RUN=vonglau-${resolve(folder).replaceAll(/[^A-Za-z0-9]+/g, '-')}:`
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      return readFileSync(`/proc/${name}/environ`, 'latin1').includes(mark) ? [Number(name)] : []
    } catch {
      return [] // it ended between the two reads, or belongs to another user
    }
  })
}
