import { Canvas } from '../rules/canvas.js'
import { Decide } from '../rules/decide.js'
import { beginDrawing, type Drawing } from '../rules/drawing.js'
import type { FieldFault } from '../rules/fault-words.js'
import { FindingList, NothingFound, PrecisionLine } from '../rules/findings.js'
import type { Controllers } from '../rules/lamp-feed.js'
import type { LampSeen } from '../rules/lamp-seen.js'
import { MaskWords } from '../rules/mask-editor.js'
import { KindList } from '../rules/kind-chooser.js'
import { changedFields, readDraft, readShapes, type RuleBody } from '../rules/rule-draft.js'
import { RuleFields } from '../rules/rule-fields.js'
import { RuleStrip } from '../rules/rules-page.js'
import { NoStill, StillAge } from '../rules/still-words.js'
import { DrawHint, ToolBar, toolsOf } from '../rules/tools.js'
import { Versions } from '../rules/versions.js'
import { WeekBars } from '../rules/week-bars.js'
import { ALWAYS, weekOf } from '../rules/week.js'
import { NOW_MS } from './fixtures.js'
import type { Group } from './gallery.js'
import { controllerOne } from './signal-fixtures.js'
import { bao, body3, body4, drawings, entering, findings, kinds, lamps, precision, proposalBy, speeding, standing, stopping, tampering, trialOf } from './rule-fixtures.js'
import { me } from './fixtures.js'
import { street } from './street.js'

const nothing = (): undefined => undefined
const SIZE = { width: 1280, height: 720 }
const chosen: Drawing = { ...beginDrawing(readShapes(body4, stopping)), chosen: { shape: 0, vertex: 1 } }
const canvas = { size: SIZE, act: nothing, pen: null, live: [], liveLabel: '', edits: true, nameOf: ({ field }: { readonly field: string }) => (field === 'exclusions' ? 'Loại trừ' : 'Vùng cấm dừng, đỗ') }
const decide = { meId: me.id, dirty: false, unsavable: false, saving: false, busy: false, fault: null, now: NOW_MS, backtests: [], looked: null, onShowBacktest: nothing, onSave: nothing, onDeed: nothing, onRemove: nothing }

const fields = (kind: typeof stopping, body: RuleBody, { live = {}, faults = [], edits = true, lampSeen = 'none', controllers = { is: 'known', list: [] } }: { readonly lampSeen?: LampSeen; readonly controllers?: Controllers; readonly live?: RuleBody; readonly faults?: readonly FieldFault[]; readonly edits?: boolean } = {}) => () => (
  <div className="rule-act"><RuleFields kind={kind} draft={readDraft(body, kind)} drawing={beginDrawing(readShapes(body, kind))} live={live} beside={{ version: 'kind' in live ? 3 : null, changed: 'kind' in live ? changedFields(body, live) : new Set(), faults }} edits={edits} now={NOW_MS} size={SIZE} lampSeen={lampSeen} controllers={controllers} presets={{ is: 'none' }} change={nothing} act={nothing} /></div>
)
const oneController = { is: 'known', list: [controllerOne({})] } as const
const junction = oneController.list[0]!.id
const feeds: readonly (readonly [name: string, feed: { readonly signal?: string; readonly approach?: string }, controllers: Controllers, lampSeen: LampSeen])[] = [
  ['there is no controller', {}, { is: 'known', list: [] }, 'red'],
  ['nobody', {}, oneController, 'red'],
  ['a controller, and no approach yet', { signal: junction }, oneController, 'red'],
  ['the approach', { signal: junction, approach: 'bac' }, oneController, 'red'],
  ['the controller alone', { signal: junction, approach: 'bac' }, oneController, 'none'],
  ['another colour than is seen', { signal: junction, approach: 'dong' }, oneController, 'red'],
  ['a controller that is lost', { signal: junction, approach: 'bac' }, { is: 'known', list: [controllerOne({ atMs: NOW_MS - 60_000, stale: true })] }, 'red'],
  ['a controller that was never heard', { signal: junction, approach: 'bac' }, { is: 'known', list: [controllerOne(null)] }, 'red'],
  ['a controller that is gone', { signal: 'gone', approach: 'bac' }, oneController, 'red'],
  ...(['asking', 'failed', 'barred'] as const).map((is) => [is, {}, { is }, 'red'] as const),
]
const lampBody = { ...body3, kind: 'red_light', stopLine: body3.zone.slice(0, 2), direction: { x: 0, y: -1 }, lamp: { box: { x1: 0.8, y1: 0.2, x2: 0.83, y2: 0.3 }, order: 'vertical' }, graceMs: 1000 }
const groundBody = { ...body3, kind: 'speed', use: 'statistics', kmhMin: 60 }
/** As a camera 6 m up sees a lane. */
const lane = [{ x: 0.3, y: 0.9 }, { x: 0.7, y: 0.9 }, { x: 0.59, y: 0.5 }, { x: 0.41, y: 0.5 }]
const dash = [{ x: 0.5, y: 0.7 }, { x: 0.5, y: 0.6 }]
const grounds = [
  ['a measured rectangle', { corners: lane, widthM: 7, lengthM: 12 }],
  ['checked, and right', { corners: lane, widthM: 7, lengthM: 12, check: { line: dash, lengthM: 3.3 } }],
  ['checked, and wrong', { corners: lane, widthM: 7, lengthM: 12, check: { line: dash, lengthM: 6 } }],
  ['no camera sees it so', { corners: lane, widthM: 12, lengthM: 3 }],
  ['a camera that cannot be', { corners: lane, widthM: 90, lengthM: 150 }],
  ['from straight above', { corners: [{ x: 0.3, y: 0.9 }, { x: 0.7, y: 0.9 }, { x: 0.7, y: 0.4 }, { x: 0.3, y: 0.4 }], widthM: 7, lengthM: 5 }],
] as const

export const ruleGroups: readonly Group[] = [
  {
    name: 'Rules of a camera',
    cells: [
      { name: 'in every state', look: 'w-wide panelled', show: () => <RuleStrip rules={[standing({ newest: 3 }), standing({ id: 'b', shadow: trialOf(20) }), standing({ id: 'c', live: null, shadow: { ...trialOf(1), why: 'throttled' } }), standing({ id: 'd', proposal: proposalBy(bao) }), standing({ id: 'g', newest: 3, versions: standing().versions.slice(1).map((one) => ({ ...one, alone: one.version === 3 })) }), standing({ id: 'e', resting: true }), standing({ id: 'f', live: null, newest: 1 })]} current="b" fresh={null} edits onPick={nothing} onAdd={nothing} masks={{ count: 2, bound: 1, shown: false }} onMasks={nothing} /> },
      { name: 'a new one, not saved', look: 'w-wide panelled', show: () => <RuleStrip rules={[standing()]} current={null} fresh={entering} edits onPick={nothing} onAdd={nothing} masks={{ count: 2, bound: 1, shown: false }} onMasks={nothing} /> },
      { name: 'to look at', look: 'w-wide panelled', show: () => <RuleStrip rules={[standing()]} current="stop-1" fresh={null} edits={false} onPick={nothing} onAdd={nothing} masks={{ count: 2, bound: 1, shown: false }} onMasks={nothing} /> },
      { name: 'privacy masks', look: 'w-wide panelled', show: () => <RuleStrip rules={[standing()]} current={null} fresh={null} edits onPick={nothing} onAdd={nothing} masks={{ count: 0, bound: 0, shown: true }} onMasks={nothing} /> },
      { name: 'what masks cover', look: 'w-side panelled', show: () => <div className="rule-act"><MaskWords /></div> },
    ],
  },
  { name: 'Kinds of rules', cells: [{ name: 'all', begin: ' ' }, { name: 'found without accents', begin: 'den do' }, { name: 'nothing found', begin: 'tau vu tru' }].map(({ name, begin }) => ({ name, look: 'w-wide panelled', show: () => <KindList kinds={kinds} onPick={nothing} begin={begin} /> })) },
  {
    name: 'Drawing',
    cells: [
      { name: 'tools, a point in hand', look: 'w-wide panelled', show: () => <><ToolBar tools={toolsOf(lamps)} drawing={chosen} act={nothing} /><DrawHint open={null} /></> },
      { name: 'tools, drawing', look: 'w-wide panelled', show: () => <><ToolBar tools={toolsOf(speeding)} drawing={drawings.at(-1)![2]} act={nothing} /><DrawHint open={drawings.at(-1)![2].open} /></> },
      { name: 'zone, exclusion, and the live version', look: 'w-wide panelled', show: () => <Canvas {...canvas} picture={street(3)} drawing={chosen} live={readShapes(body3, stopping)} liveLabel="bản 3 đang chạy" /> },
      { name: 'to look at', look: 'w-spot panelled', show: () => <Canvas {...canvas} picture={street(3)} drawing={{ ...chosen, chosen: null }} edits={false} /> },
      { name: 'a young still', look: 'w-side panelled', show: () => <div className="draw-caption"><DrawHint open={null} /><StillAge takenAtMs={NOW_MS - 4_000} now={NOW_MS} /></div> },
      { name: 'an old still', look: 'w-side panelled', show: () => <div className="draw-caption"><DrawHint open={null} /><StillAge takenAtMs={NOW_MS - 9_960_000} now={NOW_MS} /></div> },
      ...[false, true].map((missing) => ({ name: missing ? 'no still' : 'the still is on its way', look: 'w-spot panelled', show: () => <Canvas {...canvas} picture={null} drawing={{ ...chosen, chosen: null }}><NoStill missing={missing} /></Canvas> })),
      ...drawings.map(([name, kind, drawing]) => ({ name, look: 'w-spot panelled', show: () => <Canvas {...canvas} picture={street(3)} drawing={drawing} pen={drawing.open ? { x: 0.3, y: 0.75 } : null} nameOf={({ field }) => kind.shapes.find((form) => form.field === field)?.says.vi ?? 'GP-118/UBND'} /> })),
    ],
  },
  {
    name: 'Rule fields',
    cells: [
      { name: 'beside the live version', look: 'w-side panelled', show: fields(stopping, body4, { live: body3 }) },
      { name: 'refused fields', look: 'w-side panelled', show: fields(stopping, { ...body4, name: '', dwellMsMin: -5 }, { faults: [{ field: 'name', key: 'rule.fault.empty', said: '' }, { field: 'zone', key: 'rule.fault.crosses', said: '' }, { field: 'dwellMsMin', key: 'rule.fault.least', said: '' }] }) },
      { name: 'to look at', look: 'w-side panelled', show: fields(entering, { ...body3, kind: 'no_entry', line: body3.zone.slice(0, 2), direction: 'left' }, { edits: false }) },
      ...(['asking', 'red', 'green', 'dark', 'unknown', 'no_picture'] as const).map((lampSeen) => ({ name: `a lamp: ${lampSeen}`, look: 'w-side panelled', show: fields(lamps, lampBody, { lampSeen }) })),
      ...feeds.map(([name, feed, controllers, lampSeen]) => ({ name: `told of: ${name}`, look: 'w-side panelled', show: fields(lamps, { ...lampBody, lamp: { ...(lampSeen === 'none' ? {} : lampBody.lamp), ...feed } }, { controllers, lampSeen }) })),
      { name: 'lamps in a row', look: 'w-side panelled', show: fields(lamps, { ...lampBody, lamp: { ...lampBody.lamp, order: 'horizontal' } }, { lampSeen: 'yellow' }) },
      ...grounds.map(([name, ground]) => ({ name, look: 'w-side panelled', show: fields(speeding, { ...groundBody, ground }) })),
      { name: 'words of a model', look: 'w-side panelled', show: fields(kinds[4], { ...body3, kind: 'model_class', words: ['smoke', 'fire'] }) },
      { name: 'nothing to draw', look: 'w-side panelled', show: fields(tampering, { ...body3, kind: 'camera_tamper', holdMsMin: 60_000 }) },
    ],
  },
  { name: 'Hours', cells: [['always', ALWAYS], ['some', weekOf(body4.hours)], ['never', ALWAYS.map(() => [])]].map(([name, week]) => ({ name: name as string, look: 'w-side panelled', show: () => <WeekBars week={week as typeof ALWAYS} edits onWeek={nothing} /> })) },
  {
    name: 'Deciding on a rule',
    cells: [
      { name: 'new', look: 'w-side panelled', show: () => <Decide {...decide} standing={null} dirty /> },
      { name: 'a saved draft', look: 'w-side panelled', show: () => <Decide {...decide} standing={standing({ live: null })} /> },
      { name: 'changed, not saved', look: 'w-side panelled', show: () => <Decide {...decide} standing={standing()} dirty /> },
      { name: 'saving', look: 'w-side panelled', show: () => <Decide {...decide} standing={standing()} dirty saving /> },
      { name: 'on trial', look: 'w-side panelled', show: () => <Decide {...decide} standing={standing({ shadow: trialOf(20) })} /> },
      { name: 'proposed by me', look: 'w-side panelled', show: () => <Decide {...decide} standing={standing({ proposal: proposalBy({ id: me.id, displayName: me.displayName }) })} /> },
      ...(['nobody', 'not_needed'] as const).map((second) => ({ name: `proposed by me, second person: ${second}`, look: 'w-side panelled', show: () => <Decide {...decide} standing={standing({ second, proposal: proposalBy({ id: me.id, displayName: me.displayName }) })} /> })),
      { name: 'proposed by another', look: 'w-side panelled', show: () => <Decide {...decide} standing={standing({ proposal: proposalBy(bao) })} /> },
      { name: 'resting', look: 'w-side panelled', show: () => <Decide {...decide} standing={standing({ newest: 3, resting: true })} /> },
      { name: 'refused', look: 'w-side panelled', show: () => <Decide {...decide} standing={standing()} fault={new Error('a browser’s own fault')} /> },
    ],
  },
  {
    name: 'Versions and findings',
    cells: [
      { name: 'versions', look: 'w-wide panelled', show: () => <Versions standing={standing({ shadow: trialOf(20) })} kind={stopping} now={NOW_MS} busy={false} onRollBack={nothing} /> },
      { name: 'findings of a trial', look: 'w-wide panelled', show: () => <div className="findings"><FindingList findings={findings} cameraId="cam-3" meId={me.id} judges now={NOW_MS} onJudge={nothing} /></div> },
      { name: 'who may not judge', look: 'w-wide panelled', show: () => <div className="findings"><FindingList findings={findings.slice(2)} cameraId="cam-3" meId="x" judges={false} now={NOW_MS} onJudge={nothing} /></div> },
      ...([['nothing yet', standing({ shadow: trialOf(3) }), stopping], ['nothing for a day', standing({ shadow: trialOf(30) }), stopping], ['nothing over the line for a day', standing({ shadow: trialOf(30) }), entering], ['nothing drawn, nothing for a day', standing({ shadow: trialOf(30) }), tampering], ['a draft', standing({ live: null }), stopping], ['at rest', standing({ resting: true }), stopping]] as const).map(([name, rule, kind]) => ({ name, look: 'w-side panelled', show: () => <NothingFound mode="shadow" standing={rule} kind={kind} now={NOW_MS} /> })),
      ...(['fine', 'too_few', 'under'] as const).map((verdict) => ({ name: `precision ${verdict}`, look: 'w-side panelled', show: () => <PrecisionLine precision={precision(verdict === 'too_few' ? { verdict, n: 7 } : verdict === 'under' ? { verdict, point: 0.25, low: 0.21, high: 0.29, n: 198 } : { verdict })} /> })),
    ],
  },
]
