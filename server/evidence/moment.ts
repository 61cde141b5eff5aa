import type { Packet } from '../media/packet.js'

/** Which packets show a moment. Pure: remembered packets in, the cut and what is missing from it out. */
export interface StillCut {
  /** From a key packet to the one nearest the moment: decode all, keep the last picture. */
  readonly packets: readonly Packet[]
  readonly atMs: number
}

export function cutStill(remembered: readonly Packet[], atMs: number): StillCut | null {
  const start = remembered.findIndex((packet) => packet.key)
  if (start < 0) return null
  const usable = remembered.slice(start)
  let nearest = 0
  for (const [i, packet] of usable.entries()) if (Math.abs(packet.atMs - atMs) < Math.abs((usable[nearest]?.atMs ?? Infinity) - atMs)) nearest = i
  const key = usable.findLastIndex((packet, i) => i <= nearest && packet.key)
  const last = usable[nearest]
  return last ? { packets: usable.slice(key, nearest + 1), atMs: last.atMs } : null
}

export interface ClipCut {
  readonly packets: readonly Packet[]
  /** Wall time of the first picture and of the end of the last. */
  readonly fromMs: number
  readonly toMs: number
  /** How much of the wanted span the camera did not give; 0 when it gave all. */
  readonly missingBeforeMs: number
  readonly missingAfterMs: number
  /** A reconnect inside the span: one file holds one session, the one that saw the moment. */
  readonly interrupted: boolean
}

/** Pictures arrive a little unevenly; less than this is no loss. */
const UNEVEN_MS = 500

export function cutClip(remembered: readonly Packet[], span: { readonly fromMs: number; readonly atMs: number; readonly toMs: number }): ClipCut | null {
  const sessions = splitSessions(remembered)
  const [best] = sessions.toSorted((a, b) => farFrom(a, span.atMs) - farFrom(b, span.atMs) || b.length - a.length)
  const first = best?.[0]
  const last = best?.at(-1)
  if (!best || !first || !last) return null
  const fromMs = first.atMs
  const toMs = last.atMs + Math.round((last.durationTicks * 1000) / last.init.timescale)
  const missing = (ms: number): number => (ms > UNEVEN_MS ? Math.round(ms) : 0)
  return { packets: best, fromMs, toMs, missingBeforeMs: missing(fromMs - span.fromMs), missingAfterMs: missing(span.toMs - toMs), interrupted: sessions.length > 1 }
}

/** What was taken early and what is remembered now, as one: the memory may have let go of the oldest meanwhile. */
export function unite(early: readonly Packet[], remembered: readonly Packet[]): readonly Packet[] {
  const [first] = remembered
  const from = first ? early.indexOf(first) : -1
  // The memory forgot all that was taken, or holds nothing: they follow one another.
  if (!first || from < 0) return [...early, ...remembered.filter((packet) => !early.includes(packet))]
  return [...early.slice(0, from), ...remembered]
}

/** Runs of one init segment, each from its first key packet. */
function splitSessions(packets: readonly Packet[]): Packet[][] {
  const runs: Packet[][] = []
  for (const packet of packets) {
    const run = runs.at(-1)
    if (run?.[0]?.init === packet.init) run.push(packet)
    else if (packet.key) runs.push([packet])
  }
  return runs
}

function farFrom(run: readonly Packet[], atMs: number): number {
  return Math.max(0, (run[0]?.atMs ?? Infinity) - atMs, atMs - (run.at(-1)?.atMs ?? -Infinity))
}
