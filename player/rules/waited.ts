import type { AlertLogLine } from '../../server/contract/alerts.js'

export const WAIT_WHYS = ['unasked', 'fixed', 'silent', 'untold', 'alike', 'moving', 'elsewhere'] as const

/** For so long a bound rule did not watch; without a reason: several times, told together. */
export interface WaitLine {
  readonly seq: number
  readonly fromMs: number
  readonly toMs: number
  readonly preset: string
  readonly why: (typeof WAIT_WHYS)[number] | null
  readonly times: number
  readonly totalMs: number
}

/** The lines of a rule's history that tell when it waited, newest first. */
export function waitLines(log: readonly Pick<AlertLogLine, 'seq' | 'what' | 'facts'>[]): readonly WaitLine[] {
  return log.flatMap(({ seq, what, facts }): readonly WaitLine[] => {
    const { fromMs, toMs, preset, why, times, totalMs } = facts
    if ((what !== 'rule_waited' && what !== 'rule_waited_often') || typeof fromMs !== 'number' || typeof toMs !== 'number') return []
    const known = what === 'rule_waited' ? (WAIT_WHYS.find((one) => one === why) ?? 'elsewhere') : null
    return [{ seq, fromMs, toMs, preset: typeof preset === 'string' ? preset : '', why: known, times: typeof times === 'number' ? times : 1, totalMs: typeof totalMs === 'number' ? totalMs : toMs - fromMs }]
  }).toSorted((a, b) => b.seq - a.seq)
}
