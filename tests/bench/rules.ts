import type { Detection } from '../../analytics/detection.js'
import type { Frame } from '../../analytics/frame.js'
import { RULE_KINDS } from '../../analytics/rules/kinds.js'
import { parseRule } from '../../analytics/rules/parse-rule.js'
import type { Rule } from '../../analytics/rules/rule.js'
import { makeWatch, type Watch } from '../../analytics/watch.js'
import { systemClock } from '../../server/system/clock.js'
import { makeChance } from '../../server/sandbox/scenes/noise.js'
import { proposedRule } from '../support/proposed-rule.js'
import { makeFigure, median, quantile, type Figure } from './figure.js'

/** So many things in one picture, half of them vehicles that drive, half people who walk or stand. */
const TRACKS = 60
const FPS = 5
const SIZE = { width: 640, height: 360 }
const SETTLED_S = 20
const RULES_MS_MAX = 1

/**
 * What every kind of rule at once costs a frame of a full picture: a watch with one rule of each kind, as the form proposes it, beside a watch with
 * none, on the same boxes, in turns. The difference is the rules, with all that only they need (lamp, view, things that lie about).
 */
export async function benchRules({ quick }: { readonly quick: boolean }, say: (line: string) => void): Promise<readonly Figure[]> {
  const rules = RULE_KINDS.map((kind) => parsed({ ...proposedRule(kind), id: kind.replaceAll('_', '-') }))
  const [bare, ruled] = [open([]), open(rules)]
  const cast = makeCast()
  const seconds = SETTLED_S + (quick ? 20 : 120)
  say(`${rules.length} rules, one of each kind, on ${TRACKS} tracks for ${seconds} s of street at ${FPS} frames a second`)
  const spent: { readonly bare: number; readonly ruled: number; readonly tracks: number; readonly said: number }[] = []
  for (let i = 0; i < seconds * FPS; i += 1) {
    const atMs = (i * 1000) / FPS
    const frame = drawFrame(atMs, i)
    const detections = cast(atMs / 1000)
    // Who goes first finds cold caches: they take turns.
    const [a, b] = i % 2 === 0 ? [timed(bare, frame, detections), timed(ruled, frame, detections)] : [timed(ruled, frame, detections), timed(bare, frame, detections)].toReversed()
    if (atMs >= SETTLED_S * 1000) spent.push({ bare: a!.ms, ruled: b!.ms, tracks: b!.tracks, said: b!.said })
  }
  const cost = spent.map((one) => one.ruled - one.bare)
  return [
    makeFigure('rules.cost', `ms a frame, ${rules.length} rules at once`, median(cost), { bar: RULES_MS_MAX }),
    makeFigure('rules.cost.p95', 'ms a frame, 95 of 100 frames below', quantile(cost, 0.95)),
    makeFigure('rules.tracker', 'ms a frame, the tracker and the gate without any rule', median(spent.map((one) => one.bare))),
    makeFigure('rules.tracks', 'believed tracks in a frame', median(spent.map((one) => one.tracks))),
    makeFigure('rules.said', 'observations a frame, on the average', spent.reduce((sum, one) => sum + one.said, 0) / spent.length),
  ]
}

function open(rules: readonly Rule[]): Watch {
  return makeWatch(rules, { localTime: () => ({ weekday: 3, minuteOfDay: 12 * 60 }) })
}

function timed(watch: Watch, frame: Frame, detections: readonly Detection[]): { readonly ms: number; readonly tracks: number; readonly said: number } {
  const fromMs = systemClock.monotonicMs()
  watch.glance(frame)
  const sight = watch.see(frame, detections)
  return { ms: systemClock.monotonicMs() - fromMs, tracks: sight.tracks.filter(({ state }) => state === 'confirmed').length, said: sight.observations.length }
}

/** Grey, with a lamp at its place and a little noise, so that the gate and the view have something to read. */
function drawFrame(atMs: number, seed: number): Frame {
  const rgb = new Uint8Array(SIZE.width * SIZE.height * 3)
  const chance = makeChance(seed + 1)
  for (let i = 0; i < rgb.length; i += 61) rgb[i] = 100 + chance() * 40
  return { atMs, ...SIZE, rgb }
}

/** Each has its lane or its walk, goes round for ever, trembles by a few hundredths of its size, and is missed now and then. */
function makeCast(): (atS: number) => readonly Detection[] {
  const chance = makeChance(7)
  const cast = Array.from({ length: TRACKS }, (_, i) => {
    const walks = i % 2 === 1
    const stands = walks && i % 6 === 1
    const w = walks ? 0.012 : i % 8 === 0 ? 0.05 : 0.022
    return { class: walks ? 'person' : i % 8 === 0 ? 'car' : 'two_wheeler', w, h: walks ? w * 3.6 : w * 1.8, x: 0.04 + 0.92 * ((i * 37) % TRACKS) / TRACKS, y0: 0.25 + 0.7 * chance(), speed: stands ? 0 : (walks ? 0.012 : 0.05) * (chance() < 0.5 ? -1 : 1) * (0.7 + 0.6 * chance()) } as const
  })
  return (atS) => cast.flatMap((one): Detection[] => {
    if (chance() < 0.05) return []
    const tremble = (): number => (chance() - 0.5) * 0.08 * one.w
    const y = 0.2 + ((((one.y0 - 0.2 + one.speed * atS) % 0.78) + 0.78) % 0.78)
    return [{ class: one.class, score: 0.5 + 0.4 * chance(), box: { x1: one.x - one.w / 2 + tremble(), y1: y - one.h + tremble(), x2: one.x + one.w / 2 + tremble(), y2: y + tremble() } }]
  })
}

function parsed(input: unknown): Rule {
  const one = parseRule(input)
  if ('ok' in one) return one.ok
  throw new Error(`a rule as the form proposes it is refused: ${one.faults.map(({ field, reason }) => `${field} ${reason}`).join('; ')}`)
}
