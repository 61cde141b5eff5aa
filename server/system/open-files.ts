import { readFileSync } from 'node:fs'

/** What Debian gives a process that asks for nothing. */
const USUAL = 1_024

/** How many files and sockets this process may have open at once. */
export function openFilesMax(limits: string = readLimits()): number {
  const said = /^Max open files\s+(\d+|unlimited)/m.exec(limits)?.[1]
  if (said === undefined) return USUAL
  return said === 'unlimited' ? 1_000_000 : Number(said)
}

function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'latin1')
  } catch {
    return '' // no Linux: the usual number is assumed
  }
}
