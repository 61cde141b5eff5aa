import { fateOfBound, fateOfView, hearAim, isSamePlace, nextAsk, NO_AIM, placeOf, siftUnsaid, weighAim, type Aim, type AimAnswer, type AimVerdict, type Unsaid, type WaitWhy } from '../domain/aim.js'
import type { Camera } from '../domain/camera.js'
import type { CameraId } from '../domain/ids.js'
import { hasBoundMask } from '../domain/privacy-mask.js'
import type { BoundPreset, Pose, Rule } from '../domain/seen.js'
import { hearStand, SETTLE_MS, type Stand } from '../domain/stand.js'
import type { Trouble } from '../domain/trouble.js'
import type { Bus } from '../flow/topics.js'
import type { Clock } from '../system/clock.js'
import type { Log } from '../system/log.js'
import type { BoundVerdict } from './wait-log.js'

/** A bound rule that does not watch now, and why. */
export interface AimWait {
  readonly why: WaitWhy
  readonly sinceMs: number
  readonly preset: BoundPreset
  /** Why the camera does not answer, or what it said instead of its position. */
  readonly trouble: Trouble | null
  readonly said: string | null
}

/** Keeps asking where cameras look on whose views something is drawn, and says which rules may watch. */
export interface Aims {
  /**
   * Of a camera's rules those that may look at what it shows now; from here on it is asked, as long as a rule or a mask is bound to one of
   * its views, or a rule watches the view itself. Another `view` means that the camera was turned since.
   */
  sift(camera: Camera, rules: readonly Rule[]): { readonly rules: readonly Rule[]; readonly view: number }
  /** It is not watched any more. */
  forget(cameraId: CameraId): void
  /** Says at once what an unbound rule saw; of a bound one, and of one that watches the view itself, when the camera is known to have stood there still, or never. */
  say(cameraId: CameraId, ruleId: string, what: { readonly sinceMs: number; readonly ends: boolean; readonly tell: () => void }): void
  /** Null: rules of that preset watch, or none is watched. */
  waiting(cameraId: CameraId, preset: BoundPreset): AimWait | null
  /** Where it was known to stand by the newest answers; null: it turns, it will not say, or nobody asks. */
  standing(cameraId: CameraId): Stand | null
  /** For whoever stands in front of a screen: asked now, with its presets; in any case after `sinceMs` (wall time). */
  ask(camera: Camera, sinceMs?: number): Promise<Aim>
  close(): void
}

export interface AimsOptions {
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  /** One question to one camera, with a deadline of its own. */
  readonly askCamera: (camera: Camera, withPresets: boolean) => Promise<AimAnswer>
  /** Told of each stand as it grows. */
  readonly onStand?: (cameraId: CameraId, stand: Stand) => void
  /** Told of all bound rules of a camera whenever they are weighed; of none once it is not asked any more. */
  readonly onVerdicts?: (cameraId: CameraId, verdicts: readonly BoundVerdict[]) => void
}

interface Post {
  camera: Camera
  /** By the id that the lane calls it by. */
  bound: ReadonlyMap<string, BoundPreset>
  /** Unbound rules that watch the view itself: another view is no tampering. */
  ofView: ReadonlySet<string>
  aim: Aim
  stand: Stand | null
  place: Pose | 'moving' | null
  view: number
  /** Wall time; since when the camera has shown it, as far as anybody knows. */
  viewSinceMs: number
  asked: number
  /** When the newest question was asked that was answered: two may be under way. */
  askedAtMs: number
  /** Which rules may watch, and what they see, as it was told last. */
  fitting: string
  sinceMs: ReadonlyMap<string, number>
  unsaid: readonly Waiting[]
  dropped: number
  stop: () => void
}
interface Waiting extends Unsaid {
  readonly tell: () => void
}

/** What one camera's rules saw between two answers; a crowd of claims beyond it loses its oldest. */
const UNSAID_MAX = 256
const FIXED_MS = 300_000
/** Two people at one editor are one question. */
const FRESH_MS = 1_500

export function openAims({ bus, clock, log, askCamera, onStand, onVerdicts }: AimsOptions): Aims {
  const posts = new Map<CameraId, Post>()
  let closed = false
  const asking = new Map<CameraId, { readonly atMs: number; readonly wallMs: number; readonly aim: Promise<Aim> }>()
  const verdictOf = (post: Post, ruleId: string): AimVerdict => {
    const preset = post.bound.get(ruleId)
    // What a version saw that is no more watched is nobody's.
    return preset ? weighAim(preset, post.aim, clock.monotonicMs()) : { fits: false, why: 'unasked' }
  }

  const settle = (post: Post): void => {
    const { say, drop, keep } = siftUnsaid(post.unsaid, (one) => (post.ofView.has(one.ruleId) ? fateOfView(one, post.aim, { viewSinceMs: post.viewSinceMs, nowMs: clock.monotonicMs() }) : fateOfBound(one, verdictOf(post, one.ruleId), post.aim)))
    post.unsaid = keep
    if (drop.length > 0) {
      const before = post.dropped
      post.dropped += drop.length
      // A camera on its rounds drops at every turn: the first is told, then the 2nd, 4th, 8th …
      if (Math.clz32(post.dropped) !== Math.clz32(before)) log.info({ cameraId: post.camera.id, dropped: post.dropped }, 'what rules saw of a view is dropped: the camera was turned meanwhile, or cannot say that it was not')
    }
    for (const { tell } of say) tell()
  }

  /** Which rules may watch now; of the others it is kept since when they may not. */
  const weigh = (post: Post): string => {
    const verdicts = [...post.bound].map(([ruleId, preset]) => [ruleId, weighAim(preset, post.aim, clock.monotonicMs())] as const)
    onVerdicts?.(post.camera.id, verdicts.map(([ruleId, verdict]) => ({ ruleId, preset: post.bound.get(ruleId)!, verdict })))
    const waiting = new Map(verdicts.flatMap(([ruleId, verdict]) => (verdict.fits ? [] : [[`${ruleId} ${verdict.why}`, clock.wallMs()] as const])))
    post.sinceMs = new Map([...waiting].map(([key, nowMs]) => [key, post.sinceMs.get(key) ?? nowMs]))
    return [post.view, ...verdicts.flatMap(([ruleId, verdict]) => (verdict.fits ? [ruleId] : []))].join(' ')
  }

  /** A camera of which nobody knew where it stood is not thereby turned. */
  const look = (post: Post): void => {
    const place = placeOf(post.aim)
    if (place === null || (post.place !== null && isSamePlace(place, post.place))) return
    if (post.place !== null) [post.view, post.viewSinceMs] = [post.view + 1, clock.wallMs() + SETTLE_MS]
    post.place = place
  }

  /** Whoever hears of it asks anew which rules may watch. */
  const tellIfTurned = (post: Post): void => {
    const fitting = weigh(post)
    if (fitting === post.fitting) return
    post.fitting = fitting
    log.info({ cameraId: post.camera.id, waiting: post.sinceMs.size, bound: post.bound.size }, 'a camera was turned, or the rules that may watch are others')
    bus.publish('aim.changed', { cameraId: post.camera.id })
  }

  const again = (cameraId: CameraId, how: { readonly atOnce: boolean } = { atOnce: false }): void => {
    const post = posts.get(cameraId)
    if (!post || closed) return
    const { inMs, withPresets } = nextAsk(post.aim, post.asked)
    // That it cannot turn changes when somebody puts up another camera; only who is bound waits for that.
    const settled = post.aim.newest?.kind === 'fixed' && post.bound.size === 0
    post.stop()
    post.stop = clock.after(how.atOnce ? 0 : settled ? FIXED_MS : inMs, () => void ask(post.camera, withPresets))
  }

  /** Whatever was asked, and by whom, the camera's rules hear of it. */
  const ask = async (camera: Camera, withPresets: boolean): Promise<Aim> => {
    const [askedAtMs, askedMs] = [clock.monotonicMs(), clock.wallMs()]
    const answer = await askCamera(camera, withPresets).catch((fault: unknown): AimAnswer => ({ kind: 'silent', trouble: { code: 'internal', tried: 'ONVIF GetStatus', on: camera.name, said: fault instanceof Error ? fault.name : 'unknown fault' } }))
    const post = posts.get(camera.id)
    // The camera got another address meanwhile, or is not watched: the answer is the asker's alone.
    if (!post || addressOf(post.camera) !== addressOf(camera) || askedAtMs < post.askedAtMs) return hearAim(NO_AIM, answer, askedAtMs)
    post.aim = hearAim(post.aim, answer, askedAtMs)
    post.stand = hearStand(post.stand, post.aim, { askedMs, heardMs: clock.wallMs() })
    if (post.stand) onStand?.(camera.id, post.stand)
    post.askedAtMs = askedAtMs
    post.asked += 1
    look(post)
    settle(post)
    tellIfTurned(post)
    again(camera.id)
    return post.aim
  }

  const open = (camera: Camera): Post => {
    const post: Post = { camera, bound: new Map(), ofView: new Set(), aim: NO_AIM, stand: null, place: null, view: 0, viewSinceMs: 0, asked: 0, askedAtMs: -1, fitting: '', sinceMs: new Map(), unsaid: [], dropped: 0, stop: () => undefined }
    posts.set(camera.id, post)
    again(camera.id, { atOnce: true })
    return post
  }

  const forget = (cameraId: CameraId): void => {
    const post = posts.get(cameraId)
    post?.stop()
    posts.delete(cameraId)
    if (post) onVerdicts?.(cameraId, [])
    for (const { ends, tell } of post?.unsaid ?? []) if (ends) tell()
  }

  return {
    sift(camera, rules) {
      const bound = new Map(rules.flatMap(({ id, preset }) => (preset ? [[id, preset] as const] : [])))
      const known = posts.get(camera.id)
      const ofView = new Set(rules.flatMap(({ id, kind, preset }) => (kind === 'camera_tamper' && !preset ? [id] : [])))
      const matters = bound.size > 0 || hasBoundMask(camera.masks) || (ofView.size > 0 && camera.origin.kind === 'onvif')
      if (known && (!matters || addressOf(known.camera) !== addressOf(camera))) forget(camera.id)
      if (!matters) return { rules, view: 0 }
      const post = posts.get(camera.id) ?? open(camera)
      post.camera = camera
      post.bound = bound
      post.ofView = ofView
      settle(post)
      // Another rule is no turn of the camera: the others keep what they remember.
      post.fitting = weigh(post)
      // Its password may have been mended.
      if (known && post.aim.newest?.kind === 'silent') again(camera.id, { atOnce: true })
      return { rules: rules.filter(({ id, preset }) => !preset || verdictOf(post, id).fits), view: post.view }
    },
    forget,
    say(cameraId, ruleId, { sinceMs, ends, tell }) {
      const post = posts.get(cameraId)
      if (!post || (!post.bound.has(ruleId) && !post.ofView.has(ruleId))) return tell()
      post.unsaid = [...post.unsaid, { ruleId, sinceMs, ends, tell, heardAtMs: clock.monotonicMs() }]
      if (post.unsaid.length > UNSAID_MAX) {
        post.unsaid = post.unsaid.slice(1)
        post.dropped += 1
      }
      settle(post)
    },
    waiting(cameraId, preset) {
      const post = posts.get(cameraId)
      const [ruleId] = [...(post?.bound ?? [])].find(([, one]) => one.token === preset.token && sameAt(one, preset)) ?? []
      const verdict = post && ruleId !== undefined ? verdictOf(post, ruleId) : null
      if (!post || !verdict || verdict.fits) return null
      const { newest } = post.aim
      return { why: verdict.why, preset, sinceMs: post.sinceMs.get(`${ruleId} ${verdict.why}`) ?? clock.wallMs(), trouble: newest?.kind === 'silent' ? newest.trouble : null, said: newest?.kind === 'told' ? newest.untold : null }
    },
    standing: (cameraId) => posts.get(cameraId)?.stand ?? null,
    ask(camera, sinceMs = 0) {
      const known = asking.get(camera.id)
      if (known && clock.monotonicMs() - known.atMs < FRESH_MS && known.wallMs >= sinceMs) return known.aim
      const aim = ask(camera, true)
      asking.set(camera.id, { atMs: clock.monotonicMs(), wallMs: clock.wallMs(), aim })
      return aim
    },
    close() {
      closed = true
      for (const post of posts.values()) post.stop()
      posts.clear()
    },
  }
}

function sameAt({ at: a }: BoundPreset, { at: b }: BoundPreset): boolean {
  return a.pan === b.pan && a.tilt === b.tilt && a.zoom === b.zoom
}

function addressOf({ origin, streams }: Camera): string {
  return origin.kind === 'onvif' ? [origin.address, ...streams.map(({ url }) => url)].join(' ') : origin.kind
}
