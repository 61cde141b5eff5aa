import { judgeWindow, openPictureQuality, startQuality, type Window } from '../../server/ingest/picture-quality.js'

const even = (fps: number): Window => ({ fps, gapsMs: Array.from({ length: Math.round(fps * 5) }, () => 1_000 / fps) })
/** What is left of an even stream when pictures fall out: long gaps between usual ones. */
const torn = (fps: number, ownFps: number): Window => ({ fps, gapsMs: Array.from({ length: Math.round(fps * 5) }, (_, at) => (at % 4 === 0 ? 4 : 1) * (1_000 / ownFps)) })
/** A narrow link over TCP: the camera's clock is even, only slower than ours. */
const late = (fps: number, ownFps: number): Window => ({ fps, gapsMs: Array.from({ length: Math.round(fps * 5) }, () => 1_000 / ownFps) })

const bad = expect.objectContaining({ ownFps: 25 })
test.each<{ name: string; windows: readonly Window[]; degraded: unknown }>([
  { name: 'a camera that is well is never called poor', windows: [even(25), even(25), even(24), even(26)], degraded: null },
  { name: 'one bad window is no alarm', windows: [even(25), torn(10, 25), even(25)], degraded: null },
  { name: 'ten seconds with half of the pictures gone are', windows: [even(25), torn(12, 25), torn(12, 25)], degraded: bad },
  { name: 'a link that carries a quarter in time is', windows: [even(25), late(6, 25), late(6, 25)], degraded: bad },
  { name: 'a stream that came poor from its first second is', windows: [late(6, 25), late(6, 25)], degraded: bad },
  { name: 'one good window does not end it', windows: [even(25), torn(10, 25), torn(10, 25), even(25)], degraded: bad },
  { name: 'two do', windows: [even(25), torn(10, 25), torn(10, 25), even(25), even(25)], degraded: null },
  { name: 'half the rate at night, evenly, is the camera’s own choice', windows: [even(25), even(12.5), even(12.5), even(12.5)], degraded: null },
  { name: 'key pictures alone, evenly, are not', windows: [even(25), even(1), even(1)], degraded: bad },
  { name: 'a camera of 1 picture a second is well at 1 picture a second', windows: [even(1), even(1), even(1)], degraded: null },
  { name: 'nothing is said of a stream of which nothing is known', windows: [{ fps: 0.4, gapsMs: [3_000, 40] }], degraded: null },
])('$name', ({ windows, degraded }) => expect(windows.reduce(judgeWindow, startQuality()).degraded).toEqual(degraded))

test('it is told within 15 s, in words that stay the same, and a new session starts afresh knowing what is usual', () => {
  const quality = openPictureQuality()
  let atMs = 0
  const play = (ms: number, everyMs: number): void => {
    for (const endMs = atMs + ms; atMs < endMs; atMs += everyMs) quality.add(40, atMs)
  }
  play(20_000, 40)
  expect(quality.read()).toBeNull()
  play(15_000, 200)
  const words = quality.read()
  expect(words).toMatch(/^[\d.]+ of 25 pictures a second arrive$/)
  play(20_000, 250)
  expect(quality.read()).toBe(words)
  quality.resume()
  expect(quality.read()).toBeNull()
  play(15_000, 200)
  expect(quality.read()).toBe('5 of 25 pictures a second arrive')
})
