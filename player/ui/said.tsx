import type { ReactElement } from 'react'
import { useWords } from '../words/words.js'

/** What the server said in its own words, in English: for whoever is asked for help, beside the words of the screen. */
export function Said({ said }: { readonly said: string }): ReactElement {
  const { t } = useWords()
  return <details className="said"><summary>{t('fault.detail')}</summary><span className="mono" lang="en">{said}</span></details>
}
