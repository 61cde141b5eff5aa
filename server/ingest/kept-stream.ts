import { randomInt } from 'node:crypto'
import type { StreamId } from '../domain/ids.js'
import type { PacketHub } from '../flow/packet-hub.js'
import { sourceAddress, type AddressFault, type SourceAddress } from '../media/ffmpeg-args.js'
import type { InitSegment, Packet } from '../media/packet.js'
import type { TimeLine } from '../media/time-line.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { openFloodGuard, type FloodBounds } from './flood-guard.js'
import { openPictureQuality } from './picture-quality.js'
import { openPictureRate } from './picture-rate.js'
import type { RtspGate } from './rtsp-gate.js'
import { openSession, type Session } from './session.js'
import type { SessionFault, SessionNews } from './session-news.js'
import type { StartQueue } from './start-queue.js'
import { startSupervision, supervise, type SupervisionBounds, type SupervisionNews } from './supervise.js'

export interface StreamWish {
  /** rtsp:// or rtsps://, without user and password. */
  readonly url: string
  readonly user?: string
  readonly password?: string
  /** `auto` is TCP, and UDP for a camera that answers 461 to TCP. */
  readonly transport: 'auto' | 'tcp' | 'udp'
  /** Pictures, if nothing is said. */
  readonly media?: 'picture' | 'sound'
}

/** What every kept stream shares. */
export interface KeptStreamTools {
  readonly hub: PacketHub
  readonly clock: Clock
  readonly log: Log
  readonly gate: RtspGate
  readonly queue: StartQueue
  readonly ffmpeg: string | null
  readonly runId: string
  readonly bounds: SupervisionBounds
  readonly flood: FloodBounds
  readonly mayConnect?: (ip: string) => boolean
  readonly onSession: (stream: StreamId, news: SessionNews) => void
}

/** One stream, kept as wished: carries out what `supervise` decides, and tells it what happened. */
export interface KeptStream {
  setWish(wish: StreamWish): void
  /** Ends the session; `ended` settles when no child is left. */
  letGo(): void
  ended(): Promise<void>
  tick(): void
  news(): SessionNews
}

export function keepStream(stream: StreamId, tools: KeptStreamTools): KeptStream {
  const { clock, hub, queue } = tools
  const rate = openPictureRate()
  const quality = openPictureQuality()
  let state = startSupervision(clock.monotonicMs())
  let sinceWallMs = clock.wallMs()
  let wish: StreamWish | null = null
  let session: Session | null = null
  let starting: (() => void) | null = null
  let begun: (() => void) | null = null
  let line: TimeLine | null = null
  let init: InitSegment | null = null
  let told = ''
  let onEnded: (() => void) | null = null

  function apply(news: SupervisionNews): void {
    const before = state.name
    const [next, verdicts] = supervise(state, news, clock.monotonicMs(), randomInt(1_000_000) / 1_000_000, tools.bounds)
    state = next
    if (state.name !== before) sinceWallMs = clock.wallMs()
    for (const verdict of verdicts) {
      if (verdict.do === 'start') queue.add((starting = () => begin(verdict.run)))
      else if (session) session.kill()
      // It had not begun: the queue forgets it, and that is its end.
      else if (starting && queue.drop(starting)) apply({ kind: 'exited', run: verdict.run, fault: null, mayUseUdp: false })
    }
    tell()
    if (!state.child) onEnded?.()
  }

  function begin(run: number): void {
    begun = starting
    starting = null
    const mayUseUdp = wish?.transport === 'auto'
    const address = wish && checked(wish.url).address
    if (tools.ffmpeg === null || !wish || !address) {
      arrive()
      return apply({ kind: 'exited', run, fault: { name: 'tools_missing', words: 'ffmpeg is not installed' }, mayUseUdp })
    }
    let spoke = false
    rate.reset()
    quality.resume()
    // The gate counts what comes through it; over UDP nothing does, so that pictures are counted too.
    const guard = openFloodGuard(tools.flood)
    const login = wish.user === undefined || wish.user === '' ? null : { user: wish.user, password: wish.password ?? '' }
    const { gate, ffmpeg, runId, mayConnect } = tools
    session = openSession({
      clock,
      gate,
      ffmpeg,
      runId,
      address,
      login,
      transport: state.transport,
      probe: state.probe,
      media: wish.media ?? 'picture',
      resume: line,
      ...(mayConnect ? { mayConnect } : {}),
      withinMs: () => hub.withinMs(stream),
      onSpawned: () => apply({ kind: 'spawned', run }),
      onPlaying: () => apply({ kind: 'playing', run }),
      onInit(found) {
        init = found
        apply({ kind: 'init', run })
      },
      onPacket(packet) {
        spoke = true
        arrive()
        publish(packet)
        const flood = guard.add(packet.bytes.length, 1, clock.monotonicMs())
        apply(flood === null ? { kind: 'packet', run } : { kind: 'flooded', run, words: flood })
      },
      onExited(fault) {
        line = session?.line ?? line
        session = null
        arrive()
        if (spoke) hub.interrupt(stream)
        apply({ kind: 'exited', run, fault, mayUseUdp })
      },
    })
  }

  /** The queue may let the next one begin. */
  function arrive(): void {
    if (begun) queue.arrived(begun)
    begun = null
  }

  function publish(packet: Packet): void {
    const atMs = clock.monotonicMs()
    rate.add(packet, atMs)
    if (wish?.media !== 'sound') quality.add((packet.durationTicks / packet.init.timescale) * 1_000, atMs)
    // A stream that was let go is forgotten by the hub; what its dying child still says must not bring it back.
    if (state.wanted) hub.publish(stream, packet)
  }

  function news(): SessionNews {
    const fault = state.fault ?? poorPicture()
    return { state: state.name, since: sinceWallMs, attempts: state.attempts, ...(fault ? { fault } : {}), ...seenIn(init), ...(state.name === 'live' ? { ...rate.read(), ...clockSeen(session?.line ?? null) } : null) }
  }

  function poorPicture(): SessionFault | null {
    const words = state.name === 'live' ? quality.read() : null
    return words === null ? null : { name: 'degraded', words }
  }

  function tell(): void {
    const now = news()
    // Asked at every picture: cheap, and without the rates, which change always.
    const key = `${now.state} ${now.fault?.name} ${now.fault?.words} ${now.codec} ${now.width} ${now.height} ${now.clockRate === undefined}`
    if (key === told) return
    told = key
    tools.log.info({ streamId: stream, state: now.state, fault: now.fault?.name, words: now.fault?.words, attempts: now.attempts, clockRate: now.clockRate }, `session ${now.state}`)
    tools.onSession(stream, now)
  }

  return {
    news,
    tick: () => apply({ kind: 'tick' }),
    letGo: () => apply({ kind: 'unwanted' }),
    ended: () => (state.child ? new Promise((resolve) => (onEnded = resolve)) : Promise.resolve()),
    setWish(next) {
      if (wish && state.wanted && sameWish(wish, next)) return
      wish = next
      init = null
      quality.reset()
      const { fault } = checked(next.url)
      if (!fault) return apply({ kind: 'wanted', transport: next.transport === 'udp' ? 'udp' : 'tcp' })
      apply({ kind: 'unwanted' })
      state = { ...state, fault }
      tell()
    },
  }
}

const ADDRESS_WORDS: Readonly<Record<AddressFault, string>> = {
  not_a_url: 'is not an address; write rtsp://host/path',
  scheme: 'must begin with rtsp:// or rtsps://',
  credentials: 'must not hold a user or password; they have fields of their own',
  no_host: 'names no host',
  too_long: 'is too long',
}

function checked(url: string): { readonly address: SourceAddress; readonly fault: null } | { readonly address: null; readonly fault: SessionFault } {
  const found = sourceAddress(url)
  return 'ok' in found ? { address: found.ok, fault: null } : { address: null, fault: { name: 'invalid_address', words: `url: ${ADDRESS_WORDS[found.fault]}` } }
}

function seenIn(init: InitSegment | null): Pick<SessionNews, 'codec' | 'width' | 'height'> | null {
  return init && { codec: init.codec, width: init.width, height: init.height }
}

export function clockSeen(line: TimeLine | null): Pick<SessionNews, 'clockRate'> | null {
  return line?.pacing === 'arrival' && line.watch.rate !== null ? { clockRate: Math.round(line.watch.rate * 10) / 10 } : null
}

function sameWish(a: StreamWish, b: StreamWish): boolean {
  return a.url === b.url && a.user === b.user && a.password === b.password && a.transport === b.transport && a.media === b.media
}
