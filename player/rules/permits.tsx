import type { ReactElement } from 'react'
import { DayField, MomentField } from '../ui/moment-field.js'
import { day } from '../words/measures.js'
import { useWords } from '../words/words.js'
import type { DrawingDeed } from './drawing.js'
import type { Permit } from './rule-draft.js'
import { permitField } from './shape.js'

const DAY_MS = 24 * 3_600_000

interface PermitsProps {
  readonly permits: readonly Permit[]
  /** The fields of what is drawn. */
  readonly drawn: ReadonlySet<string>
  /** False of a kind that knows no places: a permit then holds wherever it is. */
  readonly drawable: boolean
  readonly edits: boolean
  readonly now: number
  readonly onPermits: (permits: readonly Permit[]) => void
  readonly act: (deed: DrawingDeed) => void
}

/** Papers by which somebody may do what the rule forbids: roadworks, a market day, an escort. */
export function Permits({ permits, drawn, drawable, edits, now, onPermits, act }: PermitsProps): ReactElement {
  const { t } = useWords()
  const put = (at: number, part: Partial<Permit>): void => onPermits(permits.map((permit, one) => (one === at ? { ...permit, ...part } : permit)))
  const today = new Date(now).setHours(0, 0, 0, 0)
  return (
    <div className="permits">
      {permits.length > 0 ? null : <p className="text3 small">{t('rule.permits_none')}</p>}
      {permits.map((permit, at) => (
        <fieldset key={permit.key} className="permit" data-permit>
          <label className="field">{t('rule.permit_reference')}<input value={permit.reference} onChange={(event) => put(at, { reference: event.target.value })} name="permit-reference" /></label>
          <MomentField label={t('rule.permit_from')} name="permit-from" atMs={permit.fromMs} onMoment={(fromMs) => put(at, { fromMs })} />
          <MomentField label={t('rule.permit_to')} name="permit-to" atMs={permit.toMs} onMoment={(toMs) => put(at, { toMs })} />
          <p className="text3 small">{t(drawn.has(permitField(permit.key)) ? 'rule.permit_area' : 'rule.permit_everywhere')}</p>
          {edits ? <PermitDeeds field={permitField(permit.key)} drawn={drawn} drawable={drawable} act={act} onRemove={() => onPermits(permits.filter((_permit, one) => one !== at))} /> : null}
        </fieldset>
      ))}
      {edits ? <button type="button" className="btn sm" onClick={() => onPermits([...permits, { key: 1 + Math.max(-1, ...permits.map(({ key }) => key)), fromMs: today, toMs: today + DAY_MS, reference: '' }])} data-do="add-permit">{t('rule.permit_add')}</button> : null}
    </div>
  )
}

/** The part of the picture is drawn like a zone; the mouse and the keys of the picture go on from there. */
function PermitDeeds({ field, drawn, drawable, act, onRemove }: { readonly field: string; readonly onRemove: () => void } & Pick<PermitsProps, 'drawn' | 'drawable' | 'act'>): ReactElement {
  const { t } = useWords()
  return (
    <div className="week-do">
      {drawable ? <button type="button" className="btn sm" onClick={() => act({ do: 'begin', is: 'permit', field })} data-do="draw-permit">{t(drawn.has(field) ? 'rule.permit_redraw' : 'rule.permit_draw')}</button> : null}
      {drawn.has(field) ? <button type="button" className="btn sm" onClick={() => act({ do: 'drop', field })} data-do="undraw-permit">{t('rule.permit_undraw')}</button> : null}
      <button type="button" className="btn sm" onClick={() => { act({ do: 'drop', field }); onRemove() }}>{t('rule.permit_remove')}</button>
    </div>
  )
}

/** A rule may be for some days alone: Tết, a campaign. The last day counts whole. */
export function Campaign({ fromMs, toMs, onChange }: { readonly fromMs: number | null; readonly toMs: number | null; readonly onChange: (part: { readonly armedFromMs?: number | null; readonly armedToMs?: number | null }) => void }): ReactElement {
  const { t } = useWords()
  return (
    <div className="campaign">
      <DayField label={t('rule.campaign_from')} name="campaign-from" atMs={fromMs} onMoment={(armedFromMs) => onChange({ armedFromMs })} />
      <DayField label={t('rule.campaign_to')} name="campaign-to" atMs={toMs === null ? null : toMs - DAY_MS} onMoment={(last) => onChange({ armedToMs: last === null ? null : last + DAY_MS })} />
      {fromMs === null && toMs === null ? <p className="text3 small">{t('rule.campaign_none')}</p> : null}
    </div>
  )
}

/** "1/12/2026 – 15/12/2026", as the live version has it. */
export function campaignDay(atMs: number | null): string | null {
  return atMs === null ? null : day(atMs)
}
