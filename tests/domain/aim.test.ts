import { areAlike, fateOfBound, fateOfView, hearAim, isAt, nextAsk, NO_AIM, SILENT_MS_MAX, siftUnsaid, weighAim, type Aim, type AimAnswer, type Preset, type Unsaid } from '../../server/domain/aim.js'
import type { Pose } from '../../server/domain/seen.js'
import type { TroubleCode } from '../../server/domain/trouble.js'

const HOME: Pose = { pan: 0, tilt: 0, zoom: 0 }
const BRIDGE: Pose = { pan: 0.4, tilt: -0.1, zoom: 0.25 }
const off = (by: Partial<Pose>): Pose => ({ pan: BRIDGE.pan + (by.pan ?? 0), tilt: BRIDGE.tilt + (by.tilt ?? 0), zoom: BRIDGE.zoom + (by.zoom ?? 0) })
const told = (part: Partial<Extract<AimAnswer, { kind: 'told' }>> = {}): AimAnswer => ({ kind: 'told', at: BRIDGE, isMoving: false, presets: null, untold: null, ...part })
const silent = (code: TroubleCode = 'timed_out'): AimAnswer => ({ kind: 'silent', trouble: { code, tried: 'ONVIF GetStatus', on: 'x', said: 'x' } })
const FIXED: AimAnswer = { kind: 'fixed' }
const preset = (token: string, at: Pose | null): Preset => ({ token, name: token, at })
/** One answer each second, the first at 0. */
const heard = (...answers: readonly AimAnswer[]): Aim => answers.reduce((aim, answer, at) => hearAim(aim, answer, at * 1_000), NO_AIM)
const why = (aim: Aim, nowMs: number): string => {
  const verdict = weighAim({ at: BRIDGE }, aim, nowMs)
  return verdict.fits ? 'watches' : verdict.why
}

test.each<[sentence: string, answers: readonly AimAnswer[], nowMs: number, says: string]>([
  ['nobody asked yet', [], 0, 'unasked'],
  ['it stands there', [told()], 0, 'watches'],
  ['it stands there, and says nothing of moving', [told({ isMoving: null })], 0, 'watches'],
  ['it comes back within what a mount errs', [told({ at: off({ pan: 0.004, tilt: -0.004, zoom: 0.01 }) })], 0, 'watches'],
  ['it was turned by two degrees', [told({ at: off({ pan: 0.012 }) })], 0, 'elsewhere'],
  ['it was tilted', [told({ at: off({ tilt: 0.02 }) })], 0, 'elsewhere'],
  ['it zoomed in', [told({ at: off({ zoom: 0.1 }) })], 0, 'elsewhere'],
  ['it moves, just past the preset', [told({ at: HOME }), told({ isMoving: true })], 1_000, 'moving'],
  ['it says it moves and has stood still since the last answer', [told(), told({ isMoving: true })], 1_000, 'watches'],
  ['the first answer says that it moves: nobody knows whether it stood', [told({ isMoving: true })], 0, 'moving'],
  ['it is back', [told({ at: HOME }), told()], 1_000, 'watches'],
  ['it does not answer for a moment', [told(), silent()], 1_000 + SILENT_MS_MAX - 1_000, 'watches'],
  ['it has not answered for too long', [told(), silent()], 1_000 + SILENT_MS_MAX, 'silent'],
  ['it stood elsewhere, and does not answer', [told({ at: HOME }), silent()], 1_000, 'elsewhere'],
  ['it never answered', [silent()], 0, 'silent'],
  ['it answers again', [silent(), silent(), told()], 2_000, 'watches'],
  ['it cannot turn', [FIXED], 0, 'fixed'],
  ['it can turn no more', [told(), FIXED], 1_000, 'fixed'],
  ['it will not say where it looks', [told({ at: null, untold: 'ter:ActionNotSupported' })], 0, 'untold'],
  ['it says no more where it looks', [told(), told({ at: null })], 1_000, 'untold'],
  ['it calls every preset by one place', [told({ at: BRIDGE, presets: [preset('1', BRIDGE), preset('2', BRIDGE)] })], 0, 'alike'],
  ['it did so once, and has not told them since', [told({ presets: [preset('1', BRIDGE), preset('2', BRIDGE)] }), told()], 1_000, 'alike'],
  ['its presets lie apart', [told({ presets: [preset('1', BRIDGE), preset('2', HOME)] })], 0, 'watches'],
])('%s: a rule that is bound there %#', (_sentence, answers, nowMs, says) => expect(why(heard(...answers), nowMs)).toBe(says))

test('two ends of the range are two views: a mount with stops looks different ways there', () => expect(isAt({ ...HOME, pan: -1 }, { ...HOME, pan: 1 })).toBe(false))

test.each<[sentence: string, presets: readonly Preset[], alike: boolean]>([
  ['no preset', [], false],
  ['one', [preset('1', HOME)], false],
  ['two without a place', [preset('1', null), preset('2', null)], false],
  ['one with a place and one without', [preset('1', HOME), preset('2', null)], false],
  ['three at one place', [preset('1', HOME), preset('2', HOME), preset('3', HOME)], true],
])('%s: are they a lie? %s', (_sentence, presets, alike) => expect(areAlike(presets)).toBe(alike))

describe('what was seen between two answers', () => {
  const seen = (ruleId: string, heardAtMs: number, ends = false): Unsaid => ({ ruleId, heardAtMs, sinceMs: 0, ends })
  const sift = (unsaid: readonly Unsaid[], aim: Aim): Record<string, readonly string[]> => {
    const sifted = siftUnsaid(unsaid, (one) => fateOfBound(one, weighAim({ at: BRIDGE }, aim, 5_000), aim))
    return Object.fromEntries(Object.entries(sifted).map(([to, ones]) => [to, (ones as readonly Unsaid[]).map(({ ruleId, heardAtMs }) => `${ruleId}${heardAtMs}`)]))
  }
  const asked = (answer: AimAnswer, askedAtMs: number): Aim => hearAim(NO_AIM, answer, askedAtMs)

  test.each<[sentence: string, unsaid: readonly Unsaid[], aim: Aim, say: readonly string[], drop: readonly string[], keep: readonly string[]]>([
    ['is said when it still stands there after it', [seen('a', 100), seen('b', 150)], asked(told(), 200), ['a100', 'b150'], [], []],
    ['waits while the newest question was asked before it', [seen('a', 300)], asked(told(), 200), [], [], ['a300']],
    ['is dropped when it was turned meanwhile', [seen('a', 100), seen('a', 300)], asked(told({ at: HOME }), 200), [], ['a100', 'a300'], []],
    ['ends what was said, wherever the camera looks', [seen('a', 100), seen('a', 150, true)], asked(told({ at: HOME }), 200), ['a150'], ['a100'], []],
    ['waits while the camera does not answer', [seen('a', 100)], hearAim(asked(told(), 50), silent(), 200), [], [], ['a100']],
    ['is told in its order: an end does not pass its beginning', [seen('a', 300), seen('a', 350, true), seen('b', 100)], asked(told(), 200), ['b100'], [], ['a300', 'a350']],
  ])('%s', (_sentence, unsaid, aim, say, drop, keep) => expect(sift(unsaid, aim)).toEqual({ say, drop, keep }))
})

test.each<[sentence: string, answers: readonly AimAnswer[], seen: { readonly sinceMs: number; readonly heardAtMs: number }, fate: string]>([
  ['a covered lens of a camera that stood there all the while is told after one more answer', [told(), told(), told()], { sinceMs: 100_500, heardAtMs: 1_500 }, 'say'],
  ['and waits for that answer', [told(), told()], { sinceMs: 100_500, heardAtMs: 1_500 }, 'keep'],
  ['another view since before it came there is its turn, and no tampering', [told({ at: HOME }), told(), told(), told()], { sinceMs: 99_000, heardAtMs: 2_500 }, 'drop'],
  ['so is whatever is seen while it moves', [told(), told({ at: HOME, isMoving: true })], { sinceMs: 100_500, heardAtMs: 500 }, 'drop'],
  ['one that cannot turn is told at once', [FIXED], { sinceMs: 100_500, heardAtMs: 1_500 }, 'say'],
  ['one that will not say where it looks too: a covered lens is told all the same', [told({ at: null })], { sinceMs: 100_500, heardAtMs: 1_500 }, 'say'],
  ['one that was never heard', [silent()], { sinceMs: 100_500, heardAtMs: 1_500 }, 'say'],
  ['one that fell silent is waited for', [told(), silent()], { sinceMs: 100_500, heardAtMs: 1_500 }, 'keep'],
  ['nobody asked it yet', [], { sinceMs: 100_500, heardAtMs: 1_500 }, 'keep'],
])('of the view itself, seen by a rule: %s', (_sentence, answers, seen, fate) => {
  expect(fateOfView({ ruleId: 'r', ends: false, ...seen }, heard(...answers), { viewSinceMs: 100_000, nowMs: 5_000 })).toBe(fate)
})

test('one that is silent for longer than it is believed to stand is told all the same', () => {
  expect(fateOfView({ ruleId: 'r', ends: false, sinceMs: 100_500, heardAtMs: 1_500 }, heard(told(), silent()), { viewSinceMs: 100_000, nowMs: SILENT_MS_MAX + 1 })).toBe('say')
})

test.each<[sentence: string, aim: Aim, asked: number, inMs: number, withPresets: boolean]>([
  ['one that tells is asked every four seconds', heard(told()), 1, 4_000, false],
  ['its presets once a minute', heard(told()), 15, 4_000, true],
  ['one that does not answer ever more rarely', heard(silent()), 1, 8_000, true],
  ['a third time', heard(silent(), silent()), 2, 16_000, true],
  ['and once a minute at least', heard(silent(), silent(), silent(), silent(), silent()), 5, 60_000, true],
  ['one that refuses the account hardly at all: cameras lock accounts', heard(silent('auth')), 1, 300_000, true],
  ['one that cannot turn, in case that changes', heard(FIXED), 1, 30_000, true],
  ['one that will not say, in case its firmware changes', heard(told({ at: null })), 1, 30_000, true],
])('%s', (_sentence, aim, asked, inMs, withPresets) => expect(nextAsk(aim, asked)).toEqual({ inMs, withPresets }))
