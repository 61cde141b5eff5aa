import type { ReactElement } from 'react'
import type { AlertLogLine } from '../../server/contract/alerts.js'
import { moment } from '../words/measures.js'
import { useWords, type Words } from '../words/words.js'
import { vi, type WordKey } from '../words/vi.js'
import { REJECT_REASONS } from './deeds.js'

/** What became of it, newest first, each with who and when. */
export function AlertLog({ lines, now }: { readonly lines: readonly AlertLogLine[]; readonly now: number }): ReactElement {
  const words = useWords()
  return (
    <div className="blk log">
      <div className="hd"><span>{words.t('desk.log')}</span></div>
      <ol>
        {[...lines].sort((a, b) => b.seq - a.seq).map((line) => (
          <li key={line.seq}><time>{moment(line.atMs, now)}</time><span>{line.by ? <b>{line.by.displayName}</b> : null} {whatWords(line, words)}</span></li>
        ))}
      </ol>
    </div>
  )
}

/** The log's own words for what we know; for what a newer server may add, its plain name. */
export function whatWords(line: Pick<AlertLogLine, 'what' | 'facts'>, { t }: Pick<Words, 't'>): string {
  const name = `log.${line.what.replace(/^[a-z_]+\./, '')}`
  const told = name in vi ? t(name as WordKey) : line.what
  const { reason, note, kind } = line.facts
  const known = REJECT_REASONS.find((one) => one === reason)
  const item = (line.what === 'evidence_added' || line.what.startsWith('redacted_')) && (kind === 'clip' || kind === 'still') ? t(`evidence.${kind}`).toLowerCase() : null
  return [told, item, known ? t(`reject.${known}`) : null, typeof note === 'string' && note ? `“${note}”` : null].filter(Boolean).join(': ')
}
