import type { AlertView, PlateView, RedactedView } from '../../server/contract/alerts.js'
import { AlertLog } from '../desk/alert-log.js'
import { DecisionView } from '../desk/decision.js'
import { offered } from '../desk/deeds.js'
import { Rate } from '../desk/desk-bar.js'
import { HashCheck } from '../desk/hash-check.js'
import { AlertLinks } from '../desk/links.js'
import { makeQueue } from '../desk/queue.js'
import { PlateStrip } from '../desk/plate-strip.js'
import { QueueList } from '../desk/queue-list.js'
import { LookThrough, RedactedRow, RedactedSection } from '../desk/redacted.js'
import { Timeline } from '../desk/timeline.js'
import { Candidate } from '../reports/report-detail.js'
import { ReportRow } from '../reports/reports-screen.js'
import { Refused } from '../api/client.js'
import { alert, alerts, links, me, NOW_MS, reports, whole } from './fixtures.js'
import type { Cell, Group } from './gallery.js'
import { noPlate, plate, tooFew, unreadable } from './plate.js'
import { street } from './street.js'

const nothing = (): void => {}
const first = alert(1, { raisedAtMs: NOW_MS - 38_000 })
const mine = { id: me.id, displayName: me.displayName }
const all = new Set(alerts.map((one) => one.id))

function decision(name: string, part: Partial<AlertView>, more: { readonly rejecting?: boolean; readonly waits?: boolean; readonly online?: boolean } = {}): Cell {
  const shown = { ...first, ...part }
  const online = more.online ?? true
  return { name, look: 'w-side panelled', show: () => <div><DecisionView alert={shown} me={me.id} can={offered(shown, { id: me.id, acts: true }, online)} rejecting={more.rejecting ?? false} waits={more.waits ?? false} online={online} busy={false} onAct={nothing} onReject={nothing} /></div> }
}

const flooded = [...alerts, ...[20, 21, 22].map((n) => ({ ...alert(n, { raisedAtMs: NOW_MS - n * 9_000 }), kind: 'red_light', title: alerts[3]?.title ?? first.title, priority: 'medium' as const, cameraId: 'cam-3' }))]
const queue = (name: string, admitted: ReadonlySet<string>, flood: boolean, list: readonly AlertView[] = alerts): Cell => ({ name, look: 'w-wide panelled', show: () => <div className="desk"><div className="q"><QueueList queue={makeQueue(list, me.id, flood ? new Set(list.map((one) => one.id)) : admitted)} me={me.id} now={NOW_MS} current="alert-2" flood={flood} onAdmit={nothing} /></div></div> })

const plateCell = (name: string, shown: PlateView, more: { readonly raw?: boolean; readonly confirmed?: boolean } = {}): Cell => ({ name, look: 'w-wide panelled', show: () => <PlateStrip plate={shown} suspected={!more.confirmed} raw={more.raw ?? false} onRaw={nothing} /> })

const item = first.evidence[0]
const clip = { id: 'clip-1', kind: 'clip' as const, url: '', sha256: 'b'.repeat(64), bytes: 1_234_567, fromMs: first.sinceMs - 5000, toMs: first.sinceMs + 5000 }

const ready: Extract<RedactedView, { readonly state: 'ready' }> = { state: 'ready', url: '', fileUrl: '', sha256: 'd'.repeat(64), bytes: 2_345_678, covered: 'heads_and_plates', said: { vi: 'Đã che mặt người và biển số. Xem lại trước khi gửi đi.', en: 'Faces and plates are covered. Look it through before you hand it on.' } }
const headsOnly: typeof ready = { ...ready, covered: 'heads', said: { vi: 'Đã che mặt người. Biển số CHƯA che: máy chủ chưa có mô hình tìm biển số. Xem lại trước khi gửi đi.', en: 'Faces are covered. Plates are NOT: the server has no model that finds plates. Look it through before you hand it on.' } }
const noLooker: RedactedView = { state: 'failed', said: { vi: 'Máy chủ không có mô hình nhận dạng để che mặt, nên không có bản che. Báo quản trị viên xem trang Tình trạng.', en: 'The server has no detector to cover faces with, so there is no covered copy. Ask the administrator to look at the system page.' } }
const foreign = new Refused({ status: 404, code: 'not_found', title: { vi: 'Không tìm thấy', en: 'Not found' }, next: { vi: 'Kiểm tra lại đường dẫn; mục này có thể đã bị xóa.', en: 'Check the address; the item may have been removed.' }, faults: [], requestId: 'r-1' })
const copyCell = (name: string, view: RedactedView | null, more: { readonly rights?: boolean; readonly online?: boolean; readonly busy?: boolean; readonly fault?: unknown } = {}): Cell => ({ name, look: 'w-side panelled', show: () => <RedactedSection rights={more.rights ?? true}><RedactedRow item={clip} view={view} fault={more.fault ?? null} online={more.online ?? true} busy={more.busy ?? false} onMake={nothing} /></RedactedSection> })
const lookCell = (name: string, kind: 'still' | 'clip', view: typeof ready, online = true): Cell => ({ name, look: 'w-side panelled', show: () => <LookThrough item={{ kind }} ready={view} name={kind === 'clip' ? 'Đoạn hình' : 'Ảnh chụp'} online={online} onClose={nothing} /> })

export const deskGroups: readonly Group[] = [
  { name: 'Queue', cells: [queue('all seen', all, false), queue('new rows wait; critical does not', new Set(['alert-2', 'alert-7', 'alert-8']), false), queue('flood: folded', all, true, flooded)] },
  {
    name: 'Decision',
    cells: [
      decision('new', {}),
      decision('new, claim waits to be sent', {}, { waits: true, online: false }),
      decision('mine', { state: 'claimed', owner: mine }),
      decision('mine, choosing a reason', { state: 'claimed', owner: mine }, { rejecting: true }),
      decision('mine, offline', { state: 'claimed', owner: mine }, { online: false }),
      decision('somebody else’s', { state: 'claimed', owner: { id: 'x', displayName: 'Trần Quốc Bảo' } }),
      decision('confirmed', { state: 'confirmed', owner: mine, note: 'Đã báo tổ tuần tra.' }),
      decision('rejected', { state: 'rejected', owner: mine, rejectReason: 'shadow_or_light' }),
      decision('withdrawn', { state: 'rejected', owner: null, rejectReason: 'lamp_fault', note: 'Đèn lỗi: kẹt ở màu đỏ 245 giây, quá mức 180 giây' }),
      decision('resolved', { state: 'resolved', owner: mine, note: 'Xe đã rời khỏi cầu lúc 16:52.' }),
    ],
  },
  {
    name: 'Evidence',
    cells: item ? [
      { name: 'not checked', look: 'w-side panelled', show: () => <HashCheck item={item} name="Ảnh chụp" /> },
      { name: 'checking', look: 'w-side panelled', show: () => <HashCheck item={clip} name="Đoạn hình" given={{ is: 'weighing' }} /> },
      { name: 'intact', look: 'w-side panelled', show: () => <HashCheck item={item} name="Ảnh chụp" given={{ is: 'same' }} /> },
      { name: 'changed', look: 'w-side panelled', show: () => <HashCheck item={item} name="Ảnh chụp" given={{ is: 'differs', sha256: 'c'.repeat(64) }} /> },
      { name: 'cannot be checked here', look: 'w-side panelled', show: () => <HashCheck item={item} name="Ảnh chụp" given={{ is: 'cannot' }} /> },
      { name: 'could not be fetched', look: 'w-side panelled', show: () => <HashCheck item={item} name="Ảnh chụp" given={{ is: 'failed' }} /> },
    ] : [],
  },
  {
    name: 'Covered copy',
    cells: [
      copyCell('not made', { state: 'none' }),
      copyCell('being asked for', { state: 'none' }, { busy: true }),
      copyCell('waits its turn', { state: 'making', progress: 0 }),
      copyCell('being made', { state: 'making', progress: 0.42 }),
      copyCell('ready', ready),
      copyCell('ready, plates not covered', headsOnly),
      copyCell('no model', noLooker),
      copyCell('asked, and refused', { state: 'none' }, { fault: foreign }),
      copyCell('not known yet', null),
      copyCell('offline, not made', { state: 'none' }, { online: false }),
      copyCell('offline, ready', ready, { online: false }),
      copyCell('no rights', null, { rights: false }),
      lookCell('a still looked through', 'still', { ...ready, url: street(8) }),
      lookCell('a still looked through, plates not covered', 'still', { ...headsOnly, url: street(8) }),
      lookCell('a still that does not come', 'still', { ...ready, url: 'data:image/png,none' }),
      lookCell('a clip that this browser cannot play', 'clip', { ...ready, url: '/none.mp4' }),
      lookCell('looked through when the server is lost', 'still', { ...ready, url: street(8) }, false),
    ],
  },
  {
    name: 'Plate',
    cells: [
      plateCell('one row, sure', plate('67A-045.67', { agree: 9 })),
      plateCell('two rows, two letters not sure', plate('67L1-012.34', { rows: 2, agree: 5 }, { 3: 0.62, 7: 0.89 })),
      plateCell('the untouched crop', plate('67L1-012.34', { rows: 2 }, { 3: 0.62 }), { raw: true }),
      plateCell('transport business, confirmed', plate('67B-011.22', { colour: 'yellow' }), { confirmed: true }),
      plateCell('state', plate('67A-1234', { colour: 'blue' }, { 0: 0.4 })),
      plateCell('military', plate('TM-1234', { colour: 'red' })),
      plateCell('no form of ours', plate('VTE 123A', { wellFormed: false, agree: 2, looks: 3 }, { 1: 0.71 })),
      plateCell('not readable', unreadable),
      plateCell('not readable, only the untouched crop', { ...unreadable, enhancedUrl: null }),
      plateCell('picture lost', { ...unreadable, enhancedUrl: 'data:image/png,none' }),
      plateCell('none there', noPlate),
      plateCell('too few looks', tooFew),
    ],
  },
  {
    name: 'Timeline',
    cells: [
      { name: 'clip', look: 'w-wide panelled', show: () => <Timeline alert={first} clip={clip} atMs={first.sinceMs - 1000} onSeek={nothing} /> },
      { name: 'no clip', look: 'w-wide panelled', show: () => <Timeline alert={alert(4, { priority: 'medium' })} clip={null} atMs={null} onSeek={nothing} /> },
    ],
  },
  {
    name: 'Rate',
    cells: [
      { name: 'calm', show: () => <Rate rates={[0, 1, 0, 2, 1, 0, 0, 1, 1, 0, 2, 1]} /> },
      { name: 'flood', show: () => <Rate rates={[1, 2, 1, 3, 2, 4, 6, 5, 8, 9, 11, 14]} /> },
    ],
  },
  {
    name: 'Log and reports',
    cells: [
      { name: 'log', look: 'w-side panelled', show: () => <AlertLog lines={whole({ ...first, owner: mine }).log} now={NOW_MS} /> },
      { name: 'a report proposed', look: 'w-side panelled', show: () => <AlertLinks links={links.slice(0, 1)} acts /> },
      { name: 'a report confirmed', look: 'w-side panelled', show: () => <AlertLinks links={links.slice(0, 1).map((link) => ({ ...link, state: 'confirmed' as const }))} acts /> },
      { name: 'no reports', look: 'w-side panelled', show: () => <AlertLinks links={[]} acts /> },
    ],
  },
  {
    name: 'Citizen report',
    cells: [
      ...reports.map((report, at) => ({ name: ['open, two proposed', 'open, one confirmed', 'closed'][at] ?? 'more', look: 'w-side panelled', show: () => <div className="reports"><div className="q"><ol><ReportRow report={report} now={NOW_MS} current={at === 0} /></ol></div></div> })),
      ...links.map((link, at) => ({ name: at === 0 ? 'candidate, chosen' : 'candidate', look: 'w-wide panelled', show: () => <ol><Candidate link={link} number={at + 1} chosen={at === 0} acts busy={false} now={NOW_MS} onChoose={nothing} onDecide={nothing} /></ol> })),
    ],
  },
]
