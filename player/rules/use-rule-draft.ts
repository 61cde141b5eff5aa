import { useCallback, useMemo, useState } from 'react'
import type { RuleKindView } from '../../server/contract/rules.js'
import { beginDrawing, draw, type Drawing, type DrawingDeed } from './drawing.js'
import { changedFields, readDraft, readShapes, writeBody, type RuleBody, type RuleDraft } from './rule-draft.js'

/** The version that a person began from; null: it has no row yet. */
export interface Begun {
  readonly version: number | null
  readonly body: RuleBody
}

export interface Drafting {
  readonly begun: Begun
  readonly draft: RuleDraft
  readonly drawing: Drawing
  /** The rule as it would be saved now. */
  readonly body: RuleBody
  readonly dirty: boolean
  change(part: Partial<RuleDraft>): void
  act(deed: DrawingDeed): void
  /** Takes another version for the beginning; what was not saved is dropped. */
  beginFrom(begun: Begun): void
}

export function useRuleDraft(kind: RuleKindView, first: Begun): Drafting {
  const [begun, setBegun] = useState(first)
  const [draft, setDraft] = useState(() => readDraft(first.body, kind))
  const [drawing, setDrawing] = useState(() => beginDrawing(readShapes(first.body, kind)))
  const change = useCallback((part: Partial<RuleDraft>) => setDraft((before) => ({ ...before, ...part })), [])
  const act = useCallback((deed: DrawingDeed) => setDrawing((before) => draw(before, deed)), [])
  const beginFrom = useCallback((next: Begun) => {
    setBegun(next)
    setDraft(readDraft(next.body, kind))
    setDrawing(beginDrawing(readShapes(next.body, kind)))
  }, [kind])
  const body = useMemo(() => writeBody({ draft, shapes: drawing.shapes, kind, begun: begun.body }), [draft, drawing.shapes, kind, begun])
  // What was begun is compared by the same hand: a field that an old row lacks is no change.
  const untouched = useMemo(() => writeBody({ draft: readDraft(begun.body, kind), shapes: readShapes(begun.body, kind), kind, begun: begun.body }), [begun, kind])
  const dirty = useMemo(() => changedFields(body, untouched).size > 0, [body, untouched])
  return { begun, draft, drawing, body, dirty, change, act, beginFrom }
}
