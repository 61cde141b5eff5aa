import { writeFileSync } from 'node:fs'
import { setPriority } from 'node:os'

/** Far below the machine's own watching, recording and web: this work may take longer, a camera may not be lost. */
const NICE = 10

/** Makes a child give way: it waits for everybody else's turn, and is the first that the kernel ends when memory runs out. */
export function makePolite(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    setPriority(pid, NICE)
    writeFileSync(`/proc/${pid}/oom_score_adj`, '1000')
  } catch {
    return // it is gone already, which its end tells; or this is no Linux, where only the deadline holds
  }
}
