import { hearSignal, readSignal, type FeedColour, type SignalMemory } from '../../server/domain/signal.js'

type Told = readonly [sequence: number, theirMs: number, ourMs: number, north: FeedColour]
const hear = (...told: readonly Told[]): { readonly memory: SignalMemory | null; readonly ignored: number } =>
  told.reduce<{ readonly memory: SignalMemory | null; readonly ignored: number }>(({ memory, ignored }, [sequence, atMs, ourMs, colour]) => {
    const heard = hearSignal(memory, { sequence, atMs, approaches: { bac: colour } }, ourMs)
    return heard.do === 'take' ? { memory: heard.memory, ignored } : { memory, ignored: ignored + 1 }
  }, { memory: null, ignored: 0 })
const at = (memory: SignalMemory | null, atMs: number, nowMs: number, approach = 'bac') => readSignal(memory, approach, { atMs, nowMs, staleMs: 5_000 })

/** Their clock is a minute behind; the way takes 50 to 900 ms. */
const ROUND: readonly Told[] = [[1, 0, 60_900, 'green'], [2, 10_000, 70_050, 'yellow'], [3, 13_000, 73_400, 'red']]

test.each<[sentence: string, told: readonly Told[], askMs: number, nowMs: number, expected: object | null]>([
  ['the newest', ROUND, 74_000, 74_000, { state: 'red', sinceMs: 73_050, flashes: false }],
  ['what it was when the frame was taken', ROUND, 71_000, 74_000, { state: 'yellow', sinceMs: 70_050, flashes: false }],
  ['before anything was told nothing is known', ROUND, 60_000, 74_000, null],
  ['silent for longer than it may be, nothing is known', ROUND, 74_000, 78_401, null],
  ['a message that was overtaken changes nothing', [...ROUND, [2, 14_000, 74_100, 'green']], 74_200, 74_200, { state: 'red', sinceMs: 73_050, flashes: false }],
  ['the same colour again began when it was first told', [...ROUND, [4, 15_000, 75_060, 'red']], 76_000, 76_000, { state: 'red', sinceMs: 73_050, flashes: false }],
  ['flashing yellow is yellow that flashes', [[1, 0, 60_000, 'flashing_yellow']], 61_000, 61_000, { state: 'yellow', sinceMs: 60_000, flashes: true }],
  ['a controller that was restarted counts from the beginning', [[5_000, 0, 60_000, 'green'], [1, 500, 61_000, 'red']], 61_500, 61_500, { state: 'red', sinceMs: 61_000, flashes: false }],
])('%s', (_sentence, told, askMs, nowMs, expected) => expect(at(hear(...told).memory, askMs, nowMs)).toEqual(expected))

test('the difference of the clocks is the least that was met: the way adds to it and never takes', () => expect(hear(...ROUND).memory?.offsetMs).toBe(60_050))
test('another approach is not this one', () => expect(at(hear(...ROUND).memory, 74_000, 74_000, 'nam')).toBeNull())
test('an approach that is left out is known no more', () => {
  const { memory } = hear(...ROUND)
  const heard = hearSignal(memory, { sequence: 9, atMs: 14_000, approaches: { nam: 'red' } }, 74_050)
  expect([heard.do, heard.do === 'take' && readSignal(heard.memory, 'bac', { atMs: 74_050, nowMs: 74_050, staleMs: 5_000 })]).toEqual(['take', null])
})
