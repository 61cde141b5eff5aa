import type { PoseView } from '../../server/contract/rules.js'
import { MaskViews } from '../rules/mask-views.js'
import { PresetField } from '../rules/preset-field.js'
import type { PresetsSeen, PresetsTold } from '../rules/preset.js'
import type { BoundPreset } from '../rules/rule-draft.js'
import { RuleStrip } from '../rules/rules-page.js'
import type { Shape } from '../rules/shape.js'
import { WaitList } from '../rules/wait-history.js'
import { WAIT_WHYS } from '../rules/waited.js'
import { Waits } from '../rules/waits.js'
import { NOW_MS } from './fixtures.js'
import type { Group } from './gallery.js'
import { standing } from './rule-fixtures.js'

const nothing = (): undefined => undefined
const [home, bridge]: readonly [PoseView, PoseView] = [{ pan: 0, tilt: 0, zoom: 0 }, { pan: 0.45, tilt: -0.12, zoom: 0.2 }]
const bound: BoundPreset = { token: '1', name: 'Ngã tư Nguyễn Trãi', at: home }
const told = (part: Partial<PresetsTold> = {}): PresetsTold => ({ is: 'told', presets: [{ token: '1', name: bound.name, at: home }, { token: '2', name: 'Đầu cầu', at: bridge }, { token: '3', name: 'Góc 3', at: null }], at: home, moving: false, here: '1', near: { turn: 0.005, zoom: 0.02 }, doubt: null, ...part })
const silent: PresetsSeen = { is: 'silent', trouble: { code: 'timed_out', state: { vi: 'Không trả lời kịp', en: 'No answer in time' }, next: { vi: 'Thiết bị nhận kết nối nhưng im lặng: khởi động lại camera hoặc kiểm tra đường truyền.', en: 'The device accepts but stays silent: restart the camera or check the link.' }, tried: 'ONVIF GetStatus', on: '10.0.0.9:80', said: '' } }
const doubt = (why: 'untold' | 'alike', vi: string, en: string): PresetsTold['doubt'] => ({ why, said: { vi, en } })

const states: readonly (readonly [name: string, preset: BoundPreset | null, seen: PresetsSeen])[] = [
  ['cannot turn, not bound: nothing', null, { is: 'fixed' }],
  ['cannot turn, bound all the same', bound, { is: 'fixed' }],
  ['asking', bound, { is: 'asking' }],
  ['the server is away', bound, { is: 'failed' }],
  ['the camera does not answer', bound, silent],
  ['to look at', bound, { is: 'none' }],
  ['not bound', null, told()],
  ['no presets', null, told({ presets: [], here: null })],
  ['bound, the camera is there', bound, told()],
  ['bound, the camera is elsewhere', bound, told({ at: bridge, here: '2' })],
  ['at no preset', bound, told({ at: { pan: 0.2, tilt: 0, zoom: 0 }, here: null })],
  ['moving', bound, told({ moving: true, here: null })],
  ['the preset is gone', bound, told({ presets: [{ token: '2', name: 'Đầu cầu', at: bridge }], here: null })],
  ['the preset was saved anew', bound, told({ presets: [{ token: '1', name: bound.name, at: bridge }], here: null })],
  ['it does not tell where it looks', bound, told({ at: null, here: null, doubt: doubt('untold', 'Camera không cho biết đang quay về đâu (ter:ActionNotSupported), nên quy tắc chờ.', 'The camera does not tell where it looks (ter:ActionNotSupported), so the rule waits.') })],
  ['one place for all presets', bound, told({ doubt: doubt('alike', 'Camera báo mọi góc đặt sẵn ở cùng một vị trí nên không tin được: quy tắc chờ.', 'The camera tells one place for all of its presets and cannot be believed: the rule waits.') })],
]
const waits = { why: 'elsewhere', preset: bound.name, sinceMs: NOW_MS - 420_000, said: { vi: `Camera đang không ở góc đã đặt “${bound.name}”: quy tắc chờ camera quay lại.`, en: `The camera is not at the preset “${bound.name}”: the rule waits until it is back.` } } as const

const maskOn = (preset: BoundPreset | null): Shape => ({ is: 'mask', field: 'masks', points: [{ x: 0.1, y: 0.1 }, { x: 0.4, y: 0.1 }, { x: 0.4, y: 0.5 }], preset })
const viewed: readonly Shape[] = [maskOn(null), maskOn(bound), maskOn({ token: '2', name: 'Đầu cầu', at: bridge })]
const waited = WAIT_WHYS.map((why, at) => ({ seq: at, what: 'rule_waited', by: null, atMs: NOW_MS, facts: { rule: 'r', preset: bound.name, why, fromMs: NOW_MS - (at + 2) * 3_600_000, toMs: NOW_MS - (at + 1) * 3_600_000 } }))
const often = (seq: number) => ({ seq, what: 'rule_waited_often', by: null, atMs: NOW_MS, facts: { rule: 'r', preset: bound.name, times: 14, totalMs: 1_260_000, fromMs: NOW_MS - 3_600_000, toMs: NOW_MS } })

const maskStates: readonly (readonly [name: string, seen: PresetsSeen, edits?: boolean])[] = [
  ['the camera stands at one of their views', told()],
  ['it moves', told({ moving: true, here: null })],
  ['a preset is gone, another was saved anew', told({ presets: [{ token: '2', name: 'Đầu cầu', at: home }], here: '2' })],
  ['it does not answer', silent],
  ['asking', { is: 'asking' }],
  ['the server is away', { is: 'failed' }],
  ['cannot turn', { is: 'fixed' }],
  ['not to be believed', told({ doubt: doubt('alike', '', '') })],
  ['to look at', { is: 'none' }, false],
]

export const presetGroups: readonly Group[] = [
  {
    name: 'A rule’s preset',
    cells: [
      ...states.map(([name, preset, seen]) => ({ name, look: 'w-side panelled', show: () => <div className="rule-act"><PresetField preset={preset} seen={seen} live={{}} beside={{ version: null, changed: new Set(), faults: [] }} onPreset={nothing} /></div> })),
      { name: 'another than the live version’s', look: 'w-side panelled', show: () => <div className="rule-act"><PresetField preset={bound} seen={told()} live={{}} beside={{ version: 3, changed: new Set(['preset']), faults: [] }} onPreset={nothing} /></div> },
      { name: 'refused', look: 'w-side panelled', show: () => <div className="rule-act"><PresetField preset={bound} seen={told()} live={{}} beside={{ version: null, changed: new Set(), faults: [{ field: 'preset', key: 'rule.fault.no_position', said: '' }] }} onPreset={nothing} /></div> },
      { name: 'it waits', look: 'w-side panelled', show: () => <Waits waits={waits} now={NOW_MS} /> },
      { name: 'in the list', look: 'w-wide panelled', show: () => <RuleStrip rules={[standing({ waits }), standing({ id: 'b' })]} current="stop-1" fresh={null} edits onPick={nothing} onAdd={nothing} masks={{ count: 0, bound: 0, shown: false }} onMasks={nothing} /> },
    ],
  },
  {
    name: 'When a rule did not watch',
    cells: [
      { name: 'every reason', look: 'w-wide panelled', show: () => <WaitList lines={[...waited, often(99)]} failed={false} bound /> },
      { name: 'more than is shown', look: 'w-wide panelled', show: () => <WaitList lines={Array.from({ length: 30 }, (_, at) => often(at))} failed={false} bound={false} /> },
      { name: 'never', look: 'w-wide panelled', show: () => <WaitList lines={[]} failed={false} bound /> },
      { name: 'being read', look: 'w-wide panelled', show: () => <WaitList lines={undefined} failed={false} bound /> },
      { name: 'not to be read', look: 'w-wide panelled', show: () => <WaitList lines={undefined} failed bound /> },
    ],
  },
  { name: 'Masks by view', cells: maskStates.map(([name, seen, edits = true]) => ({ name, look: 'w-side panelled', show: () => <div className="rule-act"><MaskViews shapes={viewed} seen={seen} edits={edits} act={nothing} /></div> })) },
]
