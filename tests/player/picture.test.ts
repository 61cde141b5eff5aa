import fc from 'fast-check'
import { LIVE_AGE_MS_MAX, pictureOf, poorOf, saidOf, worstOf, type Said, type Seen } from '../../player/wall/picture.js'

const said = (state: Said['state'], sinceMs = 500): Said => ({ state, sinceMs, trouble: null })
const live = said('live')
const FULL = { code: 'transcoding_full', state: { vi: 'hết mức', en: 'full' }, next: { vi: '', en: '' }, tried: '', on: '', said: '' }

describe('what a tile shows', () => {
  test.each<[string, Seen, Said | null, boolean, object]>([
    ['a fresh picture is live', { is: 'playing', ageMs: 1100 }, live, true, { is: 'playing', ageMs: 1100 }],
    ['a fresh picture is live even when the server fears for the camera: it is there to be seen', { is: 'playing', ageMs: 1100 }, said('stalled'), true, { is: 'playing', ageMs: 1100 }],
    ['a picture that moves but is late is behind, not live', { is: 'behind', ageMs: 4000 }, live, true, { is: 'behind', ageMs: 4000 }],
    ['a driver that calls an old picture playing is not believed', { is: 'playing', ageMs: 3001 }, live, true, { is: 'behind', ageMs: 3001 }],
    ['a driver that calls a caught-up picture behind is not believed either', { is: 'behind', ageMs: 2000 }, live, true, { is: 'playing', ageMs: 2000 }],
    ['a picture that stands still is lost, with its age', { is: 'lost', ageMs: 47_000 }, said('stalled'), true, { is: 'lost', ageMs: 47_000, trouble: null }],
    ['no picture and a camera in trouble is waiting, since when the server says', { is: 'joining' }, said('waiting', 7), true, { is: 'waiting', sinceMs: 7, trouble: null }],
    ['no picture though the camera is well: since when is not known', { is: 'lost', ageMs: null }, live, true, { is: 'waiting', sinceMs: null, trouble: null }],
    ['no picture of a camera that is well but has no way to this browser: the server says why', { is: 'joining' }, { ...live, trouble: FULL }, true, { is: 'waiting', sinceMs: null, trouble: FULL }],
    ['no picture yet is joining', { is: 'joining' }, live, true, { is: 'joining' }],
    ['a camera that is switched off is off, whatever is still on the glass', { is: 'playing', ageMs: 100 }, live, false, { is: 'off' }],
    ['a camera without a stream is off', { is: 'joining' }, null, true, { is: 'off' }],
  ])('%s', (_name, seen, server, enabled, expected) => expect(pictureOf(seen, server, enabled)).toEqual(expected))
})

test('whatever driver and server claim, a picture older than three seconds is never shown as live', () => {
  const seen = fc.oneof(
    fc.record({ is: fc.constantFrom('playing' as const, 'behind' as const, 'lost' as const), ageMs: fc.integer({ min: LIVE_AGE_MS_MAX + 1, max: 1e8 }) }),
    fc.record({ is: fc.constantFrom('joining' as const, 'off' as const) }),
    fc.constant({ is: 'lost' as const, ageMs: null }),
  )
  fc.assert(fc.property(seen, fc.constantFrom('connecting' as const, 'live' as const, 'stalled' as const, 'waiting' as const, 'off' as const), fc.boolean(), (one, state, enabled) => pictureOf(one, said(state), enabled).is !== 'playing'))
})

test('the gravest stream speaks for the camera, and a camera switched off only for itself', () => {
  const stream = (state: Said['state']) => ({ state, stateSinceMs: 1, trouble: null, newestAtMs: null })
  expect(worstOf([stream('live'), stream('waiting')], true).state).toBe('waiting')
  expect(worstOf([stream('live'), stream('connecting')], true).state).toBe('connecting')
  expect(worstOf([stream('waiting')], false).state).toBe('off')
  expect(worstOf([], true).state).toBe('off')
})

test('a poor picture is told beside the picture, and before a stream that is well; another trouble is not told that way', () => {
  const trouble = { code: 'degraded', state: { vi: 'v', en: 'e' }, next: { vi: 'v', en: 'e' }, tried: '', on: '', said: '' }
  const stream = (state: Said['state'], code: string | null) => ({ state, stateSinceMs: 1, trouble: code === null ? null : { ...trouble, code }, newestAtMs: null })
  const codes = [stream('live', 'degraded'), stream('live', null), stream('live', 'hung_up'), stream('waiting', 'degraded')].map((one) => poorOf(saidOf(one))?.code)
  expect(codes).toEqual(['degraded', undefined, undefined, undefined])
  expect(pictureOf({ is: 'joining' }, saidOf(stream('live', 'degraded')), true)).toEqual({ is: 'joining' })
  expect(worstOf([stream('live', null), stream('live', 'degraded')], true).trouble?.code).toBe('degraded')
  expect(worstOf([stream('live', 'degraded'), stream('connecting', null)], true).state).toBe('connecting')
})

describe('what the server means', () => {
  const trouble = { code: 'auth', state: { vi: 'x', en: 'x' }, next: { vi: 'x', en: 'x' }, tried: '', on: '', said: '' }
  test.each([
    ['a camera tried again after a failure is still waiting, for the same reason, since its last packet', { state: 'connecting', stateSinceMs: 90, trouble, newestAtMs: 10 }, { state: 'waiting', sinceMs: 10, trouble }],
    ['a camera tried for the first time is connecting', { state: 'connecting', stateSinceMs: 90, trouble: null, newestAtMs: null }, { state: 'connecting', sinceMs: 90, trouble: null }],
    ['a camera that waits has had no picture since its last packet, not since the last try', { state: 'waiting', stateSinceMs: 90, trouble, newestAtMs: 10 }, { state: 'waiting', sinceMs: 10, trouble }],
    ['a camera that never sent one waits since its state began', { state: 'waiting', stateSinceMs: 90, trouble, newestAtMs: null }, { state: 'waiting', sinceMs: 90, trouble }],
    ['a live camera is live since its state began', { state: 'live', stateSinceMs: 90, trouble: null, newestAtMs: 200 }, { state: 'live', sinceMs: 90, trouble: null }],
  ] as const)('%s', (_name, stream, expected) => expect(saidOf(stream)).toEqual(expected))
})
