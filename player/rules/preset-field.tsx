import type { ReactElement } from 'react'
import type { CameraView } from '../../server/contract/cameras.js'
import { usePresets } from '../api/queries.js'
import { useWords } from '../words/words.js'
import { FieldRow, type Beside } from './field-row.js'
import { bindTo, boundState, type PresetsSeen, type PresetsTold } from './preset.js'
import { presetOf, type BoundPreset, type RuleBody } from './rule-draft.js'

/** What the camera tells of its presets, for whoever may bind a rule to one. */
export function usePresetsSeen({ id, origin }: Pick<CameraView, 'id' | 'origin'>, edits: boolean): PresetsSeen {
  const asks = edits && origin === 'onvif'
  const { data, isError } = usePresets(id, asks)
  if (!asks) return { is: 'none' }
  return isError ? { is: 'failed' } : (data ?? { is: 'asking' })
}

interface PresetFieldProps {
  readonly preset: BoundPreset | null
  readonly seen: PresetsSeen
  readonly live: RuleBody
  readonly beside: Beside
  readonly onPreset: (preset: BoundPreset | null) => void
}

/** The view on which the rule is drawn. Of a camera that cannot turn nothing is shown, unless a rule is bound to it all the same. */
export function PresetField({ preset, seen, live, beside, onPreset }: PresetFieldProps): ReactElement | null {
  const { t } = useWords()
  const isRefused = beside.faults.some(({ field }) => field === 'preset')
  if (preset === null && (seen.is === 'none' || seen.is === 'fixed') && !beside.changed.has('preset') && !isRefused) return null
  return (
    <FieldRow field="preset" says={t('rule.preset')} beside={beside} live={presetOf(live)?.name ?? t('rule.preset_none_short')}>
      <PresetChoice name="preset" labelledBy="says-preset" none={t('rule.preset_none')} preset={preset} told={seen.is === 'told' ? seen : null} onPreset={onPreset} />
      <div className="preset-notes" role="status" data-presets={seen.is} data-bound={preset && seen.is === 'told' ? boundState(preset, seen) : undefined}>
        <PresetNotes preset={preset} seen={seen} onPreset={onPreset} />
      </div>
    </FieldRow>
  )
}

interface ChoiceProps {
  readonly name: string
  readonly labelledBy: string
  /** What it means to be bound to none. */
  readonly none: string
  readonly preset: BoundPreset | null
  readonly told: PresetsTold | null
  readonly onPreset: (preset: BoundPreset | null) => void
}

/** A list, because a camera keeps up to hundreds. What something is bound to can always be kept, and always be let go. */
export function PresetChoice({ name, labelledBy, none, preset, told, onPreset }: ChoiceProps): ReactElement {
  const { t } = useWords()
  const presets = told?.presets ?? []
  const pick = (token: string): void => {
    const picked = presets.find((one) => one.token === token)
    if (token === '') onPreset(null)
    else if (told && picked) onPreset(bindTo(picked, told))
  }
  return (
    <select className="in" name={name} aria-labelledby={labelledBy} value={preset?.token ?? ''} onChange={(event) => pick(event.target.value)}>
      <option value="">{none}</option>
      {preset && !presets.some(({ token }) => token === preset.token) ? <option value={preset.token}>{told ? t('rule.preset_gone_option', { name: preset.name }) : preset.name}</option> : null}
      {told ? presets.map((one) => <option key={one.token} value={one.token} disabled={bindTo(one, told) === null}>{one.at ? one.name : t(bindTo(one, told) ? 'rule.preset_placeless' : 'rule.preset_placeless_away', { name: one.name })}</option>) : null}
    </select>
  )
}

function PresetNotes({ preset, seen, onPreset }: Pick<PresetFieldProps, 'preset' | 'seen' | 'onPreset'>): ReactElement | null {
  const { t, pick } = useWords()
  switch (seen.is) {
    case 'none':
      return null
    case 'fixed':
      return <p className="wrong">{t('rule.preset_fixed')}</p>
    case 'asking':
      return <p>{t('rule.preset_asking')}</p>
    case 'failed':
      return <p className="wrong">{t('rule.preset_failed')}</p>
    case 'silent':
      return <p className="wrong">{t('rule.preset_silent', { state: pick(seen.trouble.state), next: pick(seen.trouble.next) })}</p>
    case 'told': {
      const state = preset && boundState(preset, seen)
      const kept = seen.presets.find(({ token }) => token === preset?.token)
      const again = kept && bindTo(kept, seen)
      return (
        <>
          {seen.doubt ? <p className="wrong">{pick(seen.doubt.said)}</p> : <p>{whereWords(seen, t)}</p>}
          {state === 'gone' ? <p className="wrong">{t('rule.preset_gone', { name: preset?.name ?? '' })}</p> : null}
          {state === 'moved' ? <p className="wrong">{t('rule.preset_moved', { name: preset?.name ?? '' })} {again ? <button type="button" className="link" onClick={() => onPreset(again)} data-do="retake-preset">{t('rule.preset_retake')}</button> : null}</p> : null}
          {preset ? <p>{t('rule.preset_why')}</p> : null}
        </>
      )
    }
  }
}

/** Where the camera looks now. */
export function whereWords({ presets, here, moving }: PresetsTold, t: ReturnType<typeof useWords>['t']): string {
  if (presets.length === 0) return t('rule.preset_empty')
  if (moving) return t('rule.preset_moving')
  const at = presets.find(({ token }) => token === here)
  return at ? t('rule.preset_is', { name: at.name }) : t('rule.preset_nowhere')
}
