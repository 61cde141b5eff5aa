import type { ReactElement } from 'react'
import type { RuleKindView } from '../../server/contract/rules.js'
import type { Letter } from '../keys/key-law.js'
import { useWords } from '../words/words.js'
import type { Drawing, DrawingDeed } from './drawing.js'
import { isArea, type Shape } from './shape.js'

export interface Tool {
  readonly key: Letter
  readonly words: 'draw.zone' | 'draw.line' | 'draw.exclusion' | 'draw.arrow' | 'draw.ground' | 'draw.lamp' | 'draw.check' | 'draw.mask'
  readonly deed: Extract<DrawingDeed, { do: 'begin' }>
}

const KEYS = [['V', 'zone', 'draw.zone'], ['K', 'line', 'draw.line'], ['C', 'arrow', 'draw.arrow'], ['P', 'lamp', 'draw.lamp'], ['H', 'ground', 'draw.ground']] as const

/** The tools that a kind of rule has use for: what it takes, a known length where something is measured, and areas that do not count wherever something is drawn at all. */
export function toolsOf({ shapes }: Pick<RuleKindView, 'shapes'>): readonly Tool[] {
  const own = KEYS.flatMap(([key, is, words]): readonly Tool[] => {
    const form = shapes.find((shape) => shape.is === is)
    return form ? [{ key, words, deed: { do: 'begin', is, field: form.field, sided: form.side !== null } }] : []
  })
  const check: readonly Tool[] = shapes.some(({ is }) => is === 'ground') ? [{ key: 'M', words: 'draw.check', deed: { do: 'begin', is: 'check', field: 'check' } }] : []
  return shapes.length === 0 ? [] : [...own, ...check, { key: 'L', words: 'draw.exclusion', deed: { do: 'begin', is: 'exclusion', field: 'exclusions' } }]
}

export function ToolBar({ tools, drawing, act }: { readonly tools: readonly Tool[]; readonly drawing: Drawing; readonly act: (deed: DrawingDeed) => void }): ReactElement {
  const { t } = useWords()
  const { open, chosen, shapes, past, future } = drawing
  const held = chosen ? shapes[chosen.shape] : undefined
  return (
    <div className="draw-tools" role="toolbar" aria-label={t('draw.tools')}>
      {tools.map(({ key, words, deed }) => (
        <button key={key} type="button" className="btn sm" aria-pressed={open?.field === deed.field && open.is === deed.is} onClick={() => act(open?.field === deed.field ? { do: 'cancel' } : deed)} data-tool={deed.is}><kbd>{key}</kbd>{t(words)}</button>
      ))}
      <span className="grow" />
      {held?.is === 'line' && held.side ? <button type="button" className="btn sm" onClick={() => act({ do: 'turn_side' })} data-do="turn-side">{t('draw.turn_side')}</button> : null}
      {held ? <button type="button" className="btn sm" onClick={() => act({ do: 'remove' })} data-do="remove-drawn"><kbd>G</kbd>{t(chosen?.vertex === null ? 'draw.remove_shape' : 'draw.remove_point')}</button> : null}
      <button type="button" className="btn sm" disabled={past.length === 0 && !open} onClick={() => act({ do: 'undo' })} data-do="undo"><kbd>Ctrl Z</kbd>{t('draw.undo')}</button>
      <button type="button" className="btn sm" disabled={future.length === 0} onClick={() => act({ do: 'redo' })} aria-label={t('draw.redo')}>↷</button>
    </div>
  )
}

/** What the next click does. */
export function DrawHint({ open }: Pick<Drawing, 'open'>): ReactElement {
  const { t } = useWords()
  return <p className="draw-hint" aria-live="polite">{t(open ? hintOf(open.is) : 'draw.hint.nothing')}{open ? <span className="text3"> · {t('draw.hint.keys')}</span> : null}</p>
}

function hintOf(is: Shape['is']): 'draw.hint.closed' | 'draw.hint.two' | 'draw.hint.four' | 'draw.hint.known' {
  if (is === 'check') return 'draw.hint.known'
  return isArea(is) ? 'draw.hint.closed' : is === 'ground' ? 'draw.hint.four' : 'draw.hint.two'
}
