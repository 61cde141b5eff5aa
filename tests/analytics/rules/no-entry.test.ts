import type { NoEntryRule } from '../../../analytics/rules/rule.js'
import { makeWatch } from '../../../analytics/watch.js'
import { PLAIN } from '../../support/plain-rule.js'
import { bike, car, checkFor, everyKind, expectRefused, expectTaken, person, type Case } from './claims.js'
import { shoot, told, watchFilm, type Film, type Walker } from './walks.js'

const rule: NoEntryRule = { id: 'r', name: 'a rule', ...PLAIN, kind: 'no_entry', line: [{ x: 0.2, y: 0.5 }, { x: 0.8, y: 0.5 }], direction: 'right', classes: ['truck'] }
const film: Film = { seconds: 12, tremble: 0.04 }
const truck = (way: Walker['way'], more: Partial<Walker> = {}): Walker => ({ class: 'truck', size: [0.2, 0.22], way, ...more })
const into = truck([[0, 0.5, 0.25], [8, 0.5, 0.95]])

test.each<Case<NoEntryRule>>([
  ['a truck that drives in is claimed once', {}, [into], film, 1, 0],
  ['one that comes out is not', {}, [truck([[0, 0.5, 0.9], [8, 0.5, 0.25]])], film, 0, 0],
  ['coming out is claimed where both ways are forbidden', { direction: 'both' }, [truck([[0, 0.5, 0.9], [8, 0.5, 0.25]])], film, 1, 0],
  ['a car may, where the sign is for trucks', {}, [car([[0, 0.5, 0.25], [8, 0.5, 0.95]])], film, 0, 0],
  ['where no class is named no vehicle may', { classes: [] }, [bike([[0, 0.5, 0.25], [8, 0.5, 0.95]])], film, 1, 0],
  ['who is on foot may', { classes: [] }, [person([[0, 0.5, 0.25], [8, 0.5, 0.95]])], film, 0, 0],
  ['who drives along the line and past the mouth is not', {}, [truck([[0, 0.1, 0.45], [8, 0.9, 0.45]])], { ...film, tremble: 0.08 }, 0, 0],
  ['who noses over the line, sees the sign and backs off is not', {}, [truck([[0, 0.5, 0.3], [3, 0.5, 0.515], [6, 0.5, 0.3]])], film, 0, 0],
  ['who waits on the line and trembles is not', {}, [truck([[0, 0.5, 0.5], [12, 0.5, 0.5]])], { ...film, tremble: 0.08 }, 0, 0],
  ['who passes beside the end of the line is not', {}, [truck([[0, 0.9, 0.25], [8, 0.9, 0.95]])], film, 0, 0],
  ['who is hidden on the line is still one truck', {}, [{ ...into, hidden: [[2.4, 3.4]] }], film, 1, 0],
  ['a truck that is called car and bus now and then is one truck', {}, [{ ...into, called: [[1.4, 1.8, 'bus'], [3, 3.4, 'car']] }], film, 1, 0],
  ['one behind the other are two', {}, [into, truck([[3, 0.5, 0.25], [11, 0.5, 0.95]])], film, 2, 0],
  ['who was inside when the watching began is not', {}, [truck([[0, 0.5, 0.7], [8, 0.5, 0.95]])], film, 0, 0],
])('no entry: %s', checkFor(rule))

describe('no entry', () => everyKind({ rule, walkers: [into], film, hoursEndAtSecond: null }))

test('trucks are forbidden by day: who drives in a minute before the hours begin is none, a minute after is one', () => {
  const byDay: NoEntryRule = { ...rule, hours: [{ days: [3], from: '06:00', to: '20:00' }] }
  const at = (hour: number): string[] => {
    const watch = makeWatch([byDay], { localTime: () => ({ weekday: 3, minuteOfDay: hour * 60 }) })
    return told(shoot([into], film).flatMap(({ frame, detections }) => watch.see(frame, detections).observations))
  }
  expect([at(5), at(6), at(19), at(20)].map((lines) => lines.length)).toEqual([0, 1, 1, 0])
})

test('the reason tells the class and the side, and the act was on the line', () => {
  const [claim] = watchFilm([rule], [into], { seconds: 12 })
  expect(claim?.reason).toEqual({ code: 'no_entry', class: 'truck', side: 'right' })
  expect(Math.abs((claim?.sinceMs ?? 0) - 2857)).toBeLessThan(150)
})

test.each<[string, object, RegExp]>([
  ['line', { line: [{ x: 0.5, y: 0.5 }, { x: 0.5, y: 0.5 }] }, /no length/],
  ['direction', { direction: 'up' }, /left/],
])('no entry: a wrong %s is refused by its name', (field, more, reason) => expectRefused({ ...rule, ...more }, field, reason))

test('no entry: a complete rule is taken', () => expectTaken(rule))
