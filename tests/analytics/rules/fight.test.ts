import type { Detection } from '../../../analytics/detection.js'
import type { FightRule } from '../../../analytics/rules/rule.js'
import { makeWatch } from '../../../analytics/watch.js'
import { PLAIN } from '../../support/plain-rule.js'
import { checkFault, type FaultCase } from './claim-table.js'
import { ROUND_THE_CLOCK, shoot } from './walks.js'

const zone = [{ x: 0.1, y: 0.2 }, { x: 0.9, y: 0.2 }, { x: 0.9, y: 0.9 }, { x: 0.1, y: 0.9 }]
const rule: FightRule = { id: 'r', name: 'a rule', ...PLAIN, kind: 'fight', zone, holdMsMin: 3_000 }

/** One person at one second: where the feet are, how wide and how tall; null: not found. */
type Person = (second: number) => { x: number; y: number; w: number; h: number } | null
const W = 0.045
const H = 0.16
const stands = (x: number, y = 0.6): Person => () => ({ x, y, w: W, h: H })
/** Walks along, legs opening and closing twice a second. */
const walks = (x: number, speed: number, y = 0.6): Person => (s) => ({ x: x + speed * s, y, w: W * (1 + 0.25 * Math.sin(2 * Math.PI * s * 1.1)), h: H })
/** Arms and bodies fly: the box grows wide, bends and is pushed to and fro. */
const fights = (x: number, phase: number, from = 0, to = 99): Person => (s) =>
  s < from || s >= to ? { x, y: 0.6, w: W, h: H } : { x: x + 0.35 * W * Math.sin(2 * Math.PI * s * 1.3 + phase), y: 0.6, w: W * (1.4 + 0.5 * Math.sin(2 * Math.PI * s * 1.7 + phase)), h: H * (0.9 + 0.12 * Math.sin(2 * Math.PI * s * 1.1 + phase)) }
/** With that share of the strength, by turns of so many seconds. */
const byFits = (x: number, phase: number, [calm, turn]: readonly [number, number]): Person => (s) => {
  const [much, little] = [fights(x, phase)(s)!, stands(x)(s)!]
  const share = Math.floor(s / turn) % 2 === 0 ? 1 : calm
  return { x: little.x + (much.x - little.x) * share, y: 0.6, w: little.w + (much.w - little.w) * share, h: little.h + (much.h - little.h) * share }
}
const hidden = (person: Person, from: number, to: number): Person => (s) => (s >= from && s < to ? null : person(s))

/** Seen for 0.8 s, not for 0.8 s, and so on, from second 2 on. */
const byTurns = (person: Person, turn: 0 | 1): Person => (s) => (s >= 2 && Math.floor(s / 0.8) % 2 === turn ? null : person(s))

interface Shown {
  readonly fps?: number
  readonly seconds?: number
  readonly tremble?: number
  readonly rule?: Partial<FightRule>
}

function claims(people: readonly Person[], { fps = 5, seconds = 12, tremble = 0.08, rule: more = {} }: Shown): string[] {
  const watch = makeWatch([{ ...rule, ...more }], ROUND_THE_CLOCK)
  let seed = 11
  const off = (length: number): number => ((((seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648) - 0.5) * 2 * tremble * length)
  const frames = shoot([], { seconds, fps })
  return frames.flatMap(({ frame }) => {
    const detections = people.flatMap((person): Detection[] => {
      const at = person(frame.atMs / 1000)
      return at ? [{ class: 'person', score: 0.8, box: { x1: at.x - at.w / 2 + off(at.w), y1: at.y - at.h + off(at.h), x2: at.x + at.w / 2 + off(at.w), y2: at.y + off(at.h) } }] : []
    })
    return watch.see(frame, detections).observations.filter((o) => o.phase !== 'holds').map((o) => o.phase)
  })
}

const pair = (from = 0, to = 99): Person[] => [fights(0.45, 0, from, to), fights(0.52, 2, from, to)]

test.each<[sentence: string, people: readonly Person[], shown: Shown, said: string[]]>([
  ['two who struggle are one claim', pair(), {}, ['began']],
  ['at 3 frames a second too', pair(), { fps: 3 }, ['began']],
  ['and at 10', pair(), { fps: 10 }, ['began']],
  ['three are one claim', [...pair(), fights(0.59, 4)], {}, ['began']],
  ['it ends when they have calmed down', pair(0, 8), { seconds: 20 }, ['began', 'ended']],
  ['a moment in which only one is found makes no second claim', [pair()[0]!, hidden(pair()[1]!, 7, 8.2)], { seconds: 16 }, ['began']],
  ['two of whom each hides the other by turns are claimed', [byTurns(pair()[0]!, 0), byTurns(pair()[1]!, 1)], {}, ['began']],
  ['two who struggle by fits and starts, never as calm as who walks, are', [byFits(0.45, 0, [0.5, 1.6]), byFits(0.52, 2, [0.5, 1.6])], {}, ['began']],
  ['one who flails alone and is not found by turns is none', [byTurns(fights(0.5, 0), 0)], { seconds: 20 }, []],
  ['two who talk and hide each other by turns are none', [byTurns(stands(0.45), 0), byTurns(stands(0.51), 1)], { seconds: 20 }, []],
  ['two fights in two places are two', [...pair(), fights(0.2, 1), fights(0.26, 3)], {}, ['began', 'began']],
  ['two who stand and talk are none', [stands(0.45), stands(0.51)], {}, []],
  ['at 10 frames a second neither', [stands(0.45), stands(0.51)], { fps: 10 }, []],
  ['nor at 3', [stands(0.45), stands(0.51)], { fps: 3, seconds: 40 }, []],
  ['two who walk together are none', [walks(0.15, 0.05), walks(0.22, 0.05)], {}, []],
  ['nor at 10 frames a second', [walks(0.15, 0.05), walks(0.22, 0.05)], { fps: 10 }, []],
  ['two who walk past each other are none', [walks(0.15, 0.07), walks(0.85, -0.07)], {}, []],
  ['who run together are none', [walks(0.12, 0.09), walks(0.19, 0.09)], { seconds: 8 }, []],
  ['a hug for a moment is none', [...pair(4, 5.5)], {}, []],
  ['one who flails alone is none', [fights(0.5, 0)], {}, []],
  ['one who flails among those who watch him is none', [fights(0.5, 0), stands(0.43), stands(0.57)], {}, []],
  ['two who do so far from each other are none', [fights(0.3, 0), fights(0.7, 2)], {}, []],
  ['outside the zone they are left alone', [fights(0.03, 0), fights(0.06, 2)], {}, []],
  ['in an exclusion, a sports ground, too', pair(), { rule: { exclusions: [zone] } }, []],
  ['with a permit too', pair(), { rule: { permits: [{ area: null, fromMs: 0, toMs: 60_000, reference: 'GP 1' }] } }, []],
  // Boxes alone do not tell a dance from a fight: hence experimental.
  ['known wrong: two who dance wildly with each other are claimed', [fights(0.45, 0), fights(0.52, 0)], {}, ['began']],
])('fight: %s', (_, people, shown, said) => expect(claims(people, shown)).toEqual(said))

test.each<FaultCase>([
  ['no time', { ...rule, holdMsMin: undefined }, 'holdMsMin', /missing/],
  ['a zone that crosses itself', { ...rule, zone: [zone[0], zone[2], zone[1], zone[3]] }, 'zone', /crosses itself/],
])('%s is refused by its field', checkFault)
