import { isSoundOf } from '../domain/camera.js'
import type { StreamId } from '../domain/ids.js'
import type { PacketHub } from '../flow/packet-hub.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { openChannel, type Channel, type LiveAnswer, type LiveRequest } from './channel.js'
import { openTranscodeBudget, playsAsSent } from './transcode-budget.js'
import { openTranscoder, type TranscodeTools, type Transcoder } from './transcoder.js'
import type { HoldBudget } from './waiters.js'

export type { LiveAnswer, LiveRequest } from './channel.js'

export interface Live {
  /** Answers a file below /live/:streamId/. The caller has already asked whether this person may see this camera. */
  answer(stream: StreamId, request: LiveRequest): Promise<LiveAnswer>
  /** Streams with a viewer in the last minute, requests held now, and streams that are transcoded now. */
  counters(): { readonly channels: number; readonly held: number; readonly transcoding: number }
  /** What stands between a watched stream and a browser; null for one that is shown as it is sent, or that nobody watches. */
  transcoding(stream: StreamId): Transcoder['state'] | 'no_tools' | null
  /** How a browser gets a stream of this codec, watched or not: `full` and `no_tools` are no way at all, for now. */
  playing(stream: StreamId, codec: string | null): 'as_sent' | 'transcoded' | 'full' | 'no_tools'
  close(): void
}

const IDLE_MS_MAX = 60_000
/** A transcoder costs a third of a core, sound a connection to the camera; a player asks several times a second, so that this long a silence means that it is gone. */
const IDLE_COSTLY_MS_MAX = 15_000
const HELD_MAX = 5_000

export interface LiveOptions {
  readonly hub: PacketHub
  readonly clock: Clock
  readonly log: Log
  /** Null where there is no ffmpeg: what browsers do not play is then refused in words. */
  readonly transcode?: (Omit<TranscodeTools, 'budget'> & { readonly atOnceMax: number }) | null
  /** A stream found all places taken, or found one again. */
  readonly onTranscoding?: (stream: StreamId) => void
  /** Somebody began to ask for a stream, or nobody has for a while: what is read only while it is wanted begins and ends by this. */
  readonly onWanted?: (stream: StreamId, wanted: boolean) => void
}

/** LL-HLS from memory. A stream is packaged only while somebody watches; the hub's memory makes the first list quick. */
export function openLive(options: LiveOptions): Live {
  const { clock, transcode } = options
  const log = options.log.child({ stage: 'live' })
  const channels = new Map<StreamId, Channel>()
  const budget: HoldBudget = { held: 0, heldMax: HELD_MAX }
  const places = openTranscodeBudget(transcode?.atOnceMax ?? 0)
  const stopSweeping = clock.every(5_000, () => {
    for (const [stream, channel] of channels) {
      const idleMsMax = channel.transcoding !== null || isSoundOf(stream) ? IDLE_COSTLY_MS_MAX : IDLE_MS_MAX
      if (channel.held > 0 || clock.monotonicMs() - channel.lastAskedMs < idleMsMax) continue
      channel.close()
      channels.delete(stream)
      options.onWanted?.(stream, false)
      log.info({ streamId: stream }, 'nobody watches: packaging ended')
    }
  })

  function channelOf(stream: StreamId): Channel {
    const known = channels.get(stream)
    if (known && !known.closed) return known
    const channel = openChannel({
      stream,
      hub: options.hub,
      clock,
      budget,
      openTranscoder: transcode
        ? (on) =>
            openTranscoder({
              ...transcode,
              clock,
              log: log.child({ streamId: stream }),
              budget: places,
              onPacket: on.packet,
              onState() {
                on.state()
                options.onTranscoding?.(stream)
              },
            })
        : null,
    })
    channels.set(stream, channel)
    options.onWanted?.(stream, true)
    return channel
  }

  return {
    answer: (stream, request) => channelOf(stream).answer(request),
    counters: () => ({ channels: channels.size, held: budget.held, transcoding: places.running }),
    transcoding: (stream) => channels.get(stream)?.transcoding ?? null,
    playing(stream, codec) {
      if (codec === null || playsAsSent(codec)) return 'as_sent'
      if (!transcode) return 'no_tools'
      return channels.get(stream)?.transcoding === 'full' ? 'full' : 'transcoded'
    },
    close() {
      stopSweeping()
      for (const channel of channels.values()) channel.close()
      channels.clear()
    },
  }
}
