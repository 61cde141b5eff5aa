import fc from 'fast-check'
import type { SessionFault, SessionFaultName } from '../../server/ingest/session-news.js'
import { backOffMs, startSupervision, supervise, SUPERVISION_BOUNDS, type Supervision, type SupervisionNews, type SupervisionVerdict } from '../../server/ingest/supervise.js'

const fault = (name: SessionFaultName): SessionFault => ({ name, words: name })

/** A life told as [after ms, news], with `run` standing for the newest run; what it was told to do and where it stands at the end. */
type Told = readonly [afterMs: number, kind: 'wanted' | 'unwanted' | 'spawned' | 'playing' | 'init' | 'packet' | 'tick' | 'exited', fault?: SessionFaultName]

function live(told: readonly Told[], options: { readonly mayUseUdp?: boolean } = {}): { readonly state: Supervision; readonly verdicts: readonly SupervisionVerdict[]; readonly states: readonly string[] } {
  let state = startSupervision(0)
  let atMs = 0
  const verdicts: SupervisionVerdict[] = []
  const states: string[] = []
  for (const [afterMs, kind, name] of told) {
    atMs += afterMs
    const run = state.runs
    const news: SupervisionNews =
      kind === 'wanted' ? { kind, transport: 'tcp' } : kind === 'exited' ? { kind, run, fault: name ? fault(name) : null, mayUseUdp: options.mayUseUdp ?? false } : kind === 'unwanted' || kind === 'tick' ? { kind } : { kind, run }
    const [next, given] = supervise(state, news, atMs, 0.5)
    state = next
    verdicts.push(...given)
    if (states.at(-1) !== state.name) states.push(state.name)
  }
  return { state, verdicts, states }
}

const UP: readonly Told[] = [[0, 'wanted'], [10, 'spawned'], [100, 'playing'], [50, 'init'], [10, 'packet']]
const brief = (verdicts: readonly SupervisionVerdict[]): string => verdicts.map((one) => (one.do === 'start' ? `start ${one.run} ${one.transport} ${one.probe}` : `kill ${one.run}`)).join(', ')

test.each<{ name: string; told: readonly Told[]; mayUseUdp?: boolean; does: string; states: string; fault?: string }>([
  { name: 'a camera that works is live', told: UP, does: 'start 1 tcp quick', states: 'connecting live' },
  { name: 'no picture for 5 s: stalled, killed, and after a second tried again', told: [...UP, [4_999, 'tick'], [1, 'tick'], [50, 'exited'], [999, 'tick'], [2, 'tick']], does: 'start 1 tcp quick, kill 1, start 2 tcp quick', states: 'connecting live stalled waiting connecting', fault: 'timed_out' },
  { name: 'a kill is given once, however long the child takes to die', told: [...UP, [5_000, 'tick'], [250, 'tick'], [250, 'tick'], [9_000, 'tick']], does: 'start 1 tcp quick, kill 1', states: 'connecting live stalled', fault: 'timed_out' },
  { name: 'a camera that never answers is given up after 8 s', told: [[0, 'wanted'], [10, 'spawned'], [8_000, 'tick'], [10, 'exited']], does: 'start 1 tcp quick, kill 1', states: 'connecting waiting', fault: 'timed_out' },
  { name: 'no description 3 s after PLAY: the longer probe, at once', told: [[0, 'wanted'], [10, 'spawned'], [100, 'playing'], [3_000, 'tick'], [10, 'exited']], does: 'start 1 tcp quick, kill 1, start 2 tcp patient', states: 'connecting', fault: 'invalid_media' },
  { name: 'no key picture in 20 s is named', told: [[0, 'wanted'], [10, 'spawned'], [100, 'playing'], [50, 'init'], [20_000, 'tick'], [10, 'exited']], does: 'start 1 tcp quick, kill 1', states: 'connecting waiting', fault: 'no_video' },
  { name: 'TCP is refused with 461: UDP at once, where that is allowed', told: [[0, 'wanted'], [10, 'spawned'], [50, 'exited', 'transport']], mayUseUdp: true, does: 'start 1 tcp quick, start 2 udp quick', states: 'connecting', fault: 'transport' },
  { name: 'TCP is refused with 461, and UDP is not allowed: named', told: [[0, 'wanted'], [10, 'spawned'], [50, 'exited', 'transport']], does: 'start 1 tcp quick', states: 'connecting waiting', fault: 'transport' },
  { name: 'a wrong password is not tried again after a second', told: [[0, 'wanted'], [10, 'spawned'], [50, 'exited', 'auth'], [20_000, 'tick']], does: 'start 1 tcp quick', states: 'connecting waiting', fault: 'auth' },
  { name: 'a corrected password is tried at once', told: [[0, 'wanted'], [10, 'spawned'], [50, 'exited', 'auth'], [100, 'wanted']], does: 'start 1 tcp quick, start 2 tcp quick', states: 'connecting waiting connecting' },
  { name: 'new settings while live: the old child must end first', told: [...UP, [0, 'wanted'], [100, 'tick'], [10, 'exited']], does: 'start 1 tcp quick, kill 1, start 2 tcp quick', states: 'connecting live connecting' },
  { name: 'switched off: killed, and off for good', told: [...UP, [0, 'unwanted'], [10, 'exited'], [60_000, 'tick']], does: 'start 1 tcp quick, kill 1', states: 'connecting live off' },
  { name: 'off and on again before the child has ended: one at a time', told: [...UP, [0, 'unwanted'], [1, 'wanted'], [10, 'exited']], does: 'start 1 tcp quick, kill 1, start 2 tcp quick', states: 'connecting live off connecting' },
])('$name', ({ told, mayUseUdp, does, states, fault: name }) => {
  const life = live(told, mayUseUdp ? { mayUseUdp } : {})
  expect(brief(life.verdicts)).toBe(does)
  expect(life.states.join(' ')).toBe(states)
  expect(life.state.fault?.name).toBe(name)
})

test('the ladder is 1, 2, 4 … 30 s, with jitter', () => {
  expect([1, 2, 3, 4, 5, 6, 50].map((attempts) => backOffMs(attempts, fault('refused'), 0.5))).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 27_000, 27_000])
  expect([0, 1].map((chance) => backOffMs(1, fault('refused'), chance))).toEqual([800, 1_200])
  // T6: a camera that was away for long is back within 35 s, whatever the jitter.
  expect([0, 1].map((chance) => backOffMs(50, fault('refused'), chance))).toEqual([24_000, 30_000])
  expect([0, 1].map((chance) => backOffMs(1, fault('flooding'), chance))).toEqual([24_000, 36_000])
})

test('a stream that flaps climbs the ladder; one that was live for 10 s starts again at its foot', () => {
  const flap: readonly Told[] = [[0, 'exited', 'hung_up'], [40_000, 'tick'], [10, 'spawned'], [10, 'playing'], [10, 'init'], [10, 'packet']]
  const flapping = live([...UP, ...flap, ...flap, ...flap])
  expect(flapping.state.attempts).toBe(3)
  const calm = live([...UP, ...flap, ...flap, [5_000, 'packet'], [5_000, 'packet'], [10, 'exited', 'hung_up']])
  expect(calm.state.attempts).toBe(1)
})

/** One life of a camera that shows pictures for `liveMs`, then hangs up, and is tried again as soon as it may. */
function flapping(liveMs: number, rounds: number): { readonly waits: readonly number[]; readonly faults: readonly (string | undefined)[]; readonly state: Supervision } {
  let state = startSupervision(0)
  let atMs = 0
  const apply = (news: SupervisionNews): void => void ([state] = supervise(state, news, atMs, 0.5))
  apply({ kind: 'wanted', transport: 'tcp' })
  const waits: number[] = []
  const faults: (string | undefined)[] = []
  for (let round = 0; round < rounds; round += 1) {
    const run = state.runs
    for (const kind of ['spawned', 'playing', 'init', 'packet'] as const) apply({ kind, run })
    atMs += liveMs
    apply({ kind: 'packet', run })
    apply({ kind: 'exited', run, fault: fault('hung_up'), mayUseUdp: false })
    waits.push((state.retryAtMs ?? 0) - atMs)
    faults.push(state.fault?.name)
    atMs = state.retryAtMs ?? atMs
    apply({ kind: 'tick' })
  }
  return { waits, faults, state }
}

test('the restart budget: a camera that runs for 11 s and breaks off, again and again, is tried at the longest step and called unsteady', () => {
  const { waits, faults, state } = flapping(11_000, 20)
  expect(waits).toEqual([...Array<number>(11).fill(1_000), ...Array<number>(9).fill(27_000)])
  expect(faults.slice(10, 12)).toEqual(['hung_up', 'unsteady'])
  expect(state.startsAtMs).toHaveLength(SUPERVISION_BOUNDS.startsMax)
})

test('one that breaks off once a minute keeps the shortest step', () => {
  expect(new Set(flapping(60_000, 30).waits)).toEqual(new Set([1_000]))
})

test('a person who changes the settings gives a new budget', () => {
  const { state } = flapping(11_000, 20)
  expect(supervise(state, { kind: 'wanted', transport: 'tcp' }, 1e9, 0.5)[0].startsAtMs).toEqual([])
})

test('a camera that is not there at all keeps its own fault, budget or not', () => {
  const away = Array.from({ length: 14 }, (): readonly Told[] => [[0, 'exited', 'refused'], [30_000, 'tick'], [10, 'spawned']]).flat()
  expect(live([[0, 'wanted'], [10, 'spawned'], ...away, [0, 'exited', 'refused']]).state.fault?.name).toBe('refused')
})

test('a flood is cut at once, named, and tried again no sooner than a wrong password', () => {
  let state = startSupervision(0)
  const verdicts: SupervisionVerdict[] = []
  const news: readonly (readonly [number, SupervisionNews])[] = [[0, { kind: 'wanted', transport: 'udp' }], [1, { kind: 'spawned', run: 1 }], [2, { kind: 'init', run: 1 }], [3, { kind: 'packet', run: 1 }], [4, { kind: 'flooded', run: 1, words: 'too much' }], [5, { kind: 'packet', run: 1 }], [6, { kind: 'exited', run: 1, fault: null, mayUseUdp: true }]]
  for (const [atMs, one] of news) {
    const [next, given] = supervise(state, one, atMs, 0.5)
    state = next
    verdicts.push(...given)
  }
  expect(brief(verdicts)).toBe('start 1 udp quick, kill 1')
  expect(state).toMatchObject({ name: 'waiting', fault: { name: 'flooding', words: 'too much' }, retryAtMs: 30_006 })
})

test('in 2,000 random lives: never two children for one stream, never a start that nobody wants, and never stuck', () => {
  const step = fc.record({ afterMs: fc.nat(7_000), kind: fc.constantFrom('wanted', 'unwanted', 'progress', 'exited', 'flooded', 'tick', 'tick', 'tick', 'stray'), pick: fc.nat(5), chance: fc.double({ min: 0, max: 1, noNaN: true }) })
  const names: readonly (SessionFaultName | null)[] = ['auth', 'transport', 'invalid_media', 'hung_up', null]
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 120 }), (steps) => {
      let state = startSupervision(0)
      let atMs = 0
      const running = new Set<number>()
      const apply = (news: SupervisionNews, chance: number): void => {
        const [next, verdicts] = supervise(state, news, atMs, chance)
        state = next
        for (const verdict of verdicts) {
          if (verdict.do === 'kill') {
            expect(running.has(verdict.run)).toBe(true)
            continue
          }
          expect(running.size).toBe(0)
          expect(state.wanted).toBe(true)
          running.add(verdict.run)
        }
      }
      for (const { afterMs, kind, pick, chance } of steps) {
        atMs += afterMs
        const run = [...running][0]
        if (kind === 'wanted') apply({ kind, transport: pick % 2 === 0 ? 'tcp' : 'udp' }, chance)
        else if (kind === 'unwanted' || kind === 'tick') apply({ kind }, chance)
        else if (kind === 'stray') apply({ kind: 'exited', run: state.runs + 7, fault: null, mayUseUdp: true }, chance)
        else if (kind === 'flooded') apply({ kind, run: run ?? 0, words: 'too much' }, chance)
        else if (run !== undefined && kind === 'progress') apply({ kind: (['spawned', 'playing', 'init', 'packet', 'packet', 'packet'] as const)[pick] ?? 'packet', run }, chance)
        else if (run !== undefined) {
          running.delete(run)
          const name = names[pick % names.length] ?? null
          apply({ kind: 'exited', run, fault: name ? fault(name) : null, mayUseUdp: pick > 2 }, chance)
        }
      }
      // From any state, a wanted stream whose children die when told comes to a new start within the longest waits.
      apply({ kind: 'wanted', transport: 'tcp' }, 1)
      const before = state.runs
      for (let tries = 0; tries < 400 && state.runs === before && running.size > 0; tries += 1) {
        const run = [...running][0] as number
        if (state.child?.dying) {
          running.delete(run)
          apply({ kind: 'exited', run, fault: null, mayUseUdp: false }, 1)
        } else {
          atMs += SUPERVISION_BOUNDS.firstKeyMsMax
          apply({ kind: 'spawned', run }, 1)
          atMs += SUPERVISION_BOUNDS.firstKeyMsMax
          apply({ kind: 'tick' }, 1)
        }
      }
      expect(state.wanted && (state.runs > before || state.retryAtMs !== null || state.child !== null)).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})
