import { open, type FileHandle } from 'node:fs/promises'
import { NAL, nalType, splitNals, UnitScanner, worthSending, type UnitSpan } from './access-units.js'
import { packetize, type Payload } from './rtp-packets.js'

/**
 * One encoded picture of the loop, ready to send. `payloads` are shared by all viewers: a second viewer costs a copy of
 * bytes to its socket and nothing else.
 */
export interface AccessUnit {
  readonly key: boolean
  readonly nals: readonly Buffer[]
  readonly payloads: readonly Payload[]
}

/**
 * An Annex B file that is indexed once and then read a GOP at a time: about three GOPs are in memory, not the file.
 * (Six cameras of 120 s at 4 Mbit/s main and 0.5 Mbit/s sub are some 400 MB.)
 */
export interface MediaFile {
  readonly path: string
  readonly units: readonly UnitSpan[]
  readonly sps: Buffer
  readonly pps: Buffer
  /** Index of the key unit at or before this one. */
  keyBefore(unit: number): number
  readUnit(unit: number): Promise<AccessUnit>
  close(): Promise<void>
}

const PIECE_BYTES = 1 << 20
/** The one that plays, the one before (a viewer may lag) and the next. */
const GOPS_KEPT = 3

export async function openMediaFile(path: string): Promise<MediaFile> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw new Error(`cannot open the media file ${path}`, { cause })
  })
  try {
    const units = await indexFile(file)
    const firstNals = splitNals(await readSpan(file, units[0]?.offset ?? 0, units[0]?.length ?? 0))
    const sps = firstNals.find((nal) => nalType(nal) === NAL.sps)
    const pps = firstNals.find((nal) => nalType(nal) === NAL.pps)
    if (!sps || !pps) throw new Error('has no SPS and PPS before its first picture')
    return readByGop({ path, file, units, sps: Buffer.from(sps), pps: Buffer.from(pps) })
  } catch (error) {
    await file.close()
    throw new Error(`media file ${path} ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

async function indexFile(file: FileHandle): Promise<readonly UnitSpan[]> {
  const scanner = new UnitScanner()
  for (let at = 0; ;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(PIECE_BYTES), 0, PIECE_BYTES, at)
    if (bytesRead === 0) return scanner.end()
    scanner.push(buffer.subarray(0, bytesRead))
    at += bytesRead
  }
}

async function readSpan(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  // Slow allocation on purpose: a piece of Node's shared pool would keep its whole slab alive.
  const bytes = Buffer.allocUnsafeSlow(length)
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done)
    if (bytesRead === 0) throw new Error(`ends at byte ${offset + done}, ${length - done} bytes early: it changed while it was streamed`)
    done += bytesRead
  }
  return bytes
}

interface Opened {
  readonly path: string
  readonly file: FileHandle
  readonly units: readonly UnitSpan[]
  readonly sps: Buffer
  readonly pps: Buffer
}

function readByGop({ path, file, units, sps, pps }: Opened): MediaFile {
  const keys = units.flatMap((unit, index) => (unit.key ? [index] : []))
  const keyOf = new Int32Array(units.length)
  for (let index = 0, key = 0; index < units.length; index += 1) {
    if (units[index]?.key) key = index
    keyOf[index] = key
  }
  const gops = new Map<number, Promise<readonly AccessUnit[]>>()
  const load = (key: number): Promise<readonly AccessUnit[]> => {
    const known = gops.get(key)
    if (known) return known
    const after = keys.find((candidate) => candidate > key) ?? units.length
    const loading = readGop(key, after)
    loading.catch(() => gops.delete(key)) // who awaits it hears the error; the next asker tries again
    gops.set(key, loading)
    for (const oldest of gops.keys()) if (gops.size > GOPS_KEPT) gops.delete(oldest)
    return loading
  }
  const readGop = async (key: number, after: number): Promise<readonly AccessUnit[]> => {
    const from = units[key]?.offset ?? 0
    const last = units[after - 1]
    const bytes = await readSpan(file, from, (last?.offset ?? 0) + (last?.length ?? 0) - from)
    return units.slice(key, after).map((span) => accessUnit(span, splitNals(bytes.subarray(span.offset - from, span.offset - from + span.length)), sps, pps))
  }
  return {
    path,
    units,
    sps,
    pps,
    keyBefore: (unit) => keyOf[unit] ?? 0,
    async readUnit(unit) {
      const key = keyOf[unit] ?? 0
      const gop = await load(key)
      if (unit === key) void load(keys.find((candidate) => candidate > key) ?? 0).catch(() => undefined) // told again when it is needed
      const found = gop[unit - key]
      if (!found) throw new Error(`media file ${path} has no picture ${unit}`)
      return found
    },
    close: () => file.close(),
  }
}

function accessUnit(span: UnitSpan, all: readonly Buffer[], sps: Buffer, pps: Buffer): AccessUnit {
  const kept = all.filter(worthSending)
  // Each IDR carries its parameter sets, so that a viewer that joins there needs nothing from before.
  const nals = span.key && !kept.some((nal) => nalType(nal) === NAL.sps) ? [sps, pps, ...kept] : kept
  let payloads: readonly Payload[] | undefined
  return { key: span.key, nals, get payloads() { return (payloads ??= packetize(nals)) } }
}
