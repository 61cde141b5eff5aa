import type { InitSegment, Packet } from '../media/packet.js'

export interface Part {
  readonly durationMs: number
  /** Begins with a key packet. */
  readonly independent: boolean
  /** The packets' own bytes, one after the other: the hub remembers them anyway, and a copy of every part cost more than all else here. */
  readonly pieces: readonly Uint8Array[]
}

export interface Segment {
  readonly sequence: number
  readonly init: number
  /** The picture before this segment does not lead to it: another session, or lost packets. */
  readonly discontinuity: boolean
  /** Wall time of its first picture. */
  readonly atMs: number
  readonly parts: readonly Part[]
  readonly whole: boolean
}

export interface ShelfBounds {
  readonly firstSequence: number
  readonly partMsMax: number
  /** A segment ends at the first key packet after this. */
  readonly segmentMsMin: number
  /** At most so many whole ones … */
  readonly segmentsKept: number
  /** … and no more than cover this long, but always four: a list of three target durations is the least (RFC 8216 §6.2.2). */
  readonly keptMs: number
}

/** The newest segments of one stream as LL-HLS wants them: cut into parts while they grow. Pure but for its own memory. */
export interface Shelf {
  /** True when something new can be asked for. */
  add(packet: Packet): boolean
  readonly segments: readonly Segment[]
  readonly inits: ReadonlyMap<number, InitSegment>
  /** Discontinuities that have left the window (EXT-X-DISCONTINUITY-SEQUENCE). */
  readonly gone: number
  readonly version: number
  /** Media time that is missing until the open part is full, ms; 0 before the first packet. */
  readonly partNeedsMs: number
}

/** Segments follow one another without a hole in their numbers. */
export function segmentAt(shelf: Pick<Shelf, 'segments'> | null, sequence: number): Segment | undefined {
  const { segments } = shelf ?? { segments: [] }
  return segments[sequence - (segments[0]?.sequence ?? 0)]
}

export function byteCount(pieces: readonly Uint8Array[]): number {
  let count = 0
  for (const piece of pieces) count += piece.length
  return count
}

interface OpenSegment {
  readonly sequence: number
  readonly init: number
  readonly discontinuity: boolean
  readonly atMs: number
  readonly parts: Part[]
  whole: boolean
}

const WHOLE_MIN = 4

export function openShelf(bounds: ShelfBounds): Shelf {
  const segments: OpenSegment[] = []
  const inits = new Map<number, InitSegment>()
  let packets: Packet[] = []
  let last: Packet | null = null
  let initIndex = -1
  let sequence = bounds.firstSequence
  let gone = 0
  let version = 0
  let wallLine: WallLine | null = null

  const open = (): OpenSegment | undefined => (segments.at(-1)?.whole === false ? segments.at(-1) : undefined)

  function closePart(): boolean {
    const segment = open()
    if (packets.length === 0 || !segment) return false
    segment.parts.push({ durationMs: packets.reduce((sum, packet) => sum + durationMsOf(packet), 0), independent: packets[0]?.key === true, pieces: packets.map((packet) => packet.bytes) })
    packets = []
    version += 1
    return true
  }

  function closeSegment(): boolean {
    const grew = closePart()
    const segment = open()
    if (!segment) return grew
    segment.whole = true
    version += 1
    return true
  }

  function beginSegment(packet: Packet, discontinuity: boolean): void {
    if (packet.init !== inits.get(initIndex)) inits.set((initIndex += 1), packet.init)
    wallLine = followWall(discontinuity ? null : wallLine, packet)
    segments.push({ sequence, init: initIndex, discontinuity: discontinuity && segments.length > 0, atMs: wallLine.atMs, parts: [], whole: false })
    sequence += 1
    while (segments.length > bounds.segmentsKept + 1 || (segments.length > WHOLE_MIN + 1 && msOf(segments.slice(1).flatMap(({ parts }) => parts), []) >= bounds.keptMs)) {
      if (segments.shift()?.discontinuity) gone += 1
      for (const index of inits.keys()) if (index < (segments[0]?.init ?? 0)) inits.delete(index)
    }
  }

  return {
    segments,
    inits,
    get gone() {
      return gone
    },
    get version() {
      return version
    },
    get partNeedsMs() {
      if (last === null) return 0
      const pictureMs = durationMsOf(last)
      return Math.floor((bounds.partMsMax - msOf([], packets)) / pictureMs + 1e-6) * pictureMs
    },
    add(packet) {
      const before = version
      const broken = last !== null && (packet.init !== last.init || packet.decodeTime !== last.decodeTime + last.durationTicks)
      const segment = open()
      const longEnough = segment !== undefined && packet.key && msOf(segment.parts, packets) >= bounds.segmentMsMin
      if (broken || longEnough) closeSegment()
      // Without a key packet nothing can be begun.
      if (!open() && !packet.key) return version !== before
      if (!open()) beginSegment(packet, broken || last === null)
      const grown = packets.reduce((sum, one) => sum + durationMsOf(one), 0)
      // Close before the picture that would not fit …
      if (grown + durationMsOf(packet) > bounds.partMsMax) closePart()
      packets.push(packet)
      last = packet
      // … and at once when one more of the same length would not: waiting for it would cost its whole duration.
      if (msOf([], packets) + durationMsOf(packet) > bounds.partMsMax) closePart()
      return version !== before
    },
  }
}

function durationMsOf(packet: Packet): number {
  return (packet.durationTicks / packet.init.timescale) * 1000
}

function msOf(parts: readonly Part[], packets: readonly Packet[]): number {
  return parts.reduce((sum, part) => sum + part.durationMs, 0) + packets.reduce((sum, packet) => sum + durationMsOf(packet), 0)
}

interface WallLine {
  readonly atMs: number
  readonly ticks: number
}

/** Camera clocks drift by some 10 ppm and arrival jitters by tens of ms; so the wall time follows, and does not jump. */
const FOLLOW = 0.1

/**
 * Wall time of a segment's first picture: the line of the segment before, pulled slowly towards the time of arrival; but never
 * later than arrival, which would claim a picture from the future.
 */
function followWall(line: WallLine | null, packet: Packet): WallLine {
  if (!line) return { atMs: packet.atMs, ticks: packet.decodeTime }
  const expected = line.atMs + ((packet.decodeTime - line.ticks) / packet.init.timescale) * 1000
  const behind = packet.atMs - expected
  // A clock that somebody set is followed at once.
  const atMs = behind < 0 || behind > 5_000 ? packet.atMs : expected + behind * FOLLOW
  return { atMs, ticks: packet.decodeTime }
}
