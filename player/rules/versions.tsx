import { useState, type ReactElement } from 'react'
import type { RuleKindView, RuleStandingView, RuleVersionView } from '../../server/contract/rules.js'
import { Confirm } from '../ui/pieces.js'
import { moment } from '../words/measures.js'
import { useWords, type Words } from '../words/words.js'
import { vi, type WordKey } from '../words/vi.js'
import { mayRollBack } from './rule-deeds.js'

/** A field as a person calls it: of the kind's own form, else one that every rule has. */
export function fieldWords(field: string, kind: RuleKindView | undefined, { t, pick }: Pick<Words, 't' | 'pick'>): string {
  const own = [...(kind?.shapes ?? []), ...(kind?.numbers ?? [])].find((form) => form.field === field)
  const key = `field.${field}`
  return own ? pick(own.says) : key in vi ? t(key as WordKey) : field
}

/** Every version that was ever written, newest first: who, when, from which, and what it says otherwise. */
export function Versions({ standing, kind, now, busy, onRollBack }: { readonly standing: RuleStandingView; readonly kind: RuleKindView | undefined; readonly now: number; readonly busy: boolean; readonly onRollBack: ((version: number) => void) | null }): ReactElement {
  const words = useWords()
  const { t } = words
  const [asking, setAsking] = useState<number | null>(null)
  return (
    <section className="versions" aria-label={t('versions.title')}>
      <h3 className="hd">{t('versions.title')}</h3>
      <ol>
        {standing.versions.map((one) => (
          <li key={one.version} data-version={one.version}>
            <b>{t('rule.version', { version: one.version })}</b>
            <span className="grow">{t('versions.by', { who: one.madeBy?.displayName ?? t('rule.system'), when: moment(one.madeAtMs, now) })}{one.fromVersion === null ? null : ` · ${t('versions.from', { from: one.fromVersion })}`}<small className="text3">{one.differs.length > 0 ? t('versions.differs', { fields: one.differs.map(({ field }) => fieldWords(field, kind, words)).join(', ') }) : one.fromVersion === null ? t('versions.first') : null}</small></span>
            {marksOf(standing, one).map((mark) => <span key={mark} className="chip">{t(`versions.${mark}`)}</span>)}
            {one.alone ? <span className="chip" data-alone>{t('rule.alone')}</span> : null}
            {onRollBack && mayRollBack(standing, one) ? <button type="button" className="btn sm" disabled={busy} onClick={() => setAsking(one.version)} data-do="roll-back">{t('rule.roll_back', { version: one.version })}</button> : null}
          </li>
        ))}
      </ol>
      {asking === null || !onRollBack ? null : <Confirm title={t('rule.roll_back', { version: asking })} text={t('rule.roll_back_why', { version: asking })} act={t('rule.roll_back', { version: asking })} busy={busy} onClose={() => setAsking(null)} onAct={() => { setAsking(null); onRollBack(asking) }} />}
    </section>
  )
}

function marksOf({ live, shadow }: RuleStandingView, { version, trust }: RuleVersionView): readonly ('live' | 'trial' | 'throttled' | 'approved')[] {
  if (version === live) return ['live']
  const trial = shadow?.version === version ? ['trial' as const] : []
  return trust === null ? trial : [...trial, trust]
}
