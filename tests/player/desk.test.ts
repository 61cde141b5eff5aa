import { boxesShown, partOf, spanOf, stillsOf } from '../../player/desk/clip-time.js'
import { offered, REJECT_REASONS, type DeedName } from '../../player/desk/deeds.js'
import { fold, makeQueue, matches, rate, RATE_WINDOW_MS } from '../../player/desk/queue.js'
import { decide, REJECT_REASONS as REASONS_OF_SERVER, type Alert, type Deed } from '../../server/domain/alert.js'
import { anAlert } from './an-alert.js'

const me = { id: 'me', displayName: 'Tôi' }
const other = { id: 'other', displayName: 'Trần Quốc Bảo' }

describe('the queue', () => {
  const alerts = [
    anAlert('seen', {}),
    anAlert('fresh', {}),
    anAlert('fresh-critical', { priority: 'critical' }),
    anAlert('mine', { state: 'claimed', owner: me }),
    anAlert('theirs', { state: 'confirmed', owner: other }),
  ]
  const queue = makeQueue(alerts, 'me', new Set(['seen']))
  const ids = (list: readonly { id: string }[]): string[] => list.map((one) => one.id)
  test('mine, others', () => expect([ids(queue.mine), ids(queue.others)]).toEqual([['mine'], ['theirs']]))
  test('a new row waits behind the button, but a critical one never does', () => {
    expect(ids(queue.held)).toEqual(['fresh'])
    expect(ids(queue.unclaimed)).toEqual(['seen', 'fresh-critical'])
  })
  test('every alert stands in exactly one place', () => expect([...ids(queue.mine), ...ids(queue.unclaimed), ...ids(queue.others), ...ids(queue.held)].sort()).toEqual(ids(alerts).sort()))
})

describe('search needs no marks', () => {
  test.each([['hung vuong', true], ['Hùng Vương', true], ['nguoc chieu', true], ['ly thai hung', true], ['tran hung dao', false], ['', true], ['   ', true]])('%p', (asked, expected) => expect(matches(anAlert('a'), asked)).toBe(expected))
})

describe('the rate', () => {
  const now = 100 * RATE_WINDOW_MS
  test('the last window ends now; older than the first window is not counted', () => {
    expect(rate([now - 1, now - RATE_WINDOW_MS + 1, now - RATE_WINDOW_MS - 1, now - 3 * RATE_WINDOW_MS], now, 3)).toEqual([0, 1, 2])
  })
  test('an alert that a wrong clock dates ahead counts as now', () => expect(rate([now + 5000], now, 2)).toEqual([0, 1]))
})

test('in a flood rows fold by kind and camera; critical ones never do', () => {
  const folded = fold([anAlert('a', { kind: 'crowd' }), anAlert('b', { kind: 'crowd' }), anAlert('c', { kind: 'crowd', cameraId: 'cam-2' }), anAlert('k1', { priority: 'critical' }), anAlert('k2', { priority: 'critical' })])
  expect(folded.map(({ lead, rest }) => [lead.id, rest.length])).toEqual([['a', 1], ['c', 0], ['k1', 0], ['k2', 0]])
})

describe('deeds', () => {
  const states = ['new', 'claimed', 'confirmed', 'rejected', 'resolved'] as const
  const owners = [null, me, other]
  const deeds: Readonly<Record<DeedName, Deed>> = { claim: { do: 'claim' }, release: { do: 'release' }, confirm: { do: 'confirm' }, reject: { do: 'reject', reason: 'other' }, resolve: { do: 'resolve', note: 'x' }, note: { do: 'note', note: 'x' } }
  test.each(states.flatMap((state) => owners.filter((owner) => (owner === null) === (state === 'new')).map((owner) => [state, owner?.id ?? 'nobody', owner] as const)))('of a %s alert of %s: what we offer is what the server would do', (state, _name, owner) => {
    const shown = offered(anAlert('a', { state, owner }), { id: 'me', acts: true }, true)
    const row = { id: 'a', state, ownerId: owner?.id ?? null, changedAtMs: 0, version: 1, note: null } as unknown as Alert
    const taken = (Object.keys(deeds) as DeedName[]).filter((name) => decide(row, deeds[name], 'me' as Alert['ownerId'] & string, 1).ok)
    expect([...shown].sort()).toEqual(taken.sort())
  })
  test('offline only a claim can be asked for', () => {
    expect([...offered(anAlert('a'), { id: 'me', acts: true }, false)]).toEqual(['claim'])
    expect([...offered(anAlert('a', { state: 'claimed', owner: me }), { id: 'me', acts: true }, false)]).toEqual([])
  })
  test('without the right nothing is offered', () => expect(offered(anAlert('a'), { id: 'me', acts: false }, true).size).toBe(0))
  test('the numbers of the reasons are the server’s order', () => expect(REJECT_REASONS).toEqual(REASONS_OF_SERVER))
})

describe('the clip', () => {
  const clip = { id: 'c', kind: 'clip', url: '/c', sha256: '', bytes: 1, fromMs: 5_000, toMs: 15_000 } as const
  test('boxes are drawn only around the moment they were seen', () => expect([9_400, 9_500, 10_000, 10_500, 10_600].map((at) => boxesShown(at, 10_000))).toEqual([false, true, true, true, false]))
  test('the timeline holds clip, start and alert', () => {
    const marks = spanOf(clip, 4_000, 16_000)
    for (const at of [4_000, 5_000, 15_000, 16_000]) {
      expect(partOf(marks, at)).toBeGreaterThan(0)
      expect(partOf(marks, at)).toBeLessThan(1)
    }
  })
  test('without a clip there is a timeline still', () => expect(partOf(spanOf(null, 4_000, 4_000), 4_000)).toBeCloseTo(0.5))
  test('of two stills the second is the untouched one', () => {
    const still = (id: string) => ({ ...clip, id, kind: 'still' as const })
    expect(stillsOf([still('marked'), clip, still('plain')])).toMatchObject({ marked: { id: 'marked' }, plain: { id: 'plain' } })
    expect(stillsOf([clip])).toEqual({ marked: null, plain: null })
  })
})
