import type { ReactElement, ReactNode } from 'react'
import { Said } from '../ui/said.js'
import { useWords } from '../words/words.js'
import type { FieldFault } from './fault-words.js'

/** What a form is held against: the version that is live, and what the server refused. */
export interface Beside {
  /** Null: nothing is live, so nothing differs. */
  readonly version: number | null
  readonly changed: ReadonlySet<string>
  readonly faults: readonly FieldFault[]
}

/** One field: framed where it says otherwise than the live version, with that version's word beside it; and why it was refused. */
export function FieldRow({ field, says, beside, live = null, children }: { readonly field: string; readonly says: string; readonly beside: Beside; readonly live?: string | null; readonly children: ReactNode }): ReactElement {
  const { t } = useWords()
  const { version, changed, faults } = beside
  const fault = faults.find((one) => one.field === field)
  const differs = version !== null && changed.has(field)
  return (
    <div className={differs ? 'row changed' : 'row'} data-field={field} data-changed={differs || undefined}>
      <span className="row-says" id={`says-${field}`}>{says}</span>
      <div className="row-in">
        {children}
        {differs ? <small className="row-live">{live === null ? t('rule.changed', { version }) : t('rule.live_says', { version, value: live })}</small> : null}
        {fault ? <div className="field-fault" role="alert" data-fault={fault.key ?? 'other'}>{t(fault.key ?? 'rule.fault.other')}{fault.key ? null : <Said said={fault.said} />}</div> : null}
      </div>
    </div>
  )
}
