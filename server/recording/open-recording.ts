import { resolve } from 'node:path'
import type { CameraId, StreamId } from '../domain/ids.js'
import type { FreshSegment, RecordedPiece, RecordedSegment, RecordingPolicy } from '../domain/recording.js'
import type { Words } from '../domain/words.js'
import type { PacketHub } from '../flow/packet-hub.js'
import type { Bus } from '../flow/topics.js'
import type { Packet } from '../media/packet.js'
import type { Store } from '../storage/store.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { watchDisk, type Compared } from './watch-disk.js'
import { identifyDisk } from './disk-identity.js'
import { keepCamera, phaseOf, type KeptCamera, type KeptState } from './keep-camera.js'
import { openLedger } from './ledger.js'
import { makeRecall } from './recall.js'
import { makePieces } from './pieces.js'
import { makeRecordedFiles, type RecordedFiles } from './read-files.js'
import { makeRecordedStill, type RecordedStill } from './recorded-still.js'
import type { RecorderBounds } from './recorder.js'
import { openRoom, type Room, type RoomState } from './room.js'
import { followAlerts } from './storage-classes.js'
import { sweep } from './sweep.js'

export interface RecordingOptions {
  readonly store: Store
  readonly hub: PacketHub
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  readonly folder: string
  readonly ffmpeg: string | null
  readonly runId: string
  /** What a camera is recorded by until somebody decides otherwise. */
  readonly policy: RecordingPolicy
  /** How long recordings around confirmed violations are kept: the law's clock. */
  readonly legalDays: number
  readonly quotaBytes: number | null
  readonly reserveBytes: number
  readonly ballastBytes: number
  readonly bounds?: RecorderBounds
}

export interface Recording {
  readonly files: RecordedFiles
  stateOf(cameraId: CameraId): KeptState | null
  /** What is on the disk of the newest seconds, before any row tells of it, oldest first. */
  fresh(cameraId: CameraId): readonly FreshSegment[]
  /** What a camera is recorded by now: its own policy, or the one every camera begins with. */
  policyOf(cameraId: CameraId): Promise<RecordingPolicy & { readonly expiredBeforeMs: number | null }>
  setPolicy(cameraId: CameraId, policy: RecordingPolicy): Promise<void>
  still(cameraId: CameraId, atMs: number): Promise<RecordedStill | null>
  /** Where the segments of a span lie, for a process of ours that reads hours of them. */
  pieces(cameraId: CameraId, fromMs: number, toMs: number): Promise<readonly RecordedPiece[]>
  /** Packets from the disk, shaped like the hub's recall, for whoever needs more than it remembers. */
  recall(stream: StreamId, fromMs: number, toMs: number): Promise<readonly Packet[]>
  room(): RoomState
  bytesOf(cameraId: CameraId): number
  /** Why nothing at all is recorded, or null. */
  refused(): { readonly said: Words; readonly next: string } | null
  /** What stands in the way of recording as a whole, for the state of the server; null when nothing does. */
  trouble(): { readonly said: Words; readonly next: string } | null
  /** How the disk and the rows agreed when they were last compared; null before the first time. */
  compared(): Compared | null
  /** Settles when all that has ended so far is in the database: for tests and for a stop. */
  flush(): Promise<void>
  close(): Promise<void>
}

const TICK_MS = 500

/** Records every enabled camera by its policy, forgets in time, and says what is missing and why. */
export async function openRecording(options: RecordingOptions): Promise<Recording> {
  const { store, bus, clock, hub } = options
  const root = resolve(options.folder)
  const log = options.log.child({ stage: 'recording' })
  const files = makeRecordedFiles({ store, root, log })
  const disk = await identifyDisk(store, root).catch((fault: unknown) => ({ is: 'refused' as const, next: `ls -ld ${root}`, said: unusable(root, fault) }))
  if (disk.is === 'refused') log.error({ said: disk.said.en }, 'nothing is recorded')
  const swept = disk.is === 'ours' ? await sweep({ store, log, root }) : null
  if (swept && (swept.adopted > 0 || swept.removed > 0)) log.warn({ ...swept }, 'recordings of the last run were taken up')

  const kept = new Map<CameraId, Promise<KeptCamera>>()
  const ready = new Map<CameraId, KeptCamera>()
  let closed = false
  const setAllStopped = async (stopped: boolean): Promise<void> => {
    await Promise.all([...ready.values()].map((one) => one.setStopped(stopped ? 'disk_full' : null)))
  }
  const room: Room = await openRoom({ ...options, log, root, onStop: setAllStopped })
  const ledger = openLedger({ store, clock, log, root, onRecorded: (segments: readonly RecordedSegment[]) => room.grew(segments) })

  const begin = async (cameraId: CameraId): Promise<KeptCamera> => {
    let ordinal = await store.recordings.newestOrdinal(cameraId)
    const one = keepCamera({ cameraId, hub, clock, log, root, ledger, phase: phaseOf(cameraId), nextOrdinal: () => (ordinal += 1), knownUntilMs: await store.recordings.newestMs(cameraId), onFault: (fault) => room.refused(fault), ...(options.bounds ? { bounds: options.bounds } : {}) })
    if (room.state().stopped) await one.setStopped('disk_full')
    ready.set(cameraId, one)
    return one
  }
  const policyOf: Recording['policyOf'] = async (cameraId) => (await store.recordings.policy(cameraId)) ?? { ...options.policy, expiredBeforeMs: null }

  const sync = async (cameraId: CameraId): Promise<void> => {
    if (closed || disk.is === 'refused') return
    const camera = await store.cameras.get(cameraId)
    const policy = await policyOf(cameraId)
    const stream = camera?.streams.find(({ role }) => role === policy.stream) ?? camera?.streams.find(({ role }) => role === 'main')
    const wanted = camera?.enabled && policy.mode === 'always' ? (stream?.id ?? null) : null
    if (wanted === null && !kept.has(cameraId)) return
    if (wanted !== null && !(await store.recordings.policy(cameraId))) await store.recordings.setPolicy(cameraId, policy)
    if (!kept.has(cameraId)) kept.set(cameraId, begin(cameraId))
    await (await kept.get(cameraId))?.setWish(wanted)
  }
  const line = new Map<CameraId, Promise<void>>()
  const later = (cameraId: CameraId): Promise<void> => {
    const next = (line.get(cameraId) ?? Promise.resolve()).then(() => sync(cameraId)).catch((fault: unknown) => log.error({ cameraId, fault }, 'a camera could not be recorded'))
    line.set(cameraId, next)
    return next
  }

  const stopListening = bus.subscribe('camera.changed', ({ cameraId }) => later(cameraId))
  const alerts = followAlerts({ store, clock, onFault: (fault) => log.error({ fault }, 'recordings around alerts could not be marked') })
  const stopTicks = clock.every(TICK_MS, () => {
    for (const one of ready.values()) one.tick()
  })
  await Promise.all((await store.cameras.list()).map(({ id }) => later(id)))
  const watching = disk.is === 'ours' ? watchDisk({ store, bus, clock, log, root }) : null

  return {
    files,
    policyOf,
    stateOf: (cameraId) => ready.get(cameraId)?.state() ?? null,
    fresh: (cameraId) => ready.get(cameraId)?.fresh() ?? [],
    async setPolicy(cameraId, policy) {
      await store.recordings.setPolicy(cameraId, policy)
      await later(cameraId)
    },
    still: makeRecordedStill({ store, files, clock, ffmpeg: options.ffmpeg, runId: options.runId }),
    pieces: makePieces({ store, root }),
    recall: makeRecall({ store, files }),
    room: () => room.state(),
    bytesOf: (cameraId) => room.bytesOf(cameraId),
    trouble: () => (disk.is === 'refused' ? { said: disk.said, next: disk.next } : roomTrouble(room.state())),
    refused: () => (disk.is === 'refused' ? { said: disk.said, next: disk.next } : null),
    compared: () => watching?.last() ?? null,
    flush: () => ledger.flush(),
    async close() {
      closed = true
      stopListening()
      stopTicks()
      await Promise.all(line.values())
      await Promise.all([...ready.values()].map((one) => one.close()))
      await ledger.close()
      await alerts.close()
      await watching?.close()
      await room.close()
    },
  }
}

/** Only what a person should act on: a disk that keeps itself free is no trouble. */
function roomTrouble({ stopped, level, share }: RoomState): { readonly said: Words; readonly next: string } | null {
  if (stopped) return { said: { vi: 'Ổ đĩa đầy: đã ngừng ghi hình, sẽ tự ghi lại khi có chỗ', en: 'The disk is full: recording has stopped and begins again by itself when there is room' }, next: 'df -h' }
  const percent = Math.round(share * 100)
  return level === 'full' ? { said: { vi: `Ổ ghi hình đã dùng ${percent} %: không còn bản ghi nào được phép xóa sớm`, en: `The recording disk is ${percent} % used: nothing more may be removed early` }, next: 'npm run doctor' } : null
}

function unusable(root: string, fault: unknown): Words {
  const said = fault instanceof Error ? fault.message : String(fault)
  return { vi: `Không dùng được thư mục ghi hình ${root}: ${said}`, en: `The recording folder ${root} cannot be used: ${said}` }
}

