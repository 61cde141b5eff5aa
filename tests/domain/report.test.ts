import { RULE_KINDS } from '../../analytics/rules/kinds.js'
import { asId, type AlertId, type CameraId } from '../../server/domain/ids.js'
import { matchReport, metresBetween, SERVICES, type Sighting } from '../../server/domain/report.js'

const MINUTE = 60_000
const at = 1_800_000_000_000
const place = { latitude: 10.3866, longitude: 105.4352, street: 'Trần Hưng Đạo', order: 1, heading: 90, reachM: 80 }
const seen: Sighting = { alertId: asId<AlertId>('a'), cameraId: asId<CameraId>('c'), kind: 'illegal_stop', sinceMs: at - 5 * MINUTE, lastSeenAtMs: at, place }
const report = (part: object) => ({ serviceCode: 'illegal-parking', latitude: 10.3866, longitude: 105.4352, requestedAtMs: at + MINUTE, ...part })

test.each<[sentence: string, part: object, floor: number, ceiling: number]>([
  ['same place, same minute, same kind: nearly certain', {}, 0.95, 1],
  ['sent while it still stood', { requestedAtMs: at - MINUTE }, 1, 1],
  ['half an hour later is still likely', { requestedAtMs: at + 30 * MINUTE }, 0.65, 0.75],
  ['without a point the place speaks neither for nor against', { latitude: null, longitude: null }, 0.45, 0.5],
  ['an unknown service speaks neither for nor against', { serviceCode: 'noise' }, 0.45, 0.5],
  ['200 m away is doubtful', { latitude: 10.3884 }, 0.35, 0.75],
])('%s', (_sentence, part, floor, ceiling) => {
  const match = matchReport(report(part), seen)
  expect(match?.score).toBeGreaterThanOrEqual(floor)
  expect(match?.score).toBeLessThanOrEqual(ceiling)
})

test.each<[sentence: string, part: object]>([
  ['another kind of problem is another matter', { serviceCode: 'trespass' }],
  ['two hours later is another matter', { requestedAtMs: at + 120 * MINUTE }],
  ['before it began is another matter', { requestedAtMs: at - 20 * MINUTE }],
  ['two kilometres away is another matter', { latitude: 10.4046 }],
])('%s', (_sentence, part) => expect(matchReport(report(part), seen)).toBeNull())

test('distance agrees with a known pair: Long Xuyên to Cao Lãnh is about 23 km', () => {
  const metres = metresBetween(10.3866, 105.4352, 10.4602, 105.6329)
  expect(metres).toBeGreaterThan(22_500)
  expect(metres).toBeLessThan(23_500)
})

test('citizens may report what any rule finds, but for counts, speeds, a camera’s own trouble and the words of a site’s own model', () => {
  const answered = new Set<string>(SERVICES.flatMap(({ kinds }) => kinds))
  expect(RULE_KINDS.filter((kind) => !answered.has(kind)).toSorted()).toEqual(['camera_tamper', 'flow', 'model_class', 'speed'])
})
