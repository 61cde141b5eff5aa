import { asId, type CameraId, type MeetingId, type PersonId } from '../../server/domain/ids.js'
import { camerasOf, givenPages, judgeMeeting, judgeOpening, seenNow, showingFault, type Meeting, type MeetingShowing } from '../../server/domain/meeting.js'
import type { Role } from '../../server/domain/person.js'

const START_MS = Date.UTC(2026, 10, 20, 9, 0, 0)
const END_MS = START_MS + 60 * 60_000
const [A, B, C] = ['a', 'b', 'c'].map((id) => asId<CameraId>(id)) as [CameraId, CameraId, CameraId]
const meeting = (part: Partial<Meeting> = {}): Meeting => ({ id: asId<MeetingId>('m'), by: asId<PersonId>('lan'), name: 'Giao ban', pages: [{ layout: '2x2', cameraIds: [A, null, B] }, { layout: '1', cameraIds: [A] }], showing: { kind: 'page', page: 0 }, turn: 0, createdAtMs: START_MS, endsAtMs: END_MS, guestHash: null, openedAtMs: null, revokedAtMs: null, ...part })
const maker = (role: Role = 'police', disabled = false) => ({ role, disabled })

test.each([
  ['at its start', meeting(), maker(), START_MS, { is: 'running', leftMs: 3_600_000 }],
  ['a millisecond before its end', meeting(), maker(), END_MS - 1, { is: 'running', leftMs: 1 }],
  ['at its very end', meeting(), maker(), END_MS, { is: 'expired', atMs: END_MS }],
  ['long after', meeting(), maker(), END_MS + 1e9, { is: 'expired', atMs: END_MS }],
  ['revoked', meeting({ revokedAtMs: START_MS + 5 }), maker(), START_MS + 9, { is: 'revoked', atMs: START_MS + 5 }],
  ['revoked, and its time is over too', meeting({ revokedAtMs: START_MS + 5 }), maker(), END_MS, { is: 'revoked', atMs: START_MS + 5 }],
  ['its maker is disabled', meeting(), maker('police', true), START_MS + 9, { is: 'revoked', atMs: START_MS + 9 }],
  ['its maker has a role without the right', meeting(), maker('traffic'), START_MS + 9, { is: 'revoked', atMs: START_MS + 9 }],
  ['its maker is nobody', meeting(), null, START_MS + 9, { is: 'revoked', atMs: START_MS + 9 }],
] as const)('a meeting, %s', (_sentence, one, by, atMs, standing) => expect(judgeMeeting(one, by, atMs)).toEqual(standing))

const taken = meeting({ guestHash: 'x', openedAtMs: START_MS })
test.each([
  ['the first browser', meeting(), null, START_MS, { is: 'first' }],
  ['the first browser, with a cookie of another meeting', meeting(), 'y', START_MS, { is: 'first' }],
  ['the same browser again', taken, 'x', START_MS, { is: 'again' }],
  ['another browser', taken, 'y', START_MS, { is: 'in_use' }],
  ['a browser without a cookie', taken, null, START_MS, { is: 'in_use' }],
  ['the same browser, too late', taken, 'x', END_MS, { is: 'expired', atMs: END_MS }],
  ['another browser, too late: it hears no more than that', taken, 'y', END_MS, { is: 'expired', atMs: END_MS }],
  ['the first browser of a revoked link', meeting({ revokedAtMs: START_MS + 1 }), null, START_MS + 2, { is: 'revoked', atMs: START_MS + 1 }],
] as const)('%s opens the link', (_sentence, one, browser, atMs, opening) => expect(judgeOpening(one, maker(), browser, atMs)).toEqual(opening))

test.each<[sentence: string, showing: MeetingShowing, seen: string[]]>([
  ['a page shows: the room may turn to any page', { kind: 'page', page: 1 }, ['a', 'b']],
  ['a camera shows: the room has all that it may come back to', { kind: 'camera', cameraId: B }, ['a', 'b']],
  ['it is blank: nothing', { kind: 'blank' }, []],
])('%s', (_sentence, showing, seen) => expect([...seenNow(meeting({ showing }))]).toEqual(seen))

test('every camera counts once, and what its maker may not see is an empty place', () => {
  expect(camerasOf(meeting())).toEqual([A, B])
  expect(givenPages([{ layout: '2x2', cameraIds: [A, null, B, C, A] }], (id) => id !== 'b')).toEqual([{ layout: '2x2', cameraIds: [A, null, null, C] }])
})

test.each<[sentence: string, showing: MeetingShowing, field: string | null]>([
  ['its last page', { kind: 'page', page: 1 }, null],
  ['a page it does not have', { kind: 'page', page: 2 }, 'showing.page'],
  ['one of its cameras', { kind: 'camera', cameraId: B }, null],
  ['any other camera', { kind: 'camera', cameraId: C }, 'showing.cameraId'],
  ['nothing', { kind: 'blank' }, null],
])('a presenter shows %s', (_sentence, showing, field) => expect(showingFault(meeting(), showing)?.field ?? null).toBe(field))
