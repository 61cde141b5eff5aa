import type { LampState } from '../../../analytics/lamp.js'
import { believe, type LampMemory } from '../../../analytics/lamp.js'
import type { LampFault } from '../../../analytics/lamp-fault.js'
import { NO_SIGNAL, SIGNAL_LIMITS, soundOf, stepSignal, type SignalState } from '../../../analytics/signal-phases.js'

type Glimpse = LampState | 'both'
/** What the lamp shows from which second on, who passes the line at which second, and what a controller tells. */
interface Street {
  readonly lamp: readonly (readonly [second: number, shows: Glimpse | 'flash'])[]
  readonly seconds: number
  readonly passes?: readonly number[]
  readonly waiting?: number
  readonly told?: readonly (readonly [second: number, tells: LampState])[]
  readonly fps?: number
}
const LIMITS = { ...SIGNAL_LIMITS, phaseMsMax: 180_000, graceMs: 1_000 }

/** Every change of what stands: "12 stuck", "31 -" (the second, and the codes that stand from then on). */
function watch({ lamp, seconds, passes = [], waiting = 0, told = [], fps = 5 }: Street): { readonly news: readonly string[]; readonly state: SignalState; readonly sound: readonly string[]; readonly found: readonly LampFault[] } {
  let state = NO_SIGNAL
  let memory: LampMemory | null = null
  let sound: readonly string[] = []
  const news: string[] = []
  const found: LampFault[] = []
  for (let i = 0; i <= seconds * fps; i += 1) {
    const second = i / fps
    const atMs = Math.round(second * 1000)
    const shows = lamp.findLast(([from]) => second >= from)?.[1] ?? 'dark'
    const glimpsed: LampState = shows === 'flash' ? (Math.floor(second * 2) % 2 === 0 ? 'yellow' : 'dark') : shows === 'both' ? 'unknown' : shows
    memory = believe(memory, glimpsed, atMs)
    const tells = told.findLast(([from]) => second >= from)?.[1] ?? null
    const frame = { atMs, believed: memory.believed, glimpsed, both: shows === 'both', passed: passes.filter((at) => at > second - 1 / fps && at <= second).map((at) => at * 1000), waiting: memory.believed.state === 'red' ? waiting : 0, pair: tells ? { seen: memory.believed.state, told: tells } : null }
    const before = state.faults.map(({ code }) => code).join(' ')
    state = stepSignal(state, frame, LIMITS)
    sound = soundOf(state, frame)
    const now = state.faults.map(({ code }) => code).join(' ')
    if (now !== before) {
      news.push(`${Math.floor(second)} ${now || '-'}`)
      found.push(...state.faults)
    }
  }
  return { news, state, sound, found }
}

/** Rounds of a minute: 30 s green, 3 yellow, 27 red. */
const rounds = (count: number, fromS = 0): Street['lamp'] => Array.from({ length: count }, (_, n) => fromS + n * 60).flatMap((at) => [[at, 'green'], [at + 30, 'yellow'], [at + 33, 'red']] as const)
const every = (fromS: number, toS: number, count: number): readonly number[] => Array.from({ length: count }, (_, n) => fromS + ((n + 0.5) * (toS - fromS)) / count)

test.each<[sentence: string, street: Street, news: readonly string[]]>([
  ['a lamp that goes round is in order', { lamp: rounds(10), seconds: 600 }, []],
  ['a red of 170 s is long and no fault', { lamp: [[0, 'green'], [30, 'red'], [200, 'green']], seconds: 260 }, []],
  ['a red that does not end is stuck after three minutes, and in order when it changes', { lamp: [[0, 'green'], [30, 'red'], [300, 'green']], seconds: 320 }, ['210 stuck', '300 -']],
  ['so is one that was red when the watching began', { lamp: [[0, 'red']], seconds: 200 }, ['180 stuck']],
  ['a green that does not end', { lamp: [[0, 'red'], [20, 'green']], seconds: 230 }, ['200 stuck']],
  ['a bus that hides it for five seconds does not begin it anew', { lamp: [[0, 'red'], [100, 'unknown'], [105, 'red']], seconds: 190 }, ['180 stuck']],
  ['out of sight for half a minute nobody knows what it showed: it is counted anew', { lamp: [[0, 'red'], [100, 'unknown'], [130, 'red']], seconds: 300 }, []],
  ['out of sight after it was found stuck it stays found', { lamp: [[0, 'green'], [20, 'red'], [220, 'unknown'], [260, 'red']], seconds: 300 }, ['200 stuck']],
  ['yellow that flashes all night is lawful', { lamp: [[0, 'green'], [30, 'yellow'], [33, 'flash']], seconds: 900 }, []],
  ['yellow that is lit all night is not', { lamp: [[0, 'green'], [30, 'yellow']], seconds: 240 }, ['210 stuck']],
  ['flashing after it was stuck on red is another programme, so it changed', { lamp: [[0, 'green'], [30, 'red'], [250, 'flash']], seconds: 300 }, ['210 stuck', '250 -']],
  ['dark for a minute after it had shone', { lamp: [...rounds(1), [60, 'dark']], seconds: 140 }, ['120 dark']],
  ['and shining again', { lamp: [...rounds(1), [60, 'dark'], [150, 'red']], seconds: 170 }, ['120 dark', '155 -']],
  ['dark from the beginning: it may be out of service, or drawn in the wrong place', { lamp: [[0, 'dark']], seconds: 900 }, []],
  ['dark for half a minute', { lamp: [...rounds(1), [60, 'dark'], [95, 'red']], seconds: 120 }, []],
  ['red and green together for three seconds', { lamp: [[0, 'red'], [20, 'both']], seconds: 40 }, ['23 two_colours']],
  ['a minute after it was last seen so it is in order', { lamp: [[0, 'red'], [20, 'both'], [30, 'green']], seconds: 100 }, ['23 two_colours', '89 -']],
  ['one second of both is a picture between two pictures', { lamp: [[0, 'red'], [20, 'both'], [21, 'green']], seconds: 40 }, []],
  ['red and green in turns of a second', { lamp: Array.from({ length: 12 }, (_, n) => [20 + n, n % 2 ? 'red' : 'green'] as const), seconds: 40 }, ['24 too_fast']],
  ['calm for a minute it is in order', { lamp: [[0, 'red'], ...Array.from({ length: 8 }, (_, n) => [20 + n, n % 2 ? 'red' : 'green'] as const), [28, 'green'], [58, 'red']], seconds: 100 }, ['23 too_fast', '88 -']],
  ['a red that is cut short once is no fault', { lamp: [[0, 'green'], [20, 'red'], [21, 'green']], seconds: 60 }, []],
  ['a green that goes dark now and then (it flashes before its end) is no red', { lamp: Array.from({ length: 20 }, (_, n) => [20 + n * 2, n % 2 ? 'dark' : 'green'] as const), seconds: 60 }, []],
])('%s', (_sentence, street, news) => expect(watch(street).news).toEqual(news))

describe('what vehicles do against what the lamp shows', () => {
  const round = rounds(3)
  test.each<[sentence: string, street: Street, news: readonly string[]]>([
    ['who goes on green and waits on red agrees', { lamp: round, seconds: 175, passes: [...every(0, 30, 12), ...every(60, 90, 12)] }, []],
    ['four who run red beside twelve on green are four who run red', { lamp: round, seconds: 175, passes: [...every(0, 30, 12), ...every(36, 58, 4)] }, []],
    ['ten beside twelve, too', { lamp: round, seconds: 175, passes: [...every(0, 30, 12), ...every(36, 58, 10)] }, []],
    ['ten beside two say that the lamp lies', { lamp: rounds(1), seconds: 59, passes: [...every(0, 30, 2), ...every(36, 58, 10)] }, ['46 flow']],
    ['ten beside two, while three stand and wait: whoever waits believes the lamp', { lamp: rounds(1), seconds: 59, waiting: 3, passes: [...every(0, 30, 2), ...every(36, 58, 10)] }, []],
    ['four beside nobody are too few to say so', { lamp: rounds(1), seconds: 59, passes: every(36, 58, 4) }, []],
    ['those in the grace are none who violate', { lamp: rounds(1), seconds: 59, passes: every(33.1, 33.9, 9) }, []],
    ['on a red of which the green before was not watched nobody knows', { lamp: [[0, 'red']], seconds: 60, passes: every(5, 55, 15) }, []],
    ['a round that agrees takes it back, when it is over', { lamp: round, seconds: 175, passes: [...every(36, 58, 10), ...every(61, 89, 12)] }, ['46 flow', '120 -']],
    ['a round in which nobody passes does not', { lamp: round, seconds: 175, passes: every(36, 58, 10) }, ['46 flow']],
    ['while it is known to be stuck, those who pass it tell nothing new', { lamp: [[0, 'green'], [30, 'red']], seconds: 300, passes: [...every(0, 30, 6), ...every(212, 298, 20)] }, ['210 stuck']],
  ])('%s', (_sentence, street, news) => expect(watch(street).news.map((line) => line.replace(/^4[5-7] flow/, '46 flow'))).toEqual(news))

  test('it began with that red, and says how many of how many', () => expect(watch({ lamp: rounds(1), seconds: 59, passes: [...every(0, 30, 2), ...every(36, 58, 10)] }).state.faults).toEqual([{ code: 'flow', sinceMs: 33_000, violators: 10, passed: 12, waited: 0 }]))
})

describe('what a controller tells', () => {
  const lamp = rounds(2)
  test.each<[sentence: string, told: NonNullable<Street['told']>, news: readonly string[]]>([
    ['the same: in order', [[0, 'green'], [30, 'yellow'], [33, 'red'], [60, 'green']], []],
    ['two seconds later each time: the way is long, and in order', [[2, 'green'], [32, 'yellow'], [35, 'red'], [62, 'green']], []],
    ['green while red is seen: a fault after three seconds', [[0, 'green'], [30, 'yellow'], [33, 'green']], ['36 feed_differs', '70 -']],
    ['nothing: nobody is contradicted', [], []],
  ])('%s', (_sentence, told, news) => expect(watch({ lamp, seconds: 80, told }).news.filter((line) => !/^9\d/.test(line))).toEqual(news))
})

test.each<[sentence: string, street: Street, numbers: object]>([
  ['stuck: the colour, since when, how long, and the limit', { lamp: [[0, 'green'], [30, 'red']], seconds: 211 }, { code: 'stuck', colour: 'red', sinceMs: 30_000, lastedMs: 180_200, limitMs: 180_000 }],
  ['dark', { lamp: [...rounds(1), [60, 'dark']], seconds: 121 }, { code: 'dark', sinceMs: 60_000, lastedMs: 60_200, limitMs: 60_000 }],
  ['two colours', { lamp: [[0, 'red'], [20, 'both']], seconds: 24 }, { code: 'two_colours', sinceMs: 20_000, lastedMs: 3_000 }],
  ['too fast: how many within which time', { lamp: [[0, 'red'], ...Array.from({ length: 6 }, (_, n) => [20 + n, n % 2 ? 'red' : 'green'] as const)], seconds: 24 }, { code: 'too_fast', sinceMs: 20_000, phases: 3, spanMs: 3_000 }],
  ['the feed: what is seen and what is told', { lamp: [[0, 'red']], seconds: 9, told: [[5, 'green']] }, { code: 'feed_differs', sinceMs: 5_000, lastedMs: 3_200, seen: 'red', told: 'green' }],
])('its numbers when it is found: %s', (_sentence, street, numbers) => expect(watch(street).found[0]).toEqual(numbers))

test.each([3, 5, 10, 25])('%i frames a second say the same', (fps) => {
  expect(watch({ lamp: [[0, 'green'], [30, 'red'], [300, 'green']], seconds: 320, fps }).news).toEqual(['210 stuck', '300 -'])
  expect(watch({ lamp: [[0, 'green'], [30, 'yellow'], [33, 'flash']], seconds: 400, fps }).news).toEqual([])
})

test('of a lamp that goes round everything is known to be in order but what nobody told; of one just met nothing', () => {
  expect(watch({ lamp: rounds(3), seconds: 179, passes: [...every(0, 30, 12), ...every(60, 90, 12)] }).sound).toEqual(['stuck', 'dark', 'two_colours', 'too_fast', 'flow'])
  expect(watch({ lamp: rounds(1), seconds: 2 }).sound).toEqual([])
})
