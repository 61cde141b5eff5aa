import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Packet } from '../media/packet.js'

/** Recordings without a break: one file that a decoder reads from its first picture on. */
export interface Piece {
  /** Name in the job's own folder. */
  readonly name: string
  readonly fromMs: number
  readonly seconds: number
  /** How long its longest picture stands. */
  readonly pictureSMax: number
  readonly init: Packet['init']
}

/** Packets of each recorded segment of a span, oldest first, beginning at or before it. */
export type Recorded = AsyncIterable<readonly Packet[]>

/**
 * Writes what was recorded of a span, segment by segment, so that two hours need no more memory than one segment. A new piece
 * begins where the time line breaks; the first begins with the key picture at or before the span, as a decoder must.
 */
export async function writePieces(recorded: Recorded, span: { readonly fromMs: number; readonly toMs: number }, folder: string, signal: AbortSignal): Promise<readonly Piece[]> {
  const pieces: (Piece & { seconds: number; pictureSMax: number })[] = []
  let file: FileHandle | null = null
  let last: Packet | null = null
  let lead: Packet[] = []
  const follows = (packet: Packet): boolean => last !== null && last.init === packet.init && last.decodeTime + last.durationTicks === packet.decodeTime

  const put = async (packet: Packet): Promise<void> => {
    if (!follows(packet) || !file) {
      if (!packet.key) return // Nothing before it that it could be decoded from.
      await file?.close()
      const name = `piece-${pieces.length}.mp4`
      pieces.push({ name, fromMs: packet.atMs, seconds: 0, pictureSMax: 0, init: packet.init })
      file = await open(join(folder, name), 'w')
      await file.appendFile(packet.init.bytes)
    }
    await file.appendFile(packet.bytes)
    const piece = pieces.at(-1)
    const seconds = packet.durationTicks / packet.init.timescale
    if (piece) {
      piece.seconds += seconds
      piece.pictureSMax = Math.max(piece.pictureSMax, seconds)
    }
    last = packet
  }
  try {
    for await (const packets of recorded) {
      signal.throwIfAborted()
      for (const packet of packets) {
        if (packet.atMs >= span.toMs) continue
        if (packet.atMs < span.fromMs) {
          lead = packet.key ? [packet] : lead.length > 0 ? [...lead, packet] : []
          continue
        }
        for (const before of lead) await put(before)
        lead = []
        await put(packet)
      }
    }
  } finally {
    await (file as FileHandle | null)?.close()
  }
  return pieces
}

/** For ffmpeg's concat reader: names of ours, lengths of ours, no word of a person. */
export function concatList(parts: readonly { readonly name: string; readonly seconds: number }[]): string {
  return `ffconcat version 1.0\n${parts.map(({ name, seconds }) => `file ${name}\nduration ${seconds.toFixed(6)}\n`).join('')}`
}

/** The same codec, size and decoder settings, so that one file can hold all without re-encoding. */
export function joinable(pieces: readonly Piece[]): boolean {
  const [first, ...rest] = pieces
  return first !== undefined && rest.every(({ init }) => init.codec === first.init.codec && Buffer.compare(init.bytes, first.init.bytes) === 0)
}
