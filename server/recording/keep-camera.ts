import type { CameraId, StreamId } from '../domain/ids.js'
import type { FreshSegment, GapCause } from '../domain/recording.js'
import { GAP_MS_MIN } from './cut.js'
import { openRecorder, type Recorder, type RecorderParts } from './recorder.js'

export type KeptParts = Omit<RecorderParts, 'streamId' | 'afterMs'> & {
  /** The end of what is known from before this start; null for a camera that was never recorded. */
  readonly knownUntilMs: number | null
}

export interface KeptState {
  readonly is: 'recording' | 'waiting' | 'off' | 'stopped'
  /** What is not being recorded right now, since when and why. */
  readonly gap: { readonly cause: GapCause; readonly fromMs: number } | null
}

/** One camera, recorded as wished, with each break told: the open one too, while it lasts. */
export interface KeptCamera {
  /** Null: recording is switched off, or the camera is. */
  setWish(streamId: StreamId | null): Promise<void>
  /** The disk takes nothing (why), or takes again (null). */
  setStopped(cause: GapCause | null): Promise<void>
  /** The reader ended by itself (the stream was forgotten): begins again where it is still wished. */
  tick(): void
  state(): KeptState
  fresh(): readonly FreshSegment[]
  close(): Promise<void>
}

/** While a server starts, its cameras connect: until then the break is still the server's. */
const BOOT_MS = 15_000
const SILENT_MS_MAX = 5_000
/** An open gap is lengthened in the database so often: a crash loses no more of it. */
const TELL_MS = 10_000
/** A disk that holds its breath for longer than this is said. */
const BLOCKED_MS_MAX = 10_000

export function keepCamera(parts: KeptParts): KeptCamera {
  const { clock, ledger, cameraId } = parts
  const bootMs = clock.wallMs()
  const bootMonoMs = clock.monotonicMs()
  let recorder: Recorder | null = null
  let wish: StreamId | null = null
  let recorded: StreamId | null = null
  let stopped: GapCause | null = null
  let endedAtMs: number | null = null
  let seen: { atMs: number | null; monoMs: number } = { atMs: null, monoMs: bootMonoMs }
  let waiting: { readonly cause: GapCause; readonly fromMs: number; toldMonoMs: number } | null = parts.knownUntilMs !== null && parts.knownUntilMs < bootMs ? { cause: 'server_down', fromMs: parts.knownUntilMs, toldMonoMs: bootMonoMs } : { cause: 'camera_lost', fromMs: bootMs, toldMonoMs: bootMonoMs }
  let line: Promise<void> = Promise.resolve()

  const tell = (toMs: number): void => {
    if (waiting && toMs - waiting.fromMs >= GAP_MS_MIN) ledger.gap({ cameraId, cause: waiting.cause, fromMs: waiting.fromMs, toMs })
  }
  const wait = (cause: GapCause, fromMs: number): void => {
    if (waiting?.cause === cause) return
    tell(fromMs)
    waiting = { cause, fromMs: waiting ? Math.max(fromMs, waiting.fromMs) : fromMs, toldMonoMs: clock.monotonicMs() }
  }

  const end = async (): Promise<void> => {
    const ending = recorder
    recorder = null
    recorded = null
    if (!ending) return
    await ending.close()
    endedAtMs = ending.newestAtMs() ?? endedAtMs
  }

  const settle = async (): Promise<void> => {
    const wanted = stopped ? null : wish
    if (recorder && recorded === wanted) return
    const was = recorder?.newestAtMs() ?? null
    await end()
    const why = stopped ?? (wish === null ? 'switched_off' : null)
    if (why) wait(why, waiting ? clock.wallMs() : (was ?? clock.wallMs()))
    if (wanted === null) return
    if (waiting && (waiting.cause === 'switched_off' || waiting.cause === stopped)) tell(clock.wallMs())
    if (!waiting && was !== null) wait('camera_lost', was)
    recorded = wanted
    seen = { atMs: null, monoMs: clock.monotonicMs() }
    recorder = openRecorder({ ...parts, streamId: wanted, afterMs: endedAtMs !== null && endedAtMs <= clock.wallMs() ? endedAtMs : null })
  }
  const later = (): Promise<void> => (line = line.then(settle))

  const watch = (one: Recorder): void => {
    one.tick()
    const nowMs = clock.monotonicMs()
    const newest = one.newestAtMs()
    if (newest !== seen.atMs) {
      seen = { atMs: newest, monoMs: nowMs }
      // The break ended where the new run began, not where we looked.
      tell(Math.min(one.runSinceMs() ?? newest ?? clock.wallMs(), clock.wallMs()))
      waiting = null
    } else if (!waiting && seen.atMs !== null && nowMs - seen.monoMs > SILENT_MS_MAX && one.blockedSinceMs() === null) {
      one.rest()
      wait('camera_lost', seen.atMs)
    }
  }

  return {
    async setWish(streamId) {
      wish = streamId
      await later()
    },
    async setStopped(cause) {
      stopped = cause
      await later()
    },
    tick() {
      if (recorder) watch(recorder)
      const nowMs = clock.monotonicMs()
      if (recorder && waiting?.cause === 'server_down' && nowMs - bootMonoMs > BOOT_MS) wait('camera_lost', bootMs)
      if (waiting && nowMs - waiting.toldMonoMs >= TELL_MS) {
        waiting.toldMonoMs = nowMs
        tell(clock.wallMs())
      }
    },
    state() {
      const blocked = recorder?.blockedSinceMs() ?? null
      if (blocked !== null && clock.monotonicMs() - blocked > BLOCKED_MS_MAX) return { is: 'stopped', gap: { cause: 'disk_slow', fromMs: seen.atMs ?? bootMs } }
      const gap = waiting && { cause: waiting.cause, fromMs: waiting.fromMs }
      if (stopped) return { is: 'stopped', gap }
      if (wish === null) return { is: 'off', gap }
      return { is: waiting ? 'waiting' : 'recording', gap }
    },
    fresh: () => recorder?.fresh() ?? [],
    async close() {
      await line
      tell(clock.wallMs())
      await end()
    },
  }
}

/** A number 0..1 from an id, the same at each start: when in its first seconds a camera closes its first file. */
export function phaseOf(cameraId: CameraId): number {
  let sum = 0
  for (const letter of cameraId) sum = (sum * 31 + letter.charCodeAt(0)) % 9973
  return sum / 9973
}
