import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent, type ReactElement } from 'react'
import type { AddCameraForm, InspectForm, InspectionView, ProfileView, RungView } from '../../server/contract/cameras.js'
import { api } from '../api/client.js'
import { tell } from '../api/here.js'
import { useAreas } from '../api/queries.js'
import { Refusal } from '../ui/pieces.js'
import { number } from '../words/measures.js'
import { useWords } from '../words/words.js'
import { TroubleNote } from './camera-detail.js'
import { codecName } from '../words/codec-name.js'
import { BLANK_PLACE, PlaceFields, readPlace } from './place-fields.js'

/** The ladder, its verdict, and when it bears weight: the streams and the place. */
export function Inspection({ inspection, asked }: { readonly inspection: InspectionView; readonly asked: InspectForm }): ReactElement {
  const { t } = useWords()
  return (
    <>
      <Ladder inspection={inspection} />
      {inspection.profiles.length ? <Adding inspection={inspection} asked={asked} /> : <p className="text2">{t('add.no_profiles')}</p>}
    </>
  )
}

export function Ladder({ inspection }: { readonly inspection: InspectionView }): ReactElement {
  const { t } = useWords()
  const { device } = inspection
  const broken = inspection.rungs.find((rung) => !rung.ok)
  return (
    <div className="part" data-verdict={inspection.verdict}>
      <div className="verdict-line">
        <span className={broken ? 'verdict fault' : 'verdict'}>{t(`verdict.${inspection.verdict}`)}</span>
        {device ? <span className="text2">{[device.maker, device.model, device.firmware, device.ptz ? 'PTZ' : null].filter(Boolean).join(' · ')}</span> : null}
      </div>
      <ol className="ladder">{inspection.rungs.map((rung) => <Rung key={rung.rung} rung={rung} />)}</ol>
      {broken?.trouble ? <TroubleNote trouble={broken.trouble} since={null} now={0} /> : null}
    </div>
  )
}

function Rung({ rung }: { readonly rung: RungView }): ReactElement {
  const { t, pick } = useWords()
  return <li className={rung.ok ? '' : 'bad'} data-rung={rung.rung} data-ok={rung.ok}><b><i>{rung.ok ? '✓' : '✕'}</i>{t(`rung.${rung.rung}`)}</b><span>{pick(rung.trouble?.state ?? rung.said)}</span></li>
}

function Adding({ inspection, asked }: { readonly inspection: InspectionView; readonly asked: InspectForm }): ReactElement {
  const { t } = useWords()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const areas = useAreas().data ?? []
  const [main, setMain] = useState(inspection.suggested.main ?? inspection.profiles[0]?.token ?? null)
  const [sub, setSub] = useState(inspection.suggested.sub)
  const [draft, setDraft] = useState({ ...BLANK_PLACE, name: inspection.device?.model ?? '' })
  const urlOf = (token: string | null): string | null => inspection.profiles.find((profile) => profile.token === token)?.url ?? null
  const place = readPlace(draft)
  const mainUrl = urlOf(main)
  const subUrl = urlOf(sub)
  const add = useMutation({
    mutationFn: (form: AddCameraForm) => api.addCamera(form),
    onSuccess: async (camera) => {
      await queries.invalidateQueries({ queryKey: ['cameras'] })
      tell(t('add.added', { name: camera.name }))
      await navigate({ to: '/cameras/$cameraId', params: { cameraId: camera.id } })
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!mainUrl || !place) return
    add.mutate({ name: draft.name.trim(), areaId: draft.areaId, place, origin: asked.kind === 'onvif' ? { kind: 'onvif', address: asked.address } : { kind: 'rtsp' }, mainUrl, ...(subUrl && sub !== main ? { subUrl } : {}), user: asked.user, password: asked.password })
  }
  return (
    <form onSubmit={submit}>
      <h2>{t('add.streams')}</h2>
      <Profiles profiles={inspection.profiles} main={main} sub={sub} onMain={setMain} onSub={setSub} />
      <h2>{t('cameras.place')}</h2>
      <PlaceFields draft={draft} areas={areas} onDraft={setDraft} />
      <Refusal fault={add.error} />
      <div><button type="submit" className="btn main" disabled={add.isPending || !mainUrl || !place || !draft.areaId} data-do="add-camera">{t('cameras.add')}</button></div>
    </form>
  )
}

function Profiles({ profiles, main, sub, onMain, onSub }: { readonly profiles: readonly ProfileView[]; readonly main: string | null; readonly sub: string | null; readonly onMain: (token: string) => void; readonly onSub: (token: string | null) => void }): ReactElement {
  const { t, language } = useWords()
  return (
    <table className="profiles">
      <thead><tr><th>{t('add.profile')}</th><th>{t('cameras.codec')}</th><th>{t('cameras.size')}</th><th>{t('cameras.rate')}</th><th className="c">{t('stream.main')}</th><th className="c">{t('stream.sub')}</th></tr></thead>
      <tbody>
        {profiles.map((profile) => (
          <tr key={profile.token} data-profile={profile.token}>
            <td><b>{profile.name || profile.token}</b><br /><code className="mono text3">{profile.url}</code></td>
            <td>{profile.codec ? codecName(profile.codec) : '–'}</td>
            <td>{profile.width && profile.height ? `${profile.width} × ${profile.height}` : '–'}</td>
            <td>{profile.fps ? `${number(profile.fps, language)} ${t('cameras.per_second')}` : '–'}</td>
            <td className="c"><input type="radio" name="main" aria-label={`${t('stream.main')}: ${profile.name}`} checked={main === profile.token} onChange={() => onMain(profile.token)} /></td>
            <td className="c"><input type="radio" name="sub" aria-label={`${t('stream.sub')}: ${profile.name}`} checked={sub === profile.token} onChange={() => onSub(profile.token)} /></td>
          </tr>
        ))}
        <tr><td colSpan={5} className="text2">{t('add.no_sub')}</td><td className="c"><input type="radio" name="sub" aria-label={t('add.no_sub')} checked={sub === null} onChange={() => onSub(null)} /></td></tr>
      </tbody>
    </table>
  )
}
