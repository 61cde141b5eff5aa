import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { runToEnd } from './child.js'

export interface MediaTools {
  readonly ffmpeg: string
  readonly version: string
}

/** Where ffmpeg is, asked once at start: VONGLAU_FFMPEG, then the PATH. Null when it is missing or does not run. */
export async function findMediaTools(env: Readonly<Record<string, string | undefined>>): Promise<MediaTools | null> {
  const named = env['VONGLAU_FFMPEG']
  const ffmpeg = named ?? (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'ffmpeg')).find((path) => existsSync(path))
  if (!ffmpeg) return null
  try {
    const { code, stdout } = await runToEnd(ffmpeg, ['-hide_banner', '-version'], { timeoutMs: 10_000 })
    const version = /^ffmpeg version (\S+)/.exec(stdout)?.[1]
    return code === 0 && version ? { ffmpeg, version } : null
  } catch {
    return null // not there, or not a program: the caller says so to people
  }
}
