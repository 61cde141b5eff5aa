import type { Problem } from '../../server/contract/problem.js'
import type { RoomNow, RoomView } from '../../server/contract/meetings.js'

/** What the room did by its own keys. It holds until the presenter moves next. */
interface Own {
  readonly turn: number
  readonly page: number | null
  readonly blank: boolean
}

export type Room =
  | { readonly is: 'opening' | 'in_use' | 'unknown' | 'unreached' }
  | { readonly is: 'expired' | 'revoked'; readonly atMs: number }
  | { readonly is: 'running'; readonly board: RoomView; readonly now: RoomNow; readonly own: Own }

export type RoomNews =
  | { readonly is: 'board'; readonly board: RoomView }
  | { readonly is: 'now'; readonly now: RoomNow }
  | { readonly is: 'refused'; readonly problem: Problem }
  /** The room's cookie opens nothing any more: why is told where the link is opened. */
  | { readonly is: 'shut' }
  /** The server's time. */
  | { readonly is: 'time'; readonly nowMs: number }
  | { readonly is: 'key'; readonly key: 'before' | 'after' | 'blank' }

export type Shown = { readonly is: 'page'; readonly page: number } | { readonly is: 'camera'; readonly cameraId: string } | { readonly is: 'blank'; readonly by: 'presenter' | 'room' }

export const OPENING: Room = { is: 'opening' }

/** One step of the room's page. What has ended for good stays so: only a new visit opens a link again. */
export function stepRoom(room: Room, news: RoomNews): Room {
  if (room.is === 'expired' || room.is === 'revoked' || room.is === 'in_use' || room.is === 'unknown') return room
  switch (news.is) {
    case 'board':
      return { is: 'running', board: news.board, now: news.board, own: room.is === 'running' ? ownAfter(room.own, news.board.turn) : { turn: news.board.turn, page: null, blank: false } }
    case 'refused':
      return refused(news.problem)
    case 'shut':
      return OPENING
    default:
      return room.is === 'running' ? stepRunning(room, news) : room
  }
}

type Running = Extract<Room, { is: 'running' }>

function stepRunning(room: Running, news: Extract<RoomNews, { is: 'now' | 'time' | 'key' }>): Room {
  switch (news.is) {
    case 'now':
      return { ...room, now: news.now, own: ownAfter(room.own, news.now.turn) }
    case 'time':
      return news.nowMs >= room.now.endsAtMs ? { is: 'expired', atMs: room.now.endsAtMs } : room
    case 'key': {
      const shown = shownOf(room)
      if (news.key === 'blank') return { ...room, own: { ...room.own, blank: !room.own.blank } }
      if (shown.is !== 'page') return room
      const to = Math.min(room.board.pages.length - 1, Math.max(0, shown.page + (news.key === 'after' ? 1 : -1)))
      return { ...room, own: { ...room.own, page: to } }
    }
  }
}

/** The presenter moves all: whatever the room turned to by itself ends with their next move. */
function ownAfter(own: Own, turn: number): Own {
  return own.turn === turn ? own : { turn, page: null, blank: false }
}

function refused(problem: Problem): Room {
  const atMs = Number(problem.faults.find(({ field }) => field === 'ended_at_ms')?.reason ?? NaN)
  switch (problem.code) {
    case 'meeting_expired':
      return { is: 'expired', atMs }
    case 'meeting_revoked':
      return { is: 'revoked', atMs }
    case 'meeting_in_use':
      return { is: 'in_use' }
    // An address that was cut or mistyped is not read at all.
    case 'meeting_unknown':
    case 'bad_form':
      return { is: 'unknown' }
    default:
      return { is: 'unreached' }
  }
}

/** What is on the glass. The presenter's blank is the room's, too; the room's own is only its own. */
export function shownOf({ board, now: { showing }, own }: Running): Shown {
  if (showing.kind === 'blank') return { is: 'blank', by: 'presenter' }
  if (own.blank) return { is: 'blank', by: 'room' }
  if (showing.kind === 'camera') return { is: 'camera', cameraId: showing.cameraId }
  return { is: 'page', page: Math.min(own.page ?? showing.page, board.pages.length - 1) }
}

export type Left = { readonly words: 'room.left_minutes' | 'room.left_seconds'; readonly count: number }

/** Whole minutes that have begun; seconds once it is the last one. */
export function leftOf(endsAtMs: number, nowMs: number): Left {
  const leftMs = Math.max(0, endsAtMs - nowMs)
  return leftMs > 60_000 ? { words: 'room.left_minutes', count: Math.ceil(leftMs / 60_000) } : { words: 'room.left_seconds', count: Math.ceil(leftMs / 1000) }
}
