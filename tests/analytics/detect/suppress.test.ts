import type { Detection } from '../../../analytics/detection.js'
import { streetClass } from '../../../analytics/detect/coco-classes.js'
import { joinRiders, withoutRiders } from '../../../analytics/detect/join-riders.js'
import { isSameClaim, suppress } from '../../../analytics/detect/suppress.js'

const claim = (name: string, score: number, x1: number, y1: number, x2: number, y2: number): Detection => ({ class: name, score, box: { x1, y1, x2, y2 } })

test.each([
  { sentence: 'of two claims for one car the surer stays', claims: [claim('car', 0.5, 0, 0, 0.2, 0.2), claim('car', 0.9, 0.01, 0, 0.2, 0.2)], left: ['car 0.9'] },
  { sentence: 'neighbours that overlap by a third both stay', claims: [claim('car', 0.9, 0, 0, 0.2, 0.2), claim('car', 0.8, 0.1, 0, 0.3, 0.2)], left: ['car 0.9', 'car 0.8'] },
  { sentence: 'a van claimed as car, truck and bus is one vehicle, the surest', claims: [claim('car', 0.5, 0, 0, 0.2, 0.2), claim('truck', 0.6, 0, 0, 0.2, 0.21), claim('bus', 0.4, 0, 0, 0.2, 0.2)], left: ['truck 0.6'] },
  { sentence: 'across vehicle classes 0.55 of overlap is not enough', claims: [claim('car', 0.9, 0, 0, 0.31, 1), claim('bus', 0.8, 0.09, 0, 0.4, 1)], left: ['car 0.9', 'bus 0.8'] },
  { sentence: 'a person before a car is a person and a car', claims: [claim('car', 0.9, 0, 0, 0.2, 0.2), claim('person', 0.8, 0, 0, 0.2, 0.2)], left: ['car 0.9', 'person 0.8'] },
  { sentence: 'no claims, no objects', claims: [], left: [] },
])('$sentence', ({ claims, left }) => {
  expect(suppress(claims).map((kept) => `${kept.class} ${kept.score}`)).toEqual(left)
})

test('as detectors are compared, each class is by itself: a van may be two, and one class at one place is one', () => {
  const claims = [claim('truck', 0.6, 0, 0, 0.2, 0.2), claim('car', 0.5, 0, 0, 0.2, 0.2), claim('car', 0.4, 0, 0, 0.2, 0.19)]
  expect(suppress(claims, isSameClaim).map((kept) => `${kept.class} ${kept.score}`)).toEqual(['truck 0.6', 'car 0.5'])
})

test('ten thousand claims cost bounded work and leave at most 300', () => {
  const many = Array.from({ length: 10_000 }, (_, at) => claim('car', 0.5, (at % 100) / 100, Math.floor(at / 100) / 100, (at % 100) / 100 + 0.005, Math.floor(at / 100) / 100 + 0.005))
  expect(suppress(many).length).toBe(300)
})

const bike = claim('two_wheeler', 0.7, 0.4, 0.5, 0.5, 0.6)
test.each([
  { sentence: 'a rider and the machine become one two-wheeler', person: claim('person', 0.9, 0.41, 0.42, 0.49, 0.58), people: 0, top: 0.42 },
  { sentence: 'someone beside the machine stays a person', person: claim('person', 0.9, 0.49, 0.42, 0.56, 0.61), people: 1, top: 0.5 },
  { sentence: 'someone nearer to us, feet far below the wheels, stays a person', person: claim('person', 0.9, 0.41, 0.45, 0.49, 0.8), people: 1, top: 0.5 },
])('$sentence', ({ person, people, top }) => {
  const joined = joinRiders([person, bike])
  expect(joined.filter((found) => found.class === 'person').length).toBe(people)
  expect(joined.find((found) => found.class === 'two_wheeler')?.box.y1).toBe(top)
})

test.each([
  { sentence: 'a rider claimed once more as a person goes', person: claim('person', 0.6, 0.41, 0.5, 0.49, 0.58), people: 0 },
  { sentence: 'someone who walks behind it and shows the upper half stays', person: claim('person', 0.6, 0.41, 0.42, 0.49, 0.56), people: 1 },
  { sentence: 'a person surer than the two-wheeler stays', person: claim('person', 0.8, 0.41, 0.5, 0.49, 0.58), people: 1 },
])('models that box rider and machine together: $sentence', ({ person, people }) => {
  const left = withoutRiders([person, bike])
  expect(left.filter((found) => found.class === 'person').length).toBe(people)
  expect(left).toContain(bike)
})

test.each([['bicycle', 'two_wheeler'], ['Motor', 'two_wheeler'], ['motorcycle', 'two_wheeler'], ['person', 'person'], ['truck', 'truck'], ['traffic light', 'traffic light'], ['', 'unnamed']])('a foreign model’s “%s” is our “%s”', (theirs, ours) => {
  expect(streetClass(theirs)).toBe(ours)
})
