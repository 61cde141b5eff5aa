import { openShelf } from '../../server/live/shelf.js'
import type { Packet } from '../../server/media/packet.js'
import { startBentRtp, type Bend } from '../support/bent-rtp.js'
import { startRtspServer } from '../support/rtsp-server.js'
import { openFleet, waitFor } from './fleet.js'

/** T10: an RTP clock that jumps, goes back, stands at zero or wraps, and what became of the stream's own time line. */
export interface BentClock {
  /** Packets that did not begin where the one before ended, or lasted for nothing. */
  readonly torn: number
  readonly longestSegmentMs: number
  /** Time told by the time line less the time that went by, ms. */
  readonly driftMs: number
  readonly restarts: number
}

export async function bendClock(plan: { readonly bend: Bend; readonly clip: string; readonly pictures: number }): Promise<BentClock> {
  const server = await startRtspServer({ mounts: { '/main': { clip: plan.clip } } })
  const wire = await startBentRtp(server.port, plan.bend)
  const fleet = await openFleet({ cameras: { bent: { url: `rtsp://127.0.0.1:${wire.port}/main` } } })
  const camera = fleet.camera('bent')
  const reader = fleet.hub.subscribe(camera.id, { from: 'next_key', capacity: 500, whenFull: 'mark_gap' })
  const seen: Packet[] = []
  const reading = (async () => {
    for await (const packet of reader) if (seen.push(packet) >= plan.pictures) break
  })()
  await waitFor('enough pictures came', () => seen.length >= plan.pictures, plan.pictures * 80 + 30_000)
  await reading
  const shelf = openShelf({ firstSequence: 1, partMsMax: 220, segmentMsMin: 1_000, segmentsKept: plan.pictures, keptMs: Number.MAX_SAFE_INTEGER })
  for (const packet of seen) shelf.add(packet)
  const [first, last] = [seen[0]!, seen.at(-1)!]
  const found: BentClock = {
    torn: seen.filter((packet, at) => packet.durationTicks <= 0 || (at > 0 && packet.decodeTime !== seen[at - 1]!.decodeTime + seen[at - 1]!.durationTicks)).length,
    longestSegmentMs: Math.max(...shelf.segments.map(({ parts }) => parts.reduce((sum, part) => sum + part.durationMs, 0))),
    driftMs: Math.abs(((last.decodeTime - first.decodeTime) * 1_000) / last.init.timescale - (last.atMs - first.atMs)),
    restarts: camera.starts - 1,
  }
  await fleet.close()
  await Promise.all([wire.close(), server.close()])
  return found
}
