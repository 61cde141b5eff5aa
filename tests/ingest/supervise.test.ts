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
  expect([1, 2, 3, 4, 5, 6, 50].map((attempts) => backOffMs(attempts, fault('refused'), 0.5))).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  expect([0, 1].map((chance) => backOffMs(1, fault('refused'), chance))).toEqual([800, 1_200])
})

test('a stream that flaps climbs the ladder; one that was live for 10 s starts again at its foot', () => {
  const flap: readonly Told[] = [[0, 'exited', 'hung_up'], [40_000, 'tick'], [10, 'spawned'], [10, 'playing'], [10, 'init'], [10, 'packet']]
  const flapping = live([...UP, ...flap, ...flap, ...flap])
  expect(flapping.state.attempts).toBe(3)
  const calm = live([...UP, ...flap, ...flap, [5_000, 'packet'], [5_000, 'packet'], [10, 'exited', 'hung_up']])
  expect(calm.state.attempts).toBe(1)
})

test('in 2,000 random lives: never two children for one stream, never a start that nobody wants, and never stuck', () => {
  const step = fc.record({ afterMs: fc.nat(7_000), kind: fc.constantFrom('wanted', 'unwanted', 'progress', 'exited', 'tick', 'tick', 'tick', 'stray'), pick: fc.nat(5), chance: fc.double({ min: 0, max: 1, noNaN: true }) })
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
