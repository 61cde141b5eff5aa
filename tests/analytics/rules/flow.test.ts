import type { FlowRule } from '../../../analytics/rules/rule.js'
import { makeWatch } from '../../../analytics/watch.js'
import { wordReason } from '../../../server/domain/reason.js'
import { PLAIN } from '../../support/plain-rule.js'
import { bike, car, expectRefused, expectTaken } from './claims.js'
import { shoot, watchFilm, type Film, type Walker } from './walks.js'

const rule: FlowRule = { id: 'r', name: 'a rule', ...PLAIN, use: 'statistics', kind: 'flow', line: [{ x: 0.1, y: 0.5 }, { x: 0.9, y: 0.5 }], everyMs: 20_000 }
const film: Film = { seconds: 65, tremble: 0.04 }
const down = (from: number, more: Partial<Walker> = {}): Walker => bike([[from, 0.4, 0.2], [from + 6, 0.4, 0.9]], more)
const up = (from: number): Walker => car([[from, 0.6, 0.9], [from + 6, 0.6, 0.2]])

/** "20-40: car left 1" for each interval told. */
function intervals(more: Partial<FlowRule>, walkers: readonly Walker[], shot: Film = film): string[] {
  const said = watchFilm([{ ...rule, ...more }], walkers, shot)
  expect(said.map((o) => o.phase)).toEqual(said.map((_, i) => (i % 2 === 0 ? 'began' : 'ended')))
  return said.filter((o) => o.phase === 'began').map(({ sinceMs, reason, witnesses }) => {
    expect(witnesses).toEqual([])
    if (reason.code !== 'flow') throw new Error('no flow')
    return `${sinceMs / 1000}: ${reason.counts.map((one) => `${one.class} ${one.side} ${one.count}`).join(', ') || 'nobody'}`
  })
}

test.each<[string, Partial<FlowRule>, Walker[], Film, string[]]>([
  ['two down and one up in the second interval, one down in the third', {}, [down(22), down(25), up(30), down(44)], film, ['20: car left 1, two_wheeler right 2', '40: two_wheeler right 1']],
  ['an interval in which nobody came is told as that', {}, [down(44)], film, ['20: nobody', '40: two_wheeler right 1']],
  ['the first interval was joined in its middle: who passed then is not told', {}, [down(5)], { ...film, startMs: 3_000 }, ['20: nobody', '40: nobody']],
  ['who passes on the last frame but is seen clear of the line on the next belongs to the interval in which he passed', {}, [bike([[37.2, 0.4, 0.2], [43.2, 0.4, 0.9]])], film, ['20: two_wheeler right 1', '40: nobody']],
  ['who stands on the line is nobody', {}, [bike([[20, 0.4, 0.5], [60, 0.4, 0.5]])], film, ['20: nobody', '40: nobody']],
  ['a number that changes on the line is one', {}, [down(22, { hidden: [[24.2, 25.2]] })], film, ['20: two_wheeler right 1', '40: nobody']],
  ['only the classes that are named are counted', { classes: ['car'] }, [down(22), up(25)], film, ['20: car left 1', '40: nobody']],
  ['what has a permit is not counted', { permits: [{ area: null, fromMs: 0, toMs: 40_000, reference: 'GP 1' }] }, [down(22), down(44)], film, ['20: nobody', '40: two_wheeler right 1']],
])('flow: %s', (_, more, walkers, shot, expected) => {
  expect(intervals(more, walkers, shot)).toEqual(expected)
})

test.each([3, 5, 10])('flow: %i frames a second count the same', (fps) => expect(intervals({}, [down(22), up(30)], { ...film, fps, tremble: 0.08 })).toEqual(['20: car left 1, two_wheeler right 1', '40: nobody']))

test('flow: it tells for how much of the interval somebody watched: half of it is missing here', () => {
  const watch = makeWatch([rule], { localTime: () => ({ weekday: 3, minuteOfDay: 720 }) })
  const said = shoot([], { seconds: 65 }).filter(({ frame }) => frame.atMs < 25_000 || frame.atMs > 35_000).flatMap(({ frame, detections }) => watch.see(frame, detections).observations)
  expect(said.filter((o) => o.phase === 'began').map(({ reason }) => reason.code === 'flow' && Math.round(reason.watchedMs / 1000))).toEqual([10, 20])
})

test('flow: outside its hours nothing is counted, and the interval in which they end is not told', () => {
  const watch = makeWatch([{ ...rule, hours: [{ days: [3], from: '12:00', to: '12:01' }] }], { localTime: (atMs) => ({ weekday: 3, minuteOfDay: atMs < 50_000 ? 720 : 721 }) })
  const said = shoot([down(22), down(42)], { seconds: 90 }).flatMap(({ frame, detections }) => watch.see(frame, detections).observations)
  expect(said.map((o) => [o.phase, o.sinceMs])).toEqual([['began', 20_000], ['ended', 20_000]])
})

test('flow: the words name each side and class', () => {
  const counts = [{ class: 'car', side: 'left' as const, count: 3 }, { class: 'two_wheeler', side: 'left' as const, count: 9 }]
  expect(wordReason({ code: 'flow', spanMs: 900_000, watchedMs: 900_000, counts })).toEqual({ vi: 'Trong 15 phút: sang trái 12 (ô tô con 3, xe hai bánh 9), sang phải 0', en: 'In 15 min: to the left 12 (car 3, two-wheeler 9), to the right 0' })
})

test.each<[string, object, RegExp]>([
  ['use', { use: 'screening' }, /statistics/],
  ['use', { use: undefined }, /statistics/],
  ['everyMs', { everyMs: 1000 }, /at least 10 seconds/],
  ['line', { line: [] }, /two points/],
])('flow: a wrong %s is refused by its name', (field, more, reason) => expectRefused({ ...rule, ...more }, field, reason))

test('flow: a complete rule is taken', () => expectTaken(rule))
