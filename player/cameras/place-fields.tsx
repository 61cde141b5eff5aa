import type { ReactElement } from 'react'
import type { AreaView, PlaceView } from '../../server/contract/cameras.js'
import { useWords } from '../words/words.js'

export interface PlaceDraft {
  readonly name: string
  readonly areaId: string
  readonly street: string
  readonly order: string
  readonly latitude: string
  readonly longitude: string
  readonly heading: string
  readonly reachM: string
}

export const BLANK_PLACE: PlaceDraft = { name: '', areaId: '', street: '', order: '0', latitude: '', longitude: '', heading: '0', reachM: '60' }

/** A decimal comma is as good as a point. */
const figure = (text: string): number => Number(text.trim().replace(',', '.') || Number.NaN)

export function readPlace(draft: PlaceDraft): PlaceView | null {
  const place = { latitude: figure(draft.latitude), longitude: figure(draft.longitude), street: draft.street.trim(), order: Math.round(figure(draft.order)), heading: figure(draft.heading), reachM: figure(draft.reachM) }
  return Object.values(place).every((value) => typeof value === 'string' || Number.isFinite(value)) ? place : null
}

/** Name, area, street and point: what the wall, the desk and the matching of reports need to know of a camera. */
export function PlaceFields({ draft, areas, onDraft }: { readonly draft: PlaceDraft; readonly areas: readonly AreaView[]; readonly onDraft: (draft: PlaceDraft) => void }): ReactElement {
  const { t } = useWords()
  const put = (part: Partial<PlaceDraft>): void => onDraft({ ...draft, ...part })
  return (
    <div className="place-fields">
      <label className="field span">{t('cameras.name')}<input value={draft.name} onChange={(event) => put({ name: event.target.value })} required maxLength={120} placeholder={t('cameras.name_example')} name="camera-name" /></label>
      <label className="field">{t('alert.area')}<select value={draft.areaId} onChange={(event) => put({ areaId: event.target.value })} required name="area"><option value="" disabled>{t('cameras.choose_area')}</option>{areas.map((area) => <option key={area.id} value={area.id}>{area.name}</option>)}</select></label>
      <label className="field">{t('cameras.street')}<input value={draft.street} onChange={(event) => put({ street: event.target.value })} maxLength={120} name="street" /></label>
      <label className="field">{t('cameras.latitude')}<input inputMode="decimal" value={draft.latitude} onChange={(event) => put({ latitude: event.target.value })} required placeholder="10.38639" name="latitude" /></label>
      <label className="field">{t('cameras.longitude')}<input inputMode="decimal" value={draft.longitude} onChange={(event) => put({ longitude: event.target.value })} required placeholder="105.43518" name="longitude" /></label>
      <label className="field">{t('cameras.order')}<input inputMode="numeric" value={draft.order} onChange={(event) => put({ order: event.target.value })} name="order" /></label>
      <label className="field">{t('cameras.heading_field')}<input inputMode="decimal" value={draft.heading} onChange={(event) => put({ heading: event.target.value })} name="heading" /></label>
      <label className="field">{t('cameras.reach')}<input inputMode="decimal" value={draft.reachM} onChange={(event) => put({ reachM: event.target.value })} name="reach" /></label>
    </div>
  )
}
