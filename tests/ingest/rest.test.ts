import { nextRestMs, openRest } from '../../server/ingest/rest.js'
import { makeHandClock } from '../support/hand-clock.js'

test.each([
  { last: { restMs: 8, bytes: 4_000 }, withinMs: 150, next: 24, why: 'a small stream: longer, but not at once' },
  { last: { restMs: 150, bytes: 9_000 }, withinMs: 150, next: 150, why: 'a small stream, nobody waits: as long as is allowed' },
  { last: { restMs: 150, bytes: 80_000 }, withinMs: 150, next: 150, why: '4 Mbit/s fits in the pile' },
  { last: { restMs: 150, bytes: 196_608 }, withinMs: 150, next: 75, why: '10 Mbit/s would not: half as long' },
  { last: { restMs: 75, bytes: 2_000_000 }, withinMs: 150, next: 8, why: 'a burst that pours in: as short as can be' },
  { last: { restMs: 150, bytes: 9_000 }, withinMs: 40, next: 40, why: 'somebody watches from now on' },
  { last: { restMs: 8, bytes: 0 }, withinMs: 150, next: 24, why: 'silence' },
])('$why: after $last.restMs ms and $last.bytes bytes, $next ms', ({ last, withinMs, next }) => {
  expect(nextRestMs(last, withinMs)).toBe(next)
})

function aSocket(): { readonly told: string[]; pause(): void; resume(): void; destroyed: boolean } {
  const told: string[] = []
  return { told, destroyed: false, pause: () => void told.push('pause'), resume: () => void told.push('resume') }
}

test('a full read is followed by the next at once; rest comes when the socket is empty', () => {
  const clock = makeHandClock()
  const socket = aSocket()
  const rest = openRest(clock, socket, () => 150)
  rest.after(64 << 10)
  expect(socket.told).toEqual([])
  rest.after(1_000)
  expect(socket.told).toEqual(['pause'])
  clock.move(150)
  expect(socket.told).toEqual(['pause', 'resume'])
})

test('while the other side is full, the end of a rest does not read on', () => {
  const clock = makeHandClock()
  const socket = aSocket()
  const rest = openRest(clock, socket, () => 40)
  rest.after(1_000)
  rest.hold()
  clock.move(1_000)
  expect(socket.told.includes('resume')).toBe(false)
  rest.go()
  expect(socket.told.at(-1)).toBe('resume')
})

test('a socket that is gone is not read again', () => {
  const clock = makeHandClock()
  const socket = aSocket()
  openRest(clock, socket, () => 40).after(10)
  socket.destroyed = true
  clock.move(1_000)
  expect(socket.told).toEqual(['pause'])
})
