import type { ReactElement } from 'react'
import { tell } from '../api/here.js'
import { useWords } from '../words/words.js'

/** A text that is told once, to be taken along. */
export function Given({ words, text, name }: { readonly words: string; readonly text: string; readonly name: string }): ReactElement {
  const { t } = useWords()
  const copy = async (): Promise<void> => {
    // Browsers give the clipboard only to HTTPS and to this very machine; elsewhere the text is chosen, ready for Ctrl+C.
    const done = await navigator.clipboard?.writeText(text).then(() => true, () => false)
    if (done) return tell(t('given.copied'))
    const field = document.querySelector<HTMLInputElement>(`input[name="${name}"]`)
    field?.focus()
    field?.select()
    tell(t('given.chosen'))
  }
  return (
    <div className="once">
      <label className="field">{words}<input name={name} className="mono" readOnly value={text} spellCheck={false} onFocus={(event) => event.target.select()} /></label>
      <button type="button" className="btn" onClick={() => void copy()} data-do={`copy-${name}`}>{t('given.copy')}</button>
    </div>
  )
}
