import type { PoseView, PresetView } from '../../server/contract/rules.js'
import { bindTo, boundState, isOtherView, type BoundState, type PresetsTold } from '../../player/rules/preset.js'
import type { BoundPreset } from '../../player/rules/rule-draft.js'

const [HOME, BRIDGE]: readonly [PoseView, PoseView] = [{ pan: 0, tilt: 0, zoom: 0 }, { pan: 0.4, tilt: -0.1, zoom: 0.2 }]
const bound: BoundPreset = { token: '1', name: 'Nhà', at: HOME }
const home: PresetView = { ...bound }
const told = (part: Partial<PresetsTold> = {}): PresetsTold => ({ is: 'told', presets: [home], at: HOME, moving: false, here: '1', near: { turn: 0.005, zoom: 0.02 }, doubt: null, ...part })

test.each<[sentence: string, seen: PresetsTold, state: BoundState, other: boolean]>([
  ['the camera is there', told(), 'here', false],
  ['it errs by what a mount errs', told({ at: { pan: 0.004, tilt: -0.005, zoom: 0.02 } }), 'here', false],
  ['it is elsewhere', told({ at: BRIDGE, here: null }), 'away', true],
  ['it moves', told({ moving: true, here: null }), 'moving', true],
  ['it does not tell where it looks', told({ at: null, here: null }), 'unknown', false],
  ['its preset is gone, and it stands where it was', told({ presets: [{ ...home, token: '2' }] }), 'gone', false],
  ['its preset was saved anew, and it stands there', told({ presets: [{ ...home, at: BRIDGE }], at: BRIDGE }), 'moved', true],
  ['the camera does not tell where the preset lies', told({ presets: [{ ...home, at: null }] }), 'here', false],
])('a rule is bound, and %s', (_sentence, seen, state, other) => expect([boundState(bound, seen), isOtherView(bound, seen)]).toEqual([state, other]))

test('who is not told where the camera looks is not told that the picture is another', () => expect([isOtherView(bound, { is: 'asking' }), isOtherView(bound, { is: 'failed' }), isOtherView(null, told({ at: BRIDGE }))]).toEqual([false, false, false]))

test.each<[sentence: string, preset: PresetView, now: Pick<PresetsTold, 'at' | 'moving'>, at: PoseView | null]>([
  ['is where the camera keeps it, wherever it looks now', home, { at: BRIDGE, moving: true }, HOME],
  ['without a place is where the camera stands', { ...home, at: null }, { at: BRIDGE, moving: false }, BRIDGE],
  ['without a place cannot be chosen while it moves', { ...home, at: null }, { at: BRIDGE, moving: true }, null],
  ['without a place, of a camera that tells none, cannot be chosen', { ...home, at: null }, { at: null, moving: false }, null],
])('a preset %s', (_sentence, preset, now, at) => expect(bindTo(preset, now)?.at ?? null).toEqual(at))
