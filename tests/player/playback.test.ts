import { columnsOf, readAt, readCams, readPlayback, writeAt } from '../../player/playback/address.js'
import { filterMarks, marksOf, nextMark } from '../../player/playback/marks.js'
import { jumpOverGap, mediaTimeOf, momentOfMedia, loadedTo, newestOf, standsFor, thereAt, windowFor } from '../../player/playback/past.js'
import { follow, halt, momentOf, otherSpeed, run, seek, setSpeed, startAt, type Speed } from '../../player/playback/play-clock.js'
import { around, askFor, drag, keepInView, momentAt, partOf, ticksOf, zoomBy } from '../../player/playback/scale.js'
import { deedOf } from '../../player/playback/playback-keys.js'
import { readKey } from '../../player/keys/key-law.js'
import { readDay, readTyped } from '../../player/words/typed.js'

const T = Date.UTC(2026, 10, 19, 9, 41, 57)
const MINUTE = 60_000

describe('one clock', () => {
  const running = run(startAt(T, 1, 0), 0)
  test.each([
    ['stands where it was started', startAt(T, 1, 0), 5_000, T],
    ['runs with real time', running, 5_000, T + 5_000],
    ['keeps its moment when it halts', halt(running, 5_000), 90_000, T + 5_000],
    ['runs eight times as fast from the change on, without a jump', setSpeed(running, 8, 1_000), 2_000, T + 9_000],
    ['runs at a quarter', setSpeed(running, 0.25, 0), 4_000, T + 1_000],
    ['goes on from where it was sent', seek(running, T - MINUTE, 2_000), 3_000, T - MINUTE + 1_000],
  ])('%s', (_name, clock, monoMs, expected) => expect(momentOf(clock, monoMs)).toBe(expected))

  test.each([
    [1, 1, 2],
    [8, 1, 8],
    [0.25, -1, 0.25],
    [1, -1, 0.5],
  ] as const)('from %s× by %s comes %s×', (speed, by, expected) => expect(otherSpeed(speed, by)).toBe(expected))
})

describe('a tile follows the clock', () => {
  test.each<[string, number, Speed, unknown]>([
    ['within a frame or so it is left alone', 40, 1, { do: 'rate', rate: 1 }],
    ['behind, it runs a little faster', -500, 1, { do: 'rate', rate: expect.closeTo(1.15) }],
    ['ahead, a little slower', 500, 1, { do: 'rate', rate: expect.closeTo(0.85) }],
    ['far off, it jumps', -1_300, 1, { do: 'jump' }],
    ['at 8× it takes eight times as much to jump', -1_300, 8, { do: 'rate', rate: expect.closeTo(8.89, 1) }],
    ['at a quarter a second is still mended gently', 1_000, 0.25, { do: 'rate', rate: expect.closeTo(0.2125) }],
  ])('%s', (_name, driftMs, speed, expected) => expect(follow(driftMs, speed)).toEqual(expected))
})

const gap = { fromMs: T + 10 * MINUTE, toMs: T + 20 * MINUTE, cause: 'camera_lost', said: { vi: 'camera mất tín hiệu', en: 'lost' } }
const line = { recorded: [{ fromMs: T, toMs: gap.fromMs }, { fromMs: gap.toMs, toMs: T + 30 * MINUTE }], gaps: [gap], expiredBeforeMs: T - 60 * MINUTE, nowMs: T + 31 * MINUTE }

describe('what there is at a moment', () => {
  test.each([
    ['a recording', T + MINUTE, { is: 'recorded', until: gap.fromMs }],
    ['a gap with its cause', T + 15 * MINUTE, { is: 'gap', gap }],
    ['the first instant after a gap', gap.toMs, { is: 'recorded', until: T + 30 * MINUTE }],
    ['what was removed in time', T - 90 * MINUTE, { is: 'expired' }],
    ['what is not recorded yet', T + 30 * MINUTE, { is: 'ahead' }],
    ['what nobody knows', T - MINUTE, { is: 'unknown' }],
  ])('%s', (_name, atMs, expected) => expect(thereAt(line, atMs)).toEqual(expected))

  const other = { recorded: [{ fromMs: T + 14 * MINUTE, toMs: T + 16 * MINUTE }] }
  test.each([
    ['while one has a picture, the clock runs', [line, other], T + 15 * MINUTE, null],
    ['where none has, it jumps to the first that has', [line, other], T + 12 * MINUTE, T + 14 * MINUTE],
    ['alone, over the whole gap', [line], T + 12 * MINUTE, gap.toMs],
    ['after the last there is nothing to jump to', [line], T + 40 * MINUTE, null],
  ])('%s', (_name, lines, atMs, expected) => expect(jumpOverGap(lines, atMs)).toBe(expected))
  test('the newest of all', () => expect([newestOf([other, line]), newestOf([])]).toEqual([T + 30 * MINUTE, null]))
})

describe('the list that is opened', () => {
  const hand = windowFor(T, null, null)!
  test('is half an hour around the moment, in whole minutes', () => expect([hand.toMs - hand.fromMs, hand.fromMs % MINUTE, hand.fromMs < T - 4 * MINUTE]).toEqual([31 * MINUTE, 0, true]))
  test.each([
    ['serves while the moment is well inside', T + 20 * MINUTE, null, true],
    ['is replaced before it ends', hand.toMs - 10_000, T + 600 * MINUTE, false],
    ['serves to its end where nothing newer exists', hand.toMs - 10_000, hand.toMs - 5_000, true],
    ['is replaced for an earlier moment', hand.fromMs - 1, null, false],
  ])('%s', (_name, atMs, newestMs, serves) => expect(windowFor(atMs, hand, newestMs) === null).toBe(serves))

  const pieces = [{ start: 0, duration: 6, programDateTime: T }, { start: 6, duration: 6, programDateTime: T + 6_000 }, { start: 12, duration: 6, programDateTime: T + MINUTE }]
  test.each([
    ['in the first piece', T + 2_500, 2.5],
    ['after a break in time', T + MINUTE + 1_000, 13],
    ['in the break', T + 30_000, null],
    ['before the list', T - 1, null],
    ['after the list', T + MINUTE + 6_000, null],
  ])('a moment %s', (_name, atMs, expected) => expect(mediaTimeOf(pieces, atMs)).toBe(expected))
  test('between two pieces that lie some milliseconds apart it is the first of the next one', () => {
    const apart = [{ start: 0, duration: 6, programDateTime: T }, { start: 6, duration: 6, programDateTime: T + 6_030 }]
    expect([T + 5_999, T + 6_015, T + 6_031].map((atMs) => mediaTimeOf(apart, atMs))).toEqual([5.999, 6, 6.001])
  })
  test('and back again', () => expect([0, 5.96, 13].map((at) => momentOfMedia(pieces, at))).toEqual([T, T + 5_960, T + MINUTE + 1_000]))
})

test.each<[sentence: string, ranges: (readonly [number, number])[], at: number, to: number]>([
  ['to the end of the range it stands in', [[0, 4], [10, 14]], 1, 4],
  ['over a hole of some milliseconds, where one recording ends and the next begins', [[0, 4], [4.005, 9]], 3.8, 9],
  ['nothing is loaded here', [[10, 14]], 1, 1],
  ['nor is what lies behind', [[0, 4]], 6, 6],
])('what is loaded reaches %s', (_sentence, ranges, at, to) => expect(loadedTo(ranges.map(([start, end]) => ({ start, end })), at)).toBe(to))

test.each<[sentence: string, shownMs: number, speed: number, stands: boolean]>([
  ['a tile that ran dry half a second ago is behind, and shows its last picture', T - 500, 1, true],
  ['one that ran dry long ago is being opened', T - 2_100, 1, false],
  ['at 8× a stumble is longer in the time of the past', T - 12_000, 8, true],
  ['slowly, no shorter', T - 1_500, 0.25, true],
  ['after a leap the picture from before it is another moment’s', T + 10_000, 1, false],
])('%s', (_sentence, shownMs, speed, stands) => expect(standsFor(shownMs, T, speed)).toBe(stands))

describe('the scale of the lanes', () => {
  const view = around(T, 60 * MINUTE)
  test('zooming keeps the moment under the hand', () => expect(momentAt(zoomBy(view, 0.5, 0.25), 0.25)).toBe(momentAt(view, 0.25)))
  test('and ends at one minute', () => expect(zoomBy(view, 0.0001, 0.5).toMs - zoomBy(view, 0.0001, 0.5).fromMs).toBe(MINUTE))
  test('dragging keeps the length', () => expect(drag(view, 0.5)).toEqual({ fromMs: view.fromMs + 30 * MINUTE, toMs: view.toMs + 30 * MINUTE }))
  test('a view that holds the moment stays', () => expect(keepInView(view, T)).toBe(view))
  test('one that the clock ran out of turns its page', () => expect(partOf(keepInView(view, view.toMs + 1_000), view.toMs + 1_000)).toBeCloseTo(0.1))
  test('ticks are round local times and few', () => {
    const ticks = ticksOf(around(T, 24 * 60 * MINUTE), 10, 7 * 60 * MINUTE)
    expect(ticks.length).toBeLessThanOrEqual(13)
    expect(ticks.every(({ atMs }) => (atMs + 7 * 60 * MINUTE) % (2 * 60 * MINUTE) === 0)).toBe(true)
    expect(ticks.filter(({ day }) => day)).toHaveLength(1)
  })
  test('what is asked covers the view, and the same for a small drag', () => {
    const asked = askFor(view)
    expect(asked.fromMs <= view.fromMs && asked.toMs >= view.toMs).toBe(true)
    expect(askFor(drag(view, 0.001))).toEqual(asked)
  })
})

describe('marks', () => {
  const mark = (id: string, atMs: number, kind: 'alert' | 'bookmark', title: string) => ({ id, kind, atMs, priority: kind === 'alert' ? ('high' as const) : null, title, alertId: null, by: null, tags: kind === 'bookmark' ? ['va chạm'] : [] })
  const marks = marksOf([{ cameraId: 'b', marks: [mark('2', T + 10_000, 'alert', 'Đi ngược chiều')] }, { cameraId: 'a', marks: [mark('1', T, 'bookmark', 'Xe tải'), mark('3', T + 20_000, 'alert', 'Vượt đèn đỏ')] }], (id) => `camera ${id}`)
  test('of all cameras stand in order of time', () => expect(marks.map(({ id, cameraName }) => `${id} ${cameraName}`)).toEqual(['1 camera a', '2 camera b', '3 camera a']))
  test.each([
    ['all', '', ['1', '2', '3']],
    ['alert', '', ['2', '3']],
    ['bookmark', '', ['1']],
    ['all', 'nguoc chieu', ['2']],
    ['all', 'va cham', ['1']],
  ] as const)('filtered by %s and “%s”', (filter, asked, expected) => expect(filterMarks(marks, filter, asked).map(({ id }) => id)).toEqual(expected))
  test('the next is after the one being shown, the previous before it', () => expect([nextMark(marks, T + 10_000, 'after')?.id, nextMark(marks, T + 10_000, 'before')?.id, nextMark(marks, T, 'before')]).toEqual(['3', '1', null]))
})

describe('the address', () => {
  test.each([
    ['with its offset', '2026-11-19T16:41:57+07:00', T],
    ['whose + became a space', '2026-11-19T16:41:57 07:00', T],
    ['in UTC', '2026-11-19T09:41:57Z', T],
    ['that is none', 'hôm qua', null],
    ['that is a number', 5, null],
  ])('a moment %s', (_name, text, expected) => expect(readAt(text)).toBe(expected))
  test('is written as people here read it', () => expect([writeAt(T, 420), writeAt(T, -210)]).toEqual(['2026-11-19T16:41:57+07:00', '2026-11-19T06:11:57-03:30']))
  test('names up to nine cameras, each once, and nothing else', () => expect(readCams('a,b,a,../etc,c d,c1,c2,c3,c4,c5,c6,c7,c8')).toEqual(['a', 'b', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7']))
  test('drops what it does not know', () => expect(readPlayback({ cams: '<script>', at: 'x', speed: 3 })).toEqual({}))
  const near = new Date(2026, 10, 19, 12).getTime()
  test.each([
    ['16:41:57', new Date(2026, 10, 19, 16, 41, 57).getTime()],
    ['16g41', new Date(2026, 10, 19, 16, 41).getTime()],
    ['18/11 7:05', new Date(2026, 10, 18, 7, 5).getTime()],
    ['1/2/2025 07:05:09', new Date(2025, 1, 1, 7, 5, 9).getTime()],
    ['31/02 10:00', null],
    ['25:00', null],
    ['chiều nay', null],
  ])('typed: %s', (text, expected) => expect(readTyped(text, near)).toBe(expected))
  test.each([['19/11/2026', new Date(2026, 10, 19).getTime()], ['9-1-2027', new Date(2027, 0, 9).getTime()], ['31/02/2026', null], ['11/19/2026', null], ['19/11', null], ['', null]])('a day, typed: %s', (text, expected) => expect(readDay(text)).toBe(expected))
  test.each([[1, 1], [2, 2], [4, 2], [5, 3], [9, 3]])('%s tiles stand in %s columns', (tiles, columns) => expect(columnsOf(tiles)).toBe(columns))
})

describe('keys', () => {
  const press = (code: string, ctrlKey = false) => readKey({ code, key: code, isComposing: false, ctrlKey, altKey: false, metaKey: false, shiftKey: false }, false)!
  test.each([
    ['Space', false, 'run'],
    ['ArrowLeft', false, 'frame_back'],
    ['ArrowRight', true, 'leap_on'],
    ['KeyK', false, 'slower'],
    ['KeyP', false, 'mark_before'],
    ['KeyC', false, 'cut'],
    ['ArrowUp', false, 'zoom_in'],
    ['KeyG', false, 'report'],
    ['KeyM', false, null],
  ])('%s (Ctrl: %s) is %s', (code, ctrl, expected) => expect(deedOf(press(code, ctrl))).toBe(expected))
})
