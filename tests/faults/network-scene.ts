import { runToEnd } from '../../server/system/child.js'
import type { SupervisionBounds } from '../../server/ingest/supervise.js'
import { pause, systemClock } from '../../server/system/clock.js'
import { startRtspServer } from '../support/rtsp-server.js'
import { firstTold, openFleet, rateOf, waitFor } from './fleet.js'

/**
 * Runs inside the namespaces that own-network.ts made: a camera behind a cable that is spoilt, another one beside it that is
 * not. Prints what was found as one JSON line.
 */
export interface SceneWish {
  readonly scene: 'refuse' | 'swallow' | 'lose' | 'narrow'
  readonly clip: string
  readonly transport: 'tcp' | 'udp'
  /** How long it stays so. */
  readonly ms: number
  /** `lose`: the share of packets; `narrow`: Mbit/s. */
  readonly amount?: number
  readonly bounds?: Partial<SupervisionBounds>
}

export interface SceneFound {
  /** From the fault to each: the state that tells it, the next attempt, the word `degraded`. Null: did not happen. */
  readonly noticedMs: number | null
  readonly retriedMs: number | null
  readonly degradedMs: number | null
  /** From the end of the fault to pictures. */
  readonly backMs: number
  readonly states: readonly string[]
  readonly faults: readonly string[]
  readonly startsDuring: number
  /** The other camera's pictures a second: before, and while the fault lasts. */
  readonly othersFps: number
  readonly othersFpsDuring: number
  /** The spoilt camera's. */
  readonly fpsDuring: number
}

const CAMERA_IP = '10.79.0.2'

async function play(wish: SceneWish, cameraPid: string): Promise<SceneFound> {
  const there = ['nsenter', '-t', cameraPid, '-n']
  const bad = await startRtspServer({ mounts: { '/a': { clip: wish.clip } }, address: CAMERA_IP }, there)
  const good = await startRtspServer({ mounts: { '/b': { clip: wish.clip } } })
  const fleet = await openFleet({ cameras: { bad: { url: bad.url('/a'), transport: wish.transport }, good: { url: good.url('/b') } }, ...(wish.bounds ? { bounds: wish.bounds } : {}) })
  const [camera, other] = [fleet.camera('bad'), fleet.camera('good')]
  await waitFor('both cameras are live', () => fleet.ingest.sessions().every(({ state }) => state === 'live'))
  // What a stream is like when it is well is learned in its first window.
  const othersFps = await rateOf([other], 6_000)
  const startsBefore = camera.starts
  for (const rule of rulesOf(wish, bad.port)) await must([...there, ...rule])
  const fromMs = systemClock.monotonicMs()
  const picturesBefore = camera.pictures
  const othersFpsDuring = await rateOf([other], wish.ms)
  const fpsDuring = ((camera.pictures - picturesBefore) * 1_000) / wish.ms
  const startsDuring = camera.starts - startsBefore
  const told = camera.told.filter(({ atMs }) => atMs >= fromMs)
  for (const rule of cureOf(wish)) await must([...there, ...rule])
  const curedMs = systemClock.monotonicMs()
  const back = (): boolean => camera.newestAtMs > curedMs && fleet.ingest.sessions().find(({ streamId }) => streamId === camera.id)?.state === 'live'
  await waitFor('pictures come again', back)
  const after = (fits: (state: string, fault: string | undefined) => boolean): number | null => {
    const found = firstTold(camera, fromMs, ({ state, fault }) => fits(state, fault?.name))
    return found && found.atMs - fromMs
  }
  const found: SceneFound = {
    noticedMs: after((state) => state === 'stalled' || state === 'waiting'),
    retriedMs: after((state) => state === 'connecting'),
    degradedMs: after((state, fault) => state === 'live' && fault === 'degraded'),
    backMs: systemClock.monotonicMs() - curedMs,
    states: told.map(({ news }) => news.state),
    faults: [...new Set(told.flatMap(({ news }) => (news.fault ? [news.fault.name] : [])))],
    startsDuring,
    othersFps,
    othersFpsDuring,
    fpsDuring,
  }
  await fleet.close()
  await pause(systemClock, 0)
  await Promise.all([bad.close(), good.close()])
  return found
}

function rulesOf({ scene, transport, amount = 0.1 }: SceneWish, port: number): readonly (readonly string[])[] {
  const to = ['-p', 'tcp', '--dport', String(port)]
  switch (scene) {
    case 'refuse':
      return [['iptables', '-A', 'INPUT', ...to, '-j', 'REJECT', '--reject-with', 'tcp-reset']]
    case 'swallow':
      return [['iptables', '-A', 'INPUT', '-j', 'DROP'], ['iptables', '-A', 'OUTPUT', '-j', 'DROP']]
    case 'lose':
      return [['iptables', '-A', 'OUTPUT', '-p', transport, '-m', 'statistic', '--mode', 'random', '--probability', String(amount), '-j', 'DROP']]
    case 'narrow':
      return [['tc', 'qdisc', 'add', 'dev', 'cable1', 'root', 'tbf', 'rate', `${amount}mbit`, 'burst', '16kb', 'latency', '300ms']]
  }
}

function cureOf({ scene }: SceneWish): readonly (readonly string[])[] {
  return scene === 'narrow' ? [['tc', 'qdisc', 'del', 'dev', 'cable1', 'root']] : [['iptables', '-F']]
}

async function must([program = '', ...args]: readonly string[]): Promise<void> {
  const { code, stderr } = await runToEnd(program, args, { timeoutMs: 10_000 })
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${stderr}`)
}

const [wish = '', cameraPid = ''] = process.argv.slice(2)
process.stdout.write(`${JSON.stringify(await play(JSON.parse(wish) as SceneWish, cameraPid))}\n`)
process.exit(0)
