import { inHours, isArmed } from '../../../analytics/rules/arming.js'
import type { Hours } from '../../../analytics/rules/rule.js'

const at = (weekday: number, time: string): { weekday: number; minuteOfDay: number } => ({ weekday, minuteOfDay: Number(time.slice(0, 2)) * 60 + Number(time.slice(3)) })
const office: Hours = { days: [1, 2, 3, 4, 5], from: '08:00', to: '17:00' }
const fridayNight: Hours = { days: [5], from: '22:00', to: '05:00' }
const sundayNight: Hours = { days: [7], from: '22:00', to: '05:00' }

test.each([
  ['no hours at all means always', [], at(7, '03:00'), true],
  ['a range holds from its first minute', [office], at(1, '08:00'), true],
  ['and not in its last', [office], at(1, '17:00'), false],
  ['nor on another day', [office], at(6, '12:00'), false],
  ['a night begins on its day', [fridayNight], at(5, '23:30'), true],
  ['and goes on after midnight, although Saturday is not named', [fridayNight], at(6, '04:59'), true],
  ['until its end', [fridayNight], at(6, '05:00'), false],
  ['Friday’s own small hours belong to Thursday’s night', [fridayNight], at(5, '04:00'), false],
  ['Sunday’s night ends on Monday', [sundayNight], at(1, '04:00'), true],
  ['from equal to to is the whole day', [{ days: [3], from: '00:00', to: '00:00' }], at(3, '13:00'), true],
  ['24:00 is the end of the day', [{ days: [3], from: '20:00', to: '24:00' }], at(3, '23:59'), true],
  ['one of several ranges is enough', [office, fridayNight], at(5, '22:15'), true],
])('%s', (_, hours, now, expected) => {
  expect(inHours(hours, now)).toBe(expected)
})

test.each([
  ['before a campaign begins nothing is armed', 999, false],
  ['from its first millisecond on it is', 1000, true],
  ['until its end', 1999, true],
  ['and no longer', 2000, false],
])('%s', (_, atMs, expected) => expect(isArmed({ hours: [], armedFromMs: 1000, armedToMs: 2000 }, { ...at(1, '08:00'), atMs })).toBe(expected))
