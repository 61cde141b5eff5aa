import { randomInt } from 'node:crypto'
import type { StreamId } from '../domain/ids.js'
import type { PacketHub } from '../flow/packet-hub.js'
import { sourceAddress, type SourceAddress } from '../media/ffmpeg-args.js'
import type { InitSegment } from '../media/packet.js'
import type { TimeLine } from '../media/time-line.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { openPictureRate, type PictureRate } from './picture-rate.js'
import type { Login } from './rtsp-auth.js'
import { openRtspGate, type RtspGate } from './rtsp-gate.js'
import { openSession, type Session } from './session.js'
import type { SessionFault, SessionNews } from './session-news.js'
import { startSupervision, supervise, SUPERVISION_BOUNDS, type Supervision, type SupervisionBounds, type SupervisionNews } from './supervise.js'

export interface StreamWish {
  /** rtsp:// or rtsps://, without user and password. */
  readonly url: string
  readonly user?: string
  readonly password?: string
  /** `auto` is TCP, and UDP for a camera that answers 461 to TCP. */
  readonly transport: 'auto' | 'tcp' | 'udp'
}

export interface Ingest {
  /** Reads this stream from now on and keeps it alive. Again with the same wish: nothing happens; with another: restarts at once. */
  setStream(stream: StreamId, wish: StreamWish): void
  removeStream(stream: StreamId): void
  sessions(): readonly (SessionNews & { readonly streamId: StreamId })[]
  /** Ends every ffmpeg and waits until they are gone. */
  close(): Promise<void>
}

export interface IngestOptions {
  readonly hub: PacketHub
  readonly clock: Clock
  readonly log: Log
  /** Path or name of the program; null where it is not installed. */
  readonly ffmpeg: string | null
  readonly runId: string
  readonly bounds?: Partial<SupervisionBounds>
  /** Guard against addresses outside of the camera networks; asked with the resolved IP. */
  readonly mayConnect?: (ip: string) => boolean
  onSession(stream: StreamId, news: SessionNews): void
}

interface Entry {
  readonly stream: StreamId
  wish: StreamWish
  address: SourceAddress | null
  state: Supervision
  session: Session | null
  line: TimeLine | null
  init: InitSegment | null
  readonly rate: PictureRate
  sinceWallMs: number
  told: string
  removed: boolean
}

/** Starting ffmpeg costs about 0.1 s of CPU; a hundred in one instant would starve those that run. */
const START_SPACING_MS = 120
const TICK_MS = 250

export async function openIngest(options: IngestOptions): Promise<Ingest> {
  const { clock, hub } = options
  const log = options.log.child({ stage: 'ingest' })
  const bounds = { ...SUPERVISION_BOUNDS, ...options.bounds }
  const gate = await openRtspGate(clock)
  const entries = new Map<StreamId, Entry>()
  /** Removed streams whose child has not ended yet. */
  const leaving = new Set<Entry>()
  const queue = openStartQueue(clock)
  let onEmpty: (() => void) | null = null
  let closing: Promise<void> | null = null

  function apply(entry: Entry, news: SupervisionNews): void {
    const before = entry.state.name
    const [state, verdicts] = supervise(entry.state, news, clock.monotonicMs(), randomInt(1_000_000) / 1_000_000, bounds)
    entry.state = state
    if (state.name !== before) entry.sinceWallMs = clock.wallMs()
    for (const verdict of verdicts) {
      if (verdict.do === 'start') queue.add(entry.stream, () => begin(entry, verdict.run, gate))
      else if (entry.session) entry.session.kill()
      else queue.drop(entry.stream, () => apply(entry, { kind: 'exited', run: verdict.run, fault: null, mayUseUdp: false }))
    }
    tell(entry)
  }

  function begin(entry: Entry, run: number, door: RtspGate): void {
    const mayUseUdp = entry.wish.transport === 'auto'
    if (options.ffmpeg === null || entry.address === null) {
      return apply(entry, { kind: 'exited', run, fault: { name: 'tools_missing', words: 'ffmpeg is not installed' }, mayUseUdp })
    }
    let spoke = false
    entry.rate.reset()
    entry.session = openSession({
      clock,
      gate: door,
      ffmpeg: options.ffmpeg,
      runId: options.runId,
      address: entry.address,
      login: loginOf(entry.wish),
      transport: entry.state.transport,
      probe: entry.state.probe,
      resume: entry.line,
      ...(options.mayConnect ? { mayConnect: options.mayConnect } : {}),
      onSpawned: () => apply(entry, { kind: 'spawned', run }),
      onPlaying: () => apply(entry, { kind: 'playing', run }),
      onInit(init) {
        entry.init = init
        apply(entry, { kind: 'init', run })
      },
      onPacket(packet) {
        spoke = true
        entry.rate.add(packet)
        if (!entry.removed) hub.publish(entry.stream, packet)
        apply(entry, { kind: 'packet', run })
      },
      onExited(fault) {
        entry.line = entry.session?.line ?? entry.line
        entry.session = null
        if (spoke && !entry.removed) hub.interrupt(entry.stream)
        apply(entry, { kind: 'exited', run, fault, mayUseUdp })
        if (entry.removed) leaving.delete(entry)
        if (leaving.size === 0 && entries.size === 0) onEmpty?.()
      },
    })
  }

  function tell(entry: Entry): void {
    if (entry.removed) return
    const news = newsOf(entry)
    const key = JSON.stringify([news.state, news.fault, news.codec, news.width, news.height])
    if (key === entry.told) return
    entry.told = key
    log.info({ streamId: entry.stream, state: news.state, fault: news.fault?.name, words: news.fault?.words, attempts: news.attempts }, `session ${news.state}`)
    options.onSession(entry.stream, news)
  }

  const stopTicks = clock.every(TICK_MS, () => {
    for (const entry of [...entries.values(), ...leaving]) apply(entry, { kind: 'tick' })
  })

  function remove(entry: Entry): void {
    apply(entry, { kind: 'unwanted' })
    entry.removed = true
    entries.delete(entry.stream)
    if (entry.session) leaving.add(entry)
  }

  /** A stream that comes back while its old child still ends goes on as the same entry: two entries could mean two ffmpegs. */
  function revive(stream: StreamId): Entry | undefined {
    const entry = [...leaving].find((one) => one.stream === stream)
    if (entry) {
      leaving.delete(entry)
      entry.removed = false
    }
    return entry
  }

  return {
    setStream(stream, wish) {
      const known = entries.get(stream) ?? revive(stream)
      if (known && known.state.wanted && sameWish(known.wish, wish)) return
      const checked = sourceAddress(wish.url)
      const entry: Entry = known ?? { stream, wish, address: null, state: startSupervision(clock.monotonicMs()), session: null, line: null, init: null, rate: openPictureRate(), sinceWallMs: clock.wallMs(), told: '', removed: false }
      entries.set(stream, entry)
      entry.wish = wish
      entry.address = 'ok' in checked ? checked.ok : null
      entry.init = null
      if ('ok' in checked) return apply(entry, { kind: 'wanted', transport: wish.transport === 'udp' ? 'udp' : 'tcp' })
      apply(entry, { kind: 'unwanted' })
      entry.state = { ...entry.state, fault: { name: 'invalid_address', words: `url: ${ADDRESS_WORDS[checked.fault]}` } }
      tell(entry)
    },
    removeStream(stream) {
      const entry = entries.get(stream)
      if (!entry) return
      remove(entry)
      hub.forget(stream)
    },
    sessions: () => [...entries.values()].map((entry) => ({ streamId: entry.stream, ...newsOf(entry) })),
    async close() {
      stopTicks()
      queue.close()
      for (const entry of entries.values()) remove(entry)
      if (leaving.size > 0) await new Promise<void>((resolve) => (onEmpty = resolve))
      closing ??= gate.close()
      await closing
    },
  }
}

const ADDRESS_WORDS = {
  not_a_url: 'is not an address; write rtsp://host/path',
  scheme: 'must begin with rtsp:// or rtsps://',
  credentials: 'must not hold a user or password; they have fields of their own',
  no_host: 'names no host',
  too_long: 'is too long',
} as const

function newsOf(entry: Entry): SessionNews {
  const { state, init } = entry
  const fault: SessionFault | null = state.fault
  const rate = state.name === 'live' ? entry.rate.read() : null
  return {
    state: state.name,
    since: entry.sinceWallMs,
    attempts: state.attempts,
    ...(fault ? { fault } : {}),
    ...(init ? { codec: init.codec, width: init.width, height: init.height } : {}),
    ...rate,
  }
}

function loginOf(wish: StreamWish): Login | null {
  return wish.user === undefined || wish.user === '' ? null : { user: wish.user, password: wish.password ?? '' }
}

function sameWish(a: StreamWish, b: StreamWish): boolean {
  return a.url === b.url && a.user === b.user && a.password === b.password && a.transport === b.transport
}

/** Starts one after another, `START_SPACING_MS` apart; the first at once. */
function openStartQueue(clock: Clock): { add(stream: StreamId, start: () => void): void; drop(stream: StreamId, dropped: () => void): void; close(): void } {
  const waiting = new Map<StreamId, () => void>()
  let cancel: (() => void) | null = null
  function next(): void {
    cancel = null
    const first = waiting.entries().next().value
    if (!first) return
    waiting.delete(first[0])
    cancel = clock.after(START_SPACING_MS, next)
    first[1]()
  }
  return {
    add(stream, start) {
      waiting.set(stream, start)
      if (!cancel) next()
    },
    drop(stream, dropped) {
      if (waiting.delete(stream)) dropped()
    },
    close() {
      cancel?.()
      waiting.clear()
    },
  }
}
