import { execFileSync, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startChild } from '../../server/system/child.js'

/** What a test asks of GStreamer's RTSP server; see rtsp-server.py. */
export interface RtspWish {
  readonly mounts: Readonly<Record<string, { readonly clip: string | readonly string[]; readonly fps?: number; readonly codec?: 'h264' | 'h265' | 'mpeg4' | 'mjpeg' } | { readonly live: string; readonly gop?: number; readonly encoder?: string; /** Sound beside it: a sine of so many Hz as G.711. */ readonly tone?: number } | { readonly barcode: string; readonly gop?: number }>>
  readonly login?: { readonly user: string; readonly password: string; readonly scheme?: 'digest' | 'basic' }
  readonly transports?: 'tcp' | 'udp' | 'both'
  readonly port?: number
  /** Where it listens; loopback unless a test has networks of its own. */
  readonly address?: string
}

export interface RtspServer {
  readonly port: number
  readonly process: ChildProcess
  url(path: string): string
  freeze(): void
  thaw(): void
  close(): Promise<void>
}

/** Beside this file in the sources; the compiled measurements reach back for it. */
const SCRIPT = [join(import.meta.dirname, 'rtsp-server.py'), join(import.meta.dirname, '../../../tests/support/rtsp-server.py')].find((path) => existsSync(path)) ?? 'rtsp-server.py'
const PYTHON = '/usr/bin/python3'

/** Debian's GStreamer RTSP server is an independent peer; without it these tests are skipped, visibly. */
export function hasRtspServer(): boolean {
  return existsSync(PYTHON) && spawnSync(PYTHON, ['-c', "import gi; gi.require_version('GstRtspServer','1.0'); from gi.repository import GstRtspServer"]).status === 0
}

/** Ends what a test that failed half-way left open; call it in afterEach. */
export async function closeAllOpened(): Promise<void> {
  for (const close of [...opened].toReversed()) await close()
  opened.clear()
}

const opened = new Set<() => Promise<void>>()

export function closeAfterTest(close: () => Promise<void>): void {
  opened.add(close)
}

/** `within` is a command that starts it elsewhere, in another network namespace say. */
export async function startRtspServer(wish: RtspWish, within: readonly string[] = []): Promise<RtspServer> {
  // Dies with us, so that a test run that was killed leaves no camera behind.
  const command = [...within, PYTHON, SCRIPT, JSON.stringify(wish)]
  const child = startChild(command[0] ?? PYTHON, command.slice(1), { runId: 'rtsp-server' })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-4_000)))
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve((JSON.parse(chunk.toString()) as { port: number }).port))
    child.once('exit', (code) => reject(new Error(`the RTSP server ended with ${code}: ${errors}`)))
  })
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve()
      child.removeAllListeners('exit')
      child.once('exit', () => resolve())
      child.kill('SIGKILL')
    })
  closeAfterTest(close)
  return {
    port,
    process: child,
    close,
    url: (path) => `rtsp://${wish.address ?? '127.0.0.1'}:${port}${path}`,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
  }
}

export function hasFfmpeg(): boolean {
  return spawnSync('ffmpeg', ['-version']).status === 0
}

/** A small clip that moves, H.264 unless told, made once and kept in the temporary folder. */
export function makeClip(options: { readonly size?: string; readonly fps?: number; readonly seconds?: number; readonly gop?: number; readonly codec?: 'libx264' | 'libx265' | 'mpeg4' | 'mjpeg' } = {}): string {
  const { size = '320x180', fps = 25, seconds = 4, gop = 25, codec = 'libx264' } = options
  const folder = join(tmpdir(), 'vonglau-test-clips')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${codec}-${size}-${fps}-${seconds}-${gop}.mp4`)
  if (existsSync(path)) return path
  const draft = `${path}.${process.pid}.mp4`
  const tune = codec === 'libx265' ? ['-x265-params', 'log-level=error:bframes=0'] : ['-bf', '0']
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${fps}`, '-t', String(seconds), '-c:v', codec, '-preset', 'ultrafast', '-g', String(gop), ...tune, '-pix_fmt', codec === 'mjpeg' ? 'yuvj420p' : 'yuv420p', draft])
  execFileSync('mv', [draft, path])
  return path
}
