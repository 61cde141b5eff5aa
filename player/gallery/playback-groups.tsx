import type { ExportView, GapView, HoldView, RecordReportView, TimelineView } from '../../server/contract/recordings.js'
import { Refused } from '../api/client.js'
import { CameraPicker } from '../playback/camera-picker.js'
import { Controls } from '../playback/controls.js'
import { EndingList } from '../playback/ending-holds.js'
import { BookmarkFields, ExportFields, ExtendFields, GoToFields, HoldFields } from '../playback/forms.js'
import { ExportList, HoldList } from '../playback/kept-list.js'
import { Axis, Lane } from '../playback/lane.js'
import { Lanes, type Cut } from '../playback/lanes.js'
import { MarkList } from '../playback/mark-list.js'
import { marksOf, type CameraMark } from '../playback/marks.js'
import type { There } from '../playback/past.js'
import type { PastPicture } from '../playback/past-tile.js'
import { PastTileView } from '../playback/past-tile-view.js'
import { Told } from '../playback/record-report.js'
import { cameras, NOW_MS } from './fixtures.js'
import type { Cell, Group } from './gallery.js'
import { street } from './street.js'

const nothing = (): void => {}
const MINUTE = 60_000
const view = { fromMs: NOW_MS - 50 * MINUTE, toMs: NOW_MS + 10 * MINUTE }
const gap: GapView = { fromMs: NOW_MS - 32 * MINUTE, toMs: NOW_MS - 22 * MINUTE, cause: 'camera_lost', said: { vi: 'camera mất tín hiệu', en: 'the camera sent no picture' } }
const hold: HoldView = { id: 'hold-1', cameraId: 'cam-1', fromMs: NOW_MS - 18 * MINUTE, toMs: NOW_MS - 6 * MINUTE, untilMs: NOW_MS + 30 * 1440 * MINUTE, reason: 'Vụ va chạm trên cầu', by: 'Trần Quốc Bảo' }
const motion = Array.from({ length: 480 }, (_, at) => (at % 97 < 22 ? 0.2 + (at % 11) / 14 : 0.05 + (at % 7) / 60))

function timeline(part: Partial<TimelineView> = {}): TimelineView {
  return {
    cameraId: 'cam-1', ...view, nowMs: NOW_MS, recorded: [{ fromMs: view.fromMs, toMs: gap.fromMs }, { fromMs: gap.toMs, toMs: NOW_MS }], gaps: [gap], motion, holds: [], expiredBeforeMs: null,
    marks: [
      { id: 'm1', kind: 'alert', atMs: NOW_MS - 41 * MINUTE, priority: 'critical', title: 'Nghi vấn đi ngược chiều', alertId: 'alert-1', by: null, tags: [] },
      { id: 'm2', kind: 'bookmark', atMs: NOW_MS - 14 * MINUTE, priority: null, title: 'Xe bỏ chạy về hướng Bình Đức', alertId: null, by: 'Lê Thị Hạnh', tags: ['va chạm', 'xe tải'] },
      { id: 'm3', kind: 'alert', atMs: NOW_MS - 5 * MINUTE, priority: 'medium', title: 'Nghi vấn vượt đèn đỏ', alertId: 'alert-4', by: null, tags: [] },
    ],
    ...part,
  }
}

const nameOf = (id: string): string => cameras.find((one) => one.id === id)?.name ?? id
const marks = marksOf([timeline()], nameOf)
const lane = (name: string, line: TimelineView | null, list: readonly CameraMark[] = []): Cell => ({ name, look: 'w-wide', show: () => <div className="lanes"><Axis view={view} nowMs={NOW_MS} most={8} /><Lane name="Cầu Hoàng Diệu – giữa cầu" timeline={line} view={view} marks={list} onMark={nothing} /></div> })
const lanes = (name: string, cut: Cut): Cell => ({ name, look: 'w-wide', show: () => <Lanes cameras={[{ id: 'cam-1', name: nameOf('cam-1'), timeline: timeline({ holds: [hold] }) }, { id: 'cam-2', name: nameOf('cam-2'), timeline: timeline({ cameraId: 'cam-2', marks: [], gaps: [], recorded: [{ fromMs: view.fromMs, toMs: NOW_MS }] }) }]} marks={marks} view={view} atMs={NOW_MS - 14 * MINUTE} nowMs={NOW_MS} cut={cut} onView={nothing} onSeek={nothing} onMark={nothing} /> })

function tile(name: string, picture: PastPicture, there: There | null, expiredBeforeMs: number | null = null): Cell {
  return {
    name,
    look: 'w-tile',
    show: () => (
      <PastTileView number={1} name="Tôn Đức Thắng 51" picture={picture} there={there} playing expiredBeforeMs={expiredBeforeMs} watermark={picture.is === 'showing' ? 'lehanh · 19/11/2026 16:48:07' : null} onRemove={nothing}>
        {picture.is === 'showing' ? <img src={street(8)} alt="" /> : null}
      </PastTileView>
    ),
  }
}

const deeds = { run: nothing, step: nothing, leap: nothing, speed: nothing, zoom: nothing, goTo: nothing, bookmark: nothing, cut: nothing, dropCut: nothing, hold: nothing, export: nothing, report: nothing }
const still = { atMs: NOW_MS - 14 * MINUTE, speed: 1 as const, playing: false, waiting: false, jumped: null, atEnd: false }
const controls = (name: string, part: Partial<Parameters<typeof Controls>[0]['state']>, cut: Cut = { is: 'none' }, may = true): Cell => ({ name, look: 'w-wide', show: () => <div className="deck"><Controls state={{ ...still, ...part }} cut={cut} zoom="hour" rights={{ holds: may, exports: may }} do={deeds} /></div> })

const report: RecordReportView = { cameraId: 'cam-1', fromMs: NOW_MS - 60 * MINUTE, toMs: NOW_MS, recordedMs: 60 * MINUTE, missingMs: 0, share: 1, files: 450, bytes: 1_830_000_000, damaged: 0, digest: '9f2c'.repeat(16), gaps: [] }

function exported(id: string, part: Partial<ExportView>): ExportView {
  return { id, cameraId: 'cam-1', fromMs: NOW_MS - 16 * MINUTE, toMs: NOW_MS - 12 * MINUTE, reason: 'Hồ sơ va chạm', by: 'Lê Thị Hạnh', createdAtMs: NOW_MS - MINUTE, state: 'queued', progress: 0, bytes: null, sha256: null, gaps: [], trouble: null, redaction: null, ...part }
}
const exports = [
  exported('e1', { state: 'queued' }),
  exported('e2', { state: 'running', progress: 0.42 }),
  exported('e3', { state: 'ready', progress: 1, bytes: 48_300_000, sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', gaps: [gap] }),
  exported('e4', { state: 'failed', trouble: { vi: 'Ổ đĩa xuất đã đầy. Xóa bớt tệp đã xuất rồi xuất lại.', en: 'The export disk is full. Remove old exports, then export again.' } }),
  exported('e5', { state: 'cancelled' }),
  exported('e6', { state: 'running', progress: 0.31, redaction: { covered: null, said: null } }),
  exported('e7', { state: 'ready', progress: 1, bytes: 31_200_000, sha256: '60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752', redaction: { covered: 'heads', said: { vi: 'Đã che mặt người. Biển số CHƯA che: máy chủ chưa có mô hình tìm biển số. Xem lại trước khi gửi đi.', en: 'Faces are covered. Plates are NOT: the server has no model that finds plates. Look it through before you hand it on.' } } }),
]
const listProps = { filter: 'all' as const, asked: '', atMs: NOW_MS - 14 * MINUTE, nowMs: NOW_MS, onFilter: nothing, onAsk: nothing, onGo: nothing, onRemove: nothing }
const cut = { fromMs: NOW_MS - 30 * MINUTE, toMs: NOW_MS - 20 * MINUTE }
const two = cameras.slice(0, 2)
const refused = new Refused({ status: 400, code: 'bad_form', title: { vi: 'Có trường chưa đúng', en: 'A field is wrong' }, next: { vi: 'Sửa các trường được nêu rồi gửi lại.', en: 'Mend the fields named, then send again.' }, faults: [{ field: 'toMs', reason: 'must come after fromMs' }], requestId: 'req-1' })
const sending = { busy: false, fault: null, onClose: nothing }

export const playbackGroups: readonly Group[] = [
  {
    name: 'Past tile',
    cells: [
      tile('opening', { is: 'opening' }, null),
      tile('showing', { is: 'showing', shownMs: NOW_MS - 14 * MINUTE, driftMs: 12 }, null),
      tile('drifts 0.4 s behind', { is: 'showing', shownMs: NOW_MS - 14 * MINUTE - 400, driftMs: -400 }, null),
      tile('gap with its cause', { is: 'nothing' }, { is: 'gap', gap }),
      tile('expired', { is: 'nothing' }, { is: 'expired' }, NOW_MS - 30 * 1440 * MINUTE),
      tile('ahead of the recording', { is: 'nothing' }, { is: 'ahead' }),
      tile('nothing known', { is: 'nothing' }, { is: 'unknown' }),
      tile('trouble', { is: 'trouble', word: 'levelLoadTimeOut' }, null),
      tile('codec this browser lacks', { is: 'trouble', word: 'bufferAddCodecError' }, null),
    ],
  },
  {
    name: 'Lane',
    cells: [
      lane('loading', null),
      lane('recorded, motion, gap, marks', timeline(), marks),
      lane('hold', timeline({ holds: [hold], marks: [] })),
      lane('expired', timeline({ expiredBeforeMs: NOW_MS - 20 * MINUTE, gaps: [], recorded: [{ fromMs: NOW_MS - 20 * MINUTE, toMs: NOW_MS }] })),
      lane('empty', timeline({ recorded: [], gaps: [], motion: [], marks: [] })),
      lanes('two lanes, one clock', { is: 'none' }),
      lanes('a cut begun', { is: 'begun', fromMs: NOW_MS - 26 * MINUTE }),
      lanes('a whole cut', { is: 'whole', ...cut }),
    ],
  },
  {
    name: 'Playback controls',
    cells: [
      controls('paused', {}),
      controls('playing at 4×', { playing: true, speed: 4 }),
      controls('waiting for pictures', { playing: true, waiting: true }),
      controls('jumped over a gap', { playing: true, jumped: gap }),
      controls('end of the recording', { atEnd: true }),
      controls('a cut begun', {}, { is: 'begun', fromMs: NOW_MS - 20 * MINUTE }),
      controls('a whole cut', {}, { is: 'whole', ...cut }),
      controls('may only look', {}, { is: 'none' }, false),
    ],
  },
  {
    name: 'Marks',
    cells: [
      { name: 'some', look: 'w-side', show: () => <MarkList {...listProps} marks={marks} all={3} /> },
      { name: 'none', look: 'w-side', show: () => <MarkList {...listProps} marks={[]} all={0} /> },
      { name: 'nothing found', look: 'w-side', show: () => <MarkList {...listProps} asked="cầu" marks={[]} all={3} /> },
    ],
  },
  {
    name: 'Kept and exported',
    cells: [
      { name: 'holds', look: 'w-side', show: () => <HoldList holds={[hold]} nameOf={nameOf} onEnd={nothing} /> },
      { name: 'holds about to end', look: 'w-side', show: () => <EndingList holds={[{ ...hold, untilMs: NOW_MS + 2 * 1440 * MINUTE }, { ...hold, id: 'hold-2', cameraId: 'cam-2', untilMs: NOW_MS + 30 * MINUTE }]} nameOf={nameOf} nowMs={NOW_MS} onExtend={nothing} onEnd={nothing} /> },
      { name: 'holds about to end, of somebody who may only look', look: 'w-side', show: () => <EndingList holds={[{ ...hold, untilMs: NOW_MS + 2 * 1440 * MINUTE }]} nameOf={nameOf} nowMs={NOW_MS} onExtend={null} onEnd={nothing} /> },
      { name: 'exports in every state', look: 'w-side', show: () => <ExportList exports={exports} nameOf={nameOf} nowMs={NOW_MS} onEnd={nothing} /> },
      { name: 'nothing exported', look: 'w-side', show: () => <ExportList exports={[]} nameOf={nameOf} nowMs={NOW_MS} onEnd={nothing} /> },
    ],
  },
  {
    name: 'Playback sheets',
    cells: [
      { name: 'choose cameras', look: 'w-side', show: () => <CameraPicker cameras={cameras} picked={['cam-1', 'cam-3']} onToggle={nothing} /> },
      { name: 'choose cameras, full', look: 'w-side', show: () => <CameraPicker cameras={cameras} picked={cameras.slice(0, 9).map(({ id }) => id)} onToggle={nothing} /> },
      { name: 'bookmark', look: 'w-side', show: () => <BookmarkFields {...sending} cameras={two} onSend={nothing} /> },
      { name: 'hold', look: 'w-side', show: () => <HoldFields {...sending} cameras={two} cut={cut} nowMs={NOW_MS} onSend={nothing} /> },
      { name: 'hold refused', look: 'w-side', show: () => <HoldFields {...sending} fault={refused} cameras={two} cut={cut} nowMs={NOW_MS} onSend={nothing} /> },
      { name: 'export', look: 'w-side', show: () => <ExportFields {...sending} cameras={two} cut={cut} gapsOf={() => [gap]} bytesOf={() => 48_300_000} onSend={nothing} /> },
      { name: 'hold for longer', look: 'w-side', show: () => <ExtendFields {...sending} hold={hold} nowMs={NOW_MS} onSend={nothing} /> },
      { name: 'report of a whole record', look: 'w-side', show: () => <div className="sheet"><Told report={report} /></div> },
      { name: 'report with gaps and a damaged file', look: 'w-side', show: () => <div className="sheet"><Told report={{ ...report, recordedMs: 50 * MINUTE, missingMs: 10 * MINUTE, share: 5 / 6, damaged: 1, gaps: Array.from({ length: 15 }, (_, at) => ({ ...gap, fromMs: gap.fromMs + at * 40_000, toMs: gap.fromMs + (at + 1) * 40_000 })) }} /></div> },
      { name: 'export too long', look: 'w-side', show: () => <ExportFields {...sending} cameras={two.slice(0, 1)} cut={{ fromMs: NOW_MS - 180 * MINUTE, toMs: NOW_MS }} gapsOf={() => []} bytesOf={() => null} onSend={nothing} /> },
      { name: 'go to a time', look: 'w-side', show: () => <GoToFields atMs={NOW_MS} onClose={nothing} onGo={nothing} /> },
    ],
  },
]
