import { systemClock, pause } from '../../server/system/clock.js'
import type { SupervisionBounds } from '../../server/ingest/supervise.js'
import { openFleet, waitFor } from './fleet.js'
import { zombiesNow, zombiesSince } from './processes.js'

/** T4: every ffmpeg is killed, again and again, with signals in turn. */
export interface Killed {
  readonly kills: number
  /** From each kill to the next picture of that camera. */
  readonly backMs: readonly number[]
  readonly zombies: number
  /** Children of this run that are not ours to wait for, or that outlived the end. */
  readonly orphans: number
  /** The most ffmpegs that were ever seen beside the number of cameras. */
  readonly tooMany: number
  readonly faults: readonly string[]
}

export async function killChildren(plan: { readonly url: string; readonly cameras: number; readonly rounds: number; readonly calmMs: number; readonly bounds?: Partial<SupervisionBounds> }): Promise<Killed> {
  const names = Array.from({ length: plan.cameras }, (_, at) => `cam-${at}`)
  const fleet = await openFleet({ cameras: Object.fromEntries(names.map((name) => [name, { url: plan.url }])), ...(plan.bounds ? { bounds: plan.bounds } : {}) })
  const logs = names.map((name) => fleet.camera(name))
  const backMs: number[] = []
  const zombiesBefore = zombiesNow()
  let [orphans, tooMany] = [0, 0]
  for (let round = 0; round < plan.rounds; round += 1) {
    await waitFor('every camera is live', () => fleet.ingest.sessions().every(({ state }) => state === 'live'))
    // So long a stream must run to count as recovered; a real child does not die every second either.
    await pause(systemClock, plan.calmMs)
    const running = fleet.children()
    orphans += running.filter(({ parent }) => parent !== process.pid).length
    tooMany = Math.max(tooMany, running.length - plan.cameras)
    for (const { pid } of running) process.kill(pid, round % 2 === 0 ? 'SIGKILL' : 'SIGSEGV')
    const killedAtMs = systemClock.monotonicMs()
    const startsBefore = logs.map(({ starts }) => starts)
    const waits = logs.map((log, at) => waitFor(`${names[at]} shows pictures again`, () => {
      tooMany = Math.max(tooMany, at === 0 ? fleet.children().length - plan.cameras : 0)
      return log.starts > (startsBefore[at] ?? 0) && log.newestAtMs > (log.told.findLast(({ news }) => news.state === 'connecting')?.atMs ?? Infinity)
    }))
    await Promise.all(waits)
    backMs.push(...logs.map((log) => (log.told.findLast(({ news }) => news.state === 'live')?.atMs ?? Infinity) - killedAtMs))
  }
  const faults = [...new Set(logs.flatMap(({ told }) => told.flatMap(({ news }) => (news.fault ? [news.fault.name] : []))))]
  await fleet.close()
  return { kills: backMs.length, backMs, zombies: await zombiesSince(zombiesBefore), orphans: orphans + fleet.children().length, tooMany, faults }
}
