import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState, type FormEvent, type ReactElement } from 'react'
import type { AddCameraForm, AddedCameraView, CameraView, PushView } from '../../server/contract/cameras.js'
import { api } from '../api/client.js'
import { Given } from '../ui/given.js'
import { useAreas, useCamera } from '../api/queries.js'
import { Confirm, Modal, Refusal } from '../ui/pieces.js'
import { worstOf } from '../wall/picture.js'
import { useWords } from '../words/words.js'
import { BLANK_PLACE, PlaceFields, readPlace } from './place-fields.js'

/** A device that can only push cannot be asked anything: it is given a place here, then an address and a key to push with. */
export function PushForm(): ReactElement {
  const { t } = useWords()
  const queries = useQueryClient()
  const areas = useAreas().data ?? []
  const [draft, setDraft] = useState(BLANK_PLACE)
  const [networks, setNetworks] = useState('')
  const place = readPlace(draft)
  const add = useMutation<AddedCameraView, Error, AddCameraForm>({ mutationFn: api.addCamera, onSuccess: () => queries.invalidateQueries({ queryKey: ['cameras'] }) })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (place) add.mutate({ name: draft.name.trim(), areaId: draft.areaId, place, origin: { kind: 'push', networks: networks.split(/[\s,;]+/).filter(Boolean) }, user: '', password: '' })
  }
  if (add.data?.push) return <PushAdded camera={add.data} push={add.data.push} />
  return (
    <form onSubmit={submit}>
      <PlaceFields draft={draft} areas={areas} onDraft={setDraft} />
      <label className="field">{t('push.networks')}<input name="networks" value={networks} onChange={(event) => setNetworks(event.target.value)} placeholder={t('push.networks_example')} spellCheck={false} /></label>
      <Refusal fault={add.error} />
      <div><button type="submit" className="btn main" disabled={add.isPending || !place || !draft.areaId} data-do="add-push">{t('push.add')}</button></div>
    </form>
  )
}

function PushAdded({ camera, push }: { readonly camera: AddedCameraView; readonly push: PushView }): ReactElement {
  const { t } = useWords()
  const now = useCamera(camera.id).data ?? camera
  return (
    <div className="part" data-push={camera.id}>
      <PushGiven push={push} />
      <PushState camera={now} />
      <div><Link to="/cameras/$cameraId" params={{ cameraId: camera.id }} className="btn" data-do="open-camera">{t('push.done')}</Link></div>
    </div>
  )
}

/** What is typed into the device. The key is here and nowhere else, so nothing closes it by itself. */
export function PushGiven({ push }: { readonly push: PushView }): ReactElement {
  const { t } = useWords()
  return (
    <div className="push-given">
      <Given words={t('push.address')} text={push.address ?? '–'} name="push-address" />
      <Given words={t('push.key')} text={push.key} name="push-key" />
      <Given words={t('push.whole')} text={push.address ? `${push.address}/${push.key}` : '–'} name="push-whole" />
      <p role="note"><b>{t('push.once')}</b></p>
      <ol className="push-steps"><li>{t('push.step_enter')}</li><li>{t('push.step_codec')}</li><li>{t('push.step_start')}</li></ol>
    </div>
  )
}

/** Waits, with words, until the picture comes. */
export function PushState({ camera }: { readonly camera: Pick<CameraView, 'streams' | 'enabled'> }): ReactElement {
  const { t, pick } = useWords()
  const worst = worstOf(camera.streams, camera.enabled)
  const words = worst.state === 'live' ? t('push.arrived') : worst.trouble ? pick(worst.trouble.state) : t('push.waiting')
  return (
    <p role="status" data-state={worst.state}>
      <span className={worst.state === 'live' ? 'verdict' : 'verdict fault'}>{words}</span>
      {worst.trouble && worst.trouble.code !== 'not_pushed' ? <span className="text2"> {pick(worst.trouble.next)}</span> : null}
    </p>
  )
}

/** On the page of a camera that pushes: its key is never shown again, and can be replaced. */
export function PushKey({ camera }: { readonly camera: CameraView }): ReactElement {
  const { t } = useWords()
  const [asking, setAsking] = useState(false)
  const make = useMutation({ mutationFn: () => api.newPushKey(camera.id), onSuccess: () => setAsking(false) })
  return (
    <div className="blk">
      <div className="hd"><span>{t('push.title')}</span></div>
      <p className="text3 small">{t('push.kept')}</p>
      <button type="button" className="btn sm" onClick={() => setAsking(true)} data-do="new-push-key">{t('push.new_key')}</button>
      {asking ? <Confirm title={t('push.new_key')} text={t('push.new_key_why', { name: camera.name })} act={t('push.new_key')} busy={make.isPending} onClose={() => setAsking(false)} onAct={() => make.mutate()} /> : null}
      <Refusal fault={make.error} />
      {make.data ? (
        <Modal title={t('push.title')} onClose={() => make.reset()}>
          <PushGiven push={make.data} />
          <div className="do"><button type="button" className="btn main" onClick={() => make.reset()} data-do="key-kept">{t('push.key_kept')}</button></div>
        </Modal>
      ) : null}
    </div>
  )
}
