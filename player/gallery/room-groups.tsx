import type { MeetingMade, MeetingView, RoomView } from '../../server/contract/meetings.js'
import { Refused } from '../api/client.js'
import { MeetingsBody } from '../room/meetings-dialog.js'
import { PresenterCard } from '../room/presenter-card.js'
import { Blank, RoomLine } from '../room/room-board.js'
import { RoomNote } from '../room/room-screen.js'
import type { Room } from '../room/room-state.js'
import { cameras, NOW_MS } from './fixtures.js'
import type { Group } from './gallery.js'
import { savedWalls } from './wall-fixtures.js'

const nothing = (): void => {}
const pages = [{ layout: '2x2' as const, cameraIds: cameras.slice(0, 4).map(({ id }) => id), locked: [] }, { layout: '2x2' as const, cameraIds: cameras.slice(4, 7).map(({ id }) => id), locked: [] }]
const board: RoomView = { nowMs: NOW_MS, endsAtMs: NOW_MS + 41.5 * 60_000, showing: { kind: 'page', page: 0 }, turn: 0, name: 'Trung tâm – ca chiều', by: 'Lê Thị Hạnh', pages, cameras: cameras.slice(0, 7).map(({ id, name, enabled, streams }) => ({ id, name, enabled, streams })) }
const running = (part: Partial<RoomView> = {}): Extract<Room, { is: 'running' }> => ({ is: 'running', board: { ...board, ...part }, now: { ...board, ...part }, own: { turn: 0, page: null, blank: false } })
const ended = new Date(2026, 10, 19, 10, 0, 0).getTime()

const meeting: MeetingView = { id: 'meeting-1', name: 'Trung tâm – ca chiều', by: 'Lê Thị Hạnh', mine: true, pages, showing: { kind: 'page', page: 0 }, turn: 0, createdAtMs: NOW_MS - 1_080_000, endsAtMs: NOW_MS + 2_490_000, openedAtMs: NOW_MS - 1_000_000 }
const meetings: readonly MeetingView[] = [meeting, { ...meeting, id: 'meeting-2', name: 'Chợ và bến phà', mine: false, by: 'Trần Quốc Bảo', openedAtMs: null, endsAtMs: NOW_MS + 38_000 }]
const made: MeetingMade = { meeting: { ...meeting, openedAtMs: null }, path: '/meeting#AAAAAAAAAAAAAAAAAAAAAA' }
const shared = { board: { kind: 'pages' as const, name: 'Tất cả camera', pages: pages.map(({ layout, cameraIds }) => ({ layout, cameraIds })) }, shownWall: null, walls: savedWalls, now: NOW_MS, busy: false, fault: null, onMake: nothing, onRevoke: nothing }
const full = new Refused({ status: 409, code: 'too_many_meetings', title: { vi: 'Đang có 10 liên kết; thu hồi bớt một liên kết', en: 'There are 10 links; revoke one' }, next: { vi: 'Xem trạng thái mới rồi quyết định lại.', en: 'Look at the new state, then decide again.' }, faults: [], requestId: 'req-7f3a' })

export const roomGroups: readonly Group[] = [
  {
    name: 'Meeting room',
    cells: [
      { name: 'opening', look: 'w-wide', show: () => <RoomNote room={{ is: 'opening' }} /> },
      { name: 'running: a page', look: 'w-wide', show: () => <RoomLine room={running()} shown={{ is: 'page', page: 0 }} now={NOW_MS} stills={false} /> },
      { name: 'running: one camera', look: 'w-wide', show: () => <RoomLine room={running()} shown={{ is: 'camera', cameraId: cameras[0]?.id ?? '' }} now={NOW_MS} stills={false} /> },
      { name: 'running: stills, last minute', look: 'w-wide', show: () => <RoomLine room={running({ endsAtMs: NOW_MS + 38_000 })} shown={{ is: 'page', page: 1 }} now={NOW_MS} stills /> },
      { name: 'blank by the presenter', look: 'w-wide', show: () => <Blank by="presenter" /> },
      { name: 'blank here', look: 'w-wide', show: () => <Blank by="room" /> },
      { name: 'expired', look: 'w-wide', show: () => <RoomNote room={{ is: 'expired', atMs: ended }} /> },
      { name: 'revoked', look: 'w-wide', show: () => <RoomNote room={{ is: 'revoked', atMs: ended }} /> },
      { name: 'in use elsewhere', look: 'w-wide', show: () => <RoomNote room={{ is: 'in_use' }} /> },
      { name: 'unknown', look: 'w-wide', show: () => <RoomNote room={{ is: 'unknown' }} /> },
      { name: 'server not reached', look: 'w-wide', show: () => <RoomNote room={{ is: 'unreached' }} /> },
    ],
  },
  {
    name: 'Meeting links',
    cells: [
      { name: 'none yet', look: 'w-wide panelled', show: () => <MeetingsBody {...shared} meetings={[]} made={null} /> },
      { name: 'just made', look: 'w-wide panelled', show: () => <MeetingsBody {...shared} meetings={[meeting]} made={made} /> },
      { name: 'some run', look: 'w-wide panelled', show: () => <MeetingsBody {...shared} meetings={meetings} made={null} /> },
      { name: 'nothing to show', look: 'w-wide panelled', show: () => <MeetingsBody {...shared} board={null} walls={[]} meetings={[]} made={null} /> },
      { name: 'refused', look: 'w-wide panelled', show: () => <MeetingsBody {...shared} meetings={meetings} made={null} fault={full} /> },
    ],
  },
  {
    name: 'Presenter',
    cells: [
      { name: 'a page', look: 'w-side', show: () => <PresenterCard meetings={meetings} cameras={cameras} now={NOW_MS} onShow={nothing} /> },
      { name: 'one camera', look: 'w-side', show: () => <PresenterCard meetings={[{ ...meeting, showing: { kind: 'camera', cameraId: cameras[1]?.id ?? '' } }]} cameras={cameras} now={NOW_MS} onShow={nothing} /> },
      { name: 'blank', look: 'w-side', show: () => <PresenterCard meetings={[{ ...meeting, showing: { kind: 'blank' }, openedAtMs: null }]} cameras={cameras} now={NOW_MS} onShow={nothing} /> },
      { name: 'two rooms', look: 'w-side', show: () => <PresenterCard meetings={[meeting, { ...meeting, id: 'meeting-3', name: 'Chợ và bến phà' }]} cameras={cameras} now={NOW_MS} onShow={nothing} /> },
    ],
  },
]
