import type { Rule } from '../../../analytics/rules/rule.js'
import { makeWatch } from '../../../analytics/watch.js'
import { LAMP_BOX, ROUND_THE_CLOCK, shoot, type Walker } from '../rules/walks.js'
import { PLAIN } from '../../support/plain-rule.js'

const core = { id: 'r', name: 'a rule', ...PLAIN }
const zone = [{ x: 0.3, y: 0.3 }, { x: 0.7, y: 0.3 }, { x: 0.7, y: 0.9 }, { x: 0.3, y: 0.9 }]
const stop: Rule = { ...core, kind: 'illegal_stop', zone, dwellMsMin: 3000 }
const light: Rule = { ...core, id: 'light', kind: 'red_light', stopLine: [{ x: 0.2, y: 0.6 }, { x: 0.8, y: 0.6 }], direction: { x: 0, y: -1 }, lamp: { box: LAMP_BOX, order: 'vertical' }, graceMs: 1000, yellowMsMin: 0, phaseMsMax: 180_000 }
const car: Walker = { class: 'car', size: [0.16, 0.14], way: [[0, 0.5, 0.6], [60, 0.5, 0.6]] }
const film = shoot([car], { seconds: 12, lamp: [[0, 'red'], [6, 'green']] })

test('a frame that comes late is ignored and counted, and changes nothing', () => {
  const clean = makeWatch([stop], ROUND_THE_CLOCK)
  const mixed = makeWatch([stop], ROUND_THE_CLOCK)
  film.forEach(({ frame, detections }, i) => {
    const wanted = clean.see(frame, detections)
    expect(mixed.see(frame, detections)).toEqual(wanted)
    const older = film[Math.max(0, i - 3)]
    if (older) expect(mixed.see(older.frame, []).observations).toEqual([])
  })
  expect(mixed.counts.lateFrames).toBe(film.length)
})

test('the lamp of each red-light rule is told with every frame', () => {
  const watch = makeWatch([stop, light], ROUND_THE_CLOCK)
  const lamps = film.map(({ frame, detections }) => watch.see(frame, detections).lamps)
  expect(lamps[10]).toEqual([{ ruleId: 'light', state: 'red', sinceMs: 0 }])
  expect(lamps.at(-1)).toEqual([{ ruleId: 'light', state: 'green', sinceMs: 6000 }])
})

test('rules that stay keep what they claimed; a rule that goes ends it with the next frame; a new one starts from now', () => {
  const watch = makeWatch([stop], ROUND_THE_CLOCK)
  const said = film.flatMap(({ frame, detections }, i) => {
    if (i === 30) watch.setRules([stop, { ...stop, id: 'second' }])
    if (i === 40) watch.setRules([{ ...stop, id: 'second' }])
    return watch.see(frame, detections).observations.filter((o) => o.phase !== 'holds').map((o) => `${o.ruleId} ${o.phase} ${i}`)
  })
  // The second rule looks back one second of the parked car's past, no more.
  expect(said).toEqual(['r began 15', 'r ended 40', 'second began 40'])
})

test('a picture of another shape starts every track and claim anew, under new numbers', () => {
  const watch = makeWatch([stop], ROUND_THE_CLOCK)
  const before = film.slice(0, 30).flatMap(({ frame, detections }) => watch.see(frame, detections).tracks.map((t) => t.id))
  const after = film.slice(30).flatMap(({ frame, detections }) => watch.see({ ...frame, width: 120, height: 160 }, detections))
  expect(new Set(before)).toEqual(new Set([1]))
  expect(new Set(after.flatMap((s) => s.tracks.map((t) => t.id)))).toEqual(new Set([2]))
  expect(after[0]?.observations.map((o) => o.phase)).toEqual(['ended'])
  expect(watch.counts.reshapes).toBe(1)
})

test('a larger picture of the same shape changes nothing', () => {
  const watch = makeWatch([stop], ROUND_THE_CLOCK)
  const ids = film.flatMap(({ frame, detections }, i) => watch.see(i < 20 ? frame : { ...frame, width: 320, height: 240, rgb: new Uint8Array(320 * 240 * 3) }, detections).tracks.map((t) => t.id))
  expect(new Set(ids)).toEqual(new Set([1]))
  expect(watch.counts.reshapes).toBe(0)
})

test.each([
  ['set back by an hour', -3_600_000],
  ['ahead by an hour', 3_600_000],
])('a clock %s is a new clock: claims end, tracks start anew, and the watch goes on', (_, jumpMs) => {
  const watch = makeWatch([stop], ROUND_THE_CLOCK)
  const start = 10_000_000
  const said = film.flatMap(({ frame, detections }, i) => {
    const atMs = start + frame.atMs + (i < 30 ? 0 : jumpMs)
    return watch.see({ ...frame, atMs }, detections).observations.filter((o) => o.phase !== 'holds').map((o) => `${o.phase} ${i}`)
  })
  expect(said).toEqual(['began 15', 'ended 30', 'began 45'])
  expect(watch.counts.timeJumps).toBe(1)
})

test('a camera that was turned shows another street: claims end, tracks start anew, and no clock is blamed', () => {
  const watch = makeWatch([stop], ROUND_THE_CLOCK)
  const said = film.flatMap(({ frame, detections }, i) => {
    if (i === 30) watch.turn()
    return watch.see(frame, detections).observations.filter((o) => o.phase !== 'holds').map((o) => `${o.phase} ${i}`)
  })
  expect([said, watch.counts]).toEqual([['began 15', 'ended 30', 'began 45'], { lateFrames: 0, reshapes: 0, timeJumps: 0 }])
})

test('no detections and no rules are fine', () => {
  const watch = makeWatch([], ROUND_THE_CLOCK)
  expect(watch.see(film[0]!.frame, [])).toEqual({ tracks: [], observations: [], lamps: [], signals: [] })
})

test('episodes are never used twice, whatever is set, lost and begun again', () => {
  const watch = makeWatch([stop], ROUND_THE_CLOCK)
  const begun = shoot([car], { seconds: 60 }).flatMap(({ frame, detections }, i) => {
    if (i % 50 === 0) watch.setRules(i % 100 === 0 ? [] : [stop])
    return watch.see(frame, detections).observations.filter((o) => o.phase === 'began').map((o) => o.episode)
  })
  expect(begun.length).toBeGreaterThan(2)
  expect(new Set(begun).size).toBe(begun.length)
})

const once = shoot([{ ...car, way: [[0, 0.5, 0.95], [2, 0.5, 0.6], [90, 0.5, 0.6]] }], { seconds: 60 })

test('who stopped and is not looked at again stays claimed, frame for frame as if he were', () => {
  const looking = makeWatch([stop], ROUND_THE_CLOCK)
  const gated = makeWatch([stop], ROUND_THE_CLOCK)
  once.forEach(({ frame, detections }, i) => {
    const wanted = looking.see(frame, detections)
    // The car stands from frame 10 on; from frame 15 on nothing more is found out about it.
    const told = gated.see(frame, i < 15 ? detections : 'unchanged')
    expect(told.observations.map(({ phase, sinceMs }) => ({ phase, sinceMs }))).toEqual(wanted.observations.map(({ phase, sinceMs }) => ({ phase, sinceMs })))
    expect(told.tracks.map(({ id, state, box, lastSeenAtMs }) => ({ id, state, box, lastSeenAtMs }))).toEqual(wanted.tracks.map(({ id, state, box, lastSeenAtMs }) => ({ id, state, box, lastSeenAtMs })))
  })
})

test('one look is no proof: what one picture showed is not believed for being shown again', () => {
  const watch = makeWatch([stop], ROUND_THE_CLOCK)
  const tracks = once.slice(50).flatMap(({ frame, detections }, i) => watch.see(frame, i === 0 ? detections : 'unchanged').tracks)
  expect(tracks).toEqual([])
})

test('the lamp is read from frames that are not looked at', () => {
  const watch = makeWatch([light], ROUND_THE_CLOCK)
  expect(film.map(({ frame }) => watch.see(frame, 'unchanged').lamps).at(-1)).toEqual([{ ruleId: 'light', state: 'green', sinceMs: 6000 }])
})

test('while somebody is new every frame is asked for', () => {
  const watch = makeWatch([stop], ROUND_THE_CLOCK)
  const why = once.slice(50, 58).map(({ frame, detections }, i) => {
    const glance = watch.glance(frame)
    watch.see(frame, glance.do === 'look' ? (i === 5 ? [] : detections) : 'unchanged')
    return glance.do === 'look' ? glance.why : 'skip'
  })
  // Three sightings until it is believed; then calm.
  expect(why).toEqual(['first', 'restless', 'restless', 'skip', 'skip', 'skip', 'skip', 'skip'])
})
