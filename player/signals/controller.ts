import type { SignalView } from '../../server/contract/signals.js'

/** `silent`: it has told nothing since the server started. `lost`: it told, and stopped; nothing of it is believed. */
export type ControllerStanding = 'silent' | 'telling' | 'lost'

/** Between two answers of the server time goes on: one that was heard when we asked may be lost by now. */
export function standingOf({ heard, staleMs }: Pick<SignalView, 'heard' | 'staleMs'>, nowMs: number): ControllerStanding {
  if (!heard) return 'silent'
  return heard.stale || nowMs - heard.atMs > staleMs ? 'lost' : 'telling'
}

/** Seconds as they are typed; null: not what the server takes (server/contract/signals.ts). */
export function readStale(seconds: string): number | null {
  const ms = Number(seconds.trim().replace(',', '.') || Number.NaN) * 1000
  return Number.isInteger(ms) && ms >= 1_000 && ms <= 600_000 ? ms : null
}

/**
 * What somebody types who tries it out. The key is pasted when the shell waits for it, and reaches curl by its standard input: in a command it
 * would stand in the list of processes and in the shell's history.
 */
export function exampleCall(address: string, atMs: number): string {
  return `read -r KEY; printf 'authorization: Bearer %s' "$KEY" | curl -X POST ${address} -H @- -H 'content-type: application/json' -d '${JSON.stringify({ sequence: 1, atMs, approaches: { bac: 'red', nam: 'green' } })}'`
}

/** A junction with one way in leaves nothing to choose. */
export function onlyApproach(controller: Pick<SignalView, 'heard'> | undefined): string | null {
  const told = Object.keys(controller?.heard?.approaches ?? {})
  return told.length === 1 ? told[0]! : null
}

const LIT: readonly string[] = ['red', 'yellow', 'green']

/** What the picture shows and what the controller tells, where both are sure of a colour. */
export function differs(seen: string, told: string): boolean {
  return LIT.includes(seen) && LIT.includes(told) && seen !== told
}
