import { asId, type StreamId } from '../../server/domain/ids.js'
import { openMemoryPacketHub } from '../../server/flow/memory-packet-hub.js'
import { silentLog } from '../../server/system/log.js'
import type { WatchedFrame } from '../../server/watching/decoder-session.js'
import { openDecoder } from '../../server/watching/decoder.js'
import type { Stir } from '../../server/watching/lane.js'
import { AWAKE, restStep, type RestVerdict } from '../../server/watching/rest.js'
import { makeHandClock } from '../support/hand-clock.js'
import { arrivedAt, turningBars } from '../support/packets.js'
import { until } from '../support/until.js'

// Starting ffmpeg takes seconds on a busy machine; the waits inside have their own deadline.
import.meta.jest.setTimeout(60_000)

interface Act {
  readonly seconds: number
  readonly bytes: number
  /** Something moves in the pictures that are decoded. */
  readonly moves: boolean
  readonly gopS?: number
}

/** Ten packets a second; answers what was done with those of the last act, in runs. */
function play(acts: readonly Act[]): string[] {
  let state = AWAKE
  let stillMs: number | null = null
  let runs: [RestVerdict, number][] = []
  let at = 0
  for (const { seconds, bytes, moves, gopS = 2 } of acts) {
    runs = []
    for (let packet = 0; packet < seconds * 10; packet += 1, at += 1) {
      stillMs = moves && !state.resting ? null : (stillMs ?? 0) + 100
      const key = at % (gopS * 10) === 0
      const [next, verdict] = restStep(state, { key, bytes: key ? bytes * 20 : bytes, mediaMs: at * 100, stir: stillMs === null ? { kind: 'moves' } : { kind: 'still', ms: stillMs } })
      state = next
      const last = runs.at(-1)
      if (last?.[0] === verdict) last[1] += 1
      else runs.push([verdict, 1])
    }
  }
  return runs.map(([verdict, times]) => `${verdict} ${times}`)
}

const traffic: Act = { seconds: 10, bytes: 2_000, moves: true }
const quiet: Act = { seconds: 20, bytes: 100, moves: false }
const onlyFed = (runs: readonly string[]): boolean => runs.every((run) => run.startsWith('feed'))

test('a street that has shown both, and is quiet, is decoded at its key pictures alone', () => {
  expect(play([traffic, quiet, { ...quiet, seconds: 6 }])).toEqual(['feed 1', 'hold 19', 'feed 1', 'hold 19', 'feed 1', 'hold 19'])
})

test('the first large packet wakes it, and it stays awake while things move', () => {
  expect(play([traffic, quiet, { ...traffic, seconds: 4 }]).slice(0, 3)).toEqual(['feed 1', 'wake 1', 'feed 38'])
})

test.each<[string, Act[]]>([
  ['a camera of constant bit rate, whose packets tell nothing', [{ ...traffic, bytes: 1_000 }, { ...quiet, bytes: 1_000 }]],
  ['a noisy one, whose quiet packets are nearly as large', [{ ...traffic, bytes: 1_500 }, { ...quiet, bytes: 1_000 }]],
  ['one that was never seen moving', [quiet, quiet]],
  ['one with a key picture every ten seconds', [{ ...traffic, gopS: 10 }, { ...quiet, gopS: 10 }, { ...quiet, gopS: 10 }]],
  ['a street where something always moves', [traffic, traffic]],
])('%s never rests', (_, acts) => {
  expect(onlyFed(play(acts))).toBe(true)
})

test('at rest instants are told, nothing overtakes; awake again, pictures come from the one that moved on', async () => {
  const fps = 10
  const [stopS, goS] = [5, 25]
  const packets = await turningBars({ fps, gop: 10, stopS, goS, seconds: 28 })
  const hub = openMemoryPacketHub()
  const clock = makeHandClock(0)
  const stream = asId<StreamId>('sub')
  const told: { readonly atMs: number; readonly frame: boolean }[] = []
  let asked = 0
  // What a lane would say: still from a second after the stop on, until it sees the bars turn again.
  const stir = (): Stir => (asked++ < (stopS + 1) * fps || told.some(({ atMs, frame }) => frame && atMs > goS * 1000 + 150) ? { kind: 'moves' } : { kind: 'still', ms: (asked - (stopS + 1) * fps) * 100 })
  const onFrame = (frame: WatchedFrame): void => void told.push({ atMs: frame.atMs, frame: true })
  const decoder = openDecoder({ hub, clock, log: silentLog, ffmpeg: 'ffmpeg', runId: 'test', fps: 5, streamId: stream, stir, onRest: (atMs) => void told.push({ atMs, frame: false }), onFrame })
  for (const [at, packet] of packets.entries()) {
    hub.publish(stream, arrivedAt(packet, at * 100))
    await until('it was taken', () => asked > at)
  }
  await until('the last pictures came', () => told.some(({ atMs, frame }) => frame && atMs > 27_700))
  await decoder.close()
  expect(decoder.counts.restedPackets).toBeGreaterThan(50)
  const times = told.filter(({ frame }) => frame).map(({ atMs }) => atMs)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  // While it rested, one picture a second was decoded, and five instants a second were told.
  const between = told.filter(({ atMs }) => atMs > 18_050 && atMs < 24_950)
  expect(between.filter(({ frame }) => frame)).toHaveLength(6)
  expect(between.length).toBeGreaterThan(25)
  // Nothing of the second before the bars moved on comes late; from then on all come.
  const after = times.filter((atMs) => atMs > 25_050)
  expect(after[0]).toBeLessThanOrEqual(25_450)
  expect(after.length).toBeGreaterThanOrEqual(12)
})
