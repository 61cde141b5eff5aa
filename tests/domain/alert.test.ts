import { byUrgency, decide, type Alert, type AlertState, type Deed } from '../../server/domain/alert.js'
import { asId } from '../../server/domain/ids.js'
import type { AlertId, AreaId, CameraId, IncidentId, PersonId } from '../../server/domain/ids.js'

const hanh = asId<PersonId>('hanh')
const bao = asId<PersonId>('bao')

function alertIn(state: AlertState, ownerId: PersonId | null): Alert {
  return { id: asId<AlertId>('a'), incidentId: asId<IncidentId>('i'), cameraId: asId<CameraId>('c'), areaId: asId<AreaId>('area'), kind: 'red_light', priority: 'medium', state, ownerId, raisedAtMs: 0, changedAtMs: 7, rejectReason: null, note: null, version: 3 }
}

const claim: Deed = { do: 'claim' }
const confirm: Deed = { do: 'confirm' }
const reject: Deed = { do: 'reject', reason: 'not_there' }
const resolve: Deed = { do: 'resolve', note: 'đã nhắc nhở' }
const release: Deed = { do: 'release' }

test.each<[sentence: string, state: AlertState, owner: PersonId | null, deed: Deed, by: PersonId, becomes: string]>([
  ['anyone claims a new alert', 'new', null, claim, hanh, 'claimed'],
  ['the second to claim hears who was first', 'claimed', bao, claim, hanh, 'taken'],
  ['claiming twice is no deed', 'claimed', hanh, claim, hanh, 'wrong_state'],
  ['an unclaimed alert takes no verdict', 'new', null, confirm, hanh, 'wrong_state'],
  ['the owner confirms', 'claimed', hanh, confirm, hanh, 'confirmed'],
  ['another does not', 'claimed', bao, confirm, hanh, 'not_yours'],
  ['the owner rejects with a reason', 'claimed', hanh, reject, hanh, 'rejected'],
  ['a confirmed alert may still be rejected by its owner', 'confirmed', hanh, reject, hanh, 'rejected'],
  ['only a confirmed alert is resolved', 'claimed', hanh, resolve, hanh, 'wrong_state'],
  ['the owner resolves with what was done', 'confirmed', hanh, resolve, hanh, 'resolved'],
  ['resolving says what was done', 'confirmed', hanh, { do: 'resolve', note: ' ' }, hanh, 'note_missing'],
  ['the owner gives it back', 'claimed', hanh, release, hanh, 'new'],
  ['a verdict is not given back', 'confirmed', hanh, release, hanh, 'wrong_state'],
  ['rejected is an end', 'rejected', hanh, confirm, hanh, 'wrong_state'],
  ['resolved is an end', 'resolved', hanh, reject, hanh, 'wrong_state'],
  ['anyone may add a note', 'rejected', bao, { do: 'note', note: 'xem lại camera 2' }, hanh, 'rejected'],
  ['an empty note is none', 'claimed', hanh, { do: 'note', note: '  ' }, hanh, 'note_missing'],
])('%s', (_sentence, state, owner, deed, by, becomes) => {
  const verdict = decide(alertIn(state, owner), deed, by, 42)
  if (verdict.ok) expect([verdict.alert.state, verdict.alert.version, verdict.alert.changedAtMs]).toEqual([becomes, 4, 42])
  else expect(verdict.refusal.code).toBe(becomes)
})

test('the gravest comes first, then the newest', () => {
  const of = (priority: Alert['priority'], raisedAtMs: number) => ({ priority, raisedAtMs })
  expect([of('low', 9), of('critical', 1), of('medium', 5), of('critical', 3)].sort(byUrgency)).toEqual([of('critical', 3), of('critical', 1), of('medium', 5), of('low', 9)])
})
