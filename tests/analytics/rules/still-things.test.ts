import type { Detection } from '../../../analytics/detection.js'
import type { LocalTime } from '../../../analytics/rules/arming.js'
import type { LeftObjectRule, RemovedObjectRule, Rule } from '../../../analytics/rules/rule.js'
import { makeWatch } from '../../../analytics/watch.js'
import { PLAIN } from '../../support/plain-rule.js'
import { checkFault, type FaultCase } from './claim-table.js'
import { found, paintStreet, type Street, type Thing } from './painted.js'

const zone = [{ x: 0, y: 0.4 }, { x: 1, y: 0.4 }, { x: 1, y: 1 }, { x: 0, y: 1 }]
const left: LeftObjectRule = { id: 'l', name: 'a rule', ...PLAIN, kind: 'left_object', zone, dwellMsMin: 15_000 }
/** Around the sign at 200, 100. */
const removed: RemovedObjectRule = { id: 'g', name: 'a rule', ...PLAIN, kind: 'removed_object', zone: [{ x: 0.58, y: 0.5 }, { x: 0.72, y: 0.5 }, { x: 0.72, y: 0.75 }, { x: 0.58, y: 0.75 }], holdMsMin: 15_000 }

const bag = (from: number, to = Infinity, x = 150, bright = 30): Thing => ({ x, y: 130, w: 12, h: 12, bright, from, to })
const sign = (to: number, from = -99): Thing => ({ x: 198, y: 102, w: 16, h: 20, bright: 200, from, to })
const someone = (x: number, from: number, to: number, y = 105): Thing => ({ x, y, w: 14, h: 40, bright: 40, from, to })
/** A car that the detector finds on its way, half a second in each place. */
const drivesBy = (from: number): (readonly [Thing, string])[] => Array.from({ length: 12 }, (_, i) => [{ x: 30 + i * 8, y: 120, w: 30, h: 20, bright: 200, from: from + i / 2, to: from + (i + 1) / 2 }, 'car'] as const)

interface Shown extends Street {
  readonly seconds?: number
  readonly fps?: number
  /** Things that the detector finds, by what it calls them. */
  readonly seen?: readonly (readonly [Thing, string])[]
  readonly clock?: (second: number) => LocalTime
  /** In this second the camera is said to have been turned. */
  readonly turned?: number
}

/** Before second 0 the usual picture is learned. */
const FIRST_MS = 40_000

function say(rule: Rule, { seconds = 50, fps = 2, seen = [], clock = () => ({ weekday: 3, minuteOfDay: 720 }), turned, ...street }: Shown): string[] {
  const watch = makeWatch([rule], { localTime: (atMs) => clock((atMs - FIRST_MS) / 1000) })
  const said: string[] = []
  for (let i = (-FIRST_MS / 1000) * fps; i <= seconds * fps; i += 1) {
    const atMs = Math.round((i * 1000) / fps)
    const second = atMs / 1000
    const painted = paintStreet(atMs, { ...street, things: [...(street.things ?? []), ...seen.map(([thing]) => thing)] })
    const frame = { ...painted, atMs: atMs + FIRST_MS }
    const detections = seen.filter(([{ from = -Infinity, to = Infinity }]) => second >= from && second < to).map(([thing, name]): Detection => found(thing, name))
    if (second === turned) watch.turn()
    watch.glance(frame)
    for (const { phase } of watch.see(frame, detections).observations) if (phase !== 'holds') said.push(phase)
  }
  return said
}

test.each<[sentence: string, rule: LeftObjectRule, shown: Shown, said: string[]]>([
  ['a bag that stays is claimed once', left, { things: [bag(10)] }, ['began']],
  ['at one frame a second too', left, { things: [bag(10)], fps: 1 }, ['began']],
  ['a bright box as well', left, { things: [bag(10, Infinity, 150, 220)] }, ['began']],
  ['it ends when it is carried away', left, { things: [bag(10, 40)], seconds: 50 }, ['began', 'ended']],
  ['in the picture of a camera that was turned it was always there', left, { things: [bag(10)], turned: 10 }, []],
  ['and what comes after that is claimed', left, { things: [bag(45)], turned: 0, seconds: 80 }, ['began']],
  ['for a moment it is none', left, { things: [bag(10, 20)] }, []],
  ['a bag that was always there is none', left, { things: [bag(-99)] }, []],
  ['two are two', left, { things: [bag(10), bag(12, Infinity, 240)] }, ['began', 'began']],
  ['who brought it and went is followed; the bag is claimed', left, { things: [bag(15)], seen: [[someone(146, 10, 20), 'person']] }, ['began']],
  ['who stands over it has not left it', left, { things: [bag(12)], seen: [[someone(146, 10, 60), 'person']] }, []],
  ['somebody who stands still is none', left, { seen: [[someone(150, 8, 60), 'person']] }, []],
  ['nor is what he leaves behind when he goes: nothing', left, { seen: [[someone(150, 8, 30), 'person']], seconds: 60 }, []],
  ['nor is he who was there from the beginning, and goes', left, { seen: [[someone(150, -99, 12), 'person']], seconds: 50 }, []],
  ['a parked car that the detector finds is none', left, { seen: [[{ x: 100, y: 110, w: 60, h: 34, bright: 200, from: 8 }, 'car']] }, []],
  ['a lorry that it does not find is too large', left, { things: [{ x: 80, y: 75, w: 120, h: 70, bright: 200, from: 8 }] }, []],
  ['what is as large as the cars that drive there is a car that it does not find', left, { seen: drivesBy(1), things: [{ x: 200, y: 120, w: 28, h: 18, bright: 200, from: 10 }] }, []],
  ['a bag that it calls a car for two seconds is one still: no car of that size ever came', left, { seen: [[bag(12, 14), 'car']], things: [bag(14)], seconds: 60 }, ['began']],
  ['and where cars were seen to be larger too', left, { seen: [...drivesBy(1), [bag(12, 14), 'car']], things: [bag(14)], seconds: 60 }, ['began']],
  ['all of it brighter is light', left, { light: (s) => (s < 15 ? 1 : 1.3) }, []],
  ['a cloud that comes and goes too', left, { light: (s) => 0.8 + 0.2 * Math.cos(s / 5) }, []],
  ['a cloud does not hide a bag', left, { light: (s) => 0.85 + 0.15 * Math.cos(s / 6), things: [bag(10)] }, ['began']],
  ['the evening is none', left, { light: (s) => 1 - (s + 40) / 140, seconds: 60 }, []],
  ['a lamp that is switched on throws soft light', left, { pool: { x: 160, y: 130, radius: 40, more: 70, from: 12 } }, []],
  ['a strong one too', left, { pool: { x: 160, y: 130, radius: 28, more: 120, from: 12 } }, []],
  ['a lamp itself shines, and is none', left, { things: [bag(10, Infinity, 150, 255)] }, []],
  ['noise is none', left, { noise: 12 }, []],
  ['in noise a bag is found', left, { noise: 8, things: [bag(10, Infinity, 150, 20)] }, ['began']],
  ['who walks by without being found leaves nothing', left, { things: Array.from({ length: 40 }, (_, i) => someone(20 + i * 7, 5 + i, 6 + i)) }, []],
  ['a passer-by who hides it makes no second claim', left, { things: [bag(8)], seen: [[someone(148, 34, 40), 'person']] }, ['began']],
  ['outside the zone it is left alone', { ...left, zone: [{ x: 0, y: 0.4 }, { x: 0.3, y: 0.4 }, { x: 0.3, y: 1 }, { x: 0, y: 1 }] }, { things: [bag(10)] }, []],
  ['in an exclusion, where the rubbish is put, too', { ...left, exclusions: [zone] }, { things: [bag(10)] }, []],
  ['with a permit too', { ...left, permits: [{ area: null, fromMs: 0, toMs: 199_000, reference: 'GP 1' }] }, { things: [bag(10)] }, []],
  ['what lay there before the hours began counts from then', { ...left, hours: [{ days: [1], from: '06:00', to: '07:00' }] }, { things: [bag(5)], clock: (s) => ({ weekday: 1, minuteOfDay: s < 40 ? 359 : 360 }), seconds: 54 }, []],
  ['and is claimed then', { ...left, hours: [{ days: [1], from: '06:00', to: '07:00' }] }, { things: [bag(5)], clock: (s) => ({ weekday: 1, minuteOfDay: s < 30 ? 359 : s < 48 ? 360 : 420 }) }, ['began', 'ended']],
  ['a sign that goes is nothing that was left', left, { things: [sign(12)] }, []],
  // Nobody but a detector tells a seated person from a sack of rice.
  ['known wrong: somebody who sits stock-still and is not found is claimed', left, { things: [{ ...someone(150, 10, Infinity, 125), h: 18 }] }, ['began']],
])('left object: %s', (_, rule, shown, said) => expect(say(rule, shown)).toEqual(said))

test.each<[sentence: string, rule: RemovedObjectRule, shown: Shown, said: string[]]>([
  ['a sign that is carried away is claimed once', removed, { things: [sign(15)] }, ['began']],
  ['it ends when it is put back', removed, { things: [sign(15), sign(Infinity, 45)], seconds: 55 }, ['began', 'ended']],
  ['one that is there is none', removed, { things: [sign(Infinity)] }, []],
  ['moved away for a moment it is none', removed, { things: [sign(15), sign(Infinity, 25)] }, []],
  ['somebody who stands before it hides it, and that is none', removed, { things: [sign(Infinity)], seen: [[someone(196, 10, 60), 'person']] }, []],
  ['who takes it is followed, and the sign is missed when he is gone', removed, { things: [sign(15)], seen: [[someone(196, 12, 20), 'person']] }, ['began']],
  ['a bag put down beside is none', removed, { things: [sign(Infinity), bag(10, Infinity, 150)] }, []],
  ['another sign outside the zone is none', removed, { things: [sign(Infinity), { ...sign(12), x: 60 }] }, []],
  ['light is none', removed, { things: [sign(Infinity)], light: (s) => (s < 15 ? 1 : 0.75) }, []],
  ['the evening is none', removed, { things: [sign(Infinity)], light: (s) => 1 - (s + 40) / 140, seconds: 60 }, []],
])('removed object: %s', (_, rule, shown, said) => expect(say(rule, shown)).toEqual(said))

test.each<FaultCase>([
  ['a day of dwelling', { ...left, dwellMsMin: 86_400_000 }, 'dwellMsMin', /one hour/],
  ['no hold', { ...removed, holdMsMin: undefined }, 'holdMsMin', /missing/],
])('%s is refused by its field', checkFault)
