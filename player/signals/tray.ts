import type { HeldView, HeldWhyView } from '../../server/contract/signals.js'
import type { Key } from '../keys/key-law.js'
import { found } from '../words/measures.js'

/** What a person may make of what is held. */
export type Outcome = 'release' | 'dismiss'

export const WHYS = ['lamp_fault', 'officer_directing', 'roadworks', 'priority_vehicle', 'diversion'] as const satisfies readonly HeldWhyView[]

/** The server answers with at most so many, the newest. */
export const HELD_MAX = 200

/** What waits longest stands first, so that what is held meanwhile moves nothing. What was settled: the latest first. */
export function inTurn(held: readonly HeldView[]): readonly HeldView[] {
  return [...held].sort((a, b) => (a.outcome && b.outcome ? b.outcome.atMs - a.outcome.atMs : a.heldAtMs - b.heldAtMs) || a.incidentId.localeCompare(b.incidentId))
}

export function matchesHeld({ title, reason, cameraName, said, outcome }: HeldView, asked: string): boolean {
  return found(asked, [title.vi, title.en, reason.vi, reason.en, cameraName, said.vi, said.en, outcome?.by?.displayName ?? null, outcome?.reason ?? null])
}

/** What became of the one that is looked at: it never vanishes under the eyes of who decides. */
export type Became = { readonly is: 'held' | 'settled'; readonly held: HeldView } | { readonly is: 'reading' } | { readonly is: 'unknown' }

export function became(incidentId: string, open: readonly HeldView[], settled: readonly HeldView[] | undefined): Became {
  const waits = open.find((one) => one.incidentId === incidentId)
  if (waits) return { is: 'held', held: waits }
  if (!settled) return { is: 'reading' }
  const done = settled.find((one) => one.incidentId === incidentId)
  return done ? { is: 'settled', held: done } : { is: 'unknown' }
}

/** Which one is looked at after these were decided: the next in turn, else the one before; null: none is left. */
export function nextAfter(order: readonly string[], current: string | null, decided: readonly string[]): string | null {
  const at = current === null ? -1 : order.indexOf(current)
  const left = (id: string): boolean => !decided.includes(id)
  return order.slice(at + 1).find(left) ?? order.slice(0, Math.max(0, at)).findLast(left) ?? null
}

/** Reasons that are usual, by number. The reason is kept with the outcome, as words. */
const DISMISSED_FOR = { lamp_fault: 'lamp_wrong', officer_directing: 'obeyed_officer', roadworks: 'had_to', priority_vehicle: 'gave_way', diversion: 'diverted' } as const satisfies Record<HeldWhyView, string>
const OF_DISMISSAL = ['nothing_there', 'wrong_object'] as const
const OF_RELEASE = ['unexplained', 'dangerous'] as const
export type UsualReason = (typeof DISMISSED_FOR)[HeldWhyView] | (typeof OF_DISMISSAL)[number] | (typeof OF_RELEASE)[number] | 'lamp_fine'

export function usualReasons(what: Outcome, why: HeldWhyView): readonly UsualReason[] {
  if (what === 'dismiss') return [DISMISSED_FOR[why], ...OF_DISMISSAL]
  return why === 'lamp_fault' ? ['lamp_fine', ...OF_RELEASE] : OF_RELEASE
}

/** A decision on its way. It cannot be taken back once it is sent, so it takes three keys: what, why, Enter. */
export type Asking = { readonly is: 'nothing' } | { readonly is: Outcome; readonly reason: UsualReason | null; readonly words: string }

export const NOTHING_ASKED: Asking = { is: 'nothing' }
export const begin = (is: Outcome): Asking => ({ is, reason: null, words: '' })

export type Typed = { readonly asking: Asking; readonly do: 'nothing' | 'write' | 'send' }

/** What a key means to a decision; null: it is not this one's key. */
export function typeKey(asking: Asking, key: Key, usual: readonly UsualReason[]): Typed | null {
  if (key.is === 'letter' && (key.letter === 'C' || key.letter === 'B')) return { asking: begin(key.letter === 'C' ? 'release' : 'dismiss'), do: 'nothing' }
  if (asking.is === 'nothing') return null
  if (key.is === 'escape') return { asking: NOTHING_ASKED, do: 'nothing' }
  if (key.is === 'digit') {
    const reason = usual[key.digit - 1]
    return { asking: reason ? { ...asking, reason, words: '' } : asking, do: 'nothing' }
  }
  if (key.is === 'letter' && key.letter === 'N') return { asking: { ...asking, reason: null }, do: 'write' }
  return key.is === 'enter' ? { asking, do: isReady(asking) ? 'send' : 'nothing' } : null
}

export function isReady(asking: Asking): boolean {
  return asking.is !== 'nothing' && (asking.reason !== null || asking.words.trim() !== '')
}
