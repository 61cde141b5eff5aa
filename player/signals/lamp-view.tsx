import type { ReactElement } from 'react'
import { useWords } from '../words/words.js'
import { colourKey } from './held-facts.js'

/** What a lamp shows: the lamp's own hue, and always the word. */
export function LampColour({ colour }: { readonly colour: string }): ReactElement {
  const { t } = useWords()
  return <span className={`lamp-word ${colour}`} data-lamp={colour}>{t(colourKey(colour))}</span>
}
