import { readdirSync, readFileSync } from 'node:fs'

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

/** Children of this process that ended and were never waited for. */
export function zombies(): number {
  return pids().filter((pid) => {
    const stat = statOf(pid)
    return stat?.state === 'Z' && stat.parent === process.pid
  }).length
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
