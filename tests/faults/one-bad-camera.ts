import { fileURLToPath } from 'node:url'
import { startChild } from '../../server/system/child.js'
import { pause, systemClock } from '../../server/system/clock.js'
import { runnable } from '../../server/system/runnable.js'
import type { FloodBounds } from '../../server/ingest/flood-guard.js'
import type { SupervisionBounds } from '../../server/ingest/supervise.js'
import { closeAfterTest, startRtspServer } from '../support/rtsp-server.js'
import { firstTold, hurriedStarts, openFleet, rateOf, waitFor } from './fleet.js'

/** T32: one camera of many floods, or opens and closes without end. What the others lose, and when it is cut. */
export interface BadCamera {
  readonly othersFps: number
  readonly othersFpsDuring: number
  /** From the first bad byte to the state that ends it, with its name. */
  readonly cutMs: number
  readonly fault: string | null
  readonly words: string
  readonly starts: number
  /** Starts that came sooner than the ladder allows. */
  readonly hurried: number
  readonly othersStarts: number
}

export interface BadCameraPlan {
  readonly badness: { readonly megabits: number } | { readonly closeMs: number }
  readonly clip: string
  readonly others: number
  readonly ms: number
  readonly fault: 'flooding' | 'hung_up'
  readonly bounds?: Partial<SupervisionBounds>
  readonly flood?: Partial<FloodBounds>
}

export async function oneBadCamera(plan: BadCameraPlan): Promise<BadCamera> {
  const server = await startRtspServer({ mounts: { '/main': { clip: plan.clip } } })
  const bad = await startFloodingCamera({ ...plan.badness, units: await keyPictureOf(plan.clip) })
  const names = Array.from({ length: plan.others }, (_, at) => `well-${at}`)
  const fleet = await openFleet({ cameras: Object.fromEntries(names.map((name) => [name, { url: server.url('/main') }])), ...(plan.bounds ? { bounds: plan.bounds } : {}), ...(plan.flood ? { flood: plan.flood } : {}) })
  const others = names.map((name) => fleet.camera(name))
  await waitFor('all others are live', () => fleet.ingest.sessions().every(({ state }) => state === 'live'))
  const othersFps = await rateOf(others, plan.ms)
  const camera = fleet.camera('bad')
  const fromMs = systemClock.monotonicMs()
  fleet.ingest.setStream(camera.id, { url: `rtsp://127.0.0.1:${bad.port}/flood`, transport: 'tcp' })
  const [othersFpsDuring] = await Promise.all([rateOf(others, plan.ms), waitFor('the bad camera is cut', () => firstTold(camera, fromMs, ({ state }) => state === 'waiting') !== null)])
  const cut = firstTold(camera, fromMs, ({ state }) => state === 'waiting')
  const found: BadCamera = {
    othersFps,
    othersFpsDuring,
    cutMs: (cut?.atMs ?? Infinity) - fromMs,
    fault: cut?.news.fault?.name ?? null,
    words: cut?.news.fault?.words ?? '',
    starts: camera.starts,
    hurried: hurriedStarts(camera.told, plan.bounds?.backOffMsMin, plan.bounds?.backOffMsMax),
    othersStarts: others.reduce((sum, { starts }) => sum + starts, 0) - others.length,
  }
  await fleet.close()
  await pause(systemClock, 0)
  await Promise.all([server.close(), bad.close()])
  return found
}

async function startFloodingCamera(wish: object): Promise<{ readonly port: number; close(): Promise<void> }> {
  const { path, source } = runnable(new URL('./flooding-camera', import.meta.url))
  const child = startChild(process.execPath, [...(source ? ['--import', fileURLToPath(import.meta.resolve('tsx'))] : []), path, JSON.stringify(wish)], { runId: 'flooding-camera' })
  child.stderr.pipe(process.stderr)
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve((JSON.parse(chunk.toString()) as { readonly port: number }).port))
    child.once('exit', (code) => reject(new Error(`the flooding camera ended with ${code}`)))
  })
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve()
      child.removeAllListeners('exit')
      child.once('exit', () => resolve())
      child.kill('SIGKILL')
    })
  closeAfterTest(close)
  return { port, close }
}

/** Before each unit (H.264 Annex B); a longer one leaves a zero at the end of the unit before, which trails it lawfully. */
const START_CODE = String.fromCharCode(0, 0, 1)

/** Parameter sets and the first key picture of a clip, as their units. */
async function keyPictureOf(clip: string): Promise<readonly string[]> {
  const child = startChild('ffmpeg', ['-nostdin', '-v', 'error', '-i', clip, '-c', 'copy', '-frames:v', '1', '-bsf:v', 'h264_mp4toannexb', '-f', 'h264', 'pipe:1'], { runId: `faults:${process.pid}` })
  child.stdin.end()
  child.stderr.resume()
  const chunks: Buffer[] = []
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer)
  const units = Buffer.concat(chunks).toString('latin1').split(START_CODE)
  // Sequence set, picture set, key picture: unit types 7, 8 and 5.
  return [7, 8, 5].map((type) => Buffer.from(units.find((unit) => (unit.charCodeAt(0) & 0x1f) === type) ?? '', 'latin1').toString('base64'))
}
