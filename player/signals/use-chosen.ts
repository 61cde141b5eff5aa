import { useEffect, useState } from 'react'
import type { Letter } from '../keys/key-law.js'
import { useKeys } from '../keys/use-keys.js'
import { stepThrough } from './step-through.js'

/** ↑ and ↓ go through a list of cards, letters act on the chosen one; it stays chosen while others come and go. */
export function useChosen(ids: readonly string[], deeds: Readonly<Partial<Record<Letter, (id: string) => void>>>): readonly [string | null, (id: string) => void] {
  const [asked, setAsked] = useState<string | null>(null)
  const chosen = asked !== null && ids.includes(asked) ? asked : null
  useKeys((key) => {
    if (key.is === 'arrow' && (key.to === 'up' || key.to === 'down')) return setAsked(stepThrough(ids, chosen, key.to)), true
    const act = key.is === 'letter' ? deeds[key.letter] : undefined
    // One that stands alone needs no choosing.
    const meant = chosen ?? (ids.length === 1 ? ids[0]! : null)
    if (!act || meant === null) return false
    act(meant)
    return true
  })
  useEffect(() => {
    if (chosen !== null) document.querySelector(`[data-card="${CSS.escape(chosen)}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  return [chosen, setAsked]
}
