import type { RoomNow, RoomView } from '../../server/contract/meetings.js'
import type { Problem } from '../../server/contract/problem.js'
import { boardNow, camerasIn } from '../../player/room/meeting-board.js'
import { leftOf, OPENING, shownOf, stepRoom, type Room, type RoomNews, type Shown } from '../../player/room/room-state.js'
import { openRoomTalk } from '../../player/room/room-talk.js'

const END_MS = 3_600_000
const now = (part: Partial<RoomNow> = {}): RoomNow => ({ nowMs: 0, endsAtMs: END_MS, showing: { kind: 'page', page: 0 }, turn: 0, ...part })
const board = (part: Partial<RoomView> = {}): RoomView => ({ ...now(part), name: 'Giao ban', by: 'Lan', pages: [0, 1, 2].map((page) => ({ layout: '1', cameraIds: [`c${page}`], locked: [] })), cameras: [], ...part })
const problem = (status: number, code: string, faults: Problem['faults'] = []): Problem => ({ status, code, title: { vi: '', en: '' }, next: null, faults, requestId: '' })
const came = (...news: RoomNews[]): Room => news.reduce(stepRoom, OPENING)
const key = (name: 'before' | 'after' | 'blank'): RoomNews => ({ is: 'key', key: name })
const told = (showing: RoomNow['showing'], turn: number): RoomNews => ({ is: 'now', now: now({ showing, turn }) })
const begun: RoomNews = { is: 'board', board: board() }

describe('what is on the glass', () => {
  test.each<[sentence: string, news: readonly RoomNews[], shown: Shown]>([
    ['the first page', [], { is: 'page', page: 0 }],
    ['the next, by key', [key('after')], { is: 'page', page: 1 }],
    ['the last, and no further', [key('after'), key('after'), key('after'), key('after')], { is: 'page', page: 2 }],
    ['the first, and no further back', [key('before')], { is: 'page', page: 0 }],
    ['where the presenter went, whatever the room had turned to', [key('after'), key('after'), told({ kind: 'page', page: 1 }, 1)], { is: 'page', page: 1 }],
    ['where the room turned, while the presenter does not move', [told({ kind: 'page', page: 1 }, 1), key('after'), told({ kind: 'page', page: 1 }, 1)], { is: 'page', page: 2 }],
    ['one camera', [told({ kind: 'camera', cameraId: 'c1' }, 1)], { is: 'camera', cameraId: 'c1' }],
    ['one camera, whatever the arrows say', [told({ kind: 'camera', cameraId: 'c1' }, 1), key('after')], { is: 'camera', cameraId: 'c1' }],
    ['nothing: the room wanted it', [key('blank')], { is: 'blank', by: 'room' }],
    ['the page again', [key('after'), key('blank'), key('blank')], { is: 'page', page: 1 }],
    ['nothing: the presenter wanted it', [told({ kind: 'blank' }, 1)], { is: 'blank', by: 'presenter' }],
    ['nothing, and no key of the room brings it back', [told({ kind: 'blank' }, 1), key('blank'), key('blank'), key('after')], { is: 'blank', by: 'presenter' }],
    ['the presenter’s next move ends the room’s own blank', [key('blank'), told({ kind: 'page', page: 2 }, 1)], { is: 'page', page: 2 }],
    ['a page that is no longer there is the last', [told({ kind: 'page', page: 9 }, 1)], { is: 'page', page: 2 }],
  ])('%s', (_sentence, news, shown) => {
    const room = came(begun, ...news)
    expect(room.is === 'running' && shownOf(room)).toEqual(shown)
  })
})

describe('how it opens and ends', () => {
  const refused = (...args: Parameters<typeof problem>): RoomNews => ({ is: 'refused', problem: problem(...args) })
  test.each<[sentence: string, news: readonly RoomNews[], room: Room]>([
    ['a copied link', [refused(409, 'meeting_in_use')], { is: 'in_use' }],
    ['a link that never was', [refused(404, 'meeting_unknown')], { is: 'unknown' }],
    ['a link that was cut', [refused(400, 'bad_form')], { is: 'unknown' }],
    ['too late', [refused(410, 'meeting_expired', [{ field: 'ended_at_ms', reason: '123' }])], { is: 'expired', atMs: 123 }],
    ['revoked before', [refused(410, 'meeting_revoked', [{ field: 'ended_at_ms', reason: '99' }])], { is: 'revoked', atMs: 99 }],
    ['the server is away', [refused(0, 'offline')], { is: 'unreached' }],
    ['too many tries', [refused(429, 'too_many_tries')], { is: 'unreached' }],
    ['away, then there', [refused(0, 'offline'), begun], came(begun)],
    ['a millisecond before the end', [begun, { is: 'time', nowMs: END_MS - 1 }], came(begun)],
    ['at the end, though nobody told', [begun, { is: 'time', nowMs: END_MS }], { is: 'expired', atMs: END_MS }],
    ['after the end nothing brings it back', [begun, { is: 'time', nowMs: END_MS }, begun, key('after'), told({ kind: 'blank' }, 1)], { is: 'expired', atMs: END_MS }],
    ['shut: asked again at the door', [begun, { is: 'shut' }], OPENING],
    ['and told there why', [begun, { is: 'shut' }, refused(410, 'meeting_revoked', [{ field: 'ended_at_ms', reason: '99' }])], { is: 'revoked', atMs: 99 }],
    ['a key before it opened', [key('blank'), { is: 'time', nowMs: END_MS }], OPENING],
  ])('%s', (_sentence, news, room) => expect(came(...news)).toEqual(room))
})

test.each([[60 * 60_000, 'room.left_minutes', 60], [41.2 * 60_000, 'room.left_minutes', 42], [60_001, 'room.left_minutes', 2], [60_000, 'room.left_seconds', 60], [400, 'room.left_seconds', 1], [-5, 'room.left_seconds', 0]] as const)('%d ms left are %s: %d', (leftMs, words, count) => expect(leftOf(leftMs, 0)).toEqual({ words, count }))

describe('the wall as it is now, for a link', () => {
  const page = (cameraIds: (string | null)[], locked: number[] = []) => ({ layout: '2x2' as const, cameraIds, locked })
  test('all its pages, what is locked left out', () => expect(boardNow('Tất cả', [page(['a', null, 'b'], [2]), page(['c'])], 0)).toEqual({ kind: 'pages', name: 'Tất cả', pages: [{ layout: '2x2', cameraIds: ['a', null, null] }, { layout: '2x2', cameraIds: ['c'] }] }))
  test('more pages than a link takes: the one in view', () => expect(boardNow('x', Array.from({ length: 21 }, (_, at) => page([`c${at}`])), 20)?.pages).toEqual([{ layout: '2x2', cameraIds: ['c20'] }]))
  test('no camera is nothing to show', () => expect(boardNow('x', [page([null]), page(['a'], [0])], 0)).toBeNull())
  test('a camera on two pages counts once', () => expect(camerasIn([page(['a', 'b']), page(['b', null])])).toBe(2))
})

describe('the talk with the server', () => {
  /** Answers in order; the last one stays. Waiting is over at once, and the clock goes on by it. */
  function talk(answers: { readonly open: readonly (RoomView | Problem)[]; readonly now: readonly (RoomNow | Problem)[] }, stopAfter: number) {
    let atMs = 0
    const [heard, reached, asked] = [[] as RoomNews[], [] as boolean[], { open: 0, now: 0, board: 0 }]
    const take = <T extends object>(all: readonly (T | Problem)[], at: number): Promise<T> => {
      const answer = all[Math.min(at, all.length - 1)]!
      return 'status' in answer ? Promise.reject(answer as unknown as Error) : Promise.resolve(answer)
    }
    return new Promise<{ heard: RoomNews[]; reached: boolean[]; asked: typeof asked }>((resolve) => {
      const spoken = openRoomTalk({
        token: 't',
        api: { openRoom: () => take(answers.open, asked.open++), roomNow: () => take(answers.now, asked.now++), roomBoard: async () => (asked.board++, board({ turn: 1, showing: { kind: 'blank' } })) },
        say: (news) => {
          heard.push(news)
          if (heard.length < stopAfter) return
          spoken.stop()
          resolve({ heard, reached, asked })
        },
        reached: (is) => void reached.push(is),
        clock: () => {},
        problemOf: (fault) => fault as Problem,
        wallMs: () => atMs,
        wait: async (ms) => void (atMs += ms),
      })
    })
  }
  const kinds = (heard: readonly RoomNews[]): readonly string[] => heard.map(({ is }) => is)

  test('it follows by small answers, and asks for the board when the presenter has moved', async () => {
    const { heard, asked } = await talk({ open: [board()], now: [now(), now(), now({ turn: 1, showing: { kind: 'blank' } })] }, 4)
    expect([kinds(heard), asked]).toEqual([['board', 'now', 'now', 'board'], { open: 1, now: 3, board: 1 }])
  })
  test('the board is asked anew every half minute', async () => {
    const { heard } = await talk({ open: [board()], now: [now()] }, 16)
    expect(kinds(heard).indexOf('board', 1)).toBe(15)
  })
  test('a link that is refused for good is asked for once', async () => {
    const { asked } = await talk({ open: [problem(409, 'meeting_in_use')], now: [now()] }, 1)
    expect(asked).toEqual({ open: 1, now: 0, board: 0 })
  })
  test('a server that is away is tried again, and the room says so only while it has a board', async () => {
    const { heard, reached } = await talk({ open: [problem(0, 'offline'), problem(503, 'not_ready'), board()], now: [problem(0, 'offline'), now()] }, 4)
    expect([kinds(heard), reached]).toEqual([['refused', 'refused', 'board', 'now'], [true, false, true]])
  })
  test('a room that was shut asks at the door why', async () => {
    const { heard, asked } = await talk({ open: [board(), problem(410, 'meeting_revoked')], now: [problem(401, 'sign_in_needed')] }, 3)
    expect([kinds(heard), asked.open]).toEqual([['board', 'shut', 'refused'], 2])
  })
})
