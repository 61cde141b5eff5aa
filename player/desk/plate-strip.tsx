import { useState, type ReactElement } from 'react'
import type { AlertView, PlateView } from '../../server/contract/alerts.js'
import { useKeys } from '../keys/use-keys.js'
import { clock } from '../words/measures.js'
import { useWords } from '../words/words.js'
import type { Weighed } from './hash-check.js'
import { isUnsure, percentOf, rowsOf, type Sign } from './plate-text.js'

/** The plate beside the evidence, wired: G shows the crop as the camera sent it. */
export function PlateOf({ plate, suspected }: { readonly plate: PlateView | null; readonly suspected: boolean }): ReactElement | null {
  const [raw, setRaw] = useState(false)
  useKeys((key) => {
    if (key.is !== 'letter' || key.letter !== 'G' || !plate?.rawUrl) return false
    return setRaw(!raw), true
  })
  return plate ? <PlateStrip plate={plate} suspected={suspected} raw={raw} onRaw={setRaw} /> : null
}

/** The crop that proves, to be weighed like all evidence. */
export function weighedPlate({ plate, sinceMs }: AlertView): Weighed | null {
  if (!plate?.rawUrl || plate.rawSha256 === null) return null
  const atMs = plate.atMs ?? sinceMs
  return { kind: 'plate', url: plate.rawUrl, sha256: plate.rawSha256, fromMs: atMs, toMs: atMs }
}

interface PlateStripProps {
  readonly plate: PlateView
  readonly suspected: boolean
  /** The untouched crop is shown instead of the one for the eye. */
  readonly raw: boolean
  readonly onRaw: (raw: boolean) => void
}

export function PlateStrip({ plate, suspected, raw, onRaw }: PlateStripProps): ReactElement {
  const { t } = useWords()
  return (
    <section className="plt" aria-label={t('plate.title')} data-plate={plate.kind} data-crop={plate.rawUrl ? (raw ? 'raw' : 'enhanced') : undefined}>
      {plate.rawUrl ? <Crop plate={plate} rawUrl={plate.rawUrl} raw={raw} onRaw={onRaw} /> : null}
      {plate.kind === 'read' ? <Read plate={plate} suspected={suspected} /> : <NotRead kind={plate.kind} looks={plate.looks} />}
    </section>
  )
}

function Crop({ plate, rawUrl, raw, onRaw }: { readonly plate: PlateView; readonly rawUrl: string; readonly raw: boolean; readonly onRaw: (raw: boolean) => void }): ReactElement {
  const { t } = useWords()
  const [broken, setBroken] = useState<string | null>(null)
  // Where none could be made for the eye, the untouched one is all there is.
  const untouched = raw || plate.enhancedUrl === null
  const url = untouched ? rawUrl : plate.enhancedUrl
  const said = t(untouched ? 'plate.raw' : 'plate.enhanced')
  return (
    <figure>
      {broken === url ? <div className="gone"><b>{t('plate.no_picture')}</b></div> : <img src={url} className={untouched ? 'untouched' : ''} alt={said} onError={() => setBroken(url)} />}
      <figcaption>{said}{untouched && plate.atMs !== null ? ` · ${clock(plate.atMs)}` : ''}</figcaption>
      {plate.enhancedUrl === null ? null : <button type="button" className="btn sm" onClick={() => onRaw(!raw)} data-do="plate-raw"><kbd>G</kbd>{t(raw ? 'plate.see_enhanced' : 'plate.see_raw')}</button>}
    </figure>
  )
}

function Read({ plate, suspected }: { readonly plate: PlateView; readonly suspected: boolean }): ReactElement {
  const { t } = useWords()
  const rows = rowsOf(plate)
  const unsure = rows.flat().filter(isUnsure)
  const look = [plate.rows ? t(`plate.rows.${plate.rows}`) : null, plate.colour ? t(`plate.colour.${plate.colour}`) : null].filter(Boolean).join(', ')
  return (
    <>
      <div className={`set ${plate.colour ?? 'white'}`} role="img" aria-label={t('plate.says', { shown: plate.shown ?? '' })}>
        {rows.map((row, at) => <div key={at} aria-hidden="true">{row.map((sign, place) => <Letter key={place} sign={sign} />)}</div>)}
      </div>
      <div className="said">
        <p><b>{t(suspected ? 'plate.suspected' : 'plate.confirmed')}</b></p>
        <p>{t('plate.agree', { agree: plate.agree, looks: plate.looks })} · {look}</p>
        {unsure.length > 0 ? <p data-unsure={unsure.length}>{t('plate.unsure', { letters: unsure.map(({ sign, share }) => `${sign}\u00a0(${percentOf(share ?? 0)}\u00a0%)`).join(', ') })}</p> : null}
        {plate.wellFormed ? null : <p>{t('plate.odd')}</p>}
      </div>
    </>
  )
}

function Letter({ sign }: { readonly sign: Sign }): ReactElement {
  const { t } = useWords()
  return isUnsure(sign) ? <span className="unsure" title={t('plate.letter', { letter: sign.sign, percent: percentOf(sign.share ?? 0) })}>{sign.sign}</span> : <span>{sign.sign}</span>
}

function NotRead({ kind, looks }: { readonly kind: Exclude<PlateView['kind'], 'read'>; readonly looks: number }): ReactElement {
  const { t } = useWords()
  return (
    <div className="said">
      <p><b>{t(`plate.${kind}`, { looks })}</b></p>
      <p>{t(`plate.${kind}_next`, { looks })}</p>
    </div>
  )
}
