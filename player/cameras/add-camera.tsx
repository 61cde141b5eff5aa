import './cameras.css'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState, type FormEvent, type ReactElement } from 'react'
import type { InspectForm, InspectionView } from '../../server/contract/cameras.js'
import { api } from '../api/client.js'
import { NoRights, Refusal } from '../ui/pieces.js'
import { may, useSignedIn } from '../ui/signed-in.js'
import { useWords } from '../words/words.js'
import { Inspection } from './inspection.js'
import { PushForm } from './push-camera.js'

type Way = 'discover' | 'onvif' | 'rtsp' | 'push'

/** Find, sign in, look at the ladder, choose the streams, give it a place. Nothing is added before the last step. */
export function AddCamera(): ReactElement {
  const me = useSignedIn()
  const { t } = useWords()
  const [way, setWay] = useState<Way>('discover')
  const [address, setAddress] = useState('')
  const [asked, setAsked] = useState<InspectForm | null>(null)
  const inspect = useMutation<InspectionView, Error, InspectForm>({ mutationFn: api.inspect, onMutate: setAsked })
  if (!may(me, 'camera.manage')) return <main><NoRights /></main>
  const pick = (picked: Way): void => {
    setWay(picked)
    inspect.reset()
    setAsked(null)
  }
  return (
    <main className="adding">
      <div className="bar"><Link to="/cameras" className="btn sm" aria-label={t('do.back')}>‹</Link><h1>{t('cameras.add')}</h1></div>
      <section className="panel">
        <div className="stage">
          <div className="ways" role="group" aria-label={t('add.way')}>
            {(['discover', 'onvif', 'rtsp', 'push'] as const).map((one) => <button key={one} type="button" aria-pressed={way === one} onClick={() => pick(one)} data-way={one}><b>{t(`add.${one}`)}</b><span>{t(`add.${one}_why`)}</span></button>)}
          </div>
          {way === 'discover' ? <Discover onFound={(found) => { setAddress(found); setWay('onvif') }} /> : null}
          {way === 'onvif' ? <OnvifForm key={address} address={address} busy={inspect.isPending} onAsk={(form) => inspect.mutate(form)} /> : null}
          {way === 'rtsp' ? <RtspForm busy={inspect.isPending} onAsk={(form) => inspect.mutate(form)} /> : null}
          {way === 'push' ? <PushForm /> : null}
          {inspect.isPending ? <p role="status">{t('add.inspecting')}</p> : null}
          <Refusal fault={inspect.error} />
          {inspect.data && asked ? <Inspection key={JSON.stringify(inspect.data.rungs)} inspection={inspect.data} asked={asked} /> : null}
        </div>
      </section>
    </main>
  )
}

function Discover({ onFound }: { readonly onFound: (address: string) => void }): ReactElement {
  const { t } = useWords()
  const [addresses, setAddresses] = useState('')
  const discover = useMutation({ mutationFn: () => api.discover(addresses.split(/[\s,;]+/).filter(Boolean)) })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    discover.mutate()
  }
  return (
    <div className="part">
      <form onSubmit={submit}>
        <div className="row">
          <label className="field">{t('add.addresses')}<input value={addresses} onChange={(event) => setAddresses(event.target.value)} placeholder={t('add.addresses_example')} spellCheck={false} /></label>
          <button type="submit" className="btn main" disabled={discover.isPending} data-do="discover">{t(discover.isPending ? 'add.searching' : 'add.search')}</button>
        </div>
      </form>
      <Refusal fault={discover.error} />
      {discover.data?.faults.map((fault) => <p key={fault.network} className="refusal">{t('add.network_fault', { network: fault.network })} <span className="mono">{fault.said}</span></p>)}
      {discover.data && discover.data.found.length === 0 ? <p className="refusal">{t('add.none_found')}</p> : null}
      <ul className="found">
        {discover.data?.found.map((device) => (
          <li key={device.address} data-found={device.address}>
            <div className="grow"><b>{device.name || t('add.unnamed')}</b><span className="text2">{[device.hardware, device.location].filter(Boolean).join(' · ')}</span> <code className="mono text3">{device.address}</code></div>
            {device.known ? <span className="text3">{t('add.known')}</span> : <button type="button" className="btn sm" onClick={() => onFound(device.address)}>{t('add.use')}</button>}
          </li>
        ))}
      </ul>
    </div>
  )
}

function OnvifForm({ address: given, busy, onAsk }: { readonly address: string; readonly busy: boolean; readonly onAsk: (form: InspectForm) => void }): ReactElement {
  const { t } = useWords()
  const [form, setForm] = useState({ address: given, user: '', password: '' })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onAsk({ kind: 'onvif', ...form, address: form.address.trim() })
  }
  return (
    <form onSubmit={submit}>
      <label className="field">{t('add.onvif_address')}<input name="address" value={form.address} onChange={(event) => setForm({ ...form, address: event.target.value })} required placeholder="192.168.1.64" spellCheck={false} /></label>
      <Account form={form} onChange={(account) => setForm({ ...form, ...account })} />
      <div><button type="submit" className="btn main" disabled={busy} data-do="inspect">{t('add.inspect')}</button></div>
    </form>
  )
}

function RtspForm({ busy, onAsk }: { readonly busy: boolean; readonly onAsk: (form: InspectForm) => void }): ReactElement {
  const { t } = useWords()
  const [form, setForm] = useState({ mainUrl: '', subUrl: '', user: '', password: '' })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const { subUrl, ...rest } = form
    onAsk({ kind: 'rtsp', ...rest, mainUrl: rest.mainUrl.trim(), ...(subUrl.trim() ? { subUrl: subUrl.trim() } : {}) })
  }
  return (
    <form onSubmit={submit}>
      <label className="field">{t('add.main_url')}<input name="main-url" value={form.mainUrl} onChange={(event) => setForm({ ...form, mainUrl: event.target.value })} required placeholder="rtsp://192.168.1.64:554/main" spellCheck={false} /></label>
      <label className="field">{t('add.sub_url')}<input name="sub-url" value={form.subUrl} onChange={(event) => setForm({ ...form, subUrl: event.target.value })} placeholder="rtsp://192.168.1.64:554/sub" spellCheck={false} /></label>
      <Account form={form} onChange={(account) => setForm({ ...form, ...account })} />
      <div><button type="submit" className="btn main" disabled={busy} data-do="inspect">{t('add.inspect')}</button></div>
    </form>
  )
}

function Account({ form, onChange }: { readonly form: { readonly user: string; readonly password: string }; readonly onChange: (account: { user: string; password: string }) => void }): ReactElement {
  const { t } = useWords()
  return (
    <div className="row">
      <label className="field">{t('cameras.user')}<input name="user" value={form.user} onChange={(event) => onChange({ user: event.target.value, password: form.password })} autoComplete="off" spellCheck={false} /></label>
      <label className="field">{t('door.password')}<input name="camera-password" type="password" value={form.password} onChange={(event) => onChange({ user: form.user, password: event.target.value })} autoComplete="new-password" /></label>
    </div>
  )
}
