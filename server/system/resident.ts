import { readFileSync } from 'node:fs'

/** Pages are 4 KiB on every machine we run on but some ARM servers, where this tells too little, never too much. */
const PAGE_BYTES = 4096

/** Memory that a process holds right now, in bytes. Linux only (reads /proc); null elsewhere, and when the process is gone. */
export function residentBytes(pid: number): number | null {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * PAGE_BYTES
  } catch {
    return null
  }
}
