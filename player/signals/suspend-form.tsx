import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent, type ReactElement } from 'react'
import type { CameraView } from '../../server/contract/cameras.js'
import { tell } from '../api/here.js'
import { byArea } from '../cameras/camera-list.js'
import { Modal, Refusal } from '../ui/pieces.js'
import { clock } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { lamps } from './signals-api.js'
import { freshDraft, MINUTES_MAX, MINUTES_USUAL, readMinutes, readSuspension, SUSPENDING, type SuspensionDraft } from './suspension.js'

const MINUTE_MS = 60_000

interface SuspendFormProps {
  readonly cameras: readonly CameraView[]
  /** Where one came from; null: it is chosen here. */
  readonly cameraId: string | null
  readonly now: number
  readonly onClose: () => void
}

/** Begins one: where, why, for how long, in whose words. */
export function SuspendForm({ cameras, cameraId, now, onClose }: SuspendFormProps): ReactElement {
  const { t } = useWords()
  const queries = useQueryClient()
  const [draft, setDraft] = useState(() => freshDraft(cameraId))
  const ready = readSuspension(draft)
  const suspend = useMutation({
    mutationFn: ({ cameraId: where, form }: NonNullable<typeof ready>) => lamps.suspend(where, form),
    onSuccess: async (set) => {
      tell(t('suspension.begun', { camera: set.cameraName, time: clock(set.untilMs).slice(0, 5) }))
      await queries.invalidateQueries({ queryKey: ['suspensions'] })
      onClose()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (ready) suspend.mutate(ready)
  }
  return (
    <Modal title={t('suspension.begin')} onClose={onClose}>
      <form className="asking" onSubmit={submit}>
        <SuspendFields draft={draft} cameras={cameras} now={now} onDraft={setDraft} />
        <p className="text3 small">{t('suspension.what')}</p>
        <Refusal fault={suspend.error} />
        <div className="do">
          <button type="button" className="btn" onClick={onClose}>{t('do.cancel')}</button>
          <button type="submit" className="btn main" disabled={suspend.isPending || !ready} data-do="send-suspension">{t('suspension.begin_now')}</button>
        </div>
      </form>
    </Modal>
  )
}

export function SuspendFields({ draft, cameras, now, onDraft }: { readonly draft: SuspensionDraft; readonly cameras: readonly CameraView[]; readonly now: number; readonly onDraft: (draft: SuspensionDraft) => void }): ReactElement {
  const { t } = useWords()
  const set = (part: Partial<SuspensionDraft>): void => onDraft({ ...draft, ...part })
  const rules = cameras.find((one) => one.id === draft.cameraId)?.rules ?? []
  const minutes = readMinutes(draft.minutes)
  return (
    <>
      <label className="field">{t('suspension.camera')}
        <select name="camera" value={draft.cameraId ?? ''} onChange={(event) => set({ cameraId: event.target.value || null, ruleId: null })} required autoFocus={draft.cameraId === null}>
          <option value="">{t('suspension.choose_camera')}</option>
          {byArea(cameras).map(([area, list]) => <optgroup key={area} label={area}>{list.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}</optgroup>)}
        </select>
      </label>
      <label className="field">{t('suspension.rule')}
        <select name="rule" value={draft.ruleId ?? ''} onChange={(event) => set({ ruleId: event.target.value || null })} disabled={draft.cameraId === null}>
          <option value="">{t('suspension.every_rule')}</option>
          {rules.map((rule) => <option key={rule.id} value={rule.id}>{rule.name}</option>)}
        </select>
        <span className="text3 small">{t(draft.ruleId === null ? 'suspension.every_rule_what' : 'suspension.one_rule_what')}</span>
      </label>
      <fieldset className="ways" aria-label={t('suspension.why')}>
        {SUSPENDING.map((why) => <button key={why} type="button" aria-pressed={draft.why === why} onClick={() => set({ why })} data-why={why}><b>{t(`held.short.${why}`)}</b><span>{t(`suspension.means.${why}`)}</span></button>)}
      </fieldset>
      <div className="for-long">
        <label className="field">{t('suspension.minutes')}<input name="minutes" type="number" inputMode="numeric" min={1} max={MINUTES_MAX} step={1} value={draft.minutes} onChange={(event) => set({ minutes: event.target.value })} required aria-invalid={minutes === null} /></label>
        <div className="chips" role="group" aria-label={t('suspension.usual_minutes')}>{MINUTES_USUAL.map((one) => <button key={one} type="button" className="btn sm" aria-pressed={minutes === one} onClick={() => set({ minutes: String(one) })}>{one < 60 ? t('suspension.some_minutes', { count: one }) : t('suspension.some_hours', { count: one / 60 })}</button>)}</div>
        <p>{minutes === null ? <b>{t('suspension.bad_minutes', { most: MINUTES_MAX })}</b> : t('suspension.until', { time: clock(now + minutes * MINUTE_MS).slice(0, 5) })}</p>
      </div>
      <label className="field">{t('suspension.reason')}<input name="reason" value={draft.reason} onChange={(event) => set({ reason: event.target.value })} maxLength={500} required placeholder={t('suspension.reason_example')} autoComplete="off" /></label>
    </>
  )
}
