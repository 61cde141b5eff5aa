import type { StreamId } from '../domain/ids.js'
import type { PacketHub } from '../flow/packet-hub.js'
import type { InitSegment, Packet } from '../media/packet.js'
import type { Clock } from '../system/clock.js'
import { openArrivals } from './arrivals.js'
import { partTargetMs, usualPictureMs } from './part-target.js'
import { openShelf, type Shelf } from './shelf.js'
import { playsAsSent } from './transcode-budget.js'
import type { Transcoder } from './transcoder.js'

/** Fills a stream's shelf: first from what the hub remembers, so that a list is there at once, then as packets come. */
export interface Feed {
  /** Null until the first packet. */
  readonly shelf: Shelf | null
  /** PART-TARGET, in ms; chosen with the first packet. */
  readonly partMsMax: number
  readonly targetSeconds: number
  /** What stands between this stream and a browser; null for one that is shown as it is sent. */
  readonly transcoding: Transcoder['state'] | 'no_tools' | null
  close(): void
}

/** Makes the transcoder of a stream that needs one; null where there is no ffmpeg. */
export type OpenTranscoder = ((on: { readonly packet: (packet: Packet) => void; readonly state: () => void }) => Transcoder) | null

/** Enough past for a player to begin at once in whole segments; more would only be memory. */
const HISTORY_MS = 8_000
const SEGMENT_MS_MIN = 1_000
const SEGMENTS_KEPT = 7
/** What the hub remembers anyway: pictures kept only for the list would double the memory of a camera with viewers. */
const KEPT_MS = 8_000
/** One picture's time: what a viewer's glass can tell. Where a transcoder waits for each, or nothing is known yet. */
const WITHIN_MS = 40
/** Pictures are needed when they fill a part, and no sooner; looked for so much earlier, because cameras are not punctual. */
const EARLY_MS = 5
/** Once it is due, a part is looked for this often. */
const DUE_MS = 10
/** Some twenty seconds; a packager that sleeps longer goes on with the newest key picture. */
const MAILBOX_PACKETS = 500

export function openFeed(options: { readonly stream: StreamId; readonly hub: PacketHub; readonly clock: Clock; readonly openTranscoder?: OpenTranscoder; readonly onGrown: () => void; readonly onEnded: () => void }): Feed {
  const { stream, hub, clock } = options
  const reader = hub.subscribe(stream, { from: 'last_key', capacity: MAILBOX_PACKETS, whenFull: 'skip_to_key', withinMs: () => withinMs() })
  const nowMs = clock.wallMs()
  // Old pictures are not transcoded: a burst of them would cost seconds of a core, for what nobody waits.
  const history = hub.recall(stream, nowMs - HISTORY_MS, Infinity).filter(({ init }) => playsAsSent(init.codec))
  let shelf: Shelf | null = null
  let partMsMax = 0
  let targetSeconds = 2
  let transcoder: Transcoder | null = null
  let sent: InitSegment | null = null
  const arrivals = openArrivals()
  let shelvedEndMs = 0

  function withinMs(): number {
    const dueMs = shelf && !transcoder ? arrivals.dueMs(shelvedEndMs + shelf.partNeedsMs) : null
    return dueMs === null ? WITHIN_MS : Math.max(DUE_MS, dueMs - EARLY_MS - clock.monotonicMs())
  }

  function take(packet: Packet): void {
    if (packet.init !== sent) {
      sent = packet.init
      if (playsAsSent(sent.codec)) {
        transcoder?.close()
        transcoder = null
      } else transcoder ??= options.openTranscoder?.({ packet: shelve, state: options.onGrown }) ?? null
    }
    if (transcoder) transcoder.feed(packet)
    else if (playsAsSent(packet.init.codec)) shelve(packet)
  }

  function shelve(packet: Packet): void {
    if (!shelf) {
      partMsMax = partTargetMs(usualPictureMs([...history, packet].map((one) => (one.durationTicks / one.init.timescale) * 1000)))
      shelf = openShelf({ firstSequence: Math.floor(nowMs / 1000), partMsMax, segmentMsMin: SEGMENT_MS_MIN, segmentsKept: SEGMENTS_KEPT, keptMs: KEPT_MS })
    }
    shelvedEndMs = ((packet.decodeTime + packet.durationTicks) / packet.init.timescale) * 1000
    arrivals.saw(shelvedEndMs, clock.monotonicMs())
    if (!shelf.add(packet)) return
    const longestMs = Math.max(0, ...shelf.segments.map((segment) => segment.parts.reduce((sum, part) => sum + part.durationMs, 0)))
    // A camera that makes key packets more rarely than before forces this up; players of Apple may then start again.
    targetSeconds = Math.max(targetSeconds, Math.round(longestMs / 1000))
    options.onGrown()
  }

  async function follow(): Promise<void> {
    const seen = history.at(-1)?.decodeTime ?? -1
    // The reader begins with the remembered GOP too; what history held already is passed over.
    for await (const packet of reader) if (packet.decodeTime > seen) take(packet)
    options.onEnded()
  }

  for (const packet of history) take(packet)
  void follow()
  return {
    get shelf() {
      return shelf
    },
    get partMsMax() {
      return partMsMax
    },
    get targetSeconds() {
      return targetSeconds
    },
    get transcoding() {
      if (sent === null || playsAsSent(sent.codec)) return null
      return transcoder?.state ?? 'no_tools'
    },
    close() {
      reader.close()
      transcoder?.close()
    },
  }
}
