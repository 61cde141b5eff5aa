import { readdirSync, readFileSync } from 'node:fs'
import { pause, systemClock } from '../../server/system/clock.js'

export interface Running {
  readonly pid: number
  readonly parent: number
  readonly name: string
}

const MARK = 'VONGLAU_RUN='

/** Every process that carries this run's mark, as /proc tells; one that has ended has none. */
export function childrenOfRun(runId: string): readonly Running[] {
  return carrying((mark) => mark === runId)
}

/** The same for runs whose mark begins so. */
export function childrenMarked(start: string): readonly Running[] {
  return carrying((mark) => mark.startsWith(start))
}

function carrying(fits: (mark: string) => boolean): readonly Running[] {
  return pids().flatMap((pid) => {
    const environment = read(`/proc/${pid}/environ`)
    const stat = statOf(pid)
    const mark = environment?.split('\0').find((entry) => entry.startsWith(MARK))?.slice(MARK.length)
    return mark !== undefined && fits(mark) && stat && stat.state !== 'Z' ? [{ pid, parent: stat.parent, name: stat.name }] : []
  })
}

/** Node waits for a child in the turn of its loop that follows the child's end; on a full machine that turn comes late. */
const WAITED_FOR_MS_MAX = 1_000

/**
 * Children of this process that ended and were never waited for, but for those that were so `before` (what zombiesNow gave
 * then): a thread that runs from source starts a compiler of its own, and nobody waits for that one when the thread ends. One
 * that ended this instant is none yet.
 */
export async function zombiesSince(before: readonly number[]): Promise<number> {
  const ended = zombiesNow().filter((pid) => !before.includes(pid))
  if (ended.length === 0) return 0
  await pause(systemClock, WAITED_FOR_MS_MAX)
  return zombiesNow().filter((pid) => ended.includes(pid)).length
}

export function zombiesNow(): readonly number[] {
  return pids().filter((pid) => {
    const stat = statOf(pid)
    return stat?.state === 'Z' && stat.parent === process.pid
  })
}

export function rssMb(pid: number = process.pid): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1] ?? 0) / 1024
}

function pids(): readonly number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)
}

function statOf(pid: number): { readonly name: string; readonly state: string; readonly parent: number } | null {
  const found = /^\d+ \((.*)\) (\S) (\d+) /s.exec(read(`/proc/${pid}/stat`) ?? '')
  return found ? { name: found[1] as string, state: found[2] as string, parent: Number(found[3]) } : null
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return null // it ended while we looked
  }
}
