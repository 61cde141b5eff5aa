import { useState, type ReactElement } from 'react'
import type { EvidenceView } from '../../server/contract/alerts.js'
import { canWeigh, weigh } from '../api/client.js'
import { bytes, clock } from '../words/measures.js'
import { useWords } from '../words/words.js'

export type Check =
  | { readonly is: 'idle' | 'weighing' | 'same' | 'cannot' | 'failed' }
  | { readonly is: 'differs'; readonly sha256: string }

/** What can be weighed: an item of evidence, or the crop of a plate, whose size nobody told us. */
export type Weighed = Pick<EvidenceView, 'url' | 'sha256' | 'fromMs' | 'toMs'> & { readonly kind: EvidenceView['kind'] | 'plate'; readonly bytes?: number }

/** One piece of evidence, its hash, and the proof: the bytes are fetched anew and counted here, by this browser. */
export function HashCheck({ item, name, given }: { readonly item: Weighed; readonly name: string; readonly given?: Check }): ReactElement {
  const { t, language } = useWords()
  const [check, setCheck] = useState<Check>(given ?? { is: 'idle' })
  const prove = async (): Promise<void> => {
    if (!canWeigh()) return setCheck({ is: 'cannot' })
    setCheck({ is: 'weighing' })
    const found = await weigh(item.url).catch(() => null)
    setCheck(found === null ? { is: 'failed' } : found.sha256 === item.sha256.toLowerCase() ? { is: 'same' } : { is: 'differs', sha256: found.sha256 })
  }
  return (
    <div className="hash" data-evidence={item.kind} data-check={check.is}>
      <div className="hash-line">
        <b>{name}</b>
        <span className="text2">{clock(item.fromMs)}{item.kind === 'clip' ? `–${clock(item.toMs).slice(3)}` : ''}{item.bytes === undefined ? '' : ` · ${bytes(item.bytes, language)}`}</span>
        <button type="button" className="link" disabled={check.is === 'weighing'} onClick={() => void prove()} data-do="verify">{t('evidence.check')}</button>
      </div>
      <code className="mono text3" title={item.sha256}>SHA-256 {item.sha256.slice(0, 16)}…{item.sha256.slice(-8)}</code>
      <Verdict check={check} />
    </div>
  )
}

function Verdict({ check }: { readonly check: Check }): ReactElement | null {
  const { t } = useWords()
  switch (check.is) {
    case 'idle':
      return null
    case 'weighing':
      return <p role="status">{t('evidence.weighing')}</p>
    case 'same':
      return <p role="status"><b>✓ {t('evidence.same')}</b></p>
    case 'differs':
      return <p role="alert" className="fault"><b>✕ {t('evidence.differs')}</b> <code className="mono">{check.sha256.slice(0, 16)}…</code></p>
    case 'cannot':
      return <p role="alert">{t('evidence.cannot')}</p>
    case 'failed':
      return <p role="alert">{t('evidence.failed')}</p>
  }
}
