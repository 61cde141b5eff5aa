import type { Detector } from '../../analytics/detect/detector.js'
import { feet } from '../../analytics/geometry/box.js'
import type { Observation } from '../../analytics/rules/observation.js'
import { TRACK_SCORE_MIN } from '../../analytics/track/tracker.js'
import type { Step, Track } from '../../analytics/track/track.js'
import { makeWatch, type LampSeen } from '../../analytics/watch.js'
import type { Clock } from '../system/clock.js'
import type { Clip } from './judge-frames.js'
import { lookAtEvery, type Look } from './judge-look.js'
import type { JudgedRule } from './judge-rules.js'
import type { Claim } from './judge-score.js'

/** Everything the eyes said about a clip, before anyone compares it with the truth. */
export interface Verdicts {
  readonly observations: readonly Observation[]
  readonly claims: readonly Claim[]
  readonly lamps: readonly { readonly atS: number; readonly lamp: LampSeen }[]
  /** Confirmed tracks in each frame looked at. */
  readonly present: readonly { readonly atS: number; readonly tracks: number }[]
  readonly frames: number
  /** Tracks that were believed at some time. */
  readonly tracks: number
  /** Of all pixels of all frames, the share that the detector was shown. */
  readonly lookedShare: number
  readonly detectMs: number
  readonly watchMs: number
}

/** Judged clips have no wall clock; their rules have no hours. */
const NOON = { weekday: 3, minuteOfDay: 12 * 60 }

/** Runs the eyes over a clip, frame by frame. */
export async function runEyes(clip: Clip, detector: Detector, rules: readonly JudgedRule[], clock: Clock, look: Look = lookAtEvery(detector)): Promise<Verdicts> {
  const watch = makeWatch(rules.map((r) => r.rule), { localTime: () => NOON })
  const observations: Observation[] = []
  const lamps: { atS: number; lamp: LampSeen }[] = []
  const present: { atS: number; tracks: number }[] = []
  const paths = new Map<number, Step[]>()
  const believed = new Set<number>()
  let shares = 0
  let detectMs = 0
  let watchMs = 0
  for await (const frame of clip.frames()) {
    const before = clock.monotonicMs()
    const looked = await look(frame, watch)
    const between = clock.monotonicMs()
    const sight = watch.see(frame, looked.found)
    shares += looked.share
    detectMs += between - before
    watchMs += clock.monotonicMs() - between
    observations.push(...sight.observations)
    const atS = frame.atMs / 1000
    for (const lamp of sight.lamps) lamps.push({ atS, lamp })
    present.push({ atS, tracks: sight.tracks.filter((t) => t.state === 'confirmed').length })
    for (const track of sight.tracks) {
      remember(paths, track)
      if (track.state === 'confirmed') believed.add(track.id)
    }
  }
  return { observations, claims: claimsOf(observations, paths), lamps, present, frames: present.length, tracks: believed.size, lookedShare: present.length > 0 ? shares / present.length : 0, detectMs, watchMs }
}

/** A track's own path forgets after half a minute; comparing with the truth needs all of it. */
function remember(paths: Map<number, Step[]>, track: Track): void {
  const known = paths.get(track.id) ?? []
  const newest = known.at(-1)?.atMs ?? -Infinity
  known.push(...track.path.filter((step) => step.atMs > newest))
  paths.set(track.id, known)
}

/** One claim for each episode: what its first and last words said, and the whole way of each of its objects. */
function claimsOf(observations: readonly Observation[], paths: ReadonlyMap<number, readonly Step[]>): Claim[] {
  const episodes = new Map<string, Observation[]>()
  for (const o of observations) episodes.set(o.episode, [...(episodes.get(o.episode) ?? []), o])
  return [...episodes].flatMap(([episode, words]) => {
    const first = words[0]
    const last = words.at(-1)
    if (!first || !last) return []
    const witnesses = words.flatMap((w) => w.witnesses)
    const tracks = new Set(witnesses.map((x) => x.trackId))
    // What nobody follows, a bag that was left, is where the claim says.
    const told = witnesses.filter((x) => !paths.has(x.trackId)).map(({ atMs, box }) => ({ atMs, box, at: feet(box) }))
    return [{ ruleId: first.ruleId, episode, sinceS: first.sinceMs / 1000, beganS: first.atMs / 1000, endedS: last.atMs / 1000, class: first.witnesses[0]?.class ?? 'none', steps: [...[...tracks].flatMap((id) => paths.get(id) ?? []), ...told], first }]
  })
}

export const DETECT_THRESHOLDS = { other: TRACK_SCORE_MIN }
