import { compose, moved } from '../../player/wall/compose.js'
import { fittingLayout } from '../../player/wall/layout.js'
import { groupsOf, pagesOf, readSource, writeSource, type Page, type Source } from '../../player/wall/pages.js'
import { pictureOf, STILL_AGE_MS_MAX, stillPictureOf } from '../../player/wall/picture.js'
import { DARK, stepSpotlight, type Spotlight } from '../../player/wall/spotlight.js'
import { judgeLink, kbpsOf, showsStills, WIDE, type LinkWidth } from '../../player/wall/thin-link.js'
import { secondsLeft, stepTour, type Tour, type TourNews } from '../../player/wall/tour.js'
import { isoLocal } from '../../player/words/measures.js'
import { NO_KEYS, readWallKey, type KeySight, type KeyState, type WallDeed } from '../../player/wall/wall-keys.js'
import type { Key } from '../../player/keys/key-law.js'
import { makeTurns, PLAYER_AGE_MS_MAX, PLAYER_BYTES_MAX, recycle, TURN_MS_MIN, type PlayerFacts } from '../../player/live/recycle.js'
import type { AlertView } from '../../server/contract/alerts.js'
import type { CameraView } from '../../server/contract/cameras.js'
import type { WallView } from '../../server/contract/wall.js'
import { anAlert } from './an-alert.js'

describe('the spotlight', () => {
  const urgent = (id: string, part: Partial<AlertView> = {}): AlertView => anAlert(id, { priority: 'high', state: 'new', raisedAtMs: 1000, changedAtMs: 1000, ...part })
  const lit = (alertId: string, claimedAtMs: number | null = null): Spotlight => ({ is: 'lit', alertId, claimedAtMs })
  test.each<[sentence: string, before: Spotlight, alerts: readonly AlertView[], nowMs: number, after: Spotlight, untilMs: number | null]>([
    ['stays dark while nothing is urgent', DARK, [urgent('m', { priority: 'medium' })], 5000, DARK, null],
    ['is taken by a high alert nobody has taken', DARK, [urgent('a')], 5000, lit('a'), null],
    ['is taken by the gravest first', DARK, [urgent('a'), urgent('k', { priority: 'critical', raisedAtMs: 2000 })], 5000, lit('k'), null],
    ['of two alike the one that waits longer', DARK, [urgent('b', { raisedAtMs: 2000 }), urgent('a')], 5000, lit('a'), null],
    ['does not jump to another of the same gravity', lit('b'), [urgent('a'), urgent('b', { raisedAtMs: 2000 })], 5000, lit('b'), null],
    ['gives way to a graver one', lit('a'), [urgent('a'), urgent('k', { priority: 'critical' })], 5000, lit('k'), null],
    ['counts from the claim', lit('a'), [urgent('a', { state: 'claimed', changedAtMs: 6000 })], 7000, lit('a', 6000), 26_000],
    ['is not prolonged by a note, which changes the alert again', lit('a', 6000), [urgent('a', { state: 'claimed', changedAtMs: 20_000 })], 21_000, lit('a', 6000), 26_000],
    ['is not prolonged by a verdict either', lit('a', 6000), [urgent('a', { state: 'confirmed', changedAtMs: 20_000 })], 25_999, lit('a', 6000), 26_000],
    ['returns by itself 20 s after the claim', lit('a', 6000), [urgent('a', { state: 'claimed', changedAtMs: 6000 })], 26_000, DARK, null],
    ['then goes to the next that waits', lit('a', 6000), [urgent('a', { state: 'claimed', changedAtMs: 6000 }), urgent('b')], 26_000, lit('b'), null],
    ['returns at once when the alert is settled', lit('a', 6000), [], 7000, DARK, null],
    ['an alert that was claimed before this screen opened does not light it', DARK, [urgent('a', { state: 'claimed', changedAtMs: 6000 })], 7000, DARK, null],
    ['given back to the queue it waits again without an end', lit('a', 6000), [urgent('a', { changedAtMs: 9000 })], 60_000, lit('a'), null],
    ['a clock that runs behind the server does not shorten it', lit('a'), [urgent('a', { state: 'claimed', changedAtMs: 6000 })], 5500, lit('a', 5500), 25_500],
  ])('%s', (_sentence, before, alerts, nowMs, after, untilMs) => {
    const [next, verdict] = stepSpotlight(before, alerts, nowMs)
    expect([next, verdict.alert?.id ?? null, verdict.untilMs]).toEqual([after, after.is === 'lit' ? after.alertId : null, untilMs])
  })
})

describe('a tour', () => {
  const plan = { pages: 6, dwellMs: 20_000 }
  const running: Tour = { is: 'running', page: 2, turnsAtMs: 30_000 }
  test.each<[sentence: string, before: Tour, news: TourNews, atMs: number, after: Tour]>([
    ['starts where one looks', { is: 'stopped', page: 2 }, { is: 'toggle' }, 10_000, running],
    ['stands while its time lasts', running, { is: 'tick' }, 29_999, running],
    ['turns when its time is over', running, { is: 'tick' }, 30_000, { is: 'running', page: 3, turnsAtMs: 50_000 }],
    ['begins anew after the last page', { is: 'running', page: 5, turnsAtMs: 30_000 }, { is: 'tick' }, 30_000, { is: 'running', page: 0, turnsAtMs: 50_000 }],
    ['turns once after an hour asleep', running, { is: 'tick' }, 3_600_000, { is: 'running', page: 3, turnsAtMs: 3_620_000 }],
    ['is held by the spotlight with what is left of the page', running, { is: 'hold' }, 25_000, { is: 'held', page: 2, leftMs: 5_000 }],
    ['does not turn while held', { is: 'held', page: 2, leftMs: 5_000 }, { is: 'tick' }, 900_000, { is: 'held', page: 2, leftMs: 5_000 }],
    ['goes on with what was left', { is: 'held', page: 2, leftMs: 5_000 }, { is: 'release' }, 100_000, { is: 'running', page: 2, turnsAtMs: 105_000 }],
    ['stops when asked, held or not', { is: 'held', page: 2, leftMs: 5_000 }, { is: 'toggle' }, 1, { is: 'stopped', page: 2 }],
    ['a page turned by hand stays its whole time', running, { is: 'go', page: 4 }, 29_000, { is: 'running', page: 4, turnsAtMs: 49_000 }],
    ['before the first page is the last', { is: 'stopped', page: 0 }, { is: 'go', page: -1 }, 1, { is: 'stopped', page: 5 }],
    ['holding what stands still changes nothing', { is: 'stopped', page: 1 }, { is: 'hold' }, 1, { is: 'stopped', page: 1 }],
  ])('%s', (_sentence, before, news, atMs, after) => expect(stepTour(before, news, plan, atMs)).toEqual(after))
  test('one page is no tour', () => expect(stepTour({ is: 'stopped', page: 0 }, { is: 'toggle' }, { pages: 1, dwellMs: 1 }, 0)).toEqual({ is: 'stopped', page: 0 }))
  test('a page that is gone is not shown', () => expect(stepTour({ is: 'stopped', page: 5 }, { is: 'tick' }, { pages: 2, dwellMs: 1 }, 0)).toEqual({ is: 'stopped', page: 1 }))
  test('a whole tour of virtual time shows each page its dwell', () => {
    let tour = stepTour({ is: 'stopped', page: 0 }, { is: 'toggle' }, plan, 0)
    const seen: number[] = []
    for (let atMs = 0; atMs < 240_000; atMs += 500) {
      tour = stepTour(tour, { is: 'tick' }, plan, atMs)
      seen[tour.page] = (seen[tour.page] ?? 0) + 500
    }
    expect(seen).toEqual([40_000, 40_000, 40_000, 40_000, 40_000, 40_000])
  })
  test.each<[Tour, number, number | null]>([[running, 10_500, 20], [running, 29_999, 1], [running, 31_000, 0], [{ is: 'held', page: 0, leftMs: 4_100 }, 99, 5], [{ is: 'stopped', page: 0 }, 0, null]])('seconds left of %j at %i: %p', (tour, atMs, left) => expect(secondsLeft(tour, atMs)).toBe(left))
})

describe('a thin link', () => {
  const after = (samples: readonly (readonly [kbps: number, atMs: number])[], from: LinkWidth = WIDE): LinkWidth => samples.reduce((link, [kbps, atMs]) => judgeLink(link, kbps, atMs), from)
  test.each<[sentence: string, samples: readonly (readonly [number, number])[], shows: 'live' | 'stills']>([
    ['one slow still is an accident', [[300, 0]], 'live'],
    ['two in a row are a thin link', [[300, 0], [400, 1]], 'stills'],
    ['a quick one between begins anew', [[300, 0], [5000, 1], [300, 2]], 'live'],
    ['512 is wide enough', [[512, 0], [512, 1], [512, 2]], 'live'],
    ['quick stills within the hold do not bring live back', [[300, 0], [300, 1], [9000, 2], [9000, 3], [9000, 4], [9000, 5], [9000, 6]], 'stills'],
    ['after it four do', [[300, 0], [300, 1], [9000, 70_000], [9000, 70_001], [9000, 70_002], [9000, 70_003]], 'live'],
    ['between the two borders it stays as it is', [[300, 0], [300, 1], [900, 70_000], [900, 70_001], [900, 70_002], [900, 70_003], [900, 70_004]], 'stills'],
  ])('%s', (_sentence, samples, shows) => expect(after(samples).shows).toBe(shows))
  test('each fall doubles the hold, up to 16 minutes', () => {
    let link = WIDE
    const holds: number[] = []
    for (let fall = 0, atMs = 0; fall < 6; fall += 1) {
      link = after([[100, atMs], [100, atMs]], link)
      holds.push((link.holdUntilMs - atMs) / 60_000)
      atMs = link.holdUntilMs
      link = after([[9000, atMs], [9000, atMs], [9000, atMs], [9000, atMs]], link)
    }
    expect(holds).toEqual([1, 2, 4, 8, 16, 16])
  })
  test.each<[number, number, number | null]>([[10_000, 160, 500], [10_000, 0, 80_000], [900, 10, null]])('%i bytes in %i ms are %p kbit/s', (bytes, ms, kbps) => expect(kbpsOf(bytes, ms)).toBe(kbps))
  test('a choice stands whatever the link', () => expect([showsStills('live', { ...WIDE, shows: 'stills' }), showsStills('stills', WIDE), showsStills('auto', WIDE), showsStills('auto', { ...WIDE, shows: 'stills' })]).toEqual([false, true, false, true]))
})

describe('a still is never called live', () => {
  const said = { state: 'live', sinceMs: 0, trouble: null } as const
  test.each<[sentence: string, takenAtMs: number | null, nowMs: number, is: string]>([
    ['a fresh one is a still with its age', 1000, 4100, 'still'],
    ['so is one a moment ago', 1000, 1000, 'still'],
    ['one that came long ago is lost', 1000, 1001 + STILL_AGE_MS_MAX, 'lost'],
    ['none yet is joining', null, 1000, 'joining'],
  ])('%s', (_sentence, takenAtMs, nowMs, is) => expect(stillPictureOf(takenAtMs, { said, enabled: true, nowMs }).is).toBe(is))
  test('a camera without picture and without still waits; one switched off is off', () => {
    expect(stillPictureOf(null, { said: { ...said, state: 'waiting' }, enabled: true, nowMs: 1 }).is).toBe('waiting')
    expect(stillPictureOf(1, { said, enabled: false, nowMs: 1 }).is).toBe('off')
  })
  test('and a frozen picture is never live (the law both ways of showing share)', () => expect([pictureOf({ is: 'lost', ageMs: 3100 }, said, true).is, pictureOf({ is: 'behind', ageMs: 3001 }, said, true).is]).toEqual(['lost', 'behind']))
})

describe('a player is exchanged before it leaks', () => {
  const young: PlayerFacts = { ageMs: 60_000, bytes: 10_000_000, playing: true, chance: 0 }
  test.each<[sentence: string, part: Partial<PlayerFacts>, verdict: object]>([
    ['not while it is young', {}, { do: 'keep' }],
    ['by age', { ageMs: PLAYER_AGE_MS_MAX }, { do: 'recycle', why: 'age' }],
    ['by bytes', { bytes: PLAYER_BYTES_MAX }, { do: 'recycle', why: 'bytes' }],
    ['up to a quarter earlier by chance', { ageMs: PLAYER_AGE_MS_MAX * 0.76, chance: 1 }, { do: 'recycle', why: 'age' }],
    ['not a moment before that', { ageMs: PLAYER_AGE_MS_MAX * 0.74, chance: 1 }, { do: 'keep' }],
    ['never without a picture to keep on the glass', { ageMs: PLAYER_AGE_MS_MAX * 9, playing: false }, { do: 'keep' }],
    ['where bytes are not told, age alone decides', { bytes: 0, ageMs: PLAYER_AGE_MS_MAX - 1 }, { do: 'keep' }],
  ])('%s', (_sentence, part, verdict) => expect(recycle({ ...young, ...part })).toEqual(verdict))
  test('one after the other on a page', () => {
    const turns = makeTurns()
    expect([turns.take(0), turns.take(1), turns.take(TURN_MS_MIN - 1), turns.take(TURN_MS_MIN), turns.take(TURN_MS_MIN + 1)]).toEqual([true, false, false, true, false])
  })
  test('a wall of 25 that began in one instant is through in seven minutes, and each player is exchanged once', () => {
    const turns = makeTurns()
    const born = Array.from({ length: 25 }, () => 0)
    const times: number[] = []
    for (let atMs = 0; atMs < PLAYER_AGE_MS_MAX + 7 * 60_000; atMs += 5_000) {
      for (const [tile, bornMs] of born.entries()) {
        if (recycle({ ageMs: atMs - bornMs, bytes: 0, playing: true, chance: 0 }).do === 'recycle' && turns.take(atMs)) {
          born[tile] = atMs
          times.push(atMs)
        }
      }
    }
    expect(times).toHaveLength(25)
    expect(Math.min(...times.slice(1).map((atMs, at) => atMs - (times[at] ?? 0)))).toBeGreaterThanOrEqual(TURN_MS_MIN)
  })
})

describe('what a wall shows', () => {
  const camera = (id: string, areaId: string, street: string, order: number): CameraView => ({ id, name: id, areaId, areaName: `Phường ${areaId}`, enabled: true, origin: 'rtsp', place: { latitude: 0, longitude: 0, street, order, heading: 0, reachM: 1 }, streams: [], rules: [], sound: null, masks: [], sandbox: null })
  const cameras = [camera('b2', 'B', 'Hùng Vương', 2), camera('a1', 'A', 'Hùng Vương', 1), camera('b3', 'B', 'Nguyễn Huệ', 1), camera('b1', 'B', 'Hùng Vương', 1), camera('b4', 'B', '', 1)]
  const saved: WallView = { id: 'w', name: 'W', dwellS: 20, shared: false, mine: true, by: '', pages: [{ layout: '2x2', cameraIds: ['b1', null, 'a1'], locked: [1] }, { layout: '1', cameraIds: ['b2'], locked: [] }] }
  const shown = (source: Source, layout: '1' | '2x2' | '3x3' | null = null) => pagesOf(source, { cameras, saved, layout }, fittingLayout).map((page) => [page.layout, ...page.cameraIds])
  test.each<[sentence: string, source: Source, layout: '1' | '2x2' | '3x3' | null, pages: unknown]>([
    ['all, by area, street and order', { is: 'all' }, '2x2', [['2x2', 'a1', 'b4', 'b1', 'b2'], ['2x2', 'b3']]],
    ['one area', { is: 'area', areaId: 'B' }, null, [['2x2', 'b4', 'b1', 'b2', 'b3']]],
    ['one street', { is: 'street', street: 'Hùng Vương' }, null, [['2x2', 'a1', 'b1', 'b2']]],
    ['an area without cameras is one empty page', { is: 'area', areaId: 'Z' }, null, [['1']]],
    ['a saved wall as it was saved', { is: 'saved', wallId: 'w' }, null, [['2x2', 'b1', null, 'a1'], ['1', 'b2']]],
    ['a saved wall laid out anew for the moment', { is: 'saved', wallId: 'w' }, '3x3', [['3x3', 'b1', 'a1', 'b2']]],
  ])('%s', (_sentence, source, layout, pages) => expect(shown(source, layout)).toEqual(pages))
  test('groups are areas, and streets with more than one camera', () => {
    const { areas, streets } = groupsOf(cameras)
    expect([areas.map((one) => [one.name, one.cameras]), streets.map((one) => [one.name, one.cameras])]).toEqual([[['Phường A', 1], ['Phường B', 4]], [['Hùng Vương', 3]]])
  })
  test.each<Source>([{ is: 'all' }, { is: 'area', areaId: 'a-1' }, { is: 'street', street: 'Trần Hưng Đạo: đoạn 2' }, { is: 'saved', wallId: 'w-1' }])('%j is read from the address it writes', (source) => expect(readSource(writeSource(source))).toEqual(source))
})

describe('a wall is put together', () => {
  const pages: readonly Page[] = [{ layout: '2x2', cameraIds: ['a', 'b'], locked: [3] }]
  const tiles = (step: Parameters<typeof compose>[1]) => compose(pages, step)[0]?.cameraIds
  test('a camera is put into a tile', () => expect(tiles({ do: 'put', page: 0, place: 2, cameraId: 'c' })).toEqual(['a', 'b', 'c', null]))
  test('one that stands there already moves, and changes places', () => expect(tiles({ do: 'put', page: 0, place: 1, cameraId: 'a' })).toEqual(['b', 'a', null, null]))
  test('two tiles change places', () => expect(tiles({ do: 'swap', page: 0, from: 0, to: 2 })).toEqual([null, 'b', 'a', null]))
  test('a tile is emptied', () => expect(tiles({ do: 'clear', page: 0, place: 0 })).toEqual([null, 'b', null, null]))
  test.each([{ do: 'put', page: 0, place: 3, cameraId: 'c' }, { do: 'swap', page: 0, from: 0, to: 3 }, { do: 'clear', page: 0, place: 3 }, { do: 'put', page: 0, place: 9, cameraId: 'c' }] as const)('what is locked, or no tile, stays: %j', (step) => expect(tiles(step)).toEqual(['a', 'b']))
  test('a smaller layout keeps the first', () => expect(compose(pages, { do: 'layout', page: 0, layout: '1' })[0]).toEqual({ layout: '1', cameraIds: ['a'], locked: [] }))
  test('pages come and go; the last stays', () => {
    const two = compose(pages, { do: 'add_page', layout: '3x3' })
    expect(two.map((page) => page.layout)).toEqual(['2x2', '3x3'])
    expect(compose(two, { do: 'remove_page', page: 0 }).map((page) => page.layout)).toEqual(['3x3'])
    expect(compose(pages, { do: 'remove_page', page: 0 })).toBe(pages)
  })
  test.each([[0, 2, 'bca'], [2, 0, 'cab'], [1, 1, 'abc'], [0, -1, 'abc'], [2, 3, 'abc']])('moved from %i to %i: %s', (from, to, text) => expect(moved(['a', 'b', 'c'], from, to).join('')).toBe(text))
})

describe('keys of the wall', () => {
  const sight: KeySight = { layout: '1+12', tiles: 13, selected: 3, walking: false, composing: false }
  const letter = (name: 'B' | 'C' | 'G' | 'H' | 'K' | 'L' | 'M' | 'N' | 'P' | 'T' | 'V'): Key => ({ is: 'letter', letter: name })
  const digit = (one: number): Key => ({ is: 'digit', digit: one })
  const type = (keys: readonly (readonly [Key, number])[], part: Partial<KeySight> = {}): WallDeed | null =>
    keys.reduce<readonly [KeyState, WallDeed | null]>(([state], [key, atMs]) => readWallKey(state, key, { ...sight, ...part }, atMs), [NO_KEYS, null])[1]
  test.each<[sentence: string, keys: readonly (readonly [Key, number])[], part: Partial<KeySight>, deed: WallDeed | null]>([
    ['a digit picks at once', [[digit(5), 0]], {}, { do: 'pick', tile: 5 }],
    ['two digits in time are one tile', [[digit(1), 0], [digit(3), 500]], {}, { do: 'pick', tile: 13 }],
    ['too late they are two', [[digit(1), 0], [digit(3), 1500]], {}, { do: 'pick', tile: 3 }],
    ['G then 6 is 5×5', [[letter('G'), 0], [digit(6), 500]], {}, { do: 'layout', layout: '5x5' }],
    ['G and a digit too late is a tile', [[letter('G'), 0], [digit(2), 1000]], {}, { do: 'pick', tile: 2 }],
    ['G then 7 is nothing, and no tile either', [[letter('G'), 0], [digit(7), 100]], {}, { do: 'wait' }],
    ['C is the meeting room', [[letter('C'), 0]], {}, { do: 'meeting' }],
    ['H listens', [[letter('H'), 0]], {}, { do: 'listen' }],
    ['M then 2 pushes', [[letter('M'), 0], [digit(2), 500]], {}, { do: 'push', screen: 2 }],
    ['M then T claims and pushes nothing', [[letter('M'), 0], [letter('T'), 100], [digit(2), 200]], {}, { do: 'pick', tile: 2 }],
    ['V then a digit swaps while the wall is put together', [[letter('V'), 0], [digit(4), 100]], { composing: true }, { do: 'swap', tile: 4 }],
    ['and is no key otherwise', [[letter('V'), 0]], {}, null],
    ['left walks while walking', [[{ is: 'arrow', to: 'left' }, 0]], { walking: true }, { do: 'walk', to: 'before' }],
    ['up turns to the other way of the pole', [[{ is: 'arrow', to: 'up' }, 0]], { walking: true }, { do: 'walk', to: 'turn' }],
    ['otherwise it is a tile further', [[{ is: 'arrow', to: 'left' }, 0]], {}, { do: 'pick', tile: 2 }],
    ['down goes a row', [[{ is: 'arrow', to: 'down' }, 0]], { layout: '5x5', tiles: 25 }, { do: 'pick', tile: 8 }],
    ['and stays at the border', [[{ is: 'arrow', to: 'right' }, 0]], { selected: 13 }, { do: 'pick', tile: 13 }],
    ['Enter enlarges what is picked', [[{ is: 'enter' }, 0]], {}, { do: 'enlarge' }],
    ['and is left to others when nothing is', [[{ is: 'enter' }, 0]], { selected: null }, null],
    ['Space tours', [[{ is: 'space' }, 0]], {}, { do: 'tour' }],
    ['P, B, K, L, N, T', [[letter('P'), 0]], {}, { do: 'replay' }],
  ])('%s', (_sentence, keys, part, deed) => expect(type(keys, part)).toEqual(deed))
})

test('an address carries the moment with its zone', () => expect([isoLocal(Date.UTC(2026, 10, 19, 9, 41, 57), 420), isoLocal(Date.UTC(2026, 10, 19, 9, 41, 57), -210)]).toEqual(['2026-11-19T16:41:57+07:00', '2026-11-19T06:11:57-03:30']))
