import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent, type ReactElement } from 'react'
import type { CameraView } from '../../server/contract/cameras.js'
import { api } from '../api/client.js'
import { useAreas } from '../api/queries.js'
import { Modal, Refusal } from '../ui/pieces.js'
import { useWords } from '../words/words.js'
import { PlaceFields, readPlace, type PlaceDraft } from './place-fields.js'

/** Name, place and account. The account is write-only: the server never tells it again. */
export function EditCamera({ camera, onClose }: { readonly camera: CameraView; readonly onClose: () => void }): ReactElement {
  const { t } = useWords()
  const queries = useQueryClient()
  const areas = useAreas().data ?? []
  const { place } = camera
  const [draft, setDraft] = useState<PlaceDraft>({ name: camera.name, areaId: camera.areaId, street: place.street, order: String(place.order), latitude: String(place.latitude), longitude: String(place.longitude), heading: String(place.heading), reachM: String(place.reachM) })
  const [account, setAccount] = useState({ user: '', password: '' })
  const read = readPlace(draft)
  const save = useMutation({
    mutationFn: () => api.changeCamera(camera.id, { name: draft.name.trim(), areaId: draft.areaId, ...(read ? { place: read } : {}), ...(account.user || account.password ? account : {}) }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['cameras'] })
      onClose()
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (read) save.mutate()
  }
  return (
    <Modal title={t('cameras.edit')} onClose={onClose}>
      <form onSubmit={submit} className="edit">
        <PlaceFields draft={draft} areas={areas} onDraft={setDraft} />
        {read ? null : <p className="refusal">{t('cameras.bad_place')}</p>}
        {camera.origin === 'push' ? null : <Account account={account} onAccount={setAccount} />}
        <Refusal fault={save.error} />
        <div className="do">
          <button type="button" className="btn" onClick={onClose}>{t('do.cancel')}</button>
          <button type="submit" className="btn main" disabled={save.isPending || !read}>{t('do.save')}</button>
        </div>
      </form>
    </Modal>
  )
}

function Account({ account, onAccount }: { readonly account: { readonly user: string; readonly password: string }; readonly onAccount: (account: { user: string; password: string }) => void }): ReactElement {
  const { t } = useWords()
  return (
    <>
      <p className="text3 small">{t('cameras.account_kept')}</p>
      <div className="place-fields">
        <label className="field">{t('cameras.user')}<input value={account.user} onChange={(event) => onAccount({ ...account, user: event.target.value })} autoComplete="off" /></label>
        <label className="field">{t('door.password')}<input type="password" value={account.password} onChange={(event) => onAccount({ ...account, password: event.target.value })} autoComplete="new-password" /></label>
      </div>
    </>
  )
}
