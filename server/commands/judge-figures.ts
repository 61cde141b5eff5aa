import type { Figure } from './figures.js'
import type { CountScore } from './judge-counts.js'
import { precisionOf, recallOf, type KindScore } from './judge-score.js'
import type { Truth } from './judge-truth.js'
import type { Verdicts } from './judge-run.js'
import type { BoxScore } from './judge-boxes.js'

/** What the product promises of its alerts; other figures are told without a bar. */
const PRECISION_MIN = 0.8
const RECALL_MIN = 0.8
const CLAIMS_PER_EVENT_MAX = 1.1
/** A count may be this share of the truth too high or too low. */
const DEVIATION_MAX = 0.1

export function figuresOfKind(score: KindScore): Figure[] {
  const precision = precisionOf(score)
  const recall = recallOf(score)
  const answered = score.hits + score.again.length
  const perEvent = score.hits > 0 ? answered / score.hits : null
  return [
    { figure: `${score.kind} precision`, value: round(precision), unit: 'share', against: answered + score.falseClaims.length, ratio: null, bar: PRECISION_MIN, held: precision === null ? null : precision >= PRECISION_MIN },
    { figure: `${score.kind} recall`, value: round(recall), unit: 'share', against: score.truth, ratio: null, bar: RECALL_MIN, held: recall === null ? null : recall >= RECALL_MIN },
    { figure: `${score.kind} claims per event`, value: round(perEvent), unit: 'claims', against: score.hits, ratio: null, bar: CLAIMS_PER_EVENT_MAX, held: perEvent === null ? null : perEvent <= CLAIMS_PER_EVENT_MAX },
  ]
}

/** How many passages were counted, and for a whole line how far that is from the truth; its ways are told without a bar. */
export function figuresOfCount(count: CountScore): Figure[] {
  const place = `${count.line}${count.direction ? ` ${count.direction}` : ''} ${count.fromS}-${count.toS} s`
  const counted: Figure = { figure: `count ${place}`, value: count.ours, unit: 'passages', against: count.truth, ratio: count.truth > 0 ? round(count.ours / count.truth) : null, bar: null, held: null }
  const off = deviationOf(count)
  return off === null ? [counted] : [counted, { figure: `count deviation ${place}`, value: round(off), unit: 'share', against: null, ratio: null, bar: DEVIATION_MAX, held: off <= DEVIATION_MAX }]
}

/** Share of the truth by which a line was counted too high or too low; null for one way of a line, and where nothing passed. */
export function deviationOf(count: CountScore): number | null {
  return count.whole && count.truth > 0 ? Math.abs(count.ours - count.truth) / count.truth : null
}

export function figuresOfBoxes(score: BoxScore): Figure[] {
  return [
    { figure: `boxes ${score.class} recall`, value: round(score.truth > 0 ? score.hits / score.truth : null), unit: 'share', against: score.truth, ratio: null, bar: null, held: null },
    { figure: `boxes ${score.class} precision`, value: round(score.claims > 0 ? score.hits / score.claims : null), unit: 'share', against: score.claims, ratio: null, bar: null, held: null },
  ]
}

/** Around a change of lamp neither the annotator nor the camera knows better than to a frame or two. */
const CHANGE_SLACK_S = 0.35

/** Share of frames in which the lamp was read as the truth says. The truth's "unknown" is not asked for. */
export function figureOfLamp(truth: Truth, verdicts: Verdicts): Figure[] {
  const asked = verdicts.lamps.flatMap(({ atS, lamp }) => {
    const phase = truth.signal.find(([from, to, colour]) => colour !== 'unknown' && atS >= from && atS < to)
    const settled = truth.signal.every(([from]) => Math.abs(atS - from) > CHANGE_SLACK_S || from === 0)
    return phase && settled ? [lamp.state === phase[2]] : []
  })
  if (asked.length === 0) return []
  return [{ figure: 'lamp read right', value: round(asked.filter(Boolean).length / asked.length), unit: 'share', against: asked.length, ratio: null, bar: null, held: null }]
}

/** Of the frames with somebody in view, the share with a track; of the frames with nobody, the share with one. */
export function figuresOfPresence(truth: Truth, verdicts: Verdicts): Figure[] {
  if (truth.presence.length === 0) return []
  const within = (atS: number, slack: number): boolean => truth.presence.some(([from, to]) => atS >= from - slack && atS <= to + slack)
  const full = verdicts.present.filter(({ atS }) => within(atS, -0.5))
  const empty = verdicts.present.filter(({ atS }) => !within(atS, 0.5))
  const share = (frames: typeof full): number | null => (frames.length > 0 ? frames.filter((f) => f.tracks > 0).length / frames.length : null)
  return [
    { figure: 'presence seen', value: round(share(full)), unit: 'share', against: full.length, ratio: null, bar: null, held: null },
    { figure: 'absence disturbed', value: round(share(empty)), unit: 'share', against: empty.length, ratio: null, bar: null, held: null },
  ]
}

export function figuresOfSpeed(verdicts: Verdicts): Figure[] {
  const perFrame = (ms: number): number | null => (verdicts.frames > 0 ? round(ms / verdicts.frames) : null)
  return [
    { figure: 'tracks', value: verdicts.tracks, unit: 'tracks', against: verdicts.frames, ratio: null, bar: null, held: null },
    ...(verdicts.lookedShare !== 1 ? [{ figure: 'pixels looked at', value: round(verdicts.lookedShare), unit: 'share', against: verdicts.frames, ratio: null, bar: null, held: null }] : []),
    { figure: 'detector per frame', value: perFrame(verdicts.detectMs), unit: 'ms', against: verdicts.frames, ratio: null, bar: null, held: null },
    { figure: 'tracker and rules per frame', value: perFrame(verdicts.watchMs), unit: 'ms', against: verdicts.frames, ratio: null, bar: null, held: null },
  ]
}

function round(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1000) / 1000
}
