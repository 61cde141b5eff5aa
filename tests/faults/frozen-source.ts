import { pause, systemClock } from '../../server/system/clock.js'
import type { SupervisionBounds } from '../../server/ingest/supervise.js'
import { startRtspServer } from '../support/rtsp-server.js'
import { firstTold, hurriedStarts, openFleet, rateOf, waitFor } from './fleet.js'

/** T5: the camera's process stands still for a while, with its sockets open, and goes on. Another camera plays beside it. */
export interface Frozen {
  readonly detectedMs: number
  readonly states: readonly string[]
  readonly startsWhileFrozen: number
  readonly backMs: number
  /** Shortest time between two starts, against the step that the ladder had to keep. */
  readonly hurried: number
  readonly othersFps: number
  readonly ffmpegsMax: number
}

export async function freezeSource(plan: { readonly clip: string; readonly transport: 'tcp' | 'udp'; readonly frozenMs: number; readonly bounds?: Partial<SupervisionBounds> }): Promise<Frozen> {
  const frozen = await startRtspServer({ mounts: { '/a': { clip: plan.clip } } })
  const other = await startRtspServer({ mounts: { '/b': { clip: plan.clip } } })
  const fleet = await openFleet({ cameras: { frozen: { url: frozen.url('/a'), transport: plan.transport }, other: { url: other.url('/b') } }, ...(plan.bounds ? { bounds: plan.bounds } : {}) })
  const camera = fleet.camera('frozen')
  await waitFor('both cameras are live', () => fleet.ingest.sessions().every(({ state }) => state === 'live'))
  // So many pictures that ffmpeg and the gate are past their start.
  await waitFor('pictures come', () => camera.pictures > 30)
  let ffmpegsMax = 0
  const stopLooking = systemClock.every(200, () => (ffmpegsMax = Math.max(ffmpegsMax, fleet.children().length)))
  frozen.freeze()
  const frozenAtMs = systemClock.monotonicMs()
  const startsBefore = camera.starts
  const [othersFps] = await Promise.all([rateOf([fleet.camera('other')], plan.frozenMs), waitFor('the freeze is seen', () => firstTold(camera, frozenAtMs, ({ state }) => state === 'stalled') !== null)])
  const startsWhileFrozen = camera.starts - startsBefore
  const ladder = camera.told.filter(({ atMs }) => atMs >= frozenAtMs)
  const thawedAtMs = systemClock.monotonicMs()
  frozen.thaw()
  await waitFor('it is live again', () => firstTold(camera, thawedAtMs, ({ state }) => state === 'live') !== null)
  stopLooking()
  const found: Frozen = {
    detectedMs: (firstTold(camera, frozenAtMs, ({ state }) => state === 'stalled')?.atMs ?? Infinity) - frozenAtMs,
    states: camera.told.filter(({ atMs }) => atMs >= frozenAtMs).map(({ news }) => news.state),
    startsWhileFrozen,
    backMs: (firstTold(camera, thawedAtMs, ({ state }) => state === 'live')?.atMs ?? Infinity) - thawedAtMs,
    hurried: hurriedStarts(ladder, plan.bounds?.backOffMsMin, plan.bounds?.backOffMsMax),
    othersFps,
    ffmpegsMax,
  }
  await fleet.close()
  await pause(systemClock, 0)
  await frozen.close()
  await other.close()
  return found
}
