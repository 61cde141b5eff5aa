import fc from 'fast-check'
import { asId, type CameraId, type PersonId, type SignInId } from '../../server/domain/ids.js'
import { judgeTicket, makeTickets, readTicket, turnKeys, writeTicket, type TicketKey, type TicketWords } from '../../server/web/tickets.js'
import { makeStillClock } from '../support/still-clock.js'

const LAN = { personId: asId<PersonId>('lan'), signInId: asId<SignInId>('sign-in-1'), cameraId: asId<CameraId>('gate') }
const WORDS: TicketWords = { ...LAN, endsAtMs: 61_000 }
const MINUTE = 60_000
const key = (id: string, madeAtMs = 0): TicketKey => ({ id, secret: Buffer.alloc(32, id), madeAtMs })

test('a ticket as we read it in review: nothing in it is secret but the key that signed it', () => {
  expect(writeTicket(WORDS, key('k1'))).toBe('k1.1b2g.lan.sign-in-1.gate.L15SDFEOVVZntH8gXv_TeFM0i6J0oTet9cw9KSXt0es')
  expect(readTicket(writeTicket(WORDS, key('k1')), [key('k1')])).toEqual(WORDS)
})

test('whatever letter of it is changed, it is good for nobody', () => {
  const ticket = writeTicket(WORDS, key('k1'))
  fc.assert(
    fc.property(fc.nat(ticket.length - 1), fc.constantFrom('a', 'b', 'X', 'Z', '0', '9', '-', '_', '.', '=', ' ', 'é'), (at, letter) => {
      fc.pre(ticket[at] !== letter)
      const read = readTicket(`${ticket.slice(0, at)}${letter}${ticket.slice(at + 1)}`, [key('k1')])
      expect(['unreadable', 'forged']).toContain(read)
    }),
    { numRuns: 2_000 },
  )
})

test('no text at all makes the door stumble', () => {
  fc.assert(fc.property(fc.string({ maxLength: 400, unit: 'binary' }), (text) => expect(['unreadable', 'forged']).toContain(readTicket(text, [key('k1')]))), { numRuns: 500 })
})

test.each<[sentence: string, bearer: Partial<typeof LAN>, atMs: number, is: string]>([
  ['its own bearer, in time', {}, 60_999, 'good'],
  ['its own bearer, at the end', {}, 61_000, 'expired'],
  ['another person', { personId: asId('minh') }, 0, 'foreign'],
  ['another sign-in of the same person', { signInId: asId('sign-in-2') }, 0, 'foreign'],
  ['another camera', { cameraId: asId('other') }, 0, 'other_camera'],
])('%s', (_sentence, bearer, atMs, is) => expect(judgeTicket(WORDS, { ...LAN, ...bearer }, atMs)).toEqual({ is }))

test.each<[sentence: string, atMs: number, ids: readonly string[]]>([
  ['a key of nine minutes signs on', 9 * MINUTE, ['k1']],
  ['after ten a new one signs, and the old one is believed', 10 * MINUTE, ['k2', 'k1']],
  ['after a long silence nothing of before is believed', 20 * MINUTE, ['k2']],
])('%s', (_sentence, atMs, ids) => expect(turnKeys([key('k1')], atMs, (madeAtMs) => key('k2', madeAtMs)).map((one) => one?.id)).toEqual(ids))

test('a ticket lives over the turn of its key, and not a moment longer than its minute', () => {
  const clock = makeStillClock()
  const tickets = makeTickets(clock)
  clock.move(10 * MINUTE - 1)
  const { ticket } = tickets.issue(LAN)
  clock.move(1)
  expect(tickets.issue(LAN).ticket.split('.')[0]).not.toBe(ticket.split('.')[0])
  expect(tickets.check(ticket, LAN)).toEqual({ is: 'good' })
  clock.move(MINUTE - 2)
  expect(tickets.check(ticket, LAN)).toEqual({ is: 'good' })
  clock.move(1)
  expect(tickets.check(ticket, LAN)).toEqual({ is: 'expired' })
})

test('another process, or the same one started again, believes none of it', () => {
  const clock = makeStillClock()
  expect(makeTickets(clock).check(makeTickets(clock).issue(LAN).ticket, LAN)).toEqual({ is: 'forged' })
})
