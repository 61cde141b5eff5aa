import { readFileSync } from 'node:fs'

/** The kernel tells them in hundredths of a second, whatever the machine (man 5 proc, sysconf(_SC_CLK_TCK)). */
const TICK_MS = 10

/** What this process and its ended children spent of a core, in ms. Without /proc the children's part is not known. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000 + endedChildrenMs()
}

function endedChildrenMs(): number {
  try {
    const told = readFileSync('/proc/self/stat', 'latin1')
    // The second field is the program's name in brackets, which may hold anything.
    const fields = told.slice(told.lastIndexOf(')') + 2).split(' ')
    const [user, system] = [Number(fields[13]), Number(fields[14])]
    return (user + system) * TICK_MS
  } catch {
    return 0
  }
}
