import type { Observation } from '../../analytics/rules/observation.js'
import { asId, type CameraId, type IncidentId } from '../../server/domain/ids.js'
import { foldObservation, type Incident } from '../../server/domain/incident.js'

const where = { cameraId: asId<CameraId>('c'), seenBy: { ruleVersion: 2, mode: 'shadow' as const }, newId: () => asId<IncidentId>('i') }
const stop = (phase: Observation['phase'], atMs: number, dwellMs: number): Observation => ({ ruleId: 'r', kind: 'illegal_stop', episode: 'r:7:0', phase, atMs, sinceMs: 0, witnesses: [], reason: { code: 'illegal_stop', class: 'car', dwellMs } })

function foldAll(seen: readonly Observation[]): { readonly did: string[]; readonly incident: Incident | null } {
  let incident: Incident | null = null
  const did: string[] = []
  for (const one of seen) {
    const verdict = foldObservation(incident, one, where)
    did.push(verdict.do)
    if (verdict.do !== 'ignore') incident = verdict.incident
  }
  return { did, incident }
}

test('an episode opens once, grows with its reason, and ends', () => {
  const { did, incident } = foldAll([stop('began', 20_000, 20_000), stop('holds', 21_000, 21_000), stop('holds', 22_000, 22_000), stop('ended', 23_000, 22_500)])
  expect(did).toEqual(['open', 'extend', 'extend', 'end'])
  expect(incident).toMatchObject({ state: 'ended', openedAtMs: 20_000, lastSeenAtMs: 23_000, observations: 4, reason: { dwellMs: 22_000 }, ruleVersion: 2, mode: 'shadow', heldWhy: null })
})

test('a claim heard first in its middle opens too: nothing is lost when the first word was', () => {
  expect(foldAll([stop('holds', 21_000, 21_000)]).did).toEqual(['open'])
})

test.each<[sentence: string, seen: readonly Observation[], last: string]>([
  ['an end without a beginning is nothing', [stop('ended', 1, 0)], 'ignore'],
  ['what is over stays over', [stop('began', 1, 0), stop('ended', 2, 0), stop('holds', 3, 0)], 'ignore'],
])('%s', (_sentence, seen, last) => expect(foldAll(seen).did.at(-1)).toBe(last))

test('an act keeps the reason it was opened with: the moment of the crossing', () => {
  const red = (phase: Observation['phase'], atMs: number, redForMs: number): Observation => ({ ruleId: 'r', kind: 'red_light', episode: 'e', phase, atMs, sinceMs: atMs, witnesses: [], reason: { code: 'red_light', class: 'car', redForMs, yellowMs: null } })
  expect(foldAll([red('began', 1, 4_200), red('holds', 900, 5_100)]).incident?.reason).toEqual({ code: 'red_light', class: 'car', redForMs: 4_200, yellowMs: null })
})

test('a row names whole milliseconds, whatever a frame carried', () => {
  const { incident } = foldAll([stop('began', 20_000.25, 20_000), stop('holds', 21_000.75, 21_000)])
  expect([incident?.openedAtMs, incident?.lastSeenAtMs]).toEqual([20_000, 21_001])
})
