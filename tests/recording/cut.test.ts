import { cut, startCut, stopCut, type CutState, type CutVerdict } from '../../server/recording/cut.js'
import type { InitSegment, Packet } from '../../server/media/packet.js'

const INIT: InitSegment = { bytes: new Uint8Array(), codec: 'avc1', width: 1, height: 1, timescale: 1_000 }
const OTHER: InitSegment = { ...INIT, codec: 'hvc1' }
const T0 = 1_000_000

interface Step {
  readonly n: number
  readonly gop: number
  readonly every?: number
  /** What differs from the packet before at this one. */
  readonly at?: Readonly<Record<number, { readonly wallMs?: number; readonly holeTicks?: number; readonly init?: InitSegment; readonly lost?: number; readonly offsetMs?: number }>>
}

/** Runs even pictures through the cut, and tells its verdicts in short: `segment@wall(key)`, `end@wall`, `gap cause from-to`, `run`. */
function check({ n, gop, every = 200, at = {} }: Step, phase = 1): readonly string[] {
  let state: CutState = startCut(phase)
  const told: string[] = []
  let [wallMs, ticks, offsetMs, init] = [T0, 50_000, 0, INIT]
  for (let i = 0; i < n; i += 1) {
    const odd = at[i] ?? {}
    wallMs += odd.wallMs ?? 0
    ticks += odd.holeTicks ?? 0
    offsetMs += odd.offsetMs ?? 0
    init = odd.init ?? init
    const packet: Packet = { key: i % gop === 0, atMs: wallMs, decodeTime: ticks, durationTicks: every, bytes: new Uint8Array(), init }
    const [next, verdicts] = cut(state, packet, { lost: odd.lost ?? 0, offsetMs })
    state = next
    told.push(...verdicts.flatMap(short))
    wallMs += every
    ticks += every
  }
  return [...told, ...stopCut(state)[1].flatMap(short)]
}

function short(verdict: CutVerdict): string[] {
  if (verdict.do === 'append') return []
  if (verdict.do === 'end_segment') return [`end@${verdict.toMs - T0}`]
  if (verdict.do === 'note_gap') return [`gap ${verdict.cause} ${verdict.fromMs - T0}-${verdict.toMs - T0}`]
  return verdict.do === 'begin_run' ? ['run'] : [`segment@${verdict.packet.atMs - T0}${verdict.packet.key ? '' : ' without key'}`]
}

test.each<[sentence: string, step: Step, told: readonly string[]]>([
  ['a GOP of 1 s is cut at 8 s', { n: 85, gop: 5 }, ['run', 'segment@0', 'end@8000', 'segment@8000', 'end@16000', 'segment@16000', 'end@16800']],
  ['a GOP of 4 s is cut at 8 s', { n: 41, gop: 20 }, ['run', 'segment@0', 'end@8000', 'segment@8000', 'end@8001']],
  ['a GOP of 6 s is cut at 6 s: two would be too long', { n: 61, gop: 30 }, ['run', 'segment@0', 'end@6000', 'segment@6000', 'end@12000', 'segment@12000', 'end@12001']],
  ['a GOP of 30 s is split at 10 s, between keys', { n: 110, gop: 150 }, ['run', 'segment@0', 'end@10000', 'segment@10000 without key', 'end@20000', 'segment@20000 without key', 'end@21800']],
  ['a new session at once is a new run and no gap', { n: 20, gop: 5, at: { 10: { init: OTHER } } }, ['run', 'segment@0', 'end@1800', 'run', 'segment@2000', 'end@3800']],
  ['a camera that was away leaves a gap', { n: 20, gop: 5, at: { 10: { init: OTHER, wallMs: 60_000 } } }, ['run', 'segment@0', 'end@1800', 'gap camera_lost 1800-62000', 'run', 'segment@62000', 'end@63800']],
  ['pictures the reader lost are a slow disk, however few', { n: 20, gop: 5, at: { 10: { lost: 2, holeTicks: 400, wallMs: 400 } } }, ['run', 'segment@0', 'end@1800', 'gap disk_slow 1800-2400', 'run', 'segment@2400', 'end@4200']],
  ['what was lost further on is not told before it shows', { n: 20, gop: 5, at: { 10: { lost: 2 } } }, ['run', 'segment@0', 'end@3800']],
  ['a silent camera with the same session leaves a gap', { n: 20, gop: 5, at: { 10: { wallMs: 5_000 } } }, ['run', 'segment@0', 'end@1800', 'gap camera_lost 1800-7000', 'run', 'segment@7000', 'end@8800']],
  ['a burst that comes 2 s late is no gap', { n: 20, gop: 5, at: { 10: { wallMs: 2_000 }, 11: { wallMs: -2_000 } } }, ['run', 'segment@0', 'end@3800']],
  ['a clock set ahead splits the run, and the gap says so', { n: 20, gop: 5, at: { 12: { wallMs: 7_200_000, offsetMs: 7_200_000 } } }, ['run', 'segment@0', 'end@2200', 'gap clock_step 2200-7202400', 'run', 'segment@7202400 without key', 'end@7203800']],
  ['a clock set back splits the run, and the gap says so', { n: 20, gop: 5, at: { 10: { wallMs: -3_600_000, offsetMs: -3_600_000 } } }, ['run', 'segment@0', 'end@1800', 'gap clock_step -3598000-1800', 'run', 'segment@-3598000', 'end@-3596200']],
  ['a clock that is drawn by a second is not split', { n: 20, gop: 5, at: { 10: { wallMs: 1_000, offsetMs: 1_000 } } }, ['run', 'segment@0', 'end@4800']],
])('%s', (_sentence, step, told) => expect(check(step)).toEqual(told))

test('cameras that start together do not close their files together', () => {
  const firstEnds = [0, 0.25, 0.5, 0.75, 1].map((phase) => check({ n: 60, gop: 5 }, phase).find((one) => one.startsWith('end')))
  expect(firstEnds).toEqual(['end@4000', 'end@5000', 'end@6000', 'end@7000', 'end@8000'])
})
