import type { ReactElement } from 'react'
import type { RuleStandingView } from '../../server/contract/rules.js'
import { moment } from '../words/measures.js'
import { useWords } from '../words/words.js'

/** Why the version that is to watch does not now: its camera looks elsewhere, or nobody knows where. */
export function Waits({ waits, now }: { readonly waits: NonNullable<RuleStandingView['waits']>; readonly now: number }): ReactElement {
  const { t, pick } = useWords()
  return <div className="band quiet" role="status" data-waits={waits.why}><span>{pick(waits.said)} <span className="text2">{t('rules.waits_since', { time: moment(waits.sinceMs, now) })}</span></span></div>
}
