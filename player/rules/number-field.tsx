import { useState, type ReactElement } from 'react'
import type { RuleNumberView } from '../../server/contract/rules.js'
import { number, span, type Language } from '../words/measures.js'
import { useWords, type Words } from '../words/words.js'

/** What a field needs to know of its number; metres belong to what is drawn and are no number of the rule's own. */
export interface NumberForm extends Pick<RuleNumberView, 'field' | 'least' | 'most' | 'whole'> {
  readonly unit: RuleNumberView['unit'] | 'metres'
}

/** Times are typed in seconds: nobody thinks in milliseconds. */
const scaleOf = ({ unit }: Pick<NumberForm, 'unit'>): number => (unit === 'ms' ? 1000 : 1)

const written = (value: number | null, form: NumberForm, language: Language): string => (value === null ? '' : String(value / scaleOf(form)).replace('.', language === 'vi' ? ',' : '.'))

/** Null: nothing, or no number; the server says which of the two it minds. A decimal comma is as good as a point. */
export function readNumber(text: string, form: NumberForm): number | null {
  const value = Number(text.trim().replace(',', '.') || Number.NaN) * scaleOf(form)
  return Number.isFinite(value) ? (form.whole ? Math.round(value) : value) : null
}

export function numberWords(value: number | null, form: NumberForm, { t, language }: Pick<Words, 't' | 'language'>): string {
  if (value === null) return t('rule.not_set')
  if (form.unit === 'ms' && isMinutes(value)) return span(value, language)
  return `${plain(value / scaleOf(form), language)} ${t(`rule.unit.${form.unit}`)}`
}

/** Whole minutes are told as such: 90 seconds are not one minute. */
function isMinutes(ms: number): boolean {
  return ms >= 60_000 && ms % 60_000 === 0
}

function plain(value: number, language: Language): string {
  return number(value, language, Number.isInteger(value) ? 0 : 2)
}

/** `label`: its words, where no row names it. */
export function NumberField({ form, value, onValue, label }: { readonly form: NumberForm; readonly value: number | null; readonly onValue: (value: number | null) => void; readonly label?: string }): ReactElement {
  const { t, language } = useWords()
  // What is typed stays as it is typed: "0," is on its way to "0,5".
  const [text, setText] = useState(() => written(value, form, language))
  const shown = readNumber(text, form) === value ? text : written(value, form, language)
  const scale = scaleOf(form)
  const bounds = t('rule.bounds', { least: plain(form.least / scale, language), most: plain(form.most / scale, language) })
  const wrong = value !== null && (value < form.least || value > form.most)
  return (
    <span className="number-in">
      <input className="in" inputMode="decimal" value={shown} {...(label ? { 'aria-label': label } : { 'aria-labelledby': `says-${form.field}` })} aria-invalid={wrong} title={bounds} name={form.field} onChange={(event) => { setText(event.target.value); onValue(readNumber(event.target.value, form)) }} />
      <span>{t(`rule.unit.${form.unit}`)}{form.unit === 'ms' && value !== null && isMinutes(value) ? <span className="text3"> = {span(value, language)}</span> : null}</span>
      {wrong ? <small className="field-fault">{bounds}</small> : null}
    </span>
  )
}
