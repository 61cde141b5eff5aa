import { readdirSync, readFileSync } from 'node:fs'

/** A process and everything below it, as /proc tells. */
export function treeOf(root: number): readonly number[] {
  const children = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? Number(read(`/proc/${name}/stat`)?.replace(/^.*\) /s, '').split(' ')[1]) : NaN
    if (!Number.isNaN(parent)) children.set(parent, [...(children.get(parent) ?? []), Number(name)])
  }
  const tree = [root]
  for (const pid of tree) tree.push(...(children.get(pid) ?? []))
  return tree
}

/**
 * Processor time of these processes in seconds, user and system. From schedstat, which counts nanoseconds: the clock ticks
 * of /proc/PID/stat (10 ms) are as long as what one copied camera uses in a second.
 */
export function cpuSecondsOf(pids: readonly number[]): number {
  let ns = 0
  for (const pid of pids) {
    for (const task of list(`/proc/${pid}/task`)) ns += Number(read(`/proc/${pid}/task/${task}/schedstat`)?.split(' ')[0] ?? 0)
  }
  return ns / 1e9
}

const TICKS_A_SECOND = 100

/**
 * The same of a process and everything below it, those that ended meanwhile included: an ffmpeg that was replaced takes its
 * time along otherwise, and a window would seem to cost less than nothing. Theirs is told in ticks, which their parent inherits.
 */
export function cpuSecondsOfTree(root: number): number {
  const tree = treeOf(root)
  const inherited = tree.reduce((sum, pid) => {
    const after = read(`/proc/${pid}/stat`)?.replace(/^.*\) /s, '').split(' ') ?? []
    return sum + Number(after[13] ?? 0) + Number(after[14] ?? 0)
  }, 0)
  return cpuSecondsOf(tree) + inherited / TICKS_A_SECOND
}

/** Processor time of each thread of a process, in seconds, by its number. */
export function cpuSecondsByThread(pid: number): ReadonlyMap<number, number> {
  return new Map(list(`/proc/${pid}/task`).map((task) => [Number(task), Number(read(`/proc/${pid}/task/${task}/schedstat`)?.split(' ')[0] ?? 0) / 1e9]))
}

/** Proportional set size in MB: shared libraries are counted once among those who share them. */
export function pssMbOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1] ?? 0), 0) / 1024
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return null // it ended while we looked
  }
}

function list(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch {
    return [] // as above
  }
}
