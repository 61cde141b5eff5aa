import { boxOf, shareOf, takesCrops, type Crop } from '../../analytics/crop.js'
import type { Detection } from '../../analytics/detection.js'
import { joinFar } from '../../analytics/far.js'
import { placeIn, touches } from '../../analytics/geometry/box.js'
import type { Frame } from '../../analytics/frame.js'
import type { Sight, Watch } from '../../analytics/watch.js'
import type { Mask } from '../domain/privacy-mask.js'
import { openMailbox } from '../flow/mailbox.js'
import type { Clock } from '../system/clock.js'
import { coverFrame } from './cover-frame.js'
import type { WatchedFrame } from './decoder-session.js'
import type { FoundIn } from './inference-messages.js'
import type { FarPlan } from './picture-plan.js'
import type { InferencePool, ModelState } from './inference-pool.js'
import { unpad } from './unpad.js'

/**
 * One camera's way from frame to observation: the newest frame waits, one is being looked at, the rest is dropped and counted.
 * What shows nothing new is not looked at (analytics/gate.ts), and of what does, only the part that does (analytics/crop.ts); where
 * small objects live, nearer too (analytics/far.ts).
 */
export interface Lane {
  offer(frame: WatchedFrame): void
  /** An instant at which nothing was decoded because nothing changed: who stands is told as standing. */
  rest(atMs: number): void
  readonly stir: Stir
  readonly counts: LaneCounts
  close(): void
}

/** What the newest frames showed. `unsettled`: the pictures stand, but somebody is new, or stood and is hidden, so each is looked at. `still`: so long since anything moved. */
export type Stir = { readonly kind: 'moves' } | { readonly kind: 'unsettled' } | { readonly kind: 'still'; readonly ms: number }

export interface LaneCounts {
  readonly framesIn: number
  readonly framesJudged: number
  /** Of the rows of the frames that were judged, the share that was looked at, on average; null before the first. */
  readonly pixelsLookedShare: number | null
  /** Of the frames that were judged, those whose far part was looked at too. */
  readonly farLooks: number
  /** They showed what the last judged one showed, so it was not asked again; lamps were read, and rules told. */
  readonly framesUnchanged: number
  /** A newer frame came before this one's turn. */
  readonly dropped: number
  /** Gone with a dead worker or a refused model. */
  readonly lost: number
  /** Age of the picture when its verdict was ready, over the newest frames; null before the first. */
  readonly ageMsP95: number | null
}

export interface LaneOptions {
  readonly pool: InferencePool
  readonly watch: Watch
  readonly clock: Clock
  /** Of the camera's picture, as they are now. */
  readonly masks: () => readonly Mask[]
  readonly onSight: (atMs: number, sight: Sight, detections: readonly Detection[]) => void
  /** The rules failed on a frame: a fault of ours, told once for each. */
  readonly onFault: (error: unknown) => void
}

const AGES_KEPT = 200
const NO_PIXELS = new Uint8Array(0)

export function openLane({ pool, watch, clock, masks, onSight, onFault }: LaneOptions): Lane {
  const mailbox = openMailbox<WatchedFrame>({ capacity: 1, whenFull: 'newest_wins' })
  const agesMs: number[] = []
  const count = { framesIn: 0, framesJudged: 0, framesUnchanged: 0, farLooks: 0, lost: 0 }
  let pixelsLooked = 0
  /** Whose boxes the watch remembers: another model looks at the whole picture first. */
  let lookedBy: ModelState | null = null
  let looking = false
  let newest: Frame | null = null
  let movedAtMs = -Infinity
  let moves = false
  let settled = false

  async function look(frame: WatchedFrame): Promise<void> {
    coverFrame(frame, masks())
    const picture = pictureOf(frame, frame.rgb)
    const glance = watch.glance(picture)
    newest = { ...picture, rgb: NO_PIXELS }
    moves = glance.do === 'look' && (glance.why === 'moved' || glance.why === 'light')
    const stands = glance.do === 'skip' || glance.why === 'due' || glance.why === 'restless'
    settled = stands && !watch.restless
    if (moves || (glance.do === 'look' && glance.why === 'first')) movedAtMs = frame.atMs
    if (glance.do === 'skip') {
      seeUnchanged(picture)
      frame.giveBack(frame.rgb)
      return
    }
    const { model } = pool
    const crop = mayCrop(model, frame) ? glance.crop : null
    const far = farFor(frame, crop)
    const judged = await pool.judge({ atMs: frame.atMs, width: frame.width, height: frame.height, rgb: frame.rgb, ...(crop ? { crop } : {}), ...(far ? { far } : {}) })
    if (mailbox.closed) return
    if (judged.kind === 'lost') {
      count.lost += 1
      return
    }
    lookedBy = model
    const detections = bothLooks(judged, frame, { crop, far })
    const sight = watch.see(pictureOf(frame, judged.rgb), crop ? { crop, detections } : detections)
    count.framesJudged += 1
    if (far) count.farLooks += 1
    pixelsLooked += crop ? shareOf(crop, frame) : 1
    agesMs.push(clock.wallMs() - frame.atMs)
    if (agesMs.length > AGES_KEPT) agesMs.shift()
    settled = stands && !watch.restless
    onSight(frame.atMs, sight, watch.found)
    frame.giveBack(judged.rgb)
  }

  function mayCrop(model: ModelState, frame: WatchedFrame): boolean {
    return model.kind === 'ready' && model === lookedBy && takesCrops(frame, model.freePixelsMax)
  }

  function seeUnchanged(picture: Frame): void {
    count.framesUnchanged += 1
    onSight(picture.atMs, watch.see(picture, 'unchanged'), watch.found)
  }

  void (async () => {
    for await (const frame of mailbox) {
      looking = true
      await look(frame).catch(onFault)
      looking = false
    }
  })()

  return {
    offer(frame) {
      count.framesIn += 1
      mailbox.put(frame)
    },
    rest(atMs) {
      // A look that is under way is of an earlier instant, and its verdict must not come too late.
      if (looking || mailbox.size > 0 || !newest || mailbox.closed) return
      count.framesIn += 1
      newest = { ...newest, atMs }
      try {
        seeUnchanged(newest)
      } catch (error) {
        onFault(error)
      }
    },
    get stir(): Stir {
      if (moves) return { kind: 'moves' }
      return settled && newest ? { kind: 'still', ms: newest.atMs - movedAtMs } : { kind: 'unsettled' }
    },
    get counts() {
      return { ...count, pixelsLookedShare: count.framesJudged > 0 ? pixelsLooked / count.framesJudged : null, dropped: mailbox.lost, ageMsP95: percentile95(agesMs) }
    },
    close: () => mailbox.close(),
  }
}

/** Where nothing is new, the far part shows nothing new either. */
function farFor(frame: WatchedFrame, crop: Crop | null): FarPlan | null {
  return frame.far && (crop === null || touches(boxOf(crop, sizeOfPicture(frame)), frame.far.part)) ? frame.far : null
}

function bothLooks(judged: FoundIn, frame: WatchedFrame, { crop, far }: { readonly crop: Crop | null; readonly far: FarPlan | null }): readonly Detection[] {
  const whole = unpad(judged.detections, frame.pictureHeight / frame.height)
  if (!far) return whole
  return joinFar(whole, { part: far.part, detections: judged.far.map((found) => ({ ...found, box: placeIn(far.part, found.box) })) }, crop && boxOf(crop, sizeOfPicture(frame)))
}

function sizeOfPicture({ width, pictureHeight }: WatchedFrame): { readonly width: number; readonly height: number } {
  return { width, height: pictureHeight }
}

/** The camera's own picture, which is the first bytes of the frame; grey lies below. */
function pictureOf(frame: WatchedFrame, rgb: Uint8Array<ArrayBuffer>): Frame {
  return { atMs: frame.atMs, width: frame.width, height: frame.pictureHeight, rgb: rgb.subarray(0, frame.width * frame.pictureHeight * 3) }
}

function percentile95(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? null
}
