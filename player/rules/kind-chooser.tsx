import { useState, type ReactElement } from 'react'
import type { RuleKindView } from '../../server/contract/rules.js'
import { Empty, Modal } from '../ui/pieces.js'
import { found } from '../words/measures.js'
import { useWords } from '../words/words.js'

const GROUPS = ['traffic', 'order', 'camera'] as const

/** What is to be watched for, by group; the search needs no accents and reads what a kind means as well. */
export function KindChooser({ kinds, onPick, onClose }: { readonly kinds: readonly RuleKindView[]; readonly onPick: (kind: string) => void; readonly onClose: () => void }): ReactElement {
  const { t } = useWords()
  return <Modal title={t('kinds.choose')} onClose={onClose}><KindList kinds={kinds} onPick={onPick} /></Modal>
}

export function KindList({ kinds, onPick, begin = '' }: { readonly kinds: readonly RuleKindView[]; readonly onPick: (kind: string) => void; readonly begin?: string }): ReactElement {
  const { t, pick } = useWords()
  const [asked, setAsked] = useState(begin)
  const shown = kinds.filter(({ title, means }) => found(asked, [title.vi, title.en, means.vi, means.en]))
  return (
    <div className="kinds">
      <label className="srch"><span className="unseen">{t('kinds.search')}</span><input type="search" value={asked} placeholder={t('kinds.search')} onChange={(event) => setAsked(event.target.value)} autoFocus={begin === ''} name="kind-search" /></label>
      {shown.length > 0 ? null : <Empty title={t('kinds.nothing')} />}
      {GROUPS.map((group) => {
        const own = shown.filter((kind) => kind.group === group)
        return own.length === 0 ? null : (
          <section key={group} aria-label={t(`kinds.group.${group}`)}>
            <h3 className="hd">{t(`kinds.group.${group}`)}</h3>
            <ul>{own.map((kind) => <li key={kind.kind}><button type="button" onClick={() => onPick(kind.kind)} data-kind={kind.kind}><b>{pick(kind.title)}</b><span>{pick(kind.means)}</span></button></li>)}</ul>
          </section>
        )
      })}
    </div>
  )
}
