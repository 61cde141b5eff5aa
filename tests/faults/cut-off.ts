import { systemClock } from '../../server/system/clock.js'
import type { SupervisionBounds } from '../../server/ingest/supervise.js'
import { startRtspServer } from '../support/rtsp-server.js'
import { openBadProxy } from './bad-proxy.js'
import { firstTold, openFleet, waitFor } from './fleet.js'

/** T6 without a network of our own: a peer that resets, ends, falls silent with its sockets open, or dies. */
export interface CutOff {
  /** From the cut to the next attempt. */
  readonly retriedMs: number
  /** From the cut to the state that tells it. */
  readonly noticedMs: number
  readonly backMs: number
  readonly fault: string | null
  readonly othersStarts: number
}

export type Cut = 'reset' | 'fin' | 'half_open' | 'kill'

export async function cutOff(plan: { readonly cut: Cut; readonly clip: string; readonly awayMs: number; readonly bounds?: Partial<SupervisionBounds> }): Promise<CutOff> {
  const server = await startRtspServer({ mounts: { '/a': { clip: plan.clip } } })
  const beside = await startRtspServer({ mounts: { '/b': { clip: plan.clip } } })
  const proxy = await openBadProxy(server.port)
  const fleet = await openFleet({ cameras: { cut: { url: proxy.url('/a') }, other: { url: beside.url('/b') } }, ...(plan.bounds ? { bounds: plan.bounds } : {}) })
  const [camera, other] = [fleet.camera('cut'), fleet.camera('other')]
  await waitFor('both are live', () => fleet.ingest.sessions().every(({ state }) => state === 'live') && camera.pictures > 20)
  const othersBefore = other.starts
  const fromMs = systemClock.monotonicMs()
  if (plan.cut === 'half_open') proxy.hold()
  else if (plan.cut === 'kill') await server.close()
  else proxy.cut(plan.cut)
  await waitFor('it is tried again', () => firstTold(camera, fromMs, ({ state }) => state === 'connecting') !== null)
  if (plan.cut === 'half_open' || plan.cut === 'kill') await waitFor('it was away', () => systemClock.monotonicMs() - fromMs > plan.awayMs, plan.awayMs + 10_000)
  const backFromMs = systemClock.monotonicMs()
  if (plan.cut === 'half_open') {
    proxy.cut('reset')
    proxy.go()
  }
  const again = plan.cut === 'kill' ? await startRtspServer({ mounts: { '/a': { clip: plan.clip } }, port: server.port }) : null
  await waitFor('it is live again', () => fleet.ingest.sessions().every(({ state }) => state === 'live') && camera.newestAtMs > backFromMs)
  const first = firstTold(camera, fromMs, ({ state }) => state !== 'live')
  const found: CutOff = {
    noticedMs: (first?.atMs ?? Infinity) - fromMs,
    retriedMs: (firstTold(camera, fromMs, ({ state }) => state === 'connecting')?.atMs ?? Infinity) - fromMs,
    backMs: (firstTold(camera, backFromMs, ({ state }) => state === 'live')?.atMs ?? backFromMs) - backFromMs,
    fault: first?.news.fault?.name ?? null,
    othersStarts: other.starts - othersBefore,
  }
  await fleet.close()
  await Promise.all([again?.close(), server.close(), beside.close(), proxy.close()])
  return found
}
