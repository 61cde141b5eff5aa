import fc from 'fast-check'
import type { Detection } from '../../../analytics/detection.js'
import type { Observation } from '../../../analytics/rules/observation.js'
import type { Rule } from '../../../analytics/rules/rule.js'
import { makeWatch } from '../../../analytics/watch.js'
import { LAMP_BOX, ROUND_THE_CLOCK, shoot, type LampColour, type Walker } from '../rules/walks.js'
import { PLAIN } from '../../support/plain-rule.js'

const core = { name: 'a rule', ...PLAIN }
const zone = [{ x: 0.2, y: 0.2 }, { x: 0.8, y: 0.2 }, { x: 0.8, y: 0.9 }, { x: 0.2, y: 0.9 }]
const line = [{ x: 0.1, y: 0.6 }, { x: 0.9, y: 0.6 }] as const
const rules: Rule[] = [
  { ...core, id: 'line', kind: 'line_crossing', line, direction: 'both' },
  { ...core, id: 'zone', kind: 'intrusion', zone, dwellMsMin: 1000 },
  { ...core, id: 'way', kind: 'wrong_way', zone, allowed: { x: 0, y: -1 }, holdMsMin: 600 },
  { ...core, id: 'stop', kind: 'illegal_stop', zone, dwellMsMin: 2000 },
  { ...core, id: 'light', kind: 'red_light', stopLine: line, direction: { x: 0, y: -1 }, lamp: { box: LAMP_BOX, order: 'vertical' }, graceMs: 500, yellowMsMin: 0, phaseMsMax: 180_000 },
  { ...core, id: 'crowd', kind: 'crowd', zone, countMin: 2, holdMsMin: 1000, timesUsual: null },
  { ...core, id: 'loiter', kind: 'loitering', zone, dwellMsMin: 2000 },
  { ...core, id: 'gather', kind: 'road_gathering', zone, countMin: 2, holdMsMin: 3000 },
  { ...core, id: 'take', kind: 'encroachment', zone, countMin: 1, dwellMsMin: 3000 },
  { ...core, id: 'race', kind: 'racing', zone, countMin: 2, speedMin: 1, holdMsMin: 300 },
  { ...core, id: 'weave', kind: 'weaving', zone, swaysMin: 3 },
  { ...core, id: 'fight', kind: 'fight', zone, holdMsMin: 500 },
  { ...core, id: 'word', kind: 'model_class', zone, words: ['elephant'], scoreMin: 0.5, holdMsMin: 500 },
  { ...core, id: 'left', kind: 'left_object', zone, dwellMsMin: 1000 },
  { ...core, id: 'gone', kind: 'removed_object', zone, holdMsMin: 1000 },
  { ...core, id: 'tamper', kind: 'camera_tamper', holdMsMin: 1000 },
]

const share = fc.integer({ min: 5, max: 95 }).map((n) => n / 100)
const walker: fc.Arbitrary<Walker> = fc.record({
  class: fc.constantFrom('person', 'two_wheeler', 'car', 'truck', 'elephant'),
  size: fc.tuple(fc.integer({ min: 3, max: 20 }), fc.integer({ min: 8, max: 25 })).map(([w, h]) => [w / 100, h / 100] as const),
  way: fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), share, share), { minLength: 2, maxLength: 4 }).map((legs) => {
    let second = 0
    return legs.map(([pause, x, y]) => [(second += pause) - 1, x, y] as const)
  }),
  hidden: fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 3 })).map(([from, long]) => [from, from + long] as const), { maxLength: 2 }),
})
const lamp = fc.array(fc.tuple(fc.integer({ min: 0, max: 14 }), fc.constantFrom<LampColour>('red', 'yellow', 'green', 'dark')), { maxLength: 3 }).map((phases) => phases.toSorted((a, b) => a[0] - b[0]))

test('whatever walks through the picture, each claim begins once, repeats at most once a second, ends at most once, and is dated before it is said', () => {
  fc.assert(
    fc.property(fc.array(walker, { minLength: 1, maxLength: 6 }), lamp, fc.constantFrom(5, 6, 12), fc.integer({ min: 0, max: 1000 }), (walkers, phases, fps, seed) => {
      const watch = makeWatch(rules, ROUND_THE_CLOCK)
      const observations = shoot(walkers, { seconds: 15, fps, tremble: 0.08, seed, lamp: phases }).flatMap(({ frame, detections }) => watch.see(frame, detections).observations)
      watch.setRules([])
      const last = watch.see(shoot([], { seconds: 0, startMs: 16_000 })[0]!.frame, []).observations
      for (const words of byEpisode([...observations, ...last])) checkWords(words)
    }),
    { seed: 20261122, numRuns: 25 },
  )
})

test('boxes without area, outside the picture or in hundreds do no harm', () => {
  const watch = makeWatch(rules, ROUND_THE_CLOCK)
  const odd: Detection[] = [
    { class: 'car', score: 0.9, box: { x1: 0.5, y1: 0.5, x2: 0.5, y2: 0.5 } },
    { class: 'car', score: 1, box: { x1: 0, y1: 0, x2: 1, y2: 1 } },
    { class: '', score: 0.9, box: { x1: 0.9, y1: 0.9, x2: 1, y2: 1 } },
    ...Array.from({ length: 200 }, (_, i): Detection => ({ class: 'person', score: 0.5, box: { x1: (i % 20) / 20, y1: Math.floor(i / 20) / 10, x2: (i % 20) / 20 + 0.02, y2: Math.floor(i / 20) / 10 + 0.05 } })),
  ]
  for (const { frame } of shoot([], { seconds: 4 })) {
    const { tracks } = watch.see(frame, odd)
    expect(tracks.filter((t) => !Object.values(t.box).every(Number.isFinite))).toEqual([])
  }
})

function byEpisode(observations: readonly Observation[]): Observation[][] {
  const episodes = new Map<string, Observation[]>()
  for (const o of observations) episodes.set(o.episode, [...(episodes.get(o.episode) ?? []), o])
  return [...episodes.values()]
}

/** Acts of an instant; every other kind lasts. */
const PASSING: readonly string[] = ['line_crossing', 'red_light']

function checkWords(words: readonly Observation[]): void {
  const phases = words.map((o) => o.phase)
  expect(phases[0]).toBe('began')
  expect(phases.slice(1, -1).every((phase) => phase === 'holds')).toBe(true)
  expect(phases.filter((phase) => phase === 'began')).toHaveLength(1)
  // Rules that last end when they are taken away; a passage is said once.
  if (PASSING.includes(words[0]?.kind ?? '')) expect(phases).toEqual(['began'])
  else expect(phases.at(-1)).toBe('ended')
  words.forEach((o, i) => {
    expect(o.sinceMs).toBeLessThanOrEqual(o.atMs)
    const before = words[i - 1]
    if (before && o.phase === 'holds') expect(o.atMs - before.atMs).toBeGreaterThanOrEqual(1000)
    expect(o.witnesses.filter(({ box }) => !Object.values(box).every((edge) => edge >= 0 && edge <= 1))).toEqual([])
  })
}
