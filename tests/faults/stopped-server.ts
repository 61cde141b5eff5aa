import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Settings } from '../../config/settings.js'
import { openApp } from '../../server/app.js'
import { startChild } from '../../server/system/child.js'
import { pause, systemClock } from '../../server/system/clock.js'
import { silentLog } from '../../server/system/log.js'
import { runnable } from '../../server/system/runnable.js'
import { startRtspServer } from '../support/rtsp-server.js'
import { waitFor } from './fleet.js'
import { childrenMarked } from './processes.js'

/** T31: SIGTERM to the whole server while cameras are read, one of them frozen, and a client holds a half-sent request. */
export interface StoppedServer {
  readonly code: number | null
  readonly ms: number
  readonly ffmpegsBefore: number
  readonly left: readonly string[]
}

export async function stopServer(plan: { readonly clip: string; readonly cameras: number }): Promise<StoppedServer> {
  const folder = mkdtempSync(join(tmpdir(), 'vonglau-stop-'))
  const [steady, frozen] = [await startRtspServer({ mounts: { '/main': { clip: plan.clip } } }), await startRtspServer({ mounts: { '/main': { clip: plan.clip } } })]
  await settle(folder, [...Array.from({ length: plan.cameras - 1 }, () => steady.url('/main')), frozen.url('/main')])
  const config = join(folder, 'vonglau.yaml')
  writeFileSync(config, 'cameras: { networks: [127.0.0.0/8], multicast: false }\neyes: { enabled: false }\n')
  const { path, source } = runnable(new URL('../../server/main', import.meta.url))
  const server = startChild(process.execPath, [...(source ? ['--import', fileURLToPath(import.meta.resolve('tsx'))] : []), path, '--config', config, '--data', folder, '--port', '0', '--announce', 'json'], { runId: `stop-${process.pid}` })
  let errors = ''
  server.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2_000)))
  try {
    const port = await new Promise<number>((resolve, reject) => {
      server.stdout.once('data', (chunk: Buffer) => resolve((JSON.parse(chunk.toString()) as { readonly port: number }).port))
      server.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${errors}`)))
    })
    const mark = `vonglau-${folder.replaceAll(/[^A-Za-z0-9]+/g, '-')}:`
    await waitFor('every camera has its ffmpeg', () => childrenMarked(mark).length >= plan.cameras)
    const half = connect({ host: '127.0.0.1', port })
    half.on('error', () => undefined)
    half.write('POST /api/sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{')
    frozen.freeze()
    await pause(systemClock, 500)
    const ffmpegsBefore = childrenMarked(mark).length
    server.removeAllListeners('exit')
    const fromMs = systemClock.monotonicMs()
    const ended = new Promise<number | null>((resolve) => server.once('exit', resolve))
    server.kill('SIGTERM')
    const code = await ended
    const ms = systemClock.monotonicMs() - fromMs
    half.destroy()
    return { code, ms, ffmpegsBefore, left: childrenMarked(mark).map(({ pid, name }) => `${pid} ${name}`) }
  } finally {
    server.kill('SIGKILL')
    await Promise.all([steady.close(), frozen.close()])
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The cameras as rows, by the server's own registry, before the server that is stopped begins. */
async function settle(folder: string, urls: readonly string[]): Promise<void> {
  const settings = Settings.parse({ dataFolder: folder, http: { port: 0 }, cameras: { networks: ['127.0.0.0/8'], multicast: false }, log: { level: 'silent' }, eyes: { enabled: false } })
  const app = await openApp({ settings, clock: systemClock, log: silentLog, runId: `settle-${process.pid}`, version: '0', env: { ...process.env, PATH: '' }, model: { fault: 'none here', next: '' }, playerFolder: null, sandbox: null })
  const areaId = await app.parts.firstArea('thử')
  for (const [at, mainUrl] of urls.entries()) {
    const added = await app.parts.registry.add({ name: `c${at}`, areaId, place: { latitude: 0, longitude: 0, street: '', order: at, heading: 0, reachM: 1 }, origin: { kind: 'rtsp' }, mainUrl, user: '', password: '' }, null)
    if (!added.ok) throw new Error(`a camera was not taken: ${JSON.stringify(added)}`)
  }
  await app.close()
}
