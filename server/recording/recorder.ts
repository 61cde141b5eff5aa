import { join } from 'node:path'
import type { CameraId, RunId, StreamId } from '../domain/ids.js'
import type { FreshSegment, KeyPlace, Run } from '../domain/recording.js'
import type { PacketHub, PacketReader } from '../flow/packet-hub.js'
import type { Packet } from '../media/packet.js'
import type { Clock } from '../system/clock.js'
import { newId } from '../system/ids.js'
import type { Log } from '../system/log.js'
import { cut, startCut, stopCut, type CutState, type CutVerdict } from './cut.js'
import { folderOf, GROWING, initFile, segmentFile } from './disk-names.js'
import { isFull, makeFolder } from './durable.js'
import { addKey } from './key-places.js'
import type { Ledger } from './ledger.js'
import { openSegmentFile, type Finished, type Group, type SegmentFile } from './segment-file.js'
import { writeInit } from './write-init.js'

export interface RecorderParts {
  readonly cameraId: CameraId
  readonly streamId: StreamId
  readonly hub: PacketHub
  readonly clock: Clock
  readonly log: Log
  readonly root: string
  readonly ledger: Ledger
  /** 0..1, different for each camera. */
  readonly phase: number
  /** Counts on over all runs of the camera. */
  readonly nextOrdinal: () => number
  /** Where the recording before this one ended: what the hub remembers from before is not recorded twice. */
  readonly afterMs: number | null
  /** The disk refused: the recorder stops writing the open segment and goes on with the next. */
  readonly onFault: (fault: unknown) => void
  readonly bounds?: RecorderBounds
}

/** What may wait for the disk, of one camera. */
export interface RecorderBounds {
  readonly mailboxPackets: number
  readonly backlogBytes: number
}

/** Records one stream from now on until closed. */
export interface Recorder {
  /** Wall time of the newest packet taken, or null. */
  newestAtMs(): number | null
  /** Wall time of the first packet of the newest run, or null. */
  runSinceMs(): number | null
  /** Since when (monotonic) it has been waiting for the disk, or null. */
  blockedSinceMs(): number | null
  /** What can be read already though no row tells of it, oldest first. */
  fresh(): readonly FreshSegment[]
  /** Writes out what has been held back for a second: a camera that fell silent leaves nothing in memory. */
  tick(): void
  /** The camera fell silent: what there is of the open segment is ended, so that it can be seen, and survives whatever comes. */
  rest(): void
  close(): Promise<void>
}

interface OpenSegment {
  readonly run: Run
  readonly number: number
  readonly fromMs: number
  readonly fromTicks: number
  readonly startsWithKey: boolean
  readonly file: SegmentFile
  readonly keys: KeyPlace[]
  /** Taken so far: what is written of it the file knows. */
  takenBytes: number
  /** Why some of it could not be kept, once that is so. */
  lost: 'disk_full' | 'disk_fault' | null
}

/** What a kill takes is what is held back here and not written yet (goal: 2 s at most). */
const GROUP_MS = 1_000
const GROUP_BYTES = 1 << 20
/**
 * Given to the disk and not written yet: some MB; beyond it the mailbox fills, about 16 s at 25 pictures a second, and beyond
 * that there is a gap. So long may a disk hold its breath before a picture is lost.
 */
const BOUNDS: RecorderBounds = { mailboxPackets: 400, backlogBytes: 8 << 20 }

export function openRecorder(parts: RecorderParts): Recorder {
  const { clock, ledger, cameraId, log, bounds = BOUNDS } = parts
  const reader = parts.hub.subscribe(parts.streamId, { from: 'last_key', capacity: bounds.mailboxPackets, whenFull: 'mark_gap' })
  const closing = new Set<Promise<void>>()
  /** Ended a moment ago: their rows are on the way. */
  let ended: readonly { readonly segment: OpenSegment; readonly atMonoMs: number }[] = []
  let state: CutState = startCut(parts.phase)
  let run: Run | null = null
  let number = 0
  let init: ReturnType<typeof writeInit> = { written: Promise.resolve(), synced: Promise.resolve() }
  let open: OpenSegment | null = null
  let group = emptyGroup()
  let lostTold = 0
  let newestAtMs: number | null = null
  let blockedSinceMs: number | null = null

  function push(packet: Packet): void {
    if (!open) return
    if (group.parts.length === 0) group.sinceMs = clock.monotonicMs()
    if (packet.key) addKey(open.keys, [packet.decodeTime - open.fromTicks, open.takenBytes], packet.init.timescale)
    open.takenBytes += packet.bytes.length
    group.parts.push(packet.bytes)
    group.bytes += packet.bytes.length
    group.endTicks = packet.decodeTime + packet.durationTicks
    group.endAtMs = packet.atMs
    if (!packet.key) {
      const second = Math.max(0, Math.floor(((packet.decodeTime - open.fromTicks) * 1000) / packet.init.timescale / 1000))
      const last = group.motion.at(-1)
      if (last?.[0] === second) last[1] += packet.bytes.length
      else group.motion.push([second, packet.bytes.length])
    }
    if (group.bytes >= GROUP_BYTES || clock.monotonicMs() - group.sinceMs >= GROUP_MS) flush()
  }

  const isFresh = ({ atMonoMs }: { readonly atMonoMs: number }): boolean => clock.monotonicMs() - atMonoMs < FRESH_MS_MAX

  function flush(): void {
    if (open && group.parts.length > 0) open.file.append(group)
    group = emptyGroup()
  }

  function beginRun({ init: { bytes, codec, width, height, timescale }, atMs }: Packet): void {
    run = { id: newId<RunId>(), cameraId, streamId: parts.streamId, ordinal: parts.nextOrdinal(), codec, width, height, timescale, init: bytes, startedAtMs: atMs, startedMonoMs: Math.round(clock.monotonicMs()) }
    number = 0
    init = writeInit(join(parts.root, initFile(run)), bytes, makeFolder(parts.root, join(parts.root, cameraId)))
  }

  function beginSegment(packet: Packet): void {
    if (!run) return
    const name = { cameraId, runId: run.id, number, fromMs: packet.atMs }
    const { synced } = init
    const before = init.written.then(() => makeFolder(parts.root, join(parts.root, folderOf(name))))
    const file = openSegmentFile({ growing: join(parts.root, segmentFile(name, GROWING)), whole: join(parts.root, segmentFile(name)), before, synced }, (fault) => {
      begun.lost = isFull(fault) ? 'disk_full' : 'disk_fault'
      parts.onFault(fault)
    })
    const begun: OpenSegment = { run, number, fromMs: packet.atMs, fromTicks: packet.decodeTime, startsWithKey: packet.key, file, keys: [], takenBytes: 0, lost: null }
    open = begun
    number += 1
  }

  function endSegment(toMs: number): void {
    flush()
    if (!open) return
    const ending = open
    open = null
    ended = [...ended.filter(isFresh), { segment: ending, atMonoMs: clock.monotonicMs() }]
    const work: Promise<void> = ending.file
      .finish()
      .then((finished) => {
        const keptToMs = finished ? record(ending, finished, toMs) : ending.fromMs
        // What came and was not kept is told, however short it was.
        if (ending.lost) ledger.gap({ cameraId, cause: ending.lost, fromMs: keptToMs, toMs })
      })
      .catch((fault: unknown) => {
        // After a failed sync nobody knows what is on the disk, and a second sync would lie: the next start reads it back.
        parts.onFault(fault)
        ledger.gap({ cameraId, cause: 'disk_fault', fromMs: ending.fromMs, toMs })
      })
      .then(() => void closing.delete(work))
    closing.add(work)
  }

  /** Answers where what was kept ends. */
  function record({ run: of, number: count, fromMs, fromTicks, startsWithKey, keys }: OpenSegment, finished: Finished, toMs: number): number {
    const { bytes, sha256, endTicks, motion, complete } = finished
    const spanMs = Math.round(((endTicks - fromTicks) * 1000) / of.timescale)
    const endMs = complete ? toMs : Math.min(toMs, fromMs + Math.min(60_000, Math.max(1, spanMs)))
    ledger.segment({ runId: of.id, number: count, cameraId, fromMs, toMs: endMs, fromTicks, toTicks: endTicks, bytes, sha256, startsWithKey, keys: keys.filter(([, byte]) => byte < bytes), motion, storageClass: 'plain', damaged: false }, of)
    return endMs
  }

  function act(verdict: CutVerdict): void {
    switch (verdict.do) {
      case 'end_segment':
        return endSegment(verdict.toMs)
      case 'begin_run':
        return beginRun(verdict.packet)
      case 'begin_segment':
        return beginSegment(verdict.packet)
      case 'append':
        return push(verdict.packet)
      case 'note_gap':
        if (verdict.cause === 'disk_slow') {
          log.warn({ cameraId, lost: reader.lost - lostTold }, 'the disk was too slow for this camera: pictures were not kept')
          lostTold = reader.lost
        }
        return ledger.gap({ cameraId, cause: verdict.cause, fromMs: verdict.fromMs, toMs: verdict.toMs })
    }
  }

  const take = async (packet: Packet): Promise<void> => {
    if (state.last === null && (!packet.key || packet.atMs <= (parts.afterMs ?? -Infinity))) return
    const [next, verdicts] = cut(state, packet, { lost: reader.lost - lostTold, offsetMs: clock.wallMs() - clock.monotonicMs() })
    state = next
    newestAtMs = packet.atMs
    for (const verdict of verdicts) act(verdict)
    if ((open?.file.backlogBytes ?? 0) > bounds.backlogBytes || closing.size > 2) await letDiskCatchUp(open)
  }

  const letDiskCatchUp = async (segment: OpenSegment | null): Promise<void> => {
    blockedSinceMs = clock.monotonicMs()
    await Promise.all([...closing, segment?.file.settled()])
    blockedSinceMs = null
  }

  const rest = (): void => {
    const [next, verdicts] = stopCut(state)
    state = next
    for (const verdict of verdicts) act(verdict)
  }
  let [taken, taking]: [number, Promise<void> | null] = [0, null]
  const takeInTurn = async (packet: Packet): Promise<void> => {
    taken += 1
    taking = take(packet)
    await taking
    taking = null
  }
  /** What came before the stop is kept: a mailbox hands on what it holds within some microtasks, so one that stays silent is empty. */
  const drain = async (): Promise<void> => {
    for (let before = -1; before !== taken || taking; ) {
      before = taken
      await taking
      for (let turn = 0; turn < SILENT_TURNS; turn += 1) await Promise.resolve()
    }
  }
  const done = readAll(reader, takeInTurn).finally(rest)

  return {
    newestAtMs: () => newestAtMs,
    runSinceMs: () => run?.startedAtMs ?? null,
    blockedSinceMs: () => blockedSinceMs,
    fresh: () => [...ended.filter(isFresh).map(({ segment }) => segment), ...(open ? [open] : [])].flatMap(freshOf),
    tick() {
      if (group.parts.length > 0 && clock.monotonicMs() - group.sinceMs >= GROUP_MS) flush()
    },
    rest,
    async close() {
      await drain()
      reader.close()
      await done
      await Promise.all(closing)
    },
  }
}

/** By then its row has come, or the file's fate is told by a gap. */
const FRESH_MS_MAX = 10_000

function freshOf({ run, number, fromMs, fromTicks, startsWithKey, keys, file }: OpenSegment): readonly FreshSegment[] {
  const { bytes, endTicks } = file.written
  if (bytes === 0) return []
  const toMs = fromMs + Math.round(((endTicks - fromTicks) * 1_000) / run.timescale)
  return [{ run, segment: { runId: run.id, number, cameraId: run.cameraId, fromMs, toMs, fromTicks, toTicks: endTicks, bytes, sha256: '', startsWithKey, keys: keys.filter(([, byte]) => byte < bytes), motion: [], storageClass: 'plain', damaged: false } }]
}

const SILENT_TURNS = 20

/** Takes packets until the reader is closed. */
async function readAll(reader: PacketReader, take: (packet: Packet) => Promise<void>): Promise<void> {
  for await (const packet of reader) await take(packet)
}

interface GrowingGroup extends Group {
  readonly parts: Uint8Array[]
  bytes: number
  endTicks: number
  endAtMs: number
  readonly motion: [second: number, bytes: number][]
  sinceMs: number
}

function emptyGroup(): GrowingGroup {
  return { parts: [], bytes: 0, endTicks: 0, endAtMs: 0, motion: [], sinceMs: 0 }
}

