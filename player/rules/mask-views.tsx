import type { ReactElement } from 'react'
import { useWords } from '../words/words.js'
import type { DrawingDeed } from './drawing.js'
import { PresetChoice, whereWords } from './preset-field.js'
import { bindTo, boundState, isOtherView, type PresetsSeen } from './preset.js'
import type { Shape } from './shape.js'

type MaskShape = Extract<Shape, { readonly is: 'mask' }>

interface ViewsProps {
  readonly shapes: readonly Shape[]
  readonly seen: PresetsSeen
  readonly edits: boolean
  readonly act: (deed: DrawingDeed) => void
}

/** On which view of a camera that turns each mask covers. Of one that cannot turn nothing is shown, unless a mask is bound all the same. */
export function MaskViews({ shapes, seen, edits, act }: ViewsProps): ReactElement | null {
  const { t } = useWords()
  const masks = shapes.flatMap((shape, at) => (shape.is === 'mask' ? [{ shape, at }] : []))
  if ((seen.is === 'none' || seen.is === 'fixed') && !masks.some(({ shape }) => shape.preset)) return null
  return (
    <section className="blk" aria-label={t('masks.view_list')}>
      <div className="preset-notes" role="status" data-presets={seen.is}><SeenNote seen={seen} /></div>
      <ol className="mask-views">
        {masks.map(({ shape, at }, index) => (
          <li key={at} data-mask-view={shape.preset?.token ?? ''}>
            <span id={`says-mask-${index}`}>{t('masks.view', { at: index + 1 })}</span>
            {edits ? <PresetChoice name={`mask-preset-${index}`} labelledBy={`says-mask-${index}`} none={t('masks.every_view')} preset={shape.preset} told={seen.is === 'told' ? seen : null} onPreset={(preset) => act({ do: 'bind', shape: at, preset })} /> : <span>{shape.preset?.name ?? t('masks.every_view')}</span>}
            <div className="preset-notes"><BoundNote mask={shape} seen={seen} onPreset={(preset) => act({ do: 'bind', shape: at, preset })} /></div>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** Where the camera looks now, or why nobody knows; then all of them cover. */
function SeenNote({ seen }: { readonly seen: PresetsSeen }): ReactElement | null {
  const { t, pick } = useWords()
  switch (seen.is) {
    case 'none':
      return null
    case 'fixed':
      return <p className="wrong">{t('masks.presets_fixed')}</p>
    case 'asking':
      return <p>{t('rule.preset_asking')}</p>
    case 'failed':
      return <p className="wrong">{t('rule.preset_failed')}</p>
    case 'silent':
      return <p className="wrong">{t('masks.presets_silent', { state: pick(seen.trouble.state), next: pick(seen.trouble.next) })}</p>
    case 'told':
      return seen.doubt ? <p className="wrong">{t('masks.presets_doubt')}</p> : <p>{whereWords(seen, t)}</p>
  }
}

function BoundNote({ mask: { preset }, seen, onPreset }: { readonly mask: MaskShape; readonly seen: PresetsSeen; readonly onPreset: (preset: MaskShape['preset']) => void }): ReactElement | null {
  const { t } = useWords()
  if (!preset || seen.is !== 'told') return null
  const state = boundState(preset, seen)
  const kept = seen.presets.find(({ token }) => token === preset.token)
  const again = kept && bindTo(kept, seen)
  if (state === 'gone') return <p className="wrong" data-mask-note="gone">{t('masks.view_gone', { name: preset.name })}</p>
  if (state === 'moved') return <p className="wrong" data-mask-note="moved">{t('masks.view_moved', { name: preset.name })} {again ? <button type="button" className="link" onClick={() => onPreset(again)} data-do="retake-preset">{t('rule.preset_retake')}</button> : null}</p>
  return isOtherView(preset, seen) ? <p data-mask-note="other">{t('masks.view_other', { name: preset.name })}</p> : null
}
