import { Readable } from 'node:stream'
import { nextCapMs, openRest } from '../../server/ingest/rest.js'
import { makeHandClock } from '../support/hand-clock.js'

test.each([
  { cap: 8, last: { ms: 8, bytes: 4_000 }, next: 24, why: 'a small stream: longer, but not at once' },
  { cap: 150, last: { ms: 150, bytes: 9_000 }, next: 250, why: 'a small stream: as long as anybody may wait' },
  { cap: 150, last: { ms: 150, bytes: 80_000 }, next: 184, why: '4 Mbit/s: what fits in the pile' },
  { cap: 150, last: { ms: 150, bytes: 196_608 }, next: 75, why: '10 Mbit/s would not: half as long' },
  { cap: 75, last: { ms: 75, bytes: 2_000_000 }, next: 8, why: 'a burst that pours in: as short as can be' },
  { cap: 184, last: { ms: 110, bytes: 55_000 }, next: 197, why: 'several short rests are judged together' },
  { cap: 8, last: { ms: 8, bytes: 0 }, next: 24, why: 'silence' },
])('$why: at most $cap ms so far, and $last.bytes bytes in $last.ms ms: at most $next ms', ({ cap, last, next }) => {
  expect(nextCapMs(cap, last)).toBe(next)
})

function aSocket(): { readonly told: string[]; pause(): void; resume(): void; destroyed: boolean; readableLength: number } {
  const told: string[] = []
  return { told, destroyed: false, readableLength: 0, pause: () => void told.push('pause'), resume: () => void told.push('resume') }
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

test('what Node read during a rest is told at its end, all of it, and only then comes the next rest', async () => {
  const clock = makeHandClock()
  const output = new Readable({ read: () => undefined })
  const told: string[] = []
  const rest = openRest(clock, output, () => 150)
  output.on('data', (bytes: Buffer) => {
    told.push(bytes.toString())
    rest.after(bytes.length)
  })
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  output.push('first')
  await turn()
  for (const picture of ['1', '2', '3', '4', '5']) output.push(picture)
  await turn()
  expect(told).toEqual(['first'])
  clock.move(150)
  await turn()
  expect(told).toEqual(['first', '1', '2', '3', '4', '5'])
  expect(output.isPaused()).toBe(true)
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

test('each rest lasts as long as whoever waits can wait at that moment', () => {
  const clock = makeHandClock()
  const socket = aSocket()
  let withinMs = 150
  const rest = openRest(clock, socket, () => withinMs)
  // Small reads let the rests grow until only the waiting bounds them.
  const restedMs = (): number => {
    const fromMs = clock.monotonicMs()
    socket.told.length = 0
    rest.after(500)
    while (socket.told.at(-1) !== 'resume') clock.move(1)
    return clock.monotonicMs() - fromMs
  }
  for (let turn = 0; turn < 8; turn += 1) restedMs()
  const [long, short, longAgain] = [restedMs(), ((withinMs = 30), restedMs()), ((withinMs = 150), restedMs())]
  expect([long > 120 && long <= 150, short <= 30, longAgain > 120 && longAgain <= 150]).toEqual([true, true, true])
  withinMs = -5
  expect(restedMs()).toBeLessThanOrEqual(8)
})

test('a socket that is gone is not read again', () => {
  const clock = makeHandClock()
  const socket = aSocket()
  openRest(clock, socket, () => 40).after(10)
  socket.destroyed = true
  clock.move(1_000)
  expect(socket.told).toEqual(['pause'])
})
