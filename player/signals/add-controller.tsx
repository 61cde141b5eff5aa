import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type FormEvent, type ReactElement } from 'react'
import type { AreaView } from '../../server/contract/cameras.js'
import type { SignalView } from '../../server/contract/signals.js'
import { Given } from '../ui/given.js'
import { useNow } from '../ui/now.js'
import { Modal, Refusal } from '../ui/pieces.js'
import { useWords } from '../words/words.js'
import { exampleCall, readStale, standingOf } from './controller.js'
import { lamps, useControllers } from './signals-api.js'

/** A controller is given a name and a place here, then an address and a key to tell with. */
export function AddController({ areas, onClose }: { readonly areas: readonly AreaView[]; readonly onClose: () => void }): ReactElement {
  const { t } = useWords()
  const queries = useQueryClient()
  const [form, setForm] = useState({ name: '', areaId: areas.length === 1 ? areas[0]!.id : '', stale: '10' })
  const staleMs = readStale(form.stale)
  const add = useMutation({ mutationFn: lamps.addController, onSuccess: () => queries.invalidateQueries({ queryKey: ['controllers'] }) })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (staleMs !== null) add.mutate({ name: form.name.trim(), areaId: form.areaId, staleMs })
  }
  if (add.data) return <KeyGiven controllerId={add.data.signal.id} name={add.data.signal.name} secret={add.data.key} onClose={onClose} />
  return (
    <Modal title={t('controller.add')} onClose={onClose}>
      <form className="asking" onSubmit={submit}>
        <label className="field">{t('controller.name')}<input name="controller-name" value={form.name} onChange={(event) => setForm({ ...form, name: event.target.value })} required maxLength={120} placeholder={t('controller.name_example')} autoFocus autoComplete="off" /></label>
        <label className="field">{t('alert.area')}<select name="area" value={form.areaId} onChange={(event) => setForm({ ...form, areaId: event.target.value })} required><option value="">{t('cameras.choose_area')}</option>{areas.map((area) => <option key={area.id} value={area.id}>{area.name}</option>)}</select></label>
        <label className="field">{t('controller.stale')}<input name="stale" inputMode="decimal" value={form.stale} onChange={(event) => setForm({ ...form, stale: event.target.value })} required aria-invalid={staleMs === null} /><span className="text3 small">{t(staleMs === null ? 'controller.bad_stale' : 'controller.stale_what')}</span></label>
        <Refusal fault={add.error} />
        <div className="do">
          <button type="button" className="btn" onClick={onClose}>{t('do.cancel')}</button>
          <button type="submit" className="btn main" disabled={add.isPending || !form.name.trim() || !form.areaId || staleMs === null} data-do="send-controller">{t('controller.add_now')}</button>
        </div>
      </form>
    </Modal>
  )
}

/** A lost or leaked key is replaced; the old one opens nothing any more. */
export function NewKey({ controller, onClose }: { readonly controller: SignalView; readonly onClose: () => void }): ReactElement {
  const { t } = useWords()
  const make = useMutation({ mutationFn: () => lamps.newControllerKey(controller.id) })
  if (make.data) return <KeyGiven controllerId={controller.id} name={controller.name} secret={make.data.key} onClose={onClose} />
  return (
    <Modal title={t('controller.new_key')} onClose={onClose}>
      <p>{t('controller.new_key_why', { name: controller.name })}</p>
      <Refusal fault={make.error} />
      <div className="do">
        <button type="button" className="btn" onClick={onClose}>{t('do.cancel')}</button>
        <button type="button" className="btn main" disabled={make.isPending} onClick={() => make.mutate()} data-do="send-key">{t('controller.new_key')}</button>
      </div>
    </Modal>
  )
}

/** The key is here and nowhere else: only the one button that says it was kept closes this, neither Esc nor a click beside it. */
function KeyGiven({ controllerId, name, secret, onClose }: { readonly controllerId: string; readonly name: string; readonly secret: string; readonly onClose: () => void }): ReactElement {
  const { t } = useWords()
  const now = useNow()
  const controller = useControllers(true).data?.find((one) => one.id === controllerId)
  const [begun] = useState(now)
  // Told with this very key: what an old one told is older than this page.
  const arrived = controller?.heard ? controller.heard.atMs >= begun && standingOf(controller, now) === 'telling' : false
  // Browsers close a dialog on the second Esc whatever is answered to the first; the key press itself they leave to us.
  useEffect(() => {
    const stay = (event: KeyboardEvent): void => { if (event.key === 'Escape') event.preventDefault() }
    window.addEventListener('keydown', stay, true)
    return () => window.removeEventListener('keydown', stay, true)
  }, [])
  return (
    <Modal title={name} onClose={() => undefined}>
      <ControllerGiven address={`${window.location.origin}/api/signals/${controllerId}`} secret={secret} arrived={arrived} atMs={begun} />
      <div className="do"><button type="button" className="btn main" onClick={onClose} data-do="key-kept">{t('push.key_kept')}</button></div>
    </Modal>
  )
}

export function ControllerGiven({ address, secret, arrived, atMs }: { readonly address: string; readonly secret: string; readonly arrived: boolean; readonly atMs: number }): ReactElement {
  const { t } = useWords()
  return (
    <div className="push-given controller-given">
      <Given words={t('controller.address')} text={address} name="controller-address" />
      <Given words={t('controller.key')} text={secret} name="controller-key" />
      <Given words={t('controller.example')} text={exampleCall(address, Math.round(atMs))} name="controller-example" />
      <p role="note"><b>{t('controller.once')}</b></p>
      <p role="status" data-arrived={arrived}><span className={arrived ? 'verdict' : 'verdict fault'}>{t(arrived ? 'controller.arrived' : 'controller.waiting')}</span></p>
    </div>
  )
}
