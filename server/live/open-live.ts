import type { StreamId } from '../domain/ids.js'
import type { PacketHub } from '../flow/packet-hub.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { openChannel, type Channel, type LiveAnswer, type LiveRequest } from './channel.js'
import type { HoldBudget } from './waiters.js'

export type { LiveAnswer, LiveRequest } from './channel.js'

export interface Live {
  /** Answers a file below /live/:streamId/. The caller has already asked whether this person may see this camera. */
  answer(stream: StreamId, request: LiveRequest): Promise<LiveAnswer>
  /** Streams with a viewer in the last minute, and requests held now. */
  counters(): { readonly channels: number; readonly held: number }
  close(): void
}

const IDLE_MS_MAX = 60_000
const HELD_MAX = 5_000

/** LL-HLS from memory. A stream is packaged only while somebody watches; the hub's memory makes the first list quick. */
export function openLive(options: { readonly hub: PacketHub; readonly clock: Clock; readonly log: Log }): Live {
  const { clock } = options
  const log = options.log.child({ stage: 'live' })
  const channels = new Map<StreamId, Channel>()
  const budget: HoldBudget = { held: 0, heldMax: HELD_MAX }
  const stopSweeping = clock.every(10_000, () => {
    for (const [stream, channel] of channels) {
      if (channel.held > 0 || clock.monotonicMs() - channel.lastAskedMs < IDLE_MS_MAX) continue
      channel.close()
      channels.delete(stream)
      log.info({ streamId: stream }, 'nobody watches: packaging ended')
    }
  })

  function channelOf(stream: StreamId): Channel {
    const known = channels.get(stream)
    if (known && !known.closed) return known
    const channel = openChannel({ stream, hub: options.hub, clock, budget })
    channels.set(stream, channel)
    return channel
  }

  return {
    answer: (stream, request) => channelOf(stream).answer(request),
    counters: () => ({ channels: channels.size, held: budget.held }),
    close() {
      stopSweeping()
      for (const channel of channels.values()) channel.close()
      channels.clear()
    },
  }
}
