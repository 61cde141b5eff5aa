import { ControllerGiven } from '../signals/add-controller.js'
import { ControllerCard } from '../signals/controllers-screen.js'
import { HeldDecisionView } from '../signals/held-decision.js'
import { WhyHeld } from '../signals/held-detail.js'
import { HeldList } from '../signals/held-list.js'
import { LampColour } from '../signals/lamp-view.js'
import { RepairCard } from '../signals/repairs-screen.js'
import { SuspendFields } from '../signals/suspend-form.js'
import { SuspendedLine } from '../signals/suspended-note.js'
import { SuspensionCard } from '../signals/suspensions-screen.js'
import { freshDraft, type SuspensionDraft } from '../signals/suspension.js'
import { NothingHeld, WhyFilter } from '../signals/tray-screen.js'
import { begin, NOTHING_ASKED, type Asking } from '../signals/tray.js'
import { cameras, NOW_MS } from './fixtures.js'
import type { Cell, Group } from './gallery.js'
import { controllerOne, directed, heldOne, repairOne, settledAs, suspensionOne, toldRepair, yielded } from './signal-fixtures.js'
import { street } from './street.js'

const nothing = (): void => {}
const tray = [heldOne(40), yielded, directed, heldOne(2)]
const list = (name: string, held: typeof tray, marked: ReadonlySet<string> | null): Cell => ({ name, look: 'w-wide panelled', show: () => <div className="desk tray"><div className="q"><HeldList held={held} current="held-40" marked={marked} search={{}} now={NOW_MS} onMark={nothing} /></div></div> })
const decision = (name: string, part: { readonly held?: ReturnType<typeof heldOne>; readonly asking?: Asking; readonly settles?: boolean; readonly online?: boolean; readonly count?: number; readonly fault?: unknown }): Cell => ({
  name, look: 'w-side panelled', show: () => <HeldDecisionView held={part.held ?? heldOne(2)} count={part.count ?? 0} settles={part.settles ?? true} online={part.online ?? true} busy={false} asking={part.asking ?? NOTHING_ASKED} fault={part.fault ?? null} onAsk={nothing} onSend={nothing} now={NOW_MS} />,
})
const fields = (name: string, part: Partial<SuspensionDraft>): Cell => ({ name, look: 'w-side panelled', show: () => <div className="asking"><SuspendFields draft={{ ...freshDraft('cam-3'), ...part }} cameras={cameras} now={NOW_MS} onDraft={nothing} /></div> })
const card = (name: string, show: Cell['show']): Cell => ({ name, look: 'w-wide panelled', show: () => <div className="cards"><ol>{show()}</ol></div> })
const repair = (name: string, one: ReturnType<typeof repairOne>, chosen = false): Cell => card(name, () => <RepairCard repair={one} chosen={chosen} now={NOW_MS} onChoose={nothing} picture={street(3)}><button type="button" className="btn">…</button></RepairCard>)
const controller = (name: string, one: ReturnType<typeof controllerOne>): Cell => card(name, () => <ControllerCard controller={one} areaName="Phường Long Xuyên" chosen={false} now={NOW_MS} onChoose={nothing} />)
const suspension = (name: string, one: ReturnType<typeof suspensionOne>): Cell => card(name, () => <SuspensionCard suspension={one} rule="Vạch dừng" chosen={false} now={NOW_MS} onChoose={nothing} />)

export const signalGroups: readonly Group[] = [
  {
    name: 'Held tray',
    cells: [
      list('to be decided, two marked', tray, new Set(['held-40', 'held-2'])),
      list('to look at', tray, null),
      list('decided', [settledAs('released'), { ...settledAs('dismissed'), incidentId: 'held-41' }], null),
      { name: 'by reason', look: 'w-side panelled', show: () => <WhyFilter held={tray} picked="lamp_fault" onPick={nothing} /> },
      { name: 'empty', look: 'w-side panelled', show: () => <NothingHeld view="open" narrowed={false} asked="" /> },
      { name: 'nothing found', look: 'w-side panelled', show: () => <NothingHeld view="open" narrowed asked="cầu" /> },
      { name: 'nothing for this reason', look: 'w-side panelled', show: () => <NothingHeld view="open" narrowed asked="" /> },
      { name: 'nothing decided', look: 'w-side panelled', show: () => <NothingHeld view="settled" narrowed={false} asked="" /> },
    ],
  },
  { name: 'Why it is held', cells: [['a lamp fault', heldOne(2)], ['an officer directs', directed], ['a priority vehicle', yielded], ['taken off the desk', heldOne(3, { alertId: 'alert-1' })]].map(([name, held]) => ({ name: name as string, look: 'w-side panelled', show: () => <WhyHeld held={held as ReturnType<typeof heldOne>} now={NOW_MS} /> })) },
  {
    name: 'Deciding on what is held',
    cells: [
      decision('to be decided', {}),
      decision('dismissing', { asking: { ...begin('dismiss'), reason: 'lamp_wrong' } as Asking }),
      decision('releasing, no reason yet', { asking: begin('release') }),
      decision('several', { count: 4 }),
      decision('away from the server', { online: false }),
      decision('not theirs to decide', { settles: false }),
      decision('refused', { fault: new Error('a browser’s own fault') }),
      decision('released', { held: settledAs('released') }),
      decision('dismissed', { held: settledAs('dismissed') }),
    ],
  },
  { name: 'Repairs', cells: [repair('open, chosen', repairOne(), true), repair('told by a controller', toldRepair), repair('its controller was removed', { ...toldRepair, controller: null }), repair('closed by a person', repairOne({ closed: { by: { id: 'x', displayName: 'Trần Quốc Bảo' }, atMs: NOW_MS - 60_000, note: 'Đã thay bóng đỏ' } })), repair('closed by itself', repairOne({ closed: { by: null, atMs: NOW_MS - 60_000, note: 'Đèn đã hoạt động bình thường trở lại' } }))] },
  {
    name: 'Suspensions',
    cells: [
      suspension('running', suspensionOne()),
      suspension('ended early', suspensionOne({ stands: false, ended: { by: { id: 'x', displayName: 'Lê Thị Hạnh' }, atMs: NOW_MS - 60_000 } })),
      suspension('its time was over', suspensionOne({ stands: false, untilMs: NOW_MS - 60_000 })),
      fields('beginning', {}),
      fields('filled in', { why: 'roadworks', reason: 'Sửa cống', minutes: '60', ruleId: 'rule-rl' }),
      fields('no camera, no time', { cameraId: null, minutes: '' }),
      { name: 'beside rules', look: 'w-wide panelled', show: () => <SuspendedLine running={[suspensionOne(), suspensionOne({ id: 'b', untilMs: NOW_MS + 90 * 60_000 })]} cameraId="cam-3" suspends now={NOW_MS} /> },
      { name: 'beside rules, nothing runs', look: 'w-wide panelled', show: () => <SuspendedLine running={[]} cameraId="cam-3" suspends now={NOW_MS} /> },
    ],
  },
  {
    name: 'Controllers',
    cells: [
      controller('telling', controllerOne({})),
      controller('lost', controllerOne({ stale: true, atMs: NOW_MS - 190_000 })),
      controller('silent', controllerOne(null)),
      { name: 'what lamps show', look: 'w-side panelled', show: () => <div className="approaches">{['red', 'yellow', 'green', 'dark', 'flashing_yellow', 'x'].map((colour) => <LampColour key={colour} colour={colour} />)}</div> },
      ...[false, true].map((arrived) => ({ name: arrived ? 'its key, and it tells' : 'its key, waited for', look: 'w-wide panelled', show: () => <ControllerGiven address="https://ioc.example/api/signals/signal-1" secret="6f1d2c0e9b7a48f3a5c4d1e2f3a4b5c6" arrived={arrived} atMs={NOW_MS} /> })),
    ],
  },
]
