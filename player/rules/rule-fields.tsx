import type { ReactElement } from 'react'
import type { RuleKindView } from '../../server/contract/rules.js'
import { className, type Size } from '../ui/drawn.js'
import { Segments } from '../ui/pieces.js'
import { useWords } from '../words/words.js'
import type { Drawing, DrawingDeed } from './drawing.js'
import { FieldRow, type Beside } from './field-row.js'
import { GroundCheck } from './ground-check.js'
import type { Controllers } from './lamp-feed.js'
import { LampRow } from './lamp-row.js'
import type { LampSeen } from './lamp-seen.js'
import { NumberField, numberWords, type NumberForm } from './number-field.js'
import { Campaign, campaignDay, Permits } from './permits.js'
import { PresetField } from './preset-field.js'
import type { PresetsSeen } from './preset.js'
import type { RuleBody, RuleDraft, Use } from './rule-draft.js'
import type { Shape } from './shape.js'
import { WeekBars } from './week-bars.js'

interface FieldsProps {
  readonly kind: RuleKindView
  readonly draft: RuleDraft
  readonly drawing: Drawing
  readonly live: RuleBody
  readonly beside: Beside
  readonly edits: boolean
  readonly now: number
  /** Of the picture that is drawn on. */
  readonly size: Size
  readonly lampSeen: LampSeen
  readonly controllers: Controllers
  readonly presets: PresetsSeen
  readonly change: (part: Partial<RuleDraft>) => void
  readonly act: (deed: DrawingDeed) => void
}

/** All that is set for a rule and not drawn, beside what the live version says. */
export function RuleFields(props: FieldsProps): ReactElement {
  const { kind, draft, drawing, beside, edits, now, live, presets, change, act } = props
  const words = useWords()
  const { t, pick } = words
  return (
    <fieldset className="rule-fields" disabled={!edits}>
      <div className="blk">
        <FieldRow field="name" says={t('rule.name')} beside={beside} live={typeof live['name'] === 'string' ? live['name'] : null}><input className="in" value={draft.name} aria-labelledby="says-name" onChange={(event) => change({ name: event.target.value })} name="rule-name" /></FieldRow>
        <DrawnFields {...props} />
        <LampRow {...props} />
        {kind.numbers.map((form) => (
          <FieldRow key={form.field} field={form.field} says={pick(form.says)} beside={beside} live={numberWords(typeof live[form.field] === 'number' ? (live[form.field] as number) : null, form, words)}>
            <NumberField form={form} value={draft.numbers[form.field] ?? null} onValue={(value) => change({ numbers: { ...draft.numbers, [form.field]: value } })} />
          </FieldRow>
        ))}
        {kind.classes.offered.length > 0 ? <FieldRow field="classes" says={t('rule.classes')} beside={beside} live={classWords(live['classes'], words)}><Classes kind={kind} draft={draft} change={change} /></FieldRow> : null}
        {kind.words ? <FieldRow field="words" says={pick(kind.words.says)} beside={beside}><input className="in" aria-label={t('rule.words')} title={t('rule.words')} defaultValue={draft.words.join(', ')} onChange={(event) => change({ words: event.target.value.split(',').map((word) => word.trim()).filter(Boolean) })} name="words" /></FieldRow> : null}
        <FieldRow field="use" says={t('rule.use')} beside={beside} live={typeof live['use'] === 'string' ? t(`rule.use.${live['use'] as Use}`) : null}>
          <Segments label={t('rule.use')} value={draft.use} options={kind.uses.map((use) => [use, t(`rule.use.${use}`)])} onPick={(use) => change({ use })} />
          <small className="text3">{t(`rule.use_why.${draft.use}`)}</small>
        </FieldRow>
        <PresetField preset={draft.preset} seen={presets} live={live} beside={beside} onPreset={(preset) => change({ preset })} />
      </div>
      <div className="blk">
        <div className="hd"><span>{t('rule.hours')}</span><span className="text3">{t('rule.hours_zone')}</span></div>
        <FieldRow field="hours" says="" beside={beside}><WeekBars week={draft.week} edits={edits} onWeek={(week) => change({ week })} /></FieldRow>
      </div>
      <div className="blk">
        <div className="hd"><span>{t('rule.permits')}</span></div>
        <FieldRow field="permits" says="" beside={beside}><Permits permits={draft.permits} drawn={new Set(drawing.shapes.map(({ field }) => field))} drawable={kind.shapes.length > 0} edits={edits} now={now} onPermits={(permits) => change({ permits })} act={act} /></FieldRow>
      </div>
      <div className="blk">
        <div className="hd"><span>{t('rule.campaign')}</span></div>
        <FieldRow field={beside.changed.has('armedFromMs') ? 'armedFromMs' : 'armedToMs'} says="" beside={beside} live={[campaignDay(live['armedFromMs'] as number | null), campaignDay(live['armedToMs'] as number | null)].filter(Boolean).join(' – ') || t('rule.not_set')}><Campaign fromMs={draft.armedFromMs} toMs={draft.armedToMs} onChange={change} /></FieldRow>
      </div>
    </fieldset>
  )
}

function classWords(classes: unknown, { t }: Pick<ReturnType<typeof useWords>, 't'>): string {
  return Array.isArray(classes) && classes.length > 0 ? (classes as readonly string[]).map((name) => className(name, t)).join(', ') : t('rule.classes_all')
}

function Classes({ kind, draft, change }: Pick<FieldsProps, 'kind' | 'draft' | 'change'>): ReactElement {
  const { t } = useWords()
  // A rule may name words of another model: they stay, and can be taken out.
  const offered = [...kind.classes.offered, ...draft.classes.filter((name) => !kind.classes.offered.includes(name))]
  const turn = (name: string): void => change({ classes: draft.classes.includes(name) ? draft.classes.filter((one) => one !== name) : [...draft.classes, name] })
  return (
    <>
      <div className="chips" role="group" aria-label={t('rule.classes')}>
        {offered.map((name) => <button key={name} type="button" className="btn sm" aria-pressed={draft.classes.includes(name)} onClick={() => turn(name)} data-class={name}>{draft.classes.includes(name) ? '✓ ' : ''}{className(name, t)}</button>)}
      </div>
      {draft.classes.length === 0 && !kind.classes.needed ? <small className="text3">{t('rule.classes_all')}</small> : null}
    </>
  )
}

const metres = (field: string, most: number): NumberForm => ({ field, unit: 'metres', least: 0.5, most, whole: false })
const [WIDTH_M, LENGTH_M, KNOWN_M] = [metres('width-m', 100), metres('length-m', 500), metres('known-m', 500)]
/** A field that was emptied leaves no number. */
const told = (value: number): number | null => (Number.isFinite(value) ? value : null)

/** What belongs to a shape and is not a point of it: which side counts, how large a rectangle is. */
function DrawnFields({ kind, drawing, beside, size, act, live }: FieldsProps): ReactElement {
  const { t, pick } = useWords()
  const saysOf = ({ field }: Shape): string => {
    const form = kind.shapes.find((one) => one.field === field)
    return form ? pick(form.says) : field
  }
  return (
    <>
      {drawing.shapes.map((shape, at) => {
        if (shape.is === 'line' && shape.side) {
          const field = kind.shapes.find((one) => one.field === shape.field)?.side ?? 'direction'
          const was = live[field]
          return <FieldRow key={at} field={field} says={saysOf(shape)} beside={beside} live={was === 'left' || was === 'right' || was === 'both' ? t(`draw.side.${was}`) : null}><button type="button" className="btn sm" onClick={() => { act({ do: 'choose', grip: { shape: at, vertex: null } }); act({ do: 'turn_side' }) }} data-side-is={shape.side}>{t(`draw.side.${shape.side}`)} ⟳</button></FieldRow>
        }
        if (shape.is === 'ground') {
          const { widthM, lengthM } = shape
          const put = (part: { readonly widthM?: number; readonly lengthM?: number }): void => act({ do: 'measure', shape: at, widthM, lengthM, ...part })
          const check = drawing.shapes.findIndex(({ is }) => is === 'check')
          const known = drawing.shapes[check]
          return (
            <FieldRow key={at} field="ground" says={saysOf(shape)} beside={beside}>
              <span className="two-in">
                <span className="field">{t('draw.width')}<NumberField form={WIDTH_M} value={told(widthM)} label={t('draw.width')} onValue={(value) => put({ widthM: value ?? Number.NaN })} /></span>
                <span className="field">{t('draw.length')}<NumberField form={LENGTH_M} value={told(lengthM)} label={t('draw.length')} onValue={(value) => put({ lengthM: value ?? Number.NaN })} /></span>
              </span>
              {known?.is === 'check' ? <span className="field">{t('draw.known')}<NumberField form={KNOWN_M} value={known.knownM} label={t('draw.known')} onValue={(knownM) => act({ do: 'know', shape: check, knownM })} /></span> : null}
              <GroundCheck ground={shape} shapes={drawing.shapes} size={size} />
            </FieldRow>
          )
        }
        return null
      })}
      {kind.shapes.flatMap(({ field, is, says }) => (beside.faults.some((fault) => fault.field === field) && is !== 'lamp' && is !== 'ground' ? [<FieldRow key={field} field={field} says={pick(says)} beside={{ ...beside, version: null }}>{null}</FieldRow>] : []))}
    </>
  )
}
