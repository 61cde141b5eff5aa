import type { Detection } from '../../analytics/detection.js'
import type { Point } from '../../analytics/geometry/point.js'
import type { LocalTime } from '../../analytics/rules/arming.js'
import type { Observation } from '../../analytics/rules/observation.js'
import type { Rule } from '../../analytics/rules/rule.js'
import type { StandingPlace } from '../../analytics/standing.js'
import type { Track } from '../../analytics/track/track.js'
import type { AskFeed, SignalReport } from '../../analytics/signal-watch.js'
import { makeWatch, type LampSeen, type Watch } from '../../analytics/watch.js'
import type { Mask } from '../domain/privacy-mask.js'
import type { CameraId, StreamId } from '../domain/ids.js'
import type { PacketHub } from '../flow/packet-hub.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import { openDecoder, type Decoder, type DecoderState } from './decoder.js'
import type { WatchingModel } from './inference-messages.js'
import { openInferencePool, type PoolStats } from './inference-pool.js'
import { openPoolSwitch } from './pool-switch.js'
import { openLane, type Lane, type LaneCounts } from './lane.js'
import { chooseSharpness, FIRST_SHARPNESS, type Sharpness } from './sharpness.js'

export interface WatchedCamera {
  readonly streamId: StreamId
  readonly rules: readonly Rule[]
  /** Another number: the camera was turned since, and shows something else. Left out: it never turns. */
  readonly view?: number
  /** Covered before anybody looks; asked for each frame. */
  readonly masks: () => readonly Mask[]
  /** What the clock on the wall at the camera's site shows at an instant. */
  readonly zoneTime: (atMs: number) => LocalTime
}

export interface CameraStats extends LaneCounts {
  readonly cameraId: CameraId
  /** `blind`: the model was refused, so nothing is watched. */
  readonly state: DecoderState | 'blind'
  readonly decoderRestarts: number
  /** Packets that were not decoded because nothing moved in them. */
  readonly packetsRested: number
  /** Boxes that stand where nothing of their kind ever moved: with `leftOut` they are no longer tracked, without they are suspected. */
  readonly standing: readonly StandingPlace[]
}

export interface WatchingStats {
  /** How much of the pictures is looked at: less on a full machine. */
  readonly sharpness: Sharpness
  readonly cameras: readonly CameraStats[]
  readonly pool: PoolStats
}

export interface Watching {
  /** Resolves when the model is loaded; rejects with a ModelFault (field, message, next) when it is refused. */
  readonly ready: Promise<void>
  /** Begins to watch, or changes how: rules that did not change keep what they remember. */
  setCamera(cameraId: CameraId, camera: WatchedCamera): void
  removeCamera(cameraId: CameraId): Promise<void>
  /** Watches with another model from the moment it is ready; rejects with a ModelFault when it is refused, and nothing changes. */
  useModel(model: WatchingModel): Promise<void>
  /** What stands at this point of the picture (0..1) is real, a person says: it is tracked again, and never left out any more. */
  forgetStanding(cameraId: CameraId, at: Point): void
  stats(): WatchingStats
  close(): Promise<void>
}

export interface WatchingOptions {
  readonly hub: PacketHub
  readonly model: WatchingModel
  readonly clock: Clock
  readonly log: Log
  /** The program, as found at start. */
  readonly ffmpeg: string
  readonly runId: string
  readonly fps?: number
  readonly workers?: number
  onObservations(cameraId: CameraId, observations: readonly Observation[]): void
  /** How far the lamps of a camera's rules can be trusted, when that changes and once a minute. */
  onSignals?(cameraId: CameraId, reports: readonly SignalReport[]): void
  /** What the controllers of junctions tell; left out: nobody asks them. */
  readonly askFeed?: AskFeed
  /** For screens and clips: what was seen in each frame. Boxes are in 0..1 of the camera's picture. */
  onTracks?(cameraId: CameraId, atMs: number, tracks: readonly Track[], detections: readonly Detection[], lamps: readonly LampSeen[]): void
}

interface Post {
  /** Changes in place, so that a change of rules costs neither the decoder nor the tracks. */
  readonly wish: { camera: WatchedCamera }
  readonly decoder: Decoder
  readonly lane: Lane
  readonly watch: Watch
}

/** Enough for a vehicle at 60 km/h to be seen every 3.3 m, and what 2 cores can look at for a street of cameras. */
const FPS = 5
const WEIGH_MS = 2_000

/** Watches cameras: newest frame → detections → tracks → observations. One camera's trouble stays with that camera. */
export function openWatching(options: WatchingOptions): Watching {
  const { hub, clock, ffmpeg, runId } = options
  const log = options.log.child({ stage: 'watching' })
  const pool = openPoolSwitch((model) => openInferencePool({ clock, log, model: { ...model, thresholds: model.thresholds ?? FOR_TRACKING }, ...(options.workers === undefined ? {} : { workers: options.workers }) }), options.model)
  const posts = new Map<CameraId, Post>()
  let sharp = FIRST_SHARPNESS
  let before = totals()

  function post(cameraId: CameraId, camera: WatchedCamera): Post {
    const wish = { camera }
    const watch = makeWatch(camera.rules, { localTime: (atMs) => wish.camera.zoneTime(atMs), ...(options.askFeed ? { askFeed: options.askFeed } : {}) })
    let faults = 0
    const lane = openLane({
      pool,
      clock,
      watch,
      masks: () => wish.camera.masks(),
      onSight(atMs, sight, detections) {
        // What a lamp is worth is said before what was seen by it.
        if (sight.signals.length > 0) options.onSignals?.(cameraId, sight.signals)
        if (sight.observations.length > 0) options.onObservations(cameraId, sight.observations)
        options.onTracks?.(cameraId, atMs, sight.tracks, detections, sight.lamps)
      },
      onFault(error) {
        faults += 1
        // Five a second would bury the log: the first is told, then the 2nd, 4th, 8th …
        if ((faults & (faults - 1)) === 0) log.error({ cameraId, faults, error }, 'a frame could not be judged')
      },
    })
    const decoder = openDecoder({
      hub, clock, log, ffmpeg, runId, fps: options.fps ?? FPS, streamId: camera.streamId,
      wish: () => ({ small: sharp.sharpness === 'small', far: sharp.sharpness === 'far' ? watch.far : null }),
      // The lamp of a signal is read from every picture, and who passes while a controller tells of it is seen in every one.
      stir: () => (wish.camera.rules.some((rule) => 'lamp' in rule) ? { kind: 'unsettled' } : lane.stir),
      onRest: (atMs) => lane.rest(atMs),
      onFrame: (frame) => lane.offer(frame),
    })
    return { wish, watch, lane, decoder }
  }

  /** Everything since the start: two of these tell what happened between. */
  function totals(): { readonly atMs: number; readonly judgeMs: number; readonly framesIn: number; readonly dropped: number; readonly farLooks: number } {
    const counts = [...posts.values()].map(({ lane }) => lane.counts)
    return { atMs: clock.monotonicMs(), judgeMs: pool.stats().judgeMs, framesIn: sum(counts, 'framesIn'), dropped: sum(counts, 'dropped'), farLooks: sum(counts, 'farLooks') }
  }

  const stopWeighing = clock.every(WEIGH_MS, () => {
    const now = totals()
    // A camera that was removed takes its counts along: such a moment tells nothing.
    const framesIn = Math.max(0, now.framesIn - before.framesIn)
    const busyShare = (now.judgeMs - before.judgeMs) / Math.max(1, (now.atMs - before.atMs) * pool.stats().workers)
    const [next, verdict] = chooseSharpness(sharp, { atMs: now.atMs, busyShare, droppedShare: framesIn > 0 ? Math.max(0, now.dropped - before.dropped) / framesIn : 0, looksFar: now.farLooks > before.farLooks })
    before = now
    sharp = next
    if (verdict.do === 'change') log.info({ to: verdict.to, why: verdict.why, busyShare }, 'the size of the pictures that are looked at changes')
  })

  async function dismiss(cameraId: CameraId): Promise<void> {
    const gone = posts.get(cameraId)
    posts.delete(cameraId)
    gone?.lane.close()
    await gone?.decoder.close()
  }

  return {
    get ready() {
      return pool.ready
    },
    setCamera(cameraId, camera) {
      const known = posts.get(cameraId)
      if (known && known.wish.camera.streamId === camera.streamId) {
        if (known.wish.camera.view !== camera.view) known.watch.turn()
        known.wish.camera = camera
        known.watch.setRules(camera.rules)
        return
      }
      void dismiss(cameraId)
      posts.set(cameraId, post(cameraId, camera))
    },
    removeCamera: dismiss,
    useModel: (model) => pool.use(model),
    forgetStanding: (cameraId, at) => posts.get(cameraId)?.watch.forgetStanding(at),
    stats: () => ({
      sharpness: sharp.sharpness,
      pool: pool.stats(),
      cameras: [...posts].map(([cameraId, { lane, decoder, watch }]) => ({ cameraId, state: pool.stats().model.kind === 'refused' ? 'blind' : decoder.state, decoderRestarts: decoder.counts.restarts, packetsRested: decoder.counts.restedPackets, standing: watch.standing, ...lane.counts })),
    }),
    async close() {
      stopWeighing()
      await Promise.all([...posts.keys()].map(dismiss))
      await pool.close()
    },
  }
}

function sum(counts: readonly LaneCounts[], of: 'framesIn' | 'dropped' | 'farLooks'): number {
  return counts.reduce((total, one) => total + one[of], 0)
}

/** The tracker tells sure claims from unsure ones itself; unsure ones carry a track through a bad moment. */
const FOR_TRACKING = { other: 0.1 }
