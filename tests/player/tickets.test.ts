import { askTwice, cameraOf, learnStreams, makeTickets } from '../../player/api/tickets.js'

/** A server that numbers its tickets; answers when told to. */
function openDoor(lifeMs = 60_000) {
  let nowMs = 1_000
  let given = 0
  const waiting: ((how?: 'fails') => void)[] = []
  const tickets = makeTickets({
    monotonicMs: () => nowMs,
    serverNowMs: () => 5_000_000 + nowMs,
    ask: (cameraId) =>
      new Promise((resolve, reject) => {
        const ticket = `${cameraId}-${(given += 1)}`
        const expiresAtMs = 5_000_000 + nowMs + lifeMs
        waiting.push((how) => (how ? reject(new Error('refused')) : resolve({ ticket, expiresAtMs })))
      }),
  })
  return { tickets, asked: () => given, answer: (how?: 'fails') => waiting.splice(0).forEach((one) => one(how)), move: (ms: number) => (nowMs += ms) }
}

test('all tiles of a camera share one ticket; another camera has its own', async () => {
  const { tickets, answer, asked } = openDoor()
  const wanted = Promise.all([tickets.of('a'), tickets.of('a'), tickets.of('b')])
  answer()
  expect([await wanted, await tickets.of('a'), asked()]).toEqual([['a-1', 'a-1', 'b-2'], 'a-1', 2])
})

test.each([
  ['a minute', 60_000, 39_999, 40_000],
  ['half a minute', 30_000, 19_999, 20_000],
  ['what a wrong clock makes of it: an hour is taken for a minute', 3_600_000, 39_999, 40_000],
  ['what a wrong clock makes of it: less than nothing is taken for three seconds', -9_000_000, 1_999, 2_000],
])('a ticket of %s is renewed with a third of it left', async (_, lifeMs, keptMs, renewedMs) => {
  const { tickets, answer, move } = openDoor(lifeMs)
  const first = tickets.of('a')
  answer()
  await first
  move(keptMs)
  expect(await tickets.of('a')).toBe('a-1')
  move(renewedMs - keptMs)
  const next = tickets.of('a')
  answer()
  expect(await next).toBe('a-2')
})

test('a ticket that was refused is not shown again; one that was renewed meanwhile is not thrown away with it', async () => {
  const { tickets, answer } = openDoor()
  const first = tickets.of('a')
  answer()
  tickets.spoil('a', await first)
  const second = tickets.of('a')
  answer()
  expect(await second).toBe('a-2')
  tickets.spoil('a', 'a-1')
  expect(await tickets.of('a')).toBe('a-2')
})

test('when the server gives none, all who wait hear of it, and the next asks again', async () => {
  const { tickets, answer } = openDoor()
  const waiting = [tickets.of('a'), tickets.of('a')]
  answer('fails')
  expect((await Promise.allSettled(waiting)).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  const next = tickets.of('a')
  answer()
  expect(await next).toBe('a-2')
})

test.each([
  ['a live address of a known stream', '/live/s-1/index.m3u8', 'cam-1'],
  ['a meeting room’s live address', '/room/live/s-1/index.m3u8', 'cam-1'],
  ['with its host', 'http://127.0.0.1:8080/live/s-1/part-1-2.m4s', 'cam-1'],
  ['a recorded one names its camera', '/playback/cam-7/1-2/index.m3u8', 'cam-7'],
  ['a stream nobody told us of', '/live/s-9/index.m3u8', null],
  ['anything else', '/api/cameras/cam-1/still.jpg', null],
])('whose picture it is: %s', (_, url, cameraId) => {
  learnStreams([{ id: 'cam-1', streams: [{ id: 's-1' }, { id: 's-2' }] }])
  expect(cameraOf(url)).toBe(cameraId)
})

test.each([
  ['refused the first time', 0, { code: 401 }, false, true],
  ['forbidden the first time', 0, { code: 403 }, false, true],
  ['refused again', 1, { code: 401 }, false, false],
  ['not found', 0, { code: 404 }, false, false],
  ['what hls.js would try again anyway', 3, { code: 503 }, true, true],
  ['no answer at all', 0, undefined, false, false],
])('%s', (_, retries, answer, would, does) => expect(askTwice(null, retries, false, answer, would)).toBe(does))
