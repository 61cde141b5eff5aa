import type { StreamId } from '../domain/ids.js'
import type { PacketHub } from '../flow/packet-hub.js'
import { join } from '../media/box-reader.js'
import type { Packet } from '../media/packet.js'
import type { Clock } from '../system/clock.js'
import { partTargetMs, usualPictureMs } from './part-target.js'
import { masterPlaylist, mediaPlaylist } from './playlist.js'
import { holds, readReload, tooFar } from './reload.js'
import { openShelf, type Shelf } from './shelf.js'
import { openWaiters, type HoldBudget } from './waiters.js'

export interface LiveAnswer {
  readonly status: 200 | 400 | 404 | 503
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

export interface LiveRequest {
  /** `index.m3u8`, `media.m3u8`, `init-0.mp4`, `seg-7.m4s`, `part-7-2.m4s`. */
  readonly file: string
  readonly msn?: string | undefined
  readonly part?: string | undefined
  /** Fires when the client is gone, so that nothing is held for nobody. */
  readonly signal?: AbortSignal | undefined
}

/** One stream's LL-HLS, from the first request until nobody has asked for a while. */
export interface Channel {
  answer(request: LiveRequest): Promise<LiveAnswer>
  readonly lastAskedMs: number
  readonly held: number
  readonly closed: boolean
  close(): void
}

/** Enough past for a player to begin at once in whole segments; more would only be memory. */
const HISTORY_MS = 8_000
const SEGMENT_MS_MIN = 1_000
const SEGMENTS_KEPT = 7
const HOLDING_PER_STREAM_MAX = 2_000
/** No packet for so long: a new viewer must not be shown the past as if it were now. */
const DARK_MS = 6_000

export function openChannel(options: { readonly stream: StreamId; readonly hub: PacketHub; readonly clock: Clock; readonly budget: HoldBudget }): Channel {
  const { stream, hub, clock } = options
  const reader = hub.subscribe(stream, { from: 'last_key', capacity: 500, whenFull: 'skip_to_key' })
  const waiters = openWaiters(clock, { waitingMax: HOLDING_PER_STREAM_MAX, budget: options.budget })
  let shelf: Shelf | null = null
  let partMsMax = 0
  let targetSeconds = 2
  let lastAskedMs = clock.monotonicMs()
  let closed = false
  let cached: { readonly version: number; readonly text: string } | null = null

  function take(packet: Packet, history: readonly Packet[]): void {
    if (!shelf) {
      partMsMax = partTargetMs(usualPictureMs([...history, packet].map((one) => (one.durationTicks / one.init.timescale) * 1000)))
      shelf = openShelf({ firstSequence: Math.floor(clock.wallMs() / 1000), partMsMax, segmentMsMin: SEGMENT_MS_MIN, segmentsKept: SEGMENTS_KEPT })
    }
    if (!shelf.add(packet)) return
    const longestMs = Math.max(0, ...shelf.segments.map((segment) => segment.parts.reduce((sum, part) => sum + part.durationMs, 0)))
    // A camera that makes key packets more rarely than before forces this up; players of Apple may then start again.
    targetSeconds = Math.max(targetSeconds, Math.round(longestMs / 1000))
    waiters.rouse()
  }

  async function follow(): Promise<void> {
    const nowMs = clock.wallMs()
    const history = hub.recall(stream, nowMs - HISTORY_MS, nowMs + 60_000)
    for (const packet of history) take(packet, history)
    const seen = history.at(-1)?.decodeTime ?? -1
    for await (const packet of reader) if (packet.decodeTime > seen) take(packet, [])
    close()
  }

  function close(): void {
    closed = true
    reader.close()
    waiters.close()
  }

  const dark = (): boolean => clock.wallMs() - (hub.newestAtMs(stream) ?? 0) > DARK_MS
  /** hls.js raises levelEmptyError on a list with next to nothing in it, and needs 3.5 s to recover (measured). */
  const listable = (): boolean => shelf !== null && !dark() && (shelf.segments.some(({ whole }) => whole) || (shelf.segments.at(-1)?.parts.length ?? 0) >= 4)

  async function playlist(request: LiveRequest): Promise<LiveAnswer> {
    const wish = readReload(request)
    if (wish.kind === 'bad') return refuse(400, wish.reason)
    const wanted = wish.kind === 'wait' ? wish.for : null
    if (wanted && shelf && tooFar(shelf, wanted, partMsMax)) return refuse(400, '_HLS_msn, _HLS_part: further ahead than a player may ask')
    const ready = (): boolean => (wanted && shelf ? holds(shelf, wanted) : listable())
    const end = await waiters.hold({ ready, msMax: 3_000 * targetSeconds, signal: request.signal })
    if (end !== 'ready' || !shelf) return refuse(503, end === 'full' ? 'too many requests are being held' : 'no picture came in time')
    if (cached?.version !== shelf.version) cached = { version: shelf.version, text: mediaPlaylist(shelf, { targetSeconds, partMsMax }) }
    return give(cached.text, PLAYLIST)
  }

  async function master(request: LiveRequest): Promise<LiveAnswer> {
    const end = await waiters.hold({ ready: listable, msMax: 3_000 * targetSeconds, signal: request.signal })
    const newest = shelf?.segments.at(-1)
    const init = newest && shelf?.inits.get(newest.init)
    if (end !== 'ready' || !shelf || !init) return refuse(503, 'no picture came in time')
    return give(masterPlaylist({ ...init, bitsPerSecond: bitsPerSecond(shelf) }), PLAYLIST)
  }

  function media(sequence: number): LiveAnswer {
    const segment = shelf?.segments.find((one) => one.sequence === sequence && one.whole)
    return segment ? give(join(segment.parts.map((part) => part.bytes)), SEGMENT) : refuse(404, 'this segment is not there, or not any more')
  }

  /** The part that the playlist hints at is held until it is there; one further ahead is nobody's to ask for. */
  async function part(sequence: number, index: number, request: LiveRequest): Promise<LiveAnswer> {
    const find = (): Uint8Array | undefined => shelf?.segments.find((one) => one.sequence === sequence)?.parts[index]?.bytes
    const last = shelf?.segments.at(-1)
    const hinted = last && (last.whole ? sequence === last.sequence + 1 && index === 0 : sequence === last.sequence && index === last.parts.length)
    if (hinted) {
      const end = await waiters.hold({ ready: () => find() !== undefined || holds(shelf as Shelf, { sequence: sequence + 1, part: 0 }), msMax: 3_000 * targetSeconds, signal: request.signal })
      if (end === 'full') return refuse(503, 'too many requests are being held')
    }
    const bytes = find()
    return bytes ? give(bytes, SEGMENT) : refuse(404, 'this part is not there')
  }

  void follow()
  return {
    get lastAskedMs() {
      return lastAskedMs
    },
    get held() {
      return waiters.size
    },
    get closed() {
      return closed
    },
    close,
    async answer(request) {
      lastAskedMs = clock.monotonicMs()
      const file = readFileName(request.file)
      switch (file?.kind) {
        case 'media':
          return playlist(request)
        case 'index':
          return master(request)
        case 'init': {
          const init = shelf?.inits.get(file.sequence)
          return init ? give(init.bytes, INIT) : refuse(404, 'this init segment is not there')
        }
        case 'seg':
          return media(file.sequence)
        case 'part':
          return part(file.sequence, file.index, request)
        default:
          return refuse(404, 'no such file')
      }
    },
  }
}

type FileName = { readonly kind: 'media' | 'index' } | { readonly kind: 'init' | 'seg'; readonly sequence: number } | { readonly kind: 'part'; readonly sequence: number; readonly index: number }

function readFileName(text: string): FileName | null {
  if (text === 'media.m3u8') return { kind: 'media' }
  if (text === 'index.m3u8') return { kind: 'index' }
  const [, kind, sequence, , index] = /^(init|seg|part)-(\d{1,15})(-(\d{1,6}))?\.(?:mp4|m4s)$/.exec(text) ?? []
  if (kind === 'part' && index !== undefined) return { kind, sequence: Number(sequence), index: Number(index) }
  if ((kind === 'init' || kind === 'seg') && index === undefined) return { kind, sequence: Number(sequence) }
  return null
}

const PLAYLIST = 'application/vnd.apple.mpegurl'
const INIT = 'video/mp4'
const SEGMENT = 'video/iso.segment'

function give(body: string | Uint8Array, type: string): LiveAnswer {
  return { status: 200, headers: { 'content-type': type, 'cache-control': 'no-store' }, body }
}

function refuse(status: 400 | 404 | 503, reason: string): LiveAnswer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...(status === 503 ? { 'retry-after': '1' } : {}) }, body: `${reason}\n` }
}

function bitsPerSecond(shelf: Shelf): number {
  const whole = shelf.segments.filter((segment) => segment.parts.length > 0)
  return Math.max(0, ...whole.map(({ parts }) => (parts.reduce((sum, one) => sum + one.bytes.length, 0) * 8_000) / Math.max(1, parts.reduce((sum, one) => sum + one.durationMs, 0))))
}
