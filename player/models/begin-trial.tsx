import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState, type FormEvent, type ReactElement } from 'react'
import type { ModelView, TrialView } from '../../server/contract/models.js'
import { api } from '../api/client.js'
import { useAlertsWithClip, useCameras } from '../api/queries.js'
import { Modal, Refusal, Segments } from '../ui/pieces.js'
import { moment } from '../words/measures.js'
import { useNow } from '../ui/now.js'
import { useWords } from '../words/words.js'
import { Progress } from './progress.js'
import { sendFile } from './send-file.js'

type Source = 'camera' | 'alert' | 'file'
const ALERTS_MAX = 50
const SECONDS = [10, 20, 30, 60] as const

/** Which clip a model is shown, and which model beside it. */
export function BeginTrial({ model, models, onBegun, onClose }: { readonly model: ModelView; readonly models: readonly ModelView[]; readonly onBegun: (trial: TrialView) => void; readonly onClose: () => void }): ReactElement {
  const { t, pick } = useWords()
  const now = useNow(60_000)
  const cameras = useCameras().data ?? []
  const others = models.filter(({ id, broken }) => id !== model.id && !broken)
  const [source, setSource] = useState<Source>('camera')
  const [beside, setBeside] = useState(others.find(({ inUse }) => inUse)?.id ?? others[0]?.id ?? '')
  const alerts = useAlertsWithClip(source === 'alert').data?.slice(0, ALERTS_MAX)
  const [alertId, setAlertId] = useState('')
  const [cameraId, setCameraId] = useState('')
  const [seconds, setSeconds] = useState(20)
  const [file, setFile] = useState<File | null>(null)
  const [share, setShare] = useState<number | null>(null)
  const leaving = useRef(new AbortController())
  useEffect(() => {
    const gone = (leaving.current = new AbortController())
    return () => gone.abort()
  }, [])
  const begin = useMutation({
    mutationFn: async () => {
      // The one that is known stands left, the one in question right.
      const modelIds = beside ? [beside, model.id] : [model.id]
      if (source === 'camera') return api.tryOnCamera(cameraId, { seconds, modelIds })
      if (source === 'alert') return api.tryOnAlert(alertId, { modelIds })
      setShare(0)
      return api.tryOnClip({ uploadId: await sendFile(file!, 'clip', { onShare: setShare, signal: leaving.current.signal }), modelIds })
    },
    onSuccess: onBegun,
    onSettled: () => setShare(null),
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    begin.mutate()
  }
  const ready = { camera: cameraId !== '', alert: alertId !== '', file: file !== null }[source]
  return (
    <Modal title={t('trial.title', { name: model.name })} onClose={onClose}>
      <form className="bring" onSubmit={submit}>
        <Segments label={t('trial.source')} value={source} options={[['camera', t('trial.from_camera')], ['alert', t('trial.from_alert')], ['file', t('trial.from_file')]]} onPick={setSource} />
        {source === 'camera' ? (
          <>
            <label className="field">{t('trial.camera')}<select name="trial-camera" value={cameraId} onChange={(event) => setCameraId(event.target.value)} required><option value="" disabled>{t('trial.choose_camera')}</option>{cameras.map((camera) => <option key={camera.id} value={camera.id}>{camera.name}</option>)}</select></label>
            <label className="field">{t('trial.seconds')}<select name="trial-seconds" value={seconds} onChange={(event) => setSeconds(Number(event.target.value))}>{SECONDS.map((count) => <option key={count} value={count}>{count}</option>)}</select></label>
          </>
        ) : source === 'alert' ? (
          <label className="field">{t('trial.from_alert')}<select name="trial-alert" value={alertId} onChange={(event) => setAlertId(event.target.value)} required><option value="" disabled>{t(alerts?.length === 0 ? 'trial.no_alerts' : 'trial.choose_alert')}</option>{alerts?.map((alert) => <option key={alert.id} value={alert.id}>{moment(alert.raisedAtMs, now)} · {pick(alert.title)} · {alert.cameraName}</option>)}</select></label>
        ) : (
          <label className="field">{t('trial.file')}<input name="trial-file" type="file" accept="video/*,.mkv" required onChange={(event) => setFile(event.target.files?.[0] ?? null)} /></label>
        )}
        <label className="field">{t('trial.beside')}<select name="trial-beside" value={beside} onChange={(event) => setBeside(event.target.value)}>{others.map((other) => <option key={other.id} value={other.id}>{other.name}</option>)}<option value="">{t('trial.beside_none')}</option></select></label>
        {share === null ? null : <Progress words={t('models.sending', { percent: Math.floor(share * 100) })} share={share} />}
        <Refusal fault={begin.error} />
        <div className="do">
          <button type="button" className="btn" onClick={onClose}>{t('do.cancel')}</button>
          <button type="submit" className="btn main" disabled={begin.isPending || !ready} data-do="begin-trial">{t('trial.begin')}</button>
        </div>
      </form>
    </Modal>
  )
}
