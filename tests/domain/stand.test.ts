import { hearAim, NO_AIM, type Aim, type AimAnswer } from '../../server/domain/aim.js'
import { masksAt, masksThrough, type PrivacyMask } from '../../server/domain/privacy-mask.js'
import type { BoundPreset, Pose } from '../../server/domain/seen.js'
import { hearStand, isKnown, standThrough, type Stand } from '../../server/domain/stand.js'
import { isWithin, overlapMs, unwatchedSpans } from '../../server/domain/unwatched.js'

const [BRIDGE, MARKET, ASIDE]: readonly Pose[] = [{ pan: 0.4, tilt: 0, zoom: 0 }, { pan: -0.4, tilt: 0, zoom: 0 }, { pan: 0.42, tilt: 0, zoom: 0 }]
const preset = (token: string, at: Pose) => ({ token, name: token, at })
const told = (at: Pose | null, part: Partial<Extract<AimAnswer, { kind: 'told' }>> = {}): AimAnswer => ({ kind: 'told', at, isMoving: false, presets: [preset('bridge', BRIDGE!), preset('market', MARKET!)], untold: null, ...part })
const SILENT: AimAnswer = { kind: 'silent', trouble: { code: 'timed_out', tried: '', on: '', said: '' } }

/** Answers in turn, each to a question of that second, answered half a second later. */
function hear(answers: readonly (readonly [second: number, answer: AimAnswer])[]): Stand | null {
  let [aim, stand]: readonly [Aim, Stand | null] = [NO_AIM, null]
  for (const [second, answer] of answers) {
    aim = hearAim(aim, answer, second * 1_000)
    stand = hearStand(stand, aim, { askedMs: second * 1_000, heardMs: second * 1_000 + 500 })
  }
  return stand
}

test.each<[sentence: string, answers: readonly (readonly [number, AimAnswer])[], fromTo: readonly [number, number] | null, at?: string | null]>([
  ['one answer may be given in passing: no time is known yet', [[0, told(BRIDGE!)]], [2_500, 2_500], 'bridge'],
  ['from the second on it stood there, from some time after the first to the newest question', [[0, told(BRIDGE!)], [4, told(BRIDGE!)], [8, told(BRIDGE!)]], [2_500, 8_000], 'bridge'],
  ['elsewhere it is another stand', [[0, told(BRIDGE!)], [4, told(BRIDGE!)], [8, told(MARKET!)], [12, told(MARKET!)]], [10_500, 12_000], 'market'],
  ['a place that is no preset is one too, without a name', [[0, told({ pan: 0, tilt: 0, zoom: 0 })], [4, told({ pan: 0, tilt: 0, zoom: 0 })]], [2_500, 4_000], null],
  ['no answer leaves it as it was', [[0, told(BRIDGE!)], [4, told(BRIDGE!)], [8, SILENT]], [2_500, 4_000], 'bridge'],
  ['and it grows again when the next one says the same soon enough', [[0, told(BRIDGE!)], [4, SILENT], [20, told(BRIDGE!)]], [2_500, 20_000], 'bridge'],
  ['after a longer silence it is a new one: it may have turned and come back', [[0, told(BRIDGE!)], [4, told(BRIDGE!)], [8, SILENT], [60, told(BRIDGE!)]], [62_500, 62_500], 'bridge'],
  ['a camera that moves stands nowhere', [[0, told(BRIDGE!)], [4, told(MARKET!, { isMoving: true })]], null],
  ['one that will not say, nowhere', [[0, told(BRIDGE!)], [4, told(null)]], null],
  ['one that tells one place for all presets is not believed', [[0, told(BRIDGE!, { presets: [preset('a', BRIDGE!), preset('b', BRIDGE!)] })]], null],
  ['nor has one that cannot turn anything to say', [[0, { kind: 'fixed' }]], null],
])('%s', (_sentence, answers, fromTo, at = null) => {
  const stand = hear(answers)
  expect(stand && [stand.fromMs, stand.toMs]).toEqual(fromTo)
  expect(stand?.preset ?? null).toBe(at)
})

const stand = (fromMs: number, toMs: number, at: Pose, name: string | null = 'x'): Stand => ({ fromMs, toMs, at, preset: name })

test.each<[sentence: string, span: readonly [number, number], found: boolean]>([
  ['within one stand', [100, 200], true],
  ['an instant at its end', [300, 300], true],
  ['over its end', [200, 301], false],
  ['before it', [50, 99], false],
  ['over two stands at one place, with a turn between', [200, 500], false],
  ['in one that only one answer told', [900, 900], false],
])('a span %s: one stand holds through it? %s', (_sentence, [fromMs, toMs], found) => {
  const stands = [stand(100, 300, BRIDGE!), stand(400, 600, BRIDGE!), stand(900, 900, BRIDGE!)]
  expect([standThrough(stands, { fromMs, toMs }) !== null, isKnown(stands[2]!)]).toEqual([found, false])
})

describe('which masks cover', () => {
  const bound = (token: string, at: Pose): BoundPreset => preset(token, at)
  const mask = (x: number, on: BoundPreset | null): PrivacyMask => ({ points: [{ x, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }], preset: on })
  const ALL = [mask(0.1, null), mask(0.2, bound('bridge', BRIDGE!)), mask(0.3, bound('market', MARKET!))]
  const named = (masks: ReturnType<typeof masksAt>): readonly number[] => masks.map(([first]) => first!.x * 10)

  test.each<[sentence: string, at: Pick<Stand, 'at' | 'preset'> | null, covers: readonly number[]]>([
    ['a view: its own and those of every view', { at: BRIDGE!, preset: 'bridge' }, [1, 2]],
    ['the other view', { at: MARKET!, preset: 'market' }, [1, 3]],
    ['the view of a mask whose preset was removed in the camera', { at: MARKET!, preset: null }, [1, 3]],
    ['a preset that no mask is drawn on', { at: { pan: 0, tilt: 0.3, zoom: 0 }, preset: 'roof' }, [1]],
    ['a place beside a view, where a joystick left it: everything, for the window may still be seen', { at: ASIDE!, preset: null }, [1, 2, 3]],
    ['nobody knows what: everything', null, [1, 2, 3]],
  ])('%s', (_sentence, at, covers) => expect(named(masksAt(ALL, at))).toEqual(covers))

  test('a film in which the camera turned is covered by all of them, one of a single view by its own', () => {
    const stands = [stand(0, 100, BRIDGE!), stand(104, 200, MARKET!)]
    expect([named(masksThrough(ALL, stands, { fromMs: 10, toMs: 90 })), named(masksThrough(ALL, stands, { fromMs: 110, toMs: 110 })), named(masksThrough(ALL, stands, { fromMs: 90, toMs: 110 })), named(masksThrough(ALL, [], { fromMs: 90, toMs: 110 }))]).toEqual([[1, 2], [1, 3], [1, 2, 3], [1, 2, 3]])
  })
})

describe('when a bound rule is known not to have seen its view', () => {
  const HOUR = { fromMs: 0, toMs: 3_600_000 }
  test.each<[sentence: string, stands: readonly Stand[], spans: readonly (readonly [number, number])[]]>([
    ['nothing is known: nothing is claimed of it', [], []],
    ['it stood there all the while', [stand(-5_000, 3_700_000, BRIDGE!)], []],
    ['it stood elsewhere, and turned on the way there and back', [stand(0, 1_000_000, BRIDGE!), stand(1_008_000, 1_700_000, MARKET!), stand(1_710_000, 3_600_000, BRIDGE!)], [[1_000_000, 1_710_000]]],
    ['it stood elsewhere into the hour, and out of it', [stand(-900_000, 60_000, MARKET!), stand(3_000_000, 4_000_000, MARKET!)], [[0, 60_000], [3_000_000, 3_600_000]]],
    ['what lies between two stands for longer nobody knows', [stand(0, 1_000_000, BRIDGE!), stand(1_100_000, 3_600_000, BRIDGE!)], []],
    ['a place that one answer told is not known', [stand(50, 50, MARKET!)], []],
  ])('%s', (_sentence, stands, spans) => expect(unwatchedSpans({ at: BRIDGE! }, stands, HOUR).map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual(spans))

  test('spans are measured where they overlap, and hold from their beginning to before their end', () => {
    const spans = [{ fromMs: 10, toMs: 20 }, { fromMs: 30, toMs: 40 }]
    expect([overlapMs(spans, [{ fromMs: 0, toMs: 15 }, { fromMs: 18, toMs: 35 }]), isWithin(spans, 10), isWithin(spans, 20), isWithin(spans, 29)]).toEqual([12, true, false, false])
  })
})
