import type { StreamId } from '../domain/ids.js'
import type { PacketHub } from '../flow/packet-hub.js'
import type { Clock } from '../system/clock.js'
import type { Leaving } from '../system/leaving.js'
import { openFeed, type Feed, type OpenTranscoder } from './feed.js'
import { masterPlaylist, mediaPlaylist } from './playlist.js'
import { holds, readReload, tooFar } from './reload.js'
import { byteCount, segmentAt, type Shelf } from './shelf.js'
import { openWaiters, type HoldBudget, type Waiters } from './waiters.js'

export interface LiveAnswer {
  readonly status: 200 | 400 | 404 | 503
  readonly headers: Readonly<Record<string, string>>
  /** Text, or bytes in pieces that are sent one after the other as they are. */
  readonly body: string | readonly Uint8Array[]
}

export interface LiveRequest {
  /** `index.m3u8`, `media.m3u8`, `init-0.mp4`, `seg-7.m4s`, `part-7-2.m4s`. */
  readonly file: string
  readonly msn?: string | undefined
  readonly part?: string | undefined
  /** Fires when the client is gone, so that nothing is held for nobody. */
  readonly signal?: Leaving | undefined
}

/** One stream's LL-HLS, from the first request until nobody has asked for a while. */
export interface Channel {
  answer(request: LiveRequest): Promise<LiveAnswer>
  readonly lastAskedMs: number
  readonly held: number
  readonly closed: boolean
  readonly transcoding: Feed['transcoding']
  close(): void
}

const HOLDING_PER_STREAM_MAX = 2_000
/** No packet for so long: a new viewer must not be shown the past as if it were now. */
const DARK_MS = 6_000

export function openChannel(options: { readonly stream: StreamId; readonly hub: PacketHub; readonly clock: Clock; readonly budget: HoldBudget; readonly openTranscoder?: OpenTranscoder }): Channel {
  const { stream, hub, clock } = options
  const waiters = openWaiters(clock, { waitingMax: HOLDING_PER_STREAM_MAX, budget: options.budget })
  let lastAskedMs = clock.monotonicMs()
  let closed = false
  const close = (): void => {
    closed = true
    feed.close()
    waiters.close()
  }
  const feed = openFeed({ stream, hub, clock, openTranscoder: options.openTranscoder ?? null, onGrown: () => waiters.rouse(), onEnded: () => close() })
  const lists = openLists(feed, waiters, () => clock.wallMs() - (hub.newestAtMs(stream) ?? 0) > DARK_MS)
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
    get transcoding() {
      return feed.transcoding
    },
    close,
    async answer(request) {
      lastAskedMs = clock.monotonicMs()
      const file = readFileName(request.file)
      switch (file?.kind) {
        case 'media':
          return lists.media(request)
        case 'index':
          return lists.master(request)
        case 'init': {
          const init = feed.shelf?.inits.get(file.sequence)
          return init ? give([init.bytes], INIT) : refuse(404, 'this init segment is not there')
        }
        case 'seg': {
          const segment = segmentAt(feed.shelf, file.sequence)
          return segment?.whole ? give(segment.parts.flatMap(({ pieces }) => pieces), SEGMENT) : refuse(404, 'this segment is not there, or not any more')
        }
        case 'part':
          return partOf(feed, waiters, file, request)
        default:
          return refuse(404, 'no such file')
      }
    },
  }
}

interface Lists {
  media(request: LiveRequest): Promise<LiveAnswer>
  master(request: LiveRequest): Promise<LiveAnswer>
}

function openLists(feed: Feed, waiters: Waiters, isDark: () => boolean): Lists {
  let cached: { readonly version: number; readonly text: string } | null = null
  /** hls.js raises levelEmptyError on a list with next to nothing in it, and needs 3.5 s to recover (measured). */
  const listable = (): boolean => barredBy(feed) !== null || (feed.shelf !== null && !isDark() && (feed.shelf.segments.some(({ whole }) => whole) || (feed.shelf.segments.at(-1)?.parts.length ?? 0) >= 4))
  return {
    async media(request) {
      const wish = readReload(request)
      if (wish.kind === 'bad') return refuse(400, wish.reason)
      const wanted = wish.kind === 'wait' ? wish.for : null
      if (wanted && feed.shelf && tooFar(feed.shelf, wanted, feed.partMsMax)) return refuse(400, '_HLS_msn, _HLS_part: further ahead than a player may ask')
      const ready = (): boolean => (wanted && feed.shelf ? holds(feed.shelf, wanted) : listable())
      const end = await waiters.hold({ ready, msMax: 3_000 * feed.targetSeconds, asker: request })
      const barred = barredBy(feed)
      if (barred !== null) return refuse(503, barred)
      if (end !== 'ready' || !feed.shelf) return refuse(503, end === 'full' ? 'too many requests are being held' : 'no picture came in time')
      if (cached?.version !== feed.shelf.version) cached = { version: feed.shelf.version, text: mediaPlaylist(feed.shelf, feed) }
      return give(cached.text, PLAYLIST)
    },
    async master(request) {
      const end = await waiters.hold({ ready: listable, msMax: 3_000 * feed.targetSeconds, asker: request })
      const newest = feed.shelf?.segments.at(-1)
      const init = newest && feed.shelf?.inits.get(newest.init)
      const barred = barredBy(feed)
      if (barred !== null) return refuse(503, barred)
      if (end !== 'ready' || !feed.shelf || !init) return refuse(503, 'no picture came in time')
      return give(masterPlaylist({ ...init, bitsPerSecond: bitsPerSecond(feed.shelf) }), PLAYLIST)
    },
  }
}

/** The part that the playlist hints at is held until it is there; one further ahead is nobody's to ask for. */
async function partOf(feed: Feed, waiters: Waiters, file: { readonly sequence: number; readonly index: number }, request: LiveRequest): Promise<LiveAnswer> {
  const { sequence, index } = file
  const { shelf } = feed
  const find = (): readonly Uint8Array[] | undefined => segmentAt(shelf, sequence)?.parts[index]?.pieces
  const last = shelf?.segments.at(-1)
  const hinted = last && (last.whole ? sequence === last.sequence + 1 && index === 0 : sequence === last.sequence && index === last.parts.length)
  if (shelf && hinted) {
    const ready = (): boolean => find() !== undefined || holds(shelf, { sequence: sequence + 1, part: 0 })
    const end = await waiters.hold({ ready, msMax: 3_000 * feed.targetSeconds, asker: request })
    if (end === 'full') return refuse(503, 'too many requests are being held')
  }
  const pieces = find()
  return pieces ? give(pieces, SEGMENT) : refuse(404, 'this part is not there')
}

/** Why this stream cannot be shown for now, though it sends pictures. */
function barredBy(feed: Feed): string | null {
  if (feed.transcoding === 'full') return 'this machine transcodes as many streams as it can: close another tile that is transcoded, or set the camera’s sub stream to H.264'
  return feed.transcoding === 'no_tools' ? 'this stream must be transcoded, and the server has no ffmpeg: apt-get install ffmpeg, then restart' : null
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

/** One object for each kind, so that the door lays out each once. */
const PLAYLIST = { 'content-type': 'application/vnd.apple.mpegurl', 'cache-control': 'no-store' } as const
const INIT = { 'content-type': 'video/mp4', 'cache-control': 'no-store' } as const
const SEGMENT = { 'content-type': 'video/iso.segment', 'cache-control': 'no-store' } as const
const REFUSED = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' } as const
const REFUSED_FOR_NOW = { ...REFUSED, 'retry-after': '1' } as const

function give(body: LiveAnswer['body'], headers: LiveAnswer['headers']): LiveAnswer {
  return { status: 200, headers, body }
}

function refuse(status: 400 | 404 | 503, reason: string): LiveAnswer {
  return { status, headers: status === 503 ? REFUSED_FOR_NOW : REFUSED, body: `${reason}\n` }
}

function bitsPerSecond(shelf: Shelf): number {
  const whole = shelf.segments.filter((segment) => segment.parts.length > 0)
  return Math.max(0, ...whole.map(({ parts }) => (parts.reduce((sum, one) => sum + byteCount(one.pieces), 0) * 8_000) / Math.max(1, parts.reduce((sum, one) => sum + one.durationMs, 0))))
}
