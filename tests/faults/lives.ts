import { startSupervision, supervise, type Supervision, type SupervisionNews, type SupervisionVerdict } from '../../server/ingest/supervise.js'
import { seeded } from './seeded.js'

/** T33: the life of one stream, from a seed, on a clock that is only a number. The child is as bad as a seed can make it. */
export interface Lives {
  readonly lives: number
  readonly steps: number
  /** What broke a law, with the seed that shows it again. */
  readonly broken: readonly string[]
  /** The longest silence of a live stream before it was ended, ms. */
  readonly silentMsMax: number
  readonly starts: number
}

/** The one ffmpeg that runs; a killed one takes its time to end. */
interface Child {
  readonly run: number
  killed: boolean
  /** When its newest picture came; null before the first. */
  pictureAtMs: number | null
}

const TICK_MS = 250
const FAULTS = ['auth', 'transport', 'invalid_media', 'hung_up', 'refused', 'timed_out', null] as const

export function liveLives(plan: { readonly lives: number; readonly steps: number; readonly firstSeed: number }): Lives {
  const broken: string[] = []
  let [silentMsMax, starts] = [0, 0]
  for (let seed = plan.firstSeed; seed < plan.firstSeed + plan.lives; seed += 1) {
    const life = liveOne(seed, plan.steps)
    broken.push(...life.broken.map((words) => `seed ${seed}: ${words}`))
    silentMsMax = Math.max(silentMsMax, life.silentMs)
    starts += life.starts
  }
  return { lives: plan.lives, steps: plan.steps, broken, silentMsMax, starts }
}

function liveOne(seed: number, steps: number): { readonly broken: readonly string[]; readonly silentMs: number; readonly starts: number } {
  const chance = seeded(seed)
  const broken: string[] = []
  const seat: { child: Child | null } = { child: null }
  let state: Supervision = startSupervision(0)
  let [atMs, silentMs, starts, quietSteps] = [0, 0, 0, 0]
  const obey = (verdict: SupervisionVerdict, news: SupervisionNews): void => {
    const { child } = seat
    if (verdict.do === 'start') {
      if (child) broken.push(`run ${verdict.run} starts while run ${child.run} runs: two ffmpegs`)
      if (!state.wanted) broken.push(`run ${verdict.run} starts, and nobody wants it`)
      seat.child = { run: verdict.run, killed: false, pictureAtMs: null }
      starts += 1
      return
    }
    if (child?.run !== verdict.run) broken.push(`a kill for run ${verdict.run}, and ${child?.run ?? 'none'} runs`)
    else if (child.killed) broken.push(`run ${verdict.run} killed twice`)
    else {
      child.killed = true
      if (news.kind === 'tick' && child.pictureAtMs !== null) silentMs = Math.max(silentMs, atMs - child.pictureAtMs)
    }
  }
  const apply = (news: SupervisionNews): void => {
    const [next, verdicts] = supervise(state, news, atMs, chance())
    state = next
    for (const verdict of verdicts) obey(verdict, news)
  }
  /** How this camera is: how often it falls silent, ends, and is touched by a person. */
  const temper = { silent: chance() * 0.1, ends: chance() * 0.1, hand: chance() < 0.5 ? 0 : 0.01 }
  apply({ kind: 'wanted', transport: 'tcp' })
  for (let step = 0; step < steps; step += 1) {
    atMs += TICK_MS
    const { child } = seat
    quietSteps = quietSteps > 0 ? quietSteps - 1 : chance() < temper.silent ? 40 : 0
    if (chance() < temper.hand) apply(chance() < 0.5 ? { kind: 'wanted', transport: chance() < 0.5 ? 'tcp' : 'udp' } : { kind: 'unwanted' })
    else if (child && quietSteps === 0 && chance() < (child.killed ? 0.3 : temper.ends)) {
      seat.child = null
      const name = FAULTS[Math.floor(chance() * FAULTS.length)] ?? null
      apply({ kind: 'exited', run: child.run, fault: child.killed || name === null ? null : { name, words: name }, mayUseUdp: chance() < 0.5 })
    } else if (child && !child.killed && quietSteps === 0) {
      const kind = (['spawned', 'playing', 'init', 'packet', 'packet', 'packet', 'packet', 'flooded'] as const)[Math.floor(chance() * 7.05)] ?? 'packet'
      child.pictureAtMs = kind === 'packet' ? atMs : null
      apply(kind === 'flooded' ? { kind, run: child.run, words: 'too much' } : { kind, run: child.run })
    }
    apply({ kind: 'tick' })
    if (state.child?.run !== seat.child?.run) broken.push(`it believes in run ${state.child?.run ?? 'none'} at ${atMs} ms`)
    if (state.wanted && !state.child && state.retryAtMs === null) broken.push(`wanted, no child, and no time to try again at ${atMs} ms`)
  }
  return { broken, silentMs, starts }
}
