import fc from 'fast-check'
import { byUrgency, EMPTY_BOOK, hear, openAlerts, parted, put, resumed, seed, unclaimedCounts, type AlertBook } from '../../player/api/alert-book.js'
import { byUrgency as byUrgencyOfServer } from '../../server/domain/alert.js'
import type { AlertView } from '../../server/contract/alerts.js'
import { anAlert } from './an-alert.js'

const change = (seq: number, alert: AlertView) => ({ seq, what: 'claim', alert })
const caughtUp = (book: AlertBook): AlertBook => resumed(book, { changes: [], cursor: book.cursor, more: false, reset: false })
const state = (book: AlertBook, id: string) => book.entries[id]?.alert.state

test('a change heard twice, or an older one heard late, changes nothing', () => {
  const claimed = hear(caughtUp(EMPTY_BOOK), change(5, anAlert('a', { state: 'claimed', version: 2 })))
  expect(hear(claimed, change(5, anAlert('a', { state: 'claimed', version: 2 })))).toEqual(claimed)
  expect(state(hear(claimed, change(4, anAlert('a', { state: 'new', version: 1 }))), 'a')).toBe('claimed')
})

test('evidence that arrives without a deed has the same version and a later place, and is taken', () => {
  const still = { id: 'e', kind: 'still', url: '/e', sha256: 'x', bytes: 1, fromMs: 0, toMs: 0 } as const
  const book = hear(caughtUp(EMPTY_BOOK), change(5, anAlert('a', { version: 1 })))
  expect(hear(book, change(6, anAlert('a', { version: 1, evidence: [still] }))).entries['a']?.alert.evidence).toHaveLength(1)
})

test('a push that overtakes the answer to resume is shown, but the cursor waits for the answer', () => {
  const before = seed(EMPTY_BOOK, { alerts: [], cursor: 5 })
  const pushed = hear(before, change(9, anAlert('late', {})))
  expect(pushed.entries['late']).toBeDefined()
  expect(pushed.cursor).toBe(5)
  // The connection breaks here: the next resume asks from 5 and so hears 6 to 8.
  const again = resumed(parted(pushed), { changes: [change(7, anAlert('missed', {}))], cursor: 9, more: false, reset: false })
  expect(again.entries['missed']).toBeDefined()
  expect(again.cursor).toBe(9)
  expect(hear(again, change(10, anAlert('b', {}))).cursor).toBe(10)
})

test('while more pages follow, pushes still do not move the cursor', () => {
  const half = resumed(EMPTY_BOOK, { changes: [], cursor: 500, more: true, reset: false })
  expect(half.caughtUp).toBe(false)
  expect(hear(half, change(900, anAlert('a', {}))).cursor).toBe(500)
})

test('too far behind: what is known stays on the screen until the new list comes', () => {
  const known = hear(caughtUp(seed(EMPTY_BOOK, { alerts: [anAlert('a', {})], cursor: 3 })), change(4, anAlert('b', {})))
  const reset = resumed(known, { changes: [], cursor: 9000, more: false, reset: true })
  expect(openAlerts(reset)).toHaveLength(2)
  expect(reset.caughtUp).toBe(false)
})

test('a new list drops what has closed meanwhile, keeps what was heard after it was made, and never undoes a deed of ours', () => {
  const heard = hear(caughtUp(seed(EMPTY_BOOK, { alerts: [anAlert('gone', {}), anAlert('mine', {})], cursor: 3 })), change(8, anAlert('newer', {})))
  const done = put(heard, anAlert('mine', { state: 'claimed', version: 2 }), 0)
  const fresh = seed(done, { alerts: [anAlert('mine', { version: 1 })], cursor: 7 })
  expect(Object.keys(fresh.entries).sort()).toEqual(['mine', 'newer'])
  expect(state(fresh, 'mine')).toBe('claimed')
})

test('any order and any repetition of the same changes ends in the same alerts', () => {
  const log = [1, 2, 3, 4, 5, 6].map((seq) => change(seq, anAlert(seq % 2 ? 'a' : 'b', { version: Math.ceil(seq / 2), note: `n${seq}` })))
  const inOrder = log.reduce(hear, caughtUp(EMPTY_BOOK)).entries
  fc.assert(
    fc.property(fc.shuffledSubarray([...log, ...log], { minLength: log.length * 2 }), (shuffled) => {
      expect(shuffled.reduce(hear, caughtUp(EMPTY_BOOK)).entries).toEqual(inOrder)
    }),
  )
})

test('the order of the queue is the server’s own', () => {
  const priorities = ['critical', 'high', 'medium', 'low'] as const
  fc.assert(
    fc.property(fc.array(fc.record({ priority: fc.constantFrom(...priorities), raisedAtMs: fc.integer({ min: 0, max: 50 }) }), { maxLength: 20 }), (rows) => {
      const alerts = rows.map((row, at) => anAlert(String(at), row))
      expect([...alerts].sort(byUrgency).map((one) => one.id)).toEqual([...alerts].sort(byUrgencyOfServer).map((one) => one.id))
    }),
  )
})

test('counts are of what nobody has taken', () => {
  const list = [anAlert('a', { priority: 'critical' }), anAlert('b', { priority: 'critical', state: 'claimed' }), anAlert('c', { priority: 'low' })]
  expect(unclaimedCounts(list)).toEqual({ critical: 1, high: 0, medium: 0, low: 1 })
})
