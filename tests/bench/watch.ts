import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Width } from '../../server/models/eight-bits.js'
import { pause, systemClock } from '../../server/system/clock.js'
import { closeAllOpened, hasFfmpeg, hasRtspServer, startRtspServer } from '../support/rtsp-server.js'
import { paceDetectors, shareOfRuntime } from './detector-pace.js'
import { makeFigure, makeFloor, median, type Figure } from './figure.js'
import { measure, type Used } from './live-cpu.js'
import { hasMotion, withMotion } from './motion.js'
import { cpuSecondsByThread, cpuSecondsOf, cpuSecondsOfTree } from './process-tree.js'
import { chooseOurs, loadOurs } from './our-model.js'
import { makeStreets, STREET_SECONDS } from './street.js'
import { withOurs, type Ours } from './with-ours.js'

/** Pictures a second that a camera is looked at. */
const FPS = 5
/** A frame or two may be dropped in a bad moment; every tenth is too many. */
const LOOKED_MIN = FPS * 0.95
const AGE_MS_MAX = 1_000
const CAMERAS_MAX = 64
const CAMERAS_BAR = 30
const BUSY_RATIO_MAX = 1.5
const QUIET_RATIO_MAX = 1.1
const NODE_SHARE_MAX = 0.15
/** Beside motion and for Node's share: enough that start and chance weigh little, few enough that nothing is dropped. */
const COMPARED = 4

/**
 * Before CPU is counted: V8 compiles what is much used on threads of its own, for some minutes, and until then runs it slowly. With four busy cameras those threads took
 * 13 ms a second after half a minute and 7 after four, the main one 39 and 32; a server runs for weeks.
 */
const SETTLED_MS = 240_000

interface Plan {
  readonly quick: boolean
  /** The file of our detector that the server would watch with here. */
  readonly watch: Width['use']
  readonly windowMs: number
  readonly warmUpMs: number
  readonly rounds: number
}

/**
 * Watching whole cameras: reading, decoding, detecting, tracking. How many busy ones this machine carries; what one costs
 * beside Debian's motion, which only tells whether anything moves; the detector beside another; how much of it all is ours.
 * The measured cameras run on the same cores: what their server takes is a row of its own.
 */
export async function benchWatch(options: { readonly quick: boolean; readonly part: string | null; readonly root: string }, say: (line: string) => void): Promise<readonly Figure[]> {
  if (!hasFfmpeg() || !hasRtspServer()) throw new Error("bench watch needs ffmpeg and GStreamer's RTSP server: apt-get install ffmpeg python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-good gstreamer1.0-plugins-bad")
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'vonglau-bench-'))
  try {
    const { use: watch, figures: chosen } = await chooseOurs(say)
    const plan: Plan = options.quick ? { quick: true, watch, windowMs: 10_000, warmUpMs: 20_000, rounds: 1 } : { quick: false, watch, windowMs: 15_000, warmUpMs: 20_000, rounds: 3 }
    const streets = await makeStreets(folder, options.root, say)
    const server = await startRtspServer({ mounts: { '/busy': { clip: streets.busy, fps: 25 }, '/quiet': { clip: streets.quiet, fps: 25 } } })
    const feeds = (path: string, count: number): readonly string[] => Array.from({ length: count }, () => server.url(path))
    const wanted = async (part: string, figures: () => Promise<readonly Figure[]>): Promise<readonly Figure[]> => (options.part === null || options.part === part ? figures() : [])
    const detector = await wanted('detector', () => paceDetectors(streets.busy, options.root, plan.quick ? 2 : 10, say))
    const beside = await wanted('motion', () => besideMotion(folder, feeds, plan, say))
    const own = await wanted('share', async () => [await shareOfNode(feeds('/busy', COMPARED), streets.busy, plan, say)])
    const most = await wanted('cameras', () => mostCameras((count) => feeds('/busy', count), server.process.pid ?? 0, plan, say))
    return [...chosen, ...most, ...beside, ...detector, ...own]
  } finally {
    await closeAllOpened()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Seen {
  /** Pictures a second of the camera that is worst off, judged or known to be unchanged. */
  readonly looked: number
  readonly oldestMs: number
  readonly small: boolean
}

/** What our server sees in a window, after it has settled. */
async function see(ours: Ours, plan: Plan): Promise<Seen> {
  await pause(systemClock, plan.warmUpMs)
  const before = await ours.counts()
  const fromMs = systemClock.monotonicMs()
  await pause(systemClock, plan.windowMs)
  const after = await ours.counts()
  const seconds = (systemClock.monotonicMs() - fromMs) / 1000
  return { looked: Math.min(...after.seen.map((seen, index) => (seen - (before.seen[index] ?? 0)) / seconds)), oldestMs: after.oldestMs, small: after.sharpness === 'small' }
}

/** Doubling until it is too many, then halving the gap; by ones, or by fours when a first impression is asked for. */
async function mostCameras(feeds: (count: number) => readonly string[], server: number, plan: Plan, say: (line: string) => void): Promise<readonly Figure[]> {
  let most = { count: 0, looked: 0, oldestMs: 0, small: false, serverShare: 0 }
  const carries = async (count: number): Promise<boolean> => {
    const { seen, serverShare } = await withOurs({ urls: feeds(count), watch: plan.watch }, async (ours) => {
      const from = { cpu: cpuSecondsOf([server]), ms: systemClock.monotonicMs() }
      const told = await see(ours, plan)
      return { seen: told, serverShare: (cpuSecondsOf([server]) - from.cpu) / ((systemClock.monotonicMs() - from.ms) / 1000) / availableParallelism() }
    }).catch((error: unknown) => {
      say(`${count} cameras: ${error instanceof Error ? error.message : String(error)}`)
      return { seen: { looked: 0, oldestMs: Infinity, small: true }, serverShare: 0 }
    })
    const held = seen.looked >= LOOKED_MIN && seen.oldestMs <= AGE_MS_MAX
    say(`${count} busy cameras: ${seen.looked.toFixed(2)} pictures a second, the oldest ${Math.round(seen.oldestMs)} ms, ${seen.small ? 'small' : 'full'} pictures: ${held ? 'held' : 'too many'}`)
    if (held && count > most.count) most = { count, ...seen, serverShare }
    return held
  }
  let low = 0
  let high = CAMERAS_MAX + 1
  for (let count = COMPARED; count <= CAMERAS_MAX && high > CAMERAS_MAX; count *= 2) {
    if (await carries(count)) low = count
    else high = count
  }
  while (high <= CAMERAS_MAX && high - low > (plan.quick ? 4 : 1)) {
    const middle = Math.floor((low + high) / 2)
    if (await carries(middle)) low = middle
    else high = middle
  }
  return [
    makeFloor('watch.cameras', `busy cameras on ${availableParallelism()} cores, ${FPS} looks a second each, none older than ${AGE_MS_MAX} ms`, most.count, { bar: CAMERAS_BAR }),
    makeFigure('watch.cameras.oldest', 'ms, the oldest picture whose verdict came, at that number', most.oldestMs, { bar: AGE_MS_MAX }),
    makeFigure('watch.cameras.small', '1: at that number the machine was full and looked at 416x234, 0: at 640x360', most.small ? 1 : 0),
    makeFigure('watch.cameras.server', 'share of the machine that the measured cameras themselves took meanwhile', most.serverShare),
  ]
}

async function besideMotion(folder: string, feeds: (path: string, count: number) => readonly string[], plan: Plan, say: (line: string) => void): Promise<readonly Figure[]> {
  if (!hasMotion()) say('motion is not installed (apt-get install motion): its column is left out')
  const windowMs = STREET_SECONDS * 1000
  const figures: Figure[] = []
  for (const [street, bar] of [['busy', BUSY_RATIO_MAX], ['quiet', QUIET_RATIO_MAX]] as const) {
    const urls = feeds(`/${street}`, COMPARED)
    const ours: (Used & { readonly judged: number })[] = []
    const theirs: Used[] = []
    for (let round = 0; round < plan.rounds; round += 1) {
      say(`${COMPARED} cameras on a ${street} street, round ${round + 1} of ${plan.rounds}: ours${hasMotion() ? ', then motion' : ''}`)
      ours.push(await withOurs({ urls, watch: plan.watch }, async ({ pid, counts }) => {
        await pause(systemClock, SETTLED_MS)
        const before = await counts()
        const used = await measure(pid, COMPARED, { windowMs, warmUpMs: 0 })
        const after = await counts()
        return { ...used, judged: (after.framesJudged - before.framesJudged) / STREET_SECONDS / COMPARED }
      }))
      if (hasMotion()) theirs.push(await withMotion(folder, urls, { windowMs }))
    }
    const beside = theirs.length > 0 ? { against: median(theirs.map(({ cpu }) => cpu)), bar } : {}
    figures.push(makeFigure(`watch.cpu.${street}`, 'CPU s per camera-minute, motion', median(ours.map(({ cpu }) => cpu)), beside))
    figures.push(makeFigure(`watch.judged.${street}`, 'looks a camera-second that the model was asked for', median(ours.map(({ judged }) => judged))))
  }
  return figures
}

/**
 * Of the CPU time that watching adds to reading and serving (two runs, without and with), the share that is neither ffmpeg's
 * nor the runtime's: queues, pixels moved, boxes read, tracks, rules, and V8's own threads. The busiest threads beside the main
 * one are the model's, as many as look; which part of their time is the runtime's is measured by itself.
 */
async function shareOfNode(urls: readonly string[], street: string, plan: Plan, say: (line: string) => void): Promise<Figure> {
  say(`Node's own share, ${urls.length} cameras: reading alone, then watching`)
  const cost = (watch: Width['use'] | false): Promise<{ readonly node: number; readonly all: number; readonly model: number; readonly small: boolean }> =>
    withOurs({ urls, watch }, async ({ pid, counts }) => {
      await pause(systemClock, SETTLED_MS)
      const from = { node: cpuSecondsOf([pid]), all: cpuSecondsOfTree(pid), threads: cpuSecondsByThread(pid) }
      await pause(systemClock, plan.windowMs)
      const used = [...cpuSecondsByThread(pid)].filter(([thread]) => thread !== pid).map(([thread, seconds]) => seconds - (from.threads.get(thread) ?? 0))
      const { node, all } = { node: cpuSecondsOf([pid]) - from.node, all: cpuSecondsOfTree(pid) - from.all }
      const { lookers, sharpness } = await counts()
      return { node, all, model: used.toSorted((a, b) => b - a).slice(0, lookers).reduce((sum, seconds) => sum + seconds, 0), small: sharpness === 'small' }
    })
  const alone = await cost(false)
  const watching = await cost(plan.watch)
  const runtime = watching.model * (await shareOfRuntime(await loadOurs(plan.watch), street, watching.small ? { width: 416, height: 256 } : { width: 640, height: 384 }))
  return makeFigure('watch.node_share', "share of watching's CPU time that is neither ffmpeg's nor onnxruntime's", (watching.node - alone.node - runtime) / (watching.all - alone.all), { bar: NODE_SHARE_MAX })
}
